package nokyc

import (
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ErrUsage is what errors about wrong arguments are; nothing was sent.
var ErrUsage = errors.New("nokyc: wrong use")

func usage(text string) error { return fmt.Errorf("%w: %s", ErrUsage, text) }

// Error is an answer other than 2xx. Ask what it is with errors.Is(err, nokyc.ErrNotFound) and its like.
type Error struct {
	Status    int
	Type      string
	Code      string
	Message   string
	Param     string
	DocURL    string
	RequestID string
	Header    http.Header
	Body      []byte

	kinds []error
}

// Error is "[402 balance_insufficient] message (request_id=req_…)".
func (e *Error) Error() string {
	label, trace := strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, e.Code)), ""
	if e.RequestID != "" {
		trace = " (request_id=" + e.RequestID + ")"
	}
	return "[" + label + "] " + e.Message + trace
}

// Is makes errors.Is(err, ErrRateLimit) and its like work.
func (e *Error) Is(target error) bool { return slices.Contains(e.kinds, target) }

// RetryAfter is what the server asked to wait; 0 if it did not.
func (e *Error) RetryAfter() time.Duration {
	return retryAfter(e.Header.Get("Retry-After"), time.Now())
}

// RateLimit is the key's limit, what is left of it, and when more of it is back. Numbers are -1 where unknown.
func (e *Error) RateLimit() (limit, remaining int, reset time.Time) {
	limit, remaining = e.number("X-Rate-Limit-Limit"), e.number("X-Rate-Limit-Remaining")
	if seconds := e.number("X-Rate-Limit-Reset"); seconds >= 0 {
		reset = time.Unix(int64(seconds), 0).UTC()
	}
	return limit, remaining, reset
}

func (e *Error) number(header string) int {
	if n, err := strconv.Atoi(e.Header.Get(header)); err == nil {
		return n
	}
	return -1
}

// ConnectionError says that no answer came: the connection failed, or an attempt took too long.
type ConnectionError struct {
	// Timeout tells an attempt that took too long from a connection that failed.
	Timeout bool

	cause error
	final bool
}

func (e *ConnectionError) Error() string {
	if e.Timeout {
		return "nokyc: no answer in time"
	}
	return "nokyc: the connection failed: " + e.cause.Error()
}

// Unwrap gives the error of net/http.
func (e *ConnectionError) Unwrap() error { return e.cause }

// connectionError wraps what net/http reports. What the caller cancelled stays the context's own error.
func connectionError(ctx context.Context, err error) error {
	if ended := ctx.Err(); ended != nil {
		return fmt.Errorf("nokyc: %w", ended)
	}
	// net/http's own wrapping names the URL, whose query may name people.
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	var network net.Error
	timeout := errors.Is(err, context.DeadlineExceeded) || (errors.As(err, &network) && network.Timeout())
	// A certificate that is wrong now is wrong in a second, too, and so is the size of an answer.
	var untrusted *tls.CertificateVerificationError
	var tooLarge *http.MaxBytesError
	return &ConnectionError{timeout, err, errors.As(err, &untrusted) || errors.As(err, &tooLarge)}
}

func newError(answer *Response) *Error {
	// What is no envelope, such as a proxy's page, leaves the fields empty.
	var envelope struct {
		Error map[string]any `json:"error"`
	}
	_ = json.Unmarshal(answer.Body, &envelope)
	said := func(name string) string {
		text, _ := envelope.Error[name].(string)
		return text
	}
	return &Error{
		Status:    answer.StatusCode,
		Type:      said("type"),
		Code:      said("code"),
		Message:   cmp.Or(said("message"), "the answer holds no error"),
		Param:     said("param"),
		DocURL:    said("doc_url"),
		RequestID: cmp.Or(said("request_id"), answer.RequestID),
		Header:    answer.Header,
		Body:      answer.Body,
		kinds:     kindsOf(answer.StatusCode, said("type"), said("code")),
	}
}
