package nokyc

import (
	"errors"
	"net/http"
	"slices"
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

var retried = []int{429, 500, 502, 503, 504}

// retryDelay says whether attempt n (from 1) is worth repeating, and after how long.
func (b *backend) retryDelay(n int, err error) (delay time.Duration, again bool) {
	delay = retryBase << min(n-1, 10)
	var failed *ConnectionError
	var refused *Error
	switch {
	case errors.As(err, &failed):
		again = !failed.final
	case errors.As(err, &refused) && refused.retryable():
		again = true
		if after := retryAfter(refused.Header.Get("Retry-After"), b.now()); after > 0 {
			return time.Duration(float64(after) * (1 + retryAfterExtra*b.random())), after <= maxRetryAfter
		}
		if refused.Status == http.StatusTooManyRequests {
			delay = time.Duration(n) * retryStep
		}
	}
	// 50 to 100 % of it, so that clients do not come back together.
	return time.Duration(float64(min(delay, maxRetryDelay)) * (0.5 + 0.5*b.random())), again
}

func (e *Error) retryable() bool {
	if told := strings.ToLower(e.Header.Get("NoKYC-Should-Retry")); told == "true" || told == "false" {
		return told == "true"
	}
	return slices.Contains(retried, e.Status) || (e.Status == http.StatusConflict && e.Code == "idempotency_key_in_use")
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
