package nokyc

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// SignatureHeader is where a delivery carries its signature.
	SignatureHeader = "X-NoKYC-Signature"

	// DefaultTolerance is how far a delivery's time may be from ours, both ways.
	DefaultTolerance = 300 * time.Second

	maxWebhookBytes = 1 << 20
)

// Why a signature is refused, for errors.Is.
var (
	ErrNoHeader    = &SignatureError{Reason: "no_header", text: "the request carries no " + SignatureHeader}
	ErrMalformed   = &SignatureError{Reason: "malformed", text: "the header must look like t=<seconds>,v1=<hex>, and the signed body be an event"}
	ErrNoSignature = &SignatureError{Reason: "no_v1", text: "the header has no v1 signature"}
	ErrMismatch    = &SignatureError{Reason: "mismatch", text: "no signature matches: another secret signed it, or the body was changed (it must be the raw bytes)"}
	ErrTooOld      = &SignatureError{Reason: "too_old", text: "it was signed too long ago"}
	ErrTooNew      = &SignatureError{Reason: "too_new", text: "it was signed in the future"}
)

// SignatureError says why a delivery cannot be trusted.
type SignatureError struct {
	// Reason is one of no_header, malformed, no_v1, mismatch, too_old, too_new.
	Reason string

	text string
}

// Error is the reason in words.
func (e *SignatureError) Error() string { return "nokyc: webhook refused: " + e.text }

// Webhook verifies deliveries to one endpoint.
type Webhook struct {
	secrets   []string
	tolerance time.Duration
	now       func() time.Time
}

// NewWebhook verifies against the endpoint's signing secret, or the old and the new one during a rotation.
func NewWebhook(secrets ...string) *Webhook {
	return &Webhook{secrets: secrets, tolerance: DefaultTolerance, now: time.Now}
}

// WithTolerance sets another tolerance than DefaultTolerance.
func (w *Webhook) WithTolerance(tolerance time.Duration) *Webhook {
	return &Webhook{w.secrets, tolerance, w.now}
}

// WithClock sets another clock than time.Now.
func (w *Webhook) WithClock(now func() time.Time) *Webhook {
	return &Webhook{w.secrets, w.tolerance, now}
}

// ConstructEvent verifies a delivery and reads its event. The payload is the request's body, byte for byte.
func ConstructEvent(payload []byte, header string, secrets ...string) (*Event, error) {
	return NewWebhook(secrets...).ConstructEvent(payload, header)
}

// ConstructEvent verifies a delivery and reads its event. Its errors are a *SignatureError to errors.As.
func (w *Webhook) ConstructEvent(payload []byte, header string) (*Event, error) {
	if err := w.Verify(payload, header); err != nil {
		return nil, err
	}
	event := new(Event)
	if err := json.Unmarshal(payload, event); err != nil || event.Type == "" {
		return nil, ErrMalformed
	}
	return event, nil
}

// ParseRequest reads a request's body, at most 1 MB of it, and does as ConstructEvent.
func (w *Webhook) ParseRequest(r *http.Request) (*Event, error) {
	payload, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxWebhookBytes)) // no event is larger
	if err != nil {
		return nil, fmt.Errorf("nokyc: the request cannot be read: %w", err)
	}
	return w.ConstructEvent(payload, r.Header.Get(SignatureHeader))
}

// Verify checks a delivery's age and its signature.
func (w *Webhook) Verify(payload []byte, header string) error {
	if len(w.secrets) == 0 || slices.Contains(w.secrets, "") {
		return usage("a webhook needs a secret, and none that is empty: anybody could sign with it")
	}
	signedAt, signatures, err := parseSignature(header)
	if err != nil {
		return err
	}
	now, tolerance := w.now().Unix(), int64(w.tolerance/time.Second)
	switch {
	case signedAt > now+tolerance:
		return ErrTooNew
	case signedAt < now-tolerance:
		return ErrTooOld
	}
	return w.match(payload, signedAt, signatures)
}

// GenerateTestHeader signs a payload as the server does, for tests of your own handler.
func GenerateTestHeader(payload []byte, secret string, signedAt time.Time) string {
	seconds := signedAt.Unix()
	return fmt.Sprintf("t=%d,v1=%s", seconds, sign(payload, secret, seconds))
}

// parseSignature gives the time and all v1 signatures; other schemes are ignored.
func parseSignature(header string) (signedAt int64, signatures []string, err error) {
	if strings.TrimSpace(header) == "" {
		return 0, nil, ErrNoHeader
	}
	var times []string
	for _, part := range strings.Split(header, ",") {
		switch name, value, _ := strings.Cut(strings.TrimSpace(part), "="); name {
		case "t":
			times = append(times, value)
		case "v1":
			signatures = append(signatures, value)
		}
	}
	seconds, err := strconv.ParseUint(strings.Join(times, ","), 10, 63) // none and several are no number
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0, nil, ErrMalformed
	}
	if len(signatures) == 0 {
		return 0, nil, ErrNoSignature
	}
	return int64(seconds), signatures, nil
}

// match compares every signature with every secret, in constant time.
func (w *Webhook) match(payload []byte, signedAt int64, signatures []string) error {
	found, refusal := false, error(ErrMismatch)
	for _, secret := range w.secrets {
		expected := []byte(sign(payload, secret, signedAt))
		for _, signature := range signatures {
			found = hmac.Equal([]byte(signature), expected) || found
		}
		if strings.TrimSpace(secret) != secret {
			refusal = fmt.Errorf("%w; the secret has whitespace around it", ErrMismatch)
		}
	}
	if found {
		return nil
	}
	return refusal
}

func sign(payload []byte, secret string, seconds int64) string {
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "%d.", seconds)
	mac.Write(payload)
	return hex.EncodeToString(mac.Sum(nil))
}
