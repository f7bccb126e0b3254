package nokyc

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// What the conformance suite cannot say in any language: cancelling, certificates, logs, goroutines.

func serve(t *testing.T, handler http.HandlerFunc, options ...ClientOption) *Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	client, err := NewClient("sk_test_secret", append([]ClientOption{WithBaseURL(server.URL)}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func TestACancelledWaitEndsAndNothingMoreIsSent(t *testing.T) {
	requests := 0
	ctx, cancel := context.WithCancel(context.Background())
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		requests++
		w.Header().Set("Retry-After", "60")
		w.WriteHeader(503)
	}, WithSleep(func(ctx context.Context, delay time.Duration) error {
		cancel()
		return sleep(ctx, delay)
	}))
	_, err := client.Account.Get(ctx)
	if !errors.Is(err, context.Canceled) || requests != 1 {
		t.Fatalf("%v after %d requests", err, requests)
	}
}

func TestACancelledAttemptIsNotTriedAgain(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}, WithSleep(func(context.Context, time.Duration) error {
		t.Error("it waits for another attempt")
		return nil
	}))
	_, err := client.Account.Get(ctx)
	var failed *ConnectionError
	if !errors.Is(err, context.Canceled) || errors.As(err, &failed) {
		t.Fatal(err)
	}
}

func TestADeadlineOfTheCallerIsItsOwn(t *testing.T) {
	ctx, cancel := context.WithDeadline(context.Background(), time.Unix(0, 0))
	defer cancel()
	client := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("something was sent") })
	if _, err := client.Account.Get(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
}

func TestACertificateThatIsNotTrustedIsNotTriedAgain(t *testing.T) {
	server := httptest.NewTLSServer(nil)
	server.Config.ErrorLog = slog.NewLogLogger(slog.NewTextHandler(io.Discard, nil), slog.LevelError)
	defer server.Close()
	client, _ := NewClient("sk_test_secret", WithBaseURL(server.URL), WithSleep(func(context.Context, time.Duration) error {
		t.Error("it waits for another attempt")
		return nil
	}))
	_, err := client.Account.Get(context.Background())
	var failed *ConnectionError
	if !errors.As(err, &failed) || failed.Timeout {
		t.Fatal(err)
	}
}

func TestNeitherKeyNorBodyAreInAnythingThatIsShown(t *testing.T) {
	var logged bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(429)
		fmt.Fprint(w, `{"error":{"type":"rate_limit_error"}}`)
	}, WithLogger(logger), WithSleep(func(context.Context, time.Duration) error { return nil }))
	_, refused := client.SMS.Create(context.Background(), &SMSCreateParams{From: "num_1", To: "+33612345678", Body: "private"})
	_, found := client.Numbers.AvailablePage(context.Background(), &NumberAvailableParams{Country: "fr", Contains: String("+33612345678")})
	unreachable, _ := NewClient("sk_test_secret", WithBaseURL("http://127.0.0.1:1"), WithMaxRetries(0))
	_, failed := unreachable.Numbers.AvailablePage(context.Background(), &NumberAvailableParams{Contains: String("33612345678")})
	shown := logged.String() + fmt.Sprintf("%v %+v %#v %s %v %v %v", client, client, client, client, refused, found, failed)
	for _, secret := range []string{"sk_test_secret", "33612345678", "private"} {
		if strings.Contains(shown, secret) {
			t.Errorf("%q is in %s", secret, shown)
		}
	}
	if !strings.Contains(shown, "path=/v1/sms status=429") {
		t.Error("nothing was logged")
	}
}

func TestGoroutinesShareAClient(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/v1/sms/{id}", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"object":"sms","id":%q}`, r.PathValue("id"))
	})
	client := serve(t, mux.ServeHTTP)
	var group sync.WaitGroup
	for n := range 100 {
		group.Add(1)
		go func() {
			defer group.Done()
			id := fmt.Sprint("sms_", n)
			if sms, err := client.SMS.Get(context.Background(), id); err != nil || sms.ID != id {
				t.Error(sms, err)
			}
		}()
	}
	group.Wait()
}

