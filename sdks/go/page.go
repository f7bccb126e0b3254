package nokyc

import (
	"context"
	"encoding/json"
	"iter"
	"maps"
	"net/http"
)

// Page is one answer of a list endpoint. All walks on from it over all pages.
type Page[T any] struct {
	Meta
	Object     string  `json:"object"`
	URL        string  `json:"url"`
	Data       []*T    `json:"data"`
	HasMore    bool    `json:"has_more"`
	NextCursor *string `json:"next_cursor"`

	backend *backend
	request request
	options []CallOption
}

// Next fetches the page after this one with the same filters; nil if this is the last.
func (p *Page[T]) Next(ctx context.Context) (*Page[T], error) {
	cursor := p.cursor()
	if !p.HasMore || cursor == "" {
		return nil, nil
	}
	following := p.request
	following.query = maps.Clone(p.request.query)
	following.query.Set("starting_after", cursor)
	return getPage[T](ctx, p.backend, following, p.options)
}

// All gives this page's items and then those of the pages after it, each fetched when it is needed.
// An error comes once, after the items before it, and ends the walk.
func (p *Page[T]) All(ctx context.Context) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		page, err := p, error(nil)
		for page != nil {
			for _, item := range page.Data {
				if !yield(item, nil) {
					return
				}
			}
			if page, err = page.Next(ctx); err != nil {
				yield(nil, err)
				return
			}
		}
	}
}

// cursor is where the next page begins: next_cursor, else the last item's id; none after an empty page.
func (p *Page[T]) cursor() string {
	if len(p.Data) == 0 {
		return ""
	}
	if p.NextCursor != nil {
		return *p.NextCursor
	}
	var last struct{ Data []struct{ ID string } }
	if json.Unmarshal(p.Raw, &last) != nil {
		return ""
	}
	return last.Data[len(last.Data)-1].ID
}

func getPage[T any](ctx context.Context, b *backend, r request, options []CallOption) (*Page[T], error) {
	page, err := send[Page[T]](ctx, b, r, options)
	if err != nil {
		return nil, err
	}
	page.backend, page.request, page.options, page.Raw = b, r, options, page.Response.Body
	return page, nil
}

// listPage fetches the first page of a list.
func listPage[T any](ctx context.Context, b *backend, path string, params any, options []CallOption) (*Page[T], error) {
	return getPage[T](ctx, b, request{method: http.MethodGet, path: path, query: queryOf(params)}, options)
}

// listAll walks over a list; its first page is fetched when the walk begins.
func listAll[T any](ctx context.Context, b *backend, path string, params any, options []CallOption) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		page, err := listPage[T](ctx, b, path, params, options)
		if err != nil {
			yield(nil, err)
			return
		}
		page.All(ctx)(yield)
	}
}
