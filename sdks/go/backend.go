package nokyc

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// maxResponseBytes bounds what an answer may occupy in memory.
const maxResponseBytes = 64 << 20

// backend sends requests for all services.
type backend struct {
	apiKey        string
	baseURL       string
	allowInsecure bool
	app           string
	userAgent     string
	http          *http.Client
	maxRetries    int
	timeout       time.Duration
	logger        *slog.Logger
	sleep         func(context.Context, time.Duration) error
	random        func() float64
	now           func() time.Time
	warned        sync.Map // of deprecations: each is logged once
}

// request is one logical call, however many attempts it takes.
type request struct {
	method string
	path   string
	query  url.Values
	body   any
}

// pathOf fills {} of a pattern with ids, each escaped as one segment. What would become another path is left out, and
// encode refuses it.
func pathOf(pattern string, ids ...string) string {
	for _, id := range ids {
		if id == "." || id == ".." {
			id = ""
		}
		pattern = strings.Replace(pattern, "{}", url.PathEscape(id), 1)
	}
	return pattern
}

// Response is what the server answered, beside the object itself.
type Response struct {
	StatusCode int
	Header     http.Header
	// RequestID is what support asks for (req_…).
	RequestID string
	// Deprecation says that the version spoken is not the current one, until when it works, and what follows it
	// (NoKYC-Deprecation); empty if it is current.
	Deprecation string
	// Attempts is how often the request was sent.
	Attempts int
	Body     []byte
}

// Meta is in every object that the API returns.
type Meta struct {
	// Raw is the object as it came, with fields that this version of the library does not know.
	Raw json.RawMessage `json:"-"`
	// Response is set on the object that answers a call; nil on objects inside it.
	Response *Response `json:"-"`
}

func (m *Meta) setResponse(response *Response) { m.Response = response }

// send makes a call that is answered by one object.
func send[T any](ctx context.Context, b *backend, r request, options []CallOption) (*T, error) {
	answer, err := b.do(ctx, r, options)
	if err != nil {
		return nil, err
	}
	out := new(T)
	if err := decode(answer, out); err != nil {
		return nil, err
	}
	return out, nil
}

func decode(answer *Response, out any) error {
	if err := json.Unmarshal(answer.Body, out); err != nil {
		return fmt.Errorf("nokyc: the answer cannot be read (request_id=%s): %w", answer.RequestID, err)
	}
	if object, ok := out.(interface{ setResponse(*Response) }); ok {
		object.setResponse(answer)
	}
	return nil
}

// do sends a request until it succeeds, fails for good, or has been retried often enough.
func (b *backend) do(ctx context.Context, r request, options []CallOption) (*Response, error) {
	call := newCall(b, options)
	target, body, err := b.encode(r, call)
	if err != nil {
		return nil, err
	}
	if r.method == http.MethodPost && call.header.Get("Idempotency-Key") == "" {
		call.header.Set("Idempotency-Key", newUUID())
	}
	for attempt := 1; ; attempt++ {
		if attempt > 1 {
			call.header.Set("NoKYC-Retry-Count", strconv.Itoa(attempt-1))
		}
		answer, err := b.attempt(ctx, r.method, target, body, call)
		if answer != nil {
			answer.Attempts = attempt
			if call.into != nil {
				*call.into = *answer
			}
			if answer.StatusCode/100 == 2 {
				return answer, nil
			}
			err = newError(answer)
		}
		delay, again := b.retryDelay(attempt, answer, err)
		if !again || attempt > call.maxRetries || ctx.Err() != nil {
			return nil, err
		}
		b.logger.DebugContext(ctx, "nokyc: retry", "method", r.method, "path", r.path, "attempt", attempt, "delay", delay)
		if slept := b.sleep(ctx, delay); slept != nil {
			return nil, slept
		}
	}
}

// attempt sends a request once. It returns an answer, whatever its status, or an error.
func (b *backend) attempt(ctx context.Context, method, target string, body []byte, call *call) (*Response, error) {
	limited, cancel := context.WithTimeout(ctx, call.timeout)
	defer cancel()
	outgoing, err := http.NewRequestWithContext(limited, method, target, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("nokyc: %w", err)
	}
	if body == nil {
		outgoing.Body, outgoing.GetBody = nil, nil
	} else {
		outgoing.Header.Set("Content-Type", "application/json")
	}
	outgoing.Header.Set("Authorization", "Bearer "+b.apiKey)
	outgoing.Header.Set("Accept", "application/json")
	outgoing.Header.Set("NoKYC-Version", APIVersion)
	outgoing.Header.Set("User-Agent", b.userAgent)
	for name, values := range call.header {
		outgoing.Header[name] = values
	}
	incoming, err := b.http.Do(outgoing)
	if err != nil {
		return nil, connectionError(ctx, err)
	}
	defer incoming.Body.Close()
	content, err := io.ReadAll(io.LimitReader(incoming.Body, maxResponseBytes+1))
	if err != nil {
		return nil, connectionError(ctx, err)
	}
	if len(content) > maxResponseBytes {
		return nil, errors.New("nokyc: the answer is too large")
	}
	answer := &Response{StatusCode: incoming.StatusCode, Header: incoming.Header, Body: content,
		RequestID: incoming.Header.Get("Request-Id"), Deprecation: incoming.Header.Get("NoKYC-Deprecation")}
	if _, told := b.warned.LoadOrStore(answer.Deprecation, true); !told && answer.Deprecation != "" {
		b.logger.WarnContext(ctx, "nokyc: this version of the API is deprecated", "deprecation", answer.Deprecation)
	}
	b.logger.DebugContext(ctx, "nokyc: answer", "method", method, "path", outgoing.URL.Path, "status", answer.StatusCode, "request_id", answer.RequestID)
	if answer.StatusCode/100 == 2 && answer.StatusCode != http.StatusNoContent && !json.Valid(content) {
		return nil, &ConnectionError{cause: errors.New("the answer is not JSON")}
	}
	return answer, nil
}

// encode makes the URL and the body, with the extra fields of the call.
func (b *backend) encode(r request, call *call) (target string, body []byte, err error) {
	if !strings.HasPrefix(r.path, "/") || strings.HasSuffix(r.path, "/") || strings.Contains(r.path, "//") {
		return "", nil, usage("an id must not be empty or dots, and a path must begin with a slash")
	}
	target = b.baseURL + r.path
	query := url.Values{}
	for _, values := range []url.Values{r.query, call.query} {
		for name, value := range values {
			query[name] = value
		}
	}
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	if r.body == nil && len(call.body) == 0 {
		return target, nil, nil
	}
	body, err = json.Marshal(r.body)
	if err == nil && (len(call.body) > 0 || string(body) == "null") {
		body, err = withFields(body, call.body)
	}
	if err != nil {
		return "", nil, usage("the parameters cannot be encoded: " + err.Error())
	}
	return target, body, nil
}

// withFields adds fields to a JSON object; null counts as the empty object.
func withFields(object []byte, fields map[string]any) ([]byte, error) {
	merged := map[string]json.RawMessage{}
	if err := json.Unmarshal(object, &merged); err != nil {
		return nil, err
	}
	if merged == nil {
		merged = map[string]json.RawMessage{}
	}
	for name, value := range fields {
		encoded, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		merged[name] = encoded
	}
	return json.Marshal(merged)
}

func sleep(ctx context.Context, delay time.Duration) error {
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// newUUID makes a random UUID (RFC 9562, version 4).
func newUUID() string {
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic("nokyc: no randomness: " + err.Error())
	}
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
