// Command endtoend plays one scenario against a real server in test mode, webhooks included. It is silent if all is well.
//
//	NOKYC_API_KEY=sk_test_… NOKYC_BASE_URL=http://127.0.0.1:8080 go run ./internal/endtoend
//
// The server must be allowed to deliver to this machine (NOKYC_WEBHOOK_ALLOW_PRIVATE=1); NOKYC_LOSSY_URL is the same
// server behind a proxy that loses the first answer to every POST (tests/sdks/lossy.py).
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	nokyc "github.com/nokycnumber/sdk-go"
)

const (
	patience = 30 * time.Second
	outside  = "+33612345678"
)

// delivery is what the server posted.
type delivery struct {
	payload []byte
	header  string
}

var (
	ctx    = context.Background()
	client *nokyc.Client
)

func main() {
	log.SetFlags(log.Lshortfile)
	var err error
	client, err = nokyc.NewClient("")
	must(err)
	deliveries := make(chan delivery, 100)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	go http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		payload, _ := io.ReadAll(r.Body)
		deliveries <- delivery{payload, r.Header.Get(nokyc.SignatureHeader)}
		w.WriteHeader(http.StatusNoContent)
	}))
	endpoint, err := client.WebhookEndpoints.Create(ctx, &nokyc.WebhookEndpointCreateParams{
		URL:           fmt.Sprintf("http://%s/hooks", listener.Addr()),
		EnabledEvents: []string{"sms.received", "webhook_endpoint.test"},
	})
	must(err)
	number := lease()
	change(number)
	send(number)
	receive(number, endpoint, deliveries)
	list(number)
	lose(number)
	refuse()
	account()
	must(client.WebhookEndpoints.Delete(ctx, endpoint.ID))
	must(client.Numbers.Delete(ctx, number.ID))
}

func lease() *nokyc.Number {
	page, err := client.Numbers.AvailablePage(ctx, &nokyc.NumberAvailableParams{Country: "fr", Type: nokyc.Ptr(nokyc.NumberTypeMobile), Limit: nokyc.Int(5)})
	must(err)
	offer := page.Data[0]
	assert(offer.Prices.Monthly.Float64() > 0 && offer.ExpiresAt.After(time.Now()), "an offer has a price and an end")
	number, err := client.Numbers.Create(ctx, &nokyc.NumberCreateParams{
		AvailableID: offer.ID, BillingPeriod: nokyc.NumberBillingPeriodMonthly, Metadata: map[string]any{"order": 1042},
	})
	must(err)
	assert(number.Number == offer.Number && number.Status == nokyc.NumberStatusActive, "the number is active")
	assert(number.Metadata["order"] == 1042.0, "metadata come back")
	return number
}

// change: what is left out stays, what Null names is cleared.
func change(number *nokyc.Number) {
	changed, err := client.Numbers.Update(ctx, number.ID, &nokyc.NumberUpdateParams{
		AutoRenew: nokyc.Bool(!number.AutoRenew), WebhookURL: nokyc.String("https://example.com/"),
	})
	must(err)
	assert(*changed.WebhookURL == "https://example.com/" && changed.AutoRenew != number.AutoRenew, "both are changed")
	changed, err = client.Numbers.Update(ctx, number.ID, &nokyc.NumberUpdateParams{Null: []string{"webhook_url"}})
	must(err)
	assert(changed.WebhookURL == nil && changed.Metadata["order"] == 1042.0, "one is cleared, one stays")
}

func send(number *nokyc.Number) {
	preview, err := client.SMS.Preview(ctx, &nokyc.SMSPreviewParams{From: &number.ID, To: outside, Body: "Ça va ? 😀"})
	must(err)
	assert(preview.Encoding == "ucs2" && len(preview.Segments) == 1 && preview.Verdict.OK, "the preview fits")
	params, key := &nokyc.SMSCreateParams{From: number.ID, To: outside, Body: "Hello"}, nokyc.IdempotencyKey("go-1042")
	first, err := client.SMS.Create(ctx, params, key)
	must(err)
	again, err := client.SMS.Create(ctx, params, key)
	must(err)
	assert(first.ID == again.ID && *first.From == number.ID && first.Response.StatusCode == 201, "once sent, twice answered")
	params.Body = "Another text"
	_, err = client.SMS.Create(ctx, params, key)
	assert(errors.Is(err, nokyc.ErrIdempotency), "the key was used with another body")
	later, err := client.SMS.Create(ctx, &nokyc.SMSCreateParams{
		From: number.ID, To: outside, Body: "Later", SendAt: nokyc.Time(time.Now().Add(time.Hour)),
	})
	must(err)
	later, err = client.SMS.Cancel(ctx, later.ID)
	must(err)
	assert(later.Status == nokyc.SMSStatusFailed, "it is cancelled")
	timeline, err := client.SMS.Timeline(ctx, first.ID)
	must(err)
	assert(timeline.Steps[0].Type == "request", "it begins with a request")
}

