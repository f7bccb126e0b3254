package nokyc

import (
	"net/http"
	"net/url"
	"time"
)

// CallOption changes one call.
type CallOption func(*call)

// call is what options have made of one call.
type call struct {
	header     http.Header
	query      url.Values
	body       map[string]any
	timeout    time.Duration
	maxRetries int
	into       *Response
}

func newCall(b *backend, options []CallOption) *call {
	header := http.Header{}
	header.Set("Authorization", "Bearer "+b.apiKey)
	header.Set("Accept", "application/json")
	header.Set("NoKYC-Version", APIVersion)
	header.Set("User-Agent", b.userAgent)
	c := &call{header: header, query: url.Values{}, body: map[string]any{}, timeout: b.timeout, maxRetries: b.maxRetries, into: new(Response)}
	for _, option := range options {
		option(c)
	}
	return c
}

// IdempotencyKey names the operation, so that repeating it within 24 hours does nothing new.
// Without it, every POST gets a fresh UUID, which all attempts of the call share.
func IdempotencyKey(key string) CallOption { return Header("Idempotency-Key", key) }

// Header sets a header of the request.
func Header(name, value string) CallOption { return func(c *call) { c.header.Set(name, value) } }

// Timeout sets how long one attempt of this call may take. For the call as a whole, give the context a deadline.
func Timeout(timeout time.Duration) CallOption { return func(c *call) { c.timeout = timeout } }

// MaxRetries sets how often this call is sent again if it fails.
func MaxRetries(n int) CallOption { return func(c *call) { c.maxRetries = n } }

// ExtraQuery adds a query parameter that this version of the library does not know.
func ExtraQuery(name, value string) CallOption { return func(c *call) { c.query.Add(name, value) } }

// ExtraBody adds a field to the body that this version of the library does not know.
func ExtraBody(name string, value any) CallOption { return func(c *call) { c.body[name] = value } }

// ResponseInto copies the answer's status, headers and body to where it says, even if the call fails.
func ResponseInto(response *Response) CallOption { return func(c *call) { c.into = response } }
