package nokyc

import (
	"context"
	"iter"
	"maps"
	"net/http"
	"net/url"
)

// Page is one answer of a list endpoint. All walks on from it over all pages.
type Page[T any] struct {
	Meta
	Data       []*T    `json:"data"`
	HasMore    bool    `json:"has_more"`
	NextCursor *string `json:"next_cursor"`

	backend *backend
	request request
	options []CallOption
}

// Next fetches the page after this one with the same filters; nil if this is the last.
func (p *Page[T]) Next(ctx context.Context) (*Page[T], error) {
	if !p.HasMore || len(p.Data) == 0 || p.NextCursor == nil {
		return nil, nil
	}
	following := p.request
	following.query = maps.Clone(p.request.query)
	following.query.Set("starting_after", *p.NextCursor)
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

func getPage[T any](ctx context.Context, b *backend, r request, options []CallOption) (*Page[T], error) {
	page, err := send[Page[T]](ctx, b, r, options)
	if err != nil {
		return nil, err
	}
	page.backend, page.request, page.options = b, r, options
	return page, nil
}

// listPage fetches the first page of a list.
func listPage[T any](ctx context.Context, b *backend, path string, params any, options []CallOption) (*Page[T], error) {
	query := url.Values{}
	if params != nil {
		var err error
		if query, err = queryOf(params); err != nil {
			return nil, err
		}
	}
	return getPage[T](ctx, b, request{method: http.MethodGet, path: path, query: query}, options)
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
