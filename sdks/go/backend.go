package nokyc

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// maxResponseBytes bounds what an answer may occupy in memory.
const maxResponseBytes = 32_000_000

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
	body   map[string]any
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
	if err := json.Unmarshal(answer.Body, out); err != nil {
		return nil, fmt.Errorf("nokyc: the answer cannot be read (request_id=%s): %w", answer.RequestID, err)
	}
	any(out).(interface{ setResponse(*Response) }).setResponse(answer) // all of them have a Meta
	return out, nil
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
	for name := range call.header {
		if strings.ContainsAny(call.header.Get(name), "\r\n\x00") {
			return nil, usage("the header " + name + " has a line break")
		}
	}
	for attempt := 1; ; attempt++ {
		answer, err := b.attempt(ctx, r.method, target, body, call)
		if answer != nil {
			answer.Attempts = attempt
			*call.into = *answer
			if answer.StatusCode/100 == 2 {
				return answer, nil
			}
			err = newError(answer)
		}
		delay, again := b.retryDelay(attempt, err)
		if !again || attempt > call.maxRetries || ctx.Err() != nil {
			return nil, err
		}
		b.logger.DebugContext(ctx, "nokyc: retry", "method", r.method, "path", r.path, "attempt", attempt, "delay", delay)
		if err := b.sleep(ctx, delay); err != nil {
			return nil, err
		}
		call.header.Set("NoKYC-Retry-Count", strconv.Itoa(attempt))
	}
}

// attempt sends a request once. It returns an answer, whatever its status, or an error.
func (b *backend) attempt(ctx context.Context, method, target string, body []byte, call *call) (*Response, error) {
	limited, cancel := context.WithTimeout(ctx, call.timeout)
	defer cancel()
	outgoing, err := http.NewRequestWithContext(limited, method, target, bytes.NewReader(body))
	if err != nil {
		return nil, usage(err.Error())
	}
	outgoing.Header = call.header.Clone()
	incoming, err := b.http.Do(outgoing)
	if err != nil {
		return nil, connectionError(ctx, err)
	}
	defer incoming.Body.Close()
	answer := &Response{StatusCode: incoming.StatusCode, Header: incoming.Header,
		RequestID: incoming.Header.Get("Request-Id"), Deprecation: incoming.Header.Get("NoKYC-Deprecation")}
	answer.Body, err = io.ReadAll(http.MaxBytesReader(nil, incoming.Body, maxResponseBytes))
	if err != nil {
		return nil, connectionError(ctx, err)
	}
	b.log(ctx, outgoing, answer)
	isObject := json.Valid(answer.Body) && bytes.TrimSpace(answer.Body)[0] == '{'
	if answer.StatusCode/100 == 2 && answer.StatusCode != http.StatusNoContent && !isObject {
		return nil, &ConnectionError{cause: errors.New("the answer is no JSON object")}
	}
	return answer, nil
}

// log tells of every answer, and once of every deprecation.
func (b *backend) log(ctx context.Context, r *http.Request, answer *Response) {
	if _, told := b.warned.LoadOrStore(answer.Deprecation, true); !told && answer.Deprecation != "" {
		b.logger.WarnContext(ctx, "nokyc: this version of the API is deprecated", "deprecation", answer.Deprecation)
	}
	b.logger.DebugContext(ctx, "nokyc: answer",
		"method", r.Method, "path", r.URL.Path, "status", answer.StatusCode, "request_id", answer.RequestID)
}

// encode makes the URL and the body, with the extra fields of the call.
func (b *backend) encode(r request, call *call) (target string, body []byte, err error) {
	if !strings.HasPrefix(r.path, "/") || strings.HasSuffix(r.path, "/") || strings.Contains(r.path, "//") {
		return "", nil, usage("an id must not be empty or dots, and a path must begin with a slash")
	}
	target = b.baseURL + r.path
	query := url.Values{}
	maps.Copy(query, r.query)
	maps.Copy(query, call.query)
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	if r.body == nil && len(call.body) == 0 {
		return target, nil, nil
	}
	fields := map[string]any{}
	maps.Copy(fields, r.body)
	maps.Copy(fields, call.body)
	if body, err = json.Marshal(fields); err != nil {
		return "", nil, usage("the parameters cannot be encoded: " + err.Error())
	}
	call.header.Set("Content-Type", cmp.Or(call.header.Get("Content-Type"), "application/json"))
	return target, body, nil
}

// segment escapes an id as one segment of a path. What would become another path is left out, and encode refuses it.
func segment(id string) string {
	if id == "." || id == ".." {
		return ""
	}
	return url.PathEscape(id)
}

func sleep(ctx context.Context, delay time.Duration) error {
	select {
	case <-time.After(delay):
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