func TestRedirectsAreNotFollowedByTheCallersClientEither(t *testing.T) {
	requests := 0
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		requests++
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	}, WithHTTPClient(http.DefaultClient))
	if _, err := client.Account.Get(context.Background()); !errors.Is(err, ErrRedirect) || requests != 1 {
		t.Fatalf("%v after %d requests", err, requests)
	}
	if http.DefaultClient.CheckRedirect != nil {
		t.Error("the caller's client was changed")
	}
}

func TestParametersLeaveOutWhatIsNil(t *testing.T) {
	for want, params := range map[string]any{
		`{}`:            NumberUpdateParams{},
		`{"addons":[]}`: NumberUpdateParams{Addons: []NumberAddon{}},
		`{"auto_renew":false,"webhook_url":null}`:  NumberUpdateParams{AutoRenew: Bool(false), Null: []string{"webhook_url"}},
		`{"on_off":null}`:                          NumberUpdateParams{OnOff: map[string]any{"timezone": "UTC"}, Null: []string{"on_off", "on_off"}},
		`{"daily_spend_cap_usd":0.10000000000001}`: AccountUpdateParams{DailySpendCapUSD: Ptr(Decimal("0.10000000000001"))},
	} {
		got, err := json.Marshal(params)
		if err != nil || string(got) != want {
			t.Errorf("%s (%v) instead of %s", got, err, want)
		}
	}
	if _, err := json.Marshal(AccountUpdateParams{DailySpendCapUSD: Ptr(Decimal("much"))}); err == nil {
		t.Error("an amount that is no number was sent")
	}
}

func TestAnAttemptHas5SecondsToConnectAnd30InAll(t *testing.T) {
	client, err := NewClient("sk_test_a", WithHTTPClient(&http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		ends, _ := r.Context().Deadline()
		if left := time.Until(ends); left > 30*time.Second || left < 20*time.Second {
			t.Error(left)
		}
		return nil, errors.New("no connection")
	})}), WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	_, _ = client.Account.Get(context.Background())
	if connectTimeout != 5*time.Second {
		t.Error(connectTimeout)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestWaitingEndsByItself(t *testing.T) {
	if err := sleep(context.Background(), time.Nanosecond); err != nil {
		t.Error(err)
	}
}

func TestAWebhookIsReadFromARequest(t *testing.T) {
	payload, now := []byte(`{"type":"sms.received","data":{"object":{"object":"sms","id":"sms_1"},"reason":"x"}}`), time.Now()
	post := func(body io.Reader) *http.Request {
		r := httptest.NewRequest("POST", "/hooks", body)
		r.Header.Set(SignatureHeader, GenerateTestHeader(payload, "whsec_a", now))
		return r
	}
	webhook := NewWebhook("whsec_b", "whsec_a")
	event, err := webhook.ParseRequest(post(bytes.NewReader(payload)))
	if err != nil {
		t.Fatal(err)
	}
	if sms := event.Data.Object.(*SMS); sms.ID != "sms_1" || !strings.Contains(string(event.Data.Raw), `"reason":"x"`) {
		t.Error(sms)
	}
	if _, err := webhook.ParseRequest(post(strings.NewReader(strings.Repeat("a", maxWebhookBytes+1)))); err == nil {
		t.Error("a request of any size is read")
	}
	if _, err := ConstructEvent(payload, "", "whsec_a"); !errors.Is(err, ErrNoHeader) {
		t.Error(err)
	}
}

func TestAnAnswerMayBeSeenEvenIfTheCallFails(t *testing.T) {
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Request-Id", "req_1")
		w.WriteHeader(404)
	})
	var response Response
	if _, err := client.SMS.Get(context.Background(), "sms_1", ResponseInto(&response)); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
	if response.StatusCode != 404 || response.RequestID != "req_1" || response.Attempts != 1 {
		t.Errorf("%+v", response)
	}
}
