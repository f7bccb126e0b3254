// Made by sdks/generator from the API's contract. DO NOT EDIT.

package nokyc

import (
	"errors"
	"strings"
)

// What an *Error is, for errors.Is. An error can be several: what is ErrNotFound is ErrInvalidRequest too.
var (
	// ErrInvalidRequest: The request is malformed or asks for something impossible.
	ErrInvalidRequest = errors.New("nokyc: invalid request")
	// ErrNotFound: There is no such object or path, or it is another account's.
	ErrNotFound = errors.New("nokyc: not found")
	// ErrAuthentication: The key is missing, unknown, expired or revoked.
	ErrAuthentication = errors.New("nokyc: authentication")
	// ErrPermission: The key's scope does not allow this.
	ErrPermission = errors.New("nokyc: permission denied")
	// ErrConflict: The request contradicts another one.
	ErrConflict = errors.New("nokyc: conflict")
	// ErrIdempotency: The idempotency key was used with another request, or is in use.
	ErrIdempotency = errors.New("nokyc: idempotency")
	// ErrResource: The object's state does not allow this.
	ErrResource = errors.New("nokyc: resource")
	// ErrPaymentRequired: The balance, or a cap of the account's own, does not cover this.
	ErrPaymentRequired = errors.New("nokyc: payment required")
	// ErrRateLimit: More requests in a minute than the key allows.
	ErrRateLimit = errors.New("nokyc: rate limit")
	// ErrUpstream: A carrier or partner failed.
	ErrUpstream = errors.New("nokyc: upstream")
	// ErrAPI: The server's own fault.
	ErrAPI = errors.New("nokyc: server error")
	// ErrRedirect: The address leads elsewhere; not followed, since the key would go along.
	ErrRedirect = errors.New("nokyc: redirect")
)

// kindsOf chooses by error.type first and by status second.
func kindsOf(status int, kind, code string) []error {
	switch {
	case status >= 300 && status <= 399:
		return []error{ErrRedirect}
	case kind == "authentication_error":
		return []error{ErrAuthentication}
	case kind == "authorization_error":
		return []error{ErrPermission}
	case kind == "rate_limit_error":
		return []error{ErrRateLimit}
	case kind == "resource_error" && status == 402:
		return []error{ErrPaymentRequired, ErrResource}
	case kind == "resource_error":
		return []error{ErrResource}
	case kind == "upstream_error":
		return []error{ErrUpstream}
	case kind == "api_error":
		return []error{ErrAPI}
	case status == 404:
		return []error{ErrNotFound, ErrInvalidRequest}
	case status == 409 && strings.HasPrefix(code, "idempotency_"):
		return []error{ErrIdempotency, ErrConflict}
	case status == 409:
		return []error{ErrConflict}
	case kind == "invalid_request_error":
		return []error{ErrInvalidRequest}
	case status == 401:
		return []error{ErrAuthentication}
	case status == 402:
		return []error{ErrPaymentRequired, ErrResource}
	case status == 403:
		return []error{ErrPermission}
	case status == 429:
		return []error{ErrRateLimit}
	case status >= 500 && status <= 999:
		return []error{ErrAPI}
	}
	return []error{ErrInvalidRequest}
}
