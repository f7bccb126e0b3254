package nokyc

import (
	"context"
	"encoding/json"
	"iter"
	"maps"
	"net/url"
)

// Page is one answer of a list endpoint. All walks on from it over all pages.
type Page[T any] struct {
	Meta
	Object     string  `json:"object"`
	URL        string  `json:"url"`
	Data       []*T    `json:"data"`
	HasMore    bool    `json:"has_more"`
	NextCursor *string `json:"next_cursor"`

	after func(ctx context.Context, cursor string) (*Page[T], error)
}

// Next fetches the page after this one with the same filters; nil if this is the last. It begins at next_cursor, else
// after the last item.
func (p *Page[T]) Next(ctx context.Context) (*Page[T], error) {
	if !p.HasMore || len(p.Data) == 0 {
		return nil, nil
	}
	if p.NextCursor != nil {
		return p.after(ctx, *p.NextCursor)
	}
	var items struct{ Data []struct{ ID string } }
	_ = json.Unmarshal(p.Raw, &items) // it has been read before
	return p.after(ctx, items.Data[len(items.Data)-1].ID)
}

// All gives this page's items and then those of the pages after it, each fetched when it is needed.
// An error comes once, after the items before it, and ends the walk.
func (p *Page[T]) All(ctx context.Context) iter.Seq2[*T, error] {
	return walk(ctx, func() (*Page[T], error) { return p, nil })
}

// getPage fetches one page.
func getPage[T any](ctx context.Context, b *backend, r request, options []CallOption) (*Page[T], error) {
	page, err := send[Page[T]](ctx, b, r, options)
	if err != nil {
		return nil, err
	}
	page.Raw = page.Response.Body
	page.after = func(ctx context.Context, cursor string) (*Page[T], error) {
		following := r
		following.query = url.Values{}
		maps.Copy(following.query, r.query)
		following.query.Set("starting_after", cursor)
		return getPage[T](ctx, b, following, options)
	}
	return page, nil
}

// listAll walks over a list; its first page is fetched when the walk begins.
func listAll[T any](ctx context.Context, b *backend, r request, options []CallOption) iter.Seq2[*T, error] {
	return walk(ctx, func() (*Page[T], error) { return getPage[T](ctx, b, r, options) })
}

func walk[T any](ctx context.Context, first func() (*Page[T], error)) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		for page, err := first(); page != nil || err != nil; page, err = page.Next(ctx) {
			if err != nil {
				yield(nil, err)
				return
			}
			for _, item := range page.Data {
				if !yield(item, nil) {
					return
				}
			}
		}
	}
}
