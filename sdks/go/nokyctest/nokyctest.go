// Package nokyctest has a client without a network, for the tests of programs that use package nokyc.
//
//	replies := new(nokyctest.Replies)
//	replies.Add(201, `{"id":"sms_1","object":"sms","status":"queued"}`)
//	sms, err := replies.Client().SMS.Create(ctx, &nokyc.SMSCreateParams{From: "num_1", To: "+33612345678", Body: "Hi"})
//	// replies.Requests[0].Path is /v1/sms
package nokyctest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	nokyc "github.com/nokycnumber/sdk-go"
)

// Request is what was asked.
type Request struct {
	Method string
	// Path has the query, too.
	Path   string
	Header http.Header
	Body   string
}

// Replies are answers, given in their order; and what was asked. It is for one test, not for several goroutines.
type Replies struct {
	Requests []Request
	// Slept is how long the client would have waited between attempts. Nothing waits.
	Slept []time.Duration

	answers []func() (*http.Response, error)
}

// Add has the next request answered. Headers are names and values by turns.
func (r *Replies) Add(status int, json string, headers ...string) {
	header := http.Header{}
	for i := 0; i+1 < len(headers); i += 2 {
		header.Set(headers[i], headers[i+1])
	}
	r.answers = append(r.answers, func() (*http.Response, error) {
		return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(json))}, nil
	})
}

// AddFailure has the next connection fail.
func (r *Replies) AddFailure() {
	r.answers = append(r.answers, func() (*http.Response, error) { return nil, errors.New("no connection") })
}

// Client gets these answers.
func (r *Replies) Client(options ...nokyc.ClientOption) *nokyc.Client {
	sleep := func(_ context.Context, delay time.Duration) error {
		r.Slept = append(r.Slept, delay)
		return nil
	}
	own := []nokyc.ClientOption{nokyc.WithHTTPClient(&http.Client{Transport: r}), nokyc.WithSleep(sleep)}
	client, err := nokyc.NewClient("sk_test_none", append(own, options...)...)
	if err != nil {
		panic(err)
	}
	return client
}

// RoundTrip records a request and gives the next answer.
func (r *Replies) RoundTrip(request *http.Request) (*http.Response, error) {
	var body []byte
	if request.Body != nil {
		body, _ = io.ReadAll(request.Body)
	}
	r.Requests = append(r.Requests, Request{request.Method, request.URL.RequestURI(), request.Header, string(body)})
	if len(r.answers) == 0 {
		panic(fmt.Sprintf("no reply is left for %s %s", request.Method, request.URL.Path))
	}
	next := r.answers[0]
	r.answers = r.answers[1:]
	return next()
}
