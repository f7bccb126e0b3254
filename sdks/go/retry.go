package nokyc

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	retryStep       = time.Second            // 429 without Retry-After: 1 s, 2 s, 3 s, …
	retryBase       = 500 * time.Millisecond // anything else: 0.5 s, 1 s, 2 s, …
	maxRetryDelay   = 8 * time.Second
	maxRetryAfter   = 60 * time.Second // the longest that the server's limiter can ask for
	retryAfterExtra = 0.1              // jitter upon Retry-After, never below it
)

// retryDelay says whether attempt n (from 1) is worth repeating, and after how long.
func (b *backend) retryDelay(n int, answer *Response, err error) (time.Duration, bool) {
	if answer == nil {
		var failed *ConnectionError
		if !errors.As(err, &failed) || failed.final {
			return 0, false
		}
		return b.jittered(exponential(n)), true
	}
	if !shouldRetry(answer, err) {
		return 0, false
	}
	if after := retryAfter(answer.Header.Get("Retry-After"), b.now()); after > 0 {
		if after > maxRetryAfter {
			return 0, false
		}
		return time.Duration(float64(after) * (1 + retryAfterExtra*b.random())), true
	}
	if answer.StatusCode == http.StatusTooManyRequests {
		return b.jittered(min(time.Duration(n)*retryStep, maxRetryDelay)), true
	}
	return b.jittered(exponential(n)), true
}

func shouldRetry(answer *Response, err error) bool {
	switch strings.ToLower(answer.Header.Get("NoKYC-Should-Retry")) {
	case "true":
		return true
	case "false":
		return false
	}
	switch answer.StatusCode {
	case 429, 500, 502, 503, 504:
		return true
	case 409:
		var failed *Error
		return errors.As(err, &failed) && failed.Code == "idempotency_key_in_use"
	}
	return false
}

// retryAfter reads the header's two forms, seconds and HTTP-date (RFC 9110, section 10.2.3); 0 if it says nothing usable.
func retryAfter(value string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(seconds) * time.Second // the largest of 31 bits is too long, too
	}
	if date, err := http.ParseTime(value); err == nil {
		return max(0, date.Sub(now))
	}
	return 0
}

func exponential(n int) time.Duration {
	return min(retryBase<<min(n-1, 10), maxRetryDelay)
}

// jittered takes 50 to 100 % of a delay.
func (b *backend) jittered(delay time.Duration) time.Duration {
	return time.Duration(float64(delay) * (0.5 + 0.5*b.random()))
}
