package nokyc

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"strings"
	"time"
)

const (
	// Version is this library's own.
	Version = "0.1.0"

	defaultMaxRetries = 4
	defaultTimeout    = 30 * time.Second
	connectTimeout    = 5 * time.Second

	never = slog.Level(math.MaxInt) // above all levels
)

// Client speaks to the API. It is safe for concurrent use; make one and keep it.
type Client struct {
	// Services are the resources: client.Numbers, client.Sms, …
	Services

	backend *backend
}

// NewClient makes a client for one key.
//
// An empty key is taken from NOKYC_API_KEY, and the base URL, unless WithBaseURL gives it, from NOKYC_BASE_URL.
// It fails with ErrUsage without a key, and if the base URL is not https (loopback and WithAllowInsecure excepted).
func NewClient(apiKey string, options ...ClientOption) (*Client, error) {
	b := &backend{
		apiKey:     cmp.Or(apiKey, os.Getenv("NOKYC_API_KEY")),
		baseURL:    cmp.Or(os.Getenv("NOKYC_BASE_URL"), defaultBaseURL),
		maxRetries: defaultMaxRetries,
		timeout:    defaultTimeout,
		logger:     slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: never})),
		sleep:      sleep,
		random:     rand.Float64,
		now:        time.Now,
	}
	for _, option := range options {
		option(b)
	}
	if strings.ContainsFunc(b.apiKey, func(r rune) bool { return r <= ' ' || r > '~' }) || b.apiKey == "" {
		return nil, usage("an API key is needed, without blanks: give one to NewClient or set NOKYC_API_KEY")
	}
	if b.maxRetries < 0 || b.timeout <= 0 {
		return nil, usage("the number of retries must not be negative, and the timeout positive")
	}
	if err := checkBaseURL(b.baseURL, b.allowInsecure); err != nil {
		return nil, err
	}
	b.baseURL = strings.TrimSuffix(strings.TrimRight(b.baseURL, "/"), "/v1")
	b.http = withoutRedirects(b.http)
	agent := fmt.Sprintf("nokycnumber-go/%s (%s; %s %s) %s", Version, runtime.Version(), runtime.GOOS, runtime.GOARCH, b.app)
	b.userAgent = strings.TrimSpace(agent)
	return &Client{Services: newServices(b), backend: b}, nil
}

// Request sends any request with all of the client's retries: for what this version of the library does not know yet.
// The path begins with /v1/, the answer's JSON is in Response.Body.
func (c *Client) Request(ctx context.Context, method, path string, query url.Values, body map[string]any, options ...CallOption) (*Response, error) {
	return c.backend.do(ctx, request{method: strings.ToUpper(method), path: path, query: query, body: body}, options)
}

// String names the server, and keeps the key out of what fmt prints.
func (c *Client) String() string { return "nokyc.Client(" + c.backend.baseURL + ")" }

// GoString is String.
func (c *Client) GoString() string { return c.String() }

// ClientOption changes how a Client is made.
type ClientOption func(*backend)

// WithBaseURL names another server, such as your own: https://host, without /v1.
func WithBaseURL(baseURL string) ClientOption { return func(b *backend) { b.baseURL = baseURL } }

// WithAllowInsecure permits plain http beyond loopback. The key then crosses the network in clear.
func WithAllowInsecure() ClientOption { return func(b *backend) { b.allowInsecure = true } }

// WithHTTPClient has requests sent by another http.Client. Its CheckRedirect is not used: redirects are never followed.
func WithHTTPClient(client *http.Client) ClientOption { return func(b *backend) { b.http = client } }

// WithMaxRetries sets how often a failed request is sent again, 4 unless set; 0 turns retries off.
func WithMaxRetries(n int) ClientOption { return func(b *backend) { b.maxRetries = n } }

// WithTimeout sets how long one attempt may take in all, 30 s unless set.
func WithTimeout(timeout time.Duration) ClientOption { return func(b *backend) { b.timeout = timeout } }

// WithLogger has every attempt logged at debug level: method, path, status and request id, never bodies or keys.
func WithLogger(logger *slog.Logger) ClientOption { return func(b *backend) { b.logger = logger } }

// WithAppInfo adds your program's name and version to the User-Agent: "name/version".
func WithAppInfo(app string) ClientOption { return func(b *backend) { b.app = app } }

// WithSleep replaces the waiting between attempts. It returns the context's error if that ends first.
func WithSleep(sleep func(ctx context.Context, delay time.Duration) error) ClientOption {
	return func(b *backend) { b.sleep = sleep }
}

// WithRandom replaces the source of jitter, which gives numbers in [0, 1).
func WithRandom(random func() float64) ClientOption { return func(b *backend) { b.random = random } }

// WithClock replaces the clock, against which a Retry-After date is read.
func WithClock(now func() time.Time) ClientOption { return func(b *backend) { b.now = now } }

func checkBaseURL(baseURL string, allowInsecure bool) error {
	parsed, err := url.Parse(baseURL)
	if err != nil || parsed.Hostname() == "" || (parsed.Scheme != "https" && parsed.Scheme != "http") {
		return usage("the base URL must look like https://host")
	}
	loopback := strings.EqualFold(parsed.Hostname(), "localhost") || net.ParseIP(parsed.Hostname()).IsLoopback()
	if parsed.Scheme == "http" && !allowInsecure && !loopback {
		return usage("the base URL must be https, or the key crosses the network in clear (WithAllowInsecure permits it)")
	}
	return nil
}

// withoutRedirects copies a client, or makes one, that answers a redirect with the redirect.
func withoutRedirects(client *http.Client) *http.Client {
	var own http.Client
	if client != nil {
		own = *client
	} else {
		transport := http.DefaultTransport.(*http.Transport).Clone()
		transport.DialContext = (&net.Dialer{Timeout: connectTimeout, KeepAlive: 30 * time.Second}).DialContext
		transport.MaxIdleConnsPerHost = 32
		own.Transport = transport
	}
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &own
}