// receive: what the server really sent verifies, before and while the secret is rotated, and with no other secret.
func receive(number *nokyc.Number, endpoint *nokyc.Endpoint, deliveries chan delivery) {
	came, err := client.Test.SMS.Create(ctx, &nokyc.TestSMSCreateParams{From: outside, To: number.ID, Body: "Ça va 😀"})
	must(err)
	got := next(deliveries)
	event, err := nokyc.ConstructEvent(got.payload, got.header, *endpoint.Secret)
	must(err)
	sms := event.Data.Object.(*nokyc.SMS)
	assert(event.Type == nokyc.EventTypeSMSReceived && sms.ID == came.ID && sms.Body == "Ça va 😀" && !event.Livemode, "it is that message")
	rotated, err := client.WebhookEndpoints.RotateSecret(ctx, endpoint.ID, &nokyc.WebhookEndpointRotateSecretParams{ExpiresIn: nokyc.Int(3600)})
	must(err)
	_, err = client.WebhookEndpoints.Test(ctx, endpoint.ID)
	must(err)
	got = next(deliveries)
	for _, secret := range []string{*endpoint.Secret, *rotated.Secret} {
		_, err = nokyc.ConstructEvent(got.payload, got.header, secret)
		must(err)
	}
	_, err = nokyc.ConstructEvent(got.payload, got.header, "whsec_bm90IHRoZSBzZWNyZXQ=")
	assert(errors.Is(err, nokyc.ErrMismatch), "a foreign secret does not fit")
	for delivery, err := range client.WebhookEndpoints.Deliveries(ctx, endpoint.ID, nil) {
		must(err)
		assert(delivery.Status == "succeeded" || delivery.Status == "pending", "no delivery failed")
	}
}

func list(number *nokyc.Number) {
	for turn := range 3 {
		_, err := client.SMS.Create(ctx, &nokyc.SMSCreateParams{From: number.ID, To: outside, Body: fmt.Sprint("Number ", turn)})
		must(err)
	}
	var seen []string
	last := time.Now().Add(time.Hour)
	for sms, err := range client.SMS.List(ctx, &nokyc.SMSListParams{Number: &number.ID, Limit: nokyc.Int(2)}) {
		must(err)
		assert(!slices.Contains(seen, sms.ID) && !sms.CreatedAt.After(last), "each once, newest first")
		seen, last = append(seen, sms.ID), sms.CreatedAt
	}
	assert(len(seen) == 6, "all of them")
	detail, err := client.SMS.Get(ctx, seen[0])
	must(err)
	assert(detail.SegmentStatus[0].Index == 1, "a message has its segments")
}

// lose: an answer is lost after the server did its work; the repetition has the same key, and nothing is doubled.
func lose(number *nokyc.Number) {
	before, err := client.Account.Get(ctx)
	must(err)
	slept := 0
	unlucky, err := nokyc.NewClient("", nokyc.WithBaseURL(os.Getenv("NOKYC_LOSSY_URL")), nokyc.WithSleep(func(context.Context, time.Duration) error {
		slept++
		return nil
	}))
	must(err)
	sms, err := unlucky.SMS.Create(ctx, &nokyc.SMSCreateParams{From: number.ID, To: outside, Body: "Only once"})
	must(err)
	assert(slept == 1 && sms.Response.Attempts == 2, "it was sent twice")
	after, err := client.Account.Get(ctx)
	must(err)
	assert(amount(after.BalanceUSD).Add(amount(after.BalanceUSD), amount(*sms.CostUSD)).Cmp(amount(before.BalanceUSD)) == 0, "it was charged once")
	var found []string
	for each, err := range client.SMS.List(ctx, &nokyc.SMSListParams{Number: &number.ID}) {
		must(err)
		if each.Body == "Only once" {
			found = append(found, each.ID)
		}
	}
	assert(slices.Equal(found, []string{sms.ID}), "it is there once")
}

func refuse() {
	stranger, err := nokyc.NewClient("sk_test_unknown")
	must(err)
	_, missing := client.SMS.Get(ctx, "sms_000000000000")
	_, invalid := client.SMS.Create(ctx, &nokyc.SMSCreateParams{From: "num_000000000000", To: "nobody"})
	_, unknown := stranger.Account.Get(ctx)
	for err, kind := range map[error]error{missing: nokyc.ErrNotFound, invalid: nokyc.ErrInvalidRequest, unknown: nokyc.ErrAuthentication} {
		var refused *nokyc.Error
		assert(errors.As(err, &refused) && errors.Is(err, kind), kind.Error())
		assert(refused.RequestID != "" && strings.Contains(err.Error(), refused.RequestID), "the request id is in the text")
	}
}

func account() {
	mine, err := client.Account.Get(ctx)
	must(err)
	assert(mine.BalanceUSD.Float64() > 0 && mine.BalanceUSD.Float64() < 100, "something was charged")
	usage, err := client.Account.Usage(ctx, &nokyc.AccountUsageParams{Period: nokyc.Ptr(nokyc.UsagePeriodLast30d)})
	must(err)
	sum := new(big.Rat)
	for _, day := range usage.Daily {
		sum.Add(sum, amount(day.CostUSD))
	}
	assert(sum.Cmp(amount(usage.TotalCostUSD)) == 0, "the total is the days' sum, to the last digit")
	clock, err := client.Test.Clock.Advance(ctx, &nokyc.TestClockAdvanceParams{Seconds: 60})
	must(err)
	assert(clock.AdvancedSeconds == 60, "a minute has passed")
}

func amount(decimal nokyc.Decimal) *big.Rat {
	value, ok := decimal.Rat()
	assert(ok, "an amount is a number")
	return value
}

func next(deliveries chan delivery) delivery {
	select {
	case got := <-deliveries:
		return got
	case <-time.After(patience):
		log.Output(2, "no delivery came")
		os.Exit(1)
		return delivery{}
	}
}

func must(err error) {
	if err != nil {
		log.Output(2, err.Error())
		os.Exit(1)
	}
}

func assert(holds bool, what string) {
	if !holds {
		log.Output(2, "not so: "+what)
		os.Exit(1)
	}
}
