package nokyc

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// What an *Error is, for errors.Is. An error can be several: what is ErrNotFound is ErrInvalidRequest too.
var (
	ErrInvalidRequest  = errors.New("nokyc: invalid request")
	ErrNotFound        = errors.New("nokyc: not found")
	ErrAuthentication  = errors.New("nokyc: authentication failed")
	ErrPaymentRequired = errors.New("nokyc: payment required")
	ErrPermission      = errors.New("nokyc: permission denied")
	ErrConflict        = errors.New("nokyc: conflict")
	ErrIdempotency     = errors.New("nokyc: idempotency key conflict")
	ErrRateLimit       = errors.New("nokyc: rate limit exceeded")
	ErrAPI             = errors.New("nokyc: the server failed")
	ErrResource        = errors.New("nokyc: the resource's state prevents it")
	ErrUpstream        = errors.New("nokyc: a carrier or partner failed")
	ErrRedirect        = errors.New("nokyc: redirects are not followed")
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
	text := "[" + strconv.Itoa(e.Status)
	if e.Code != "" {
		text += " " + e.Code
	}
	text += "] " + e.Message
	if e.RequestID != "" {
		text += " (request_id=" + e.RequestID + ")"
	}
	return text
}

// Is makes errors.Is(err, ErrRateLimit) and its like work.
func (e *Error) Is(target error) bool {
	for _, kind := range e.kinds {
		if kind == target {
			return true
		}
	}
	return false
}

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
	return &ConnectionError{Timeout: timeout, cause: err, final: isTLSVerification(err)}
}

// isTLSVerification: a certificate that is wrong now is wrong in a second, too.
func isTLSVerification(err error) bool {
	var verification *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var hostname x509.HostnameError
	var invalid x509.CertificateInvalidError
	return errors.As(err, &verification) || errors.As(err, &authority) || errors.As(err, &hostname) || errors.As(err, &invalid)
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
	e := &Error{
		Status:    answer.StatusCode,
		Type:      said("type"),
		Code:      said("code"),
		Message:   firstOf(said("message"), "the answer holds no error"),
		Param:     said("param"),
		DocURL:    said("doc_url"),
		RequestID: firstOf(said("request_id"), answer.RequestID),
		Header:    answer.Header,
		Body:      answer.Body,
	}
	e.kinds = e.kindsOf()
	return e
}

// kindsOf chooses by error.type first and by status second.
func (e *Error) kindsOf() []error {
	if e.Status/100 == 3 {
		return []error{ErrRedirect}
	}
	switch e.Type {
	case "authentication_error":
		return []error{ErrAuthentication}
	case "authorization_error":
		return []error{ErrPermission}
	case "rate_limit_error":
		return []error{ErrRateLimit}
	case "api_error":
		return []error{ErrAPI}
	case "upstream_error":
		return []error{ErrUpstream}
	case "resource_error":
		if e.Status == http.StatusPaymentRequired {
			return []error{ErrPaymentRequired, ErrResource}
		}
		return []error{ErrResource}
	}
	switch {
	case e.Status == 404:
		return []error{ErrNotFound, ErrInvalidRequest}
	case e.Status == 409 && strings.HasPrefix(e.Code, "idempotency_"):
		return []error{ErrIdempotency, ErrConflict}
	case e.Status == 409:
		return []error{ErrConflict}
	case e.Type == "invalid_request_error":
		return []error{ErrInvalidRequest}
	case e.Status == 401:
		return []error{ErrAuthentication}
	case e.Status == 402:
		return []error{ErrPaymentRequired, ErrResource}
	case e.Status == 403:
		return []error{ErrPermission}
	case e.Status == 429:
		return []error{ErrRateLimit}
	case e.Status >= 500:
		return []error{ErrAPI}
	}
	return []error{ErrInvalidRequest}
}
