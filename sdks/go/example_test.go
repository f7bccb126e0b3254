package nokyc_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	nokyc "github.com/nokycnumber/sdk-go"
)

// The examples speak to this server instead of the real one.
var server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	switch r.Method + " " + r.URL.Path {
	case "POST /v1/sms":
		fmt.Fprint(w, `{"id":"sms_4n2v8j1q6h7y","object":"sms","status":"queued","segments":1,"cost_usd":0.012}`)
	case "GET /v1/sms":
		if r.URL.Query().Get("starting_after") == "" {
			fmt.Fprint(w, `{"data":[{"id":"sms_3"},{"id":"sms_2"}],"has_more":true,"next_cursor":"sms_2"}`)
		} else {
			fmt.Fprint(w, `{"data":[{"id":"sms_1"}],"has_more":false,"next_cursor":null}`)
		}
	case "PATCH /v1/numbers/num_8a4c2f1e9b3d":
		fmt.Fprint(w, `{"id":"num_8a4c2f1e9b3d","webhook_url":null,"auto_renew":true}`)
	default:
		w.WriteHeader(404)
		fmt.Fprint(w, `{"error":{"type":"invalid_request_error","code":"resource_missing","message":"No such object.","request_id":"req_8a4c2f1e9b3d4a7c"}}`)
	}
}))

func newClient() *nokyc.Client {
	client, err := nokyc.NewClient("sk_test_example", nokyc.WithBaseURL(server.URL))
	if err != nil {
		panic(err)
	}
	return client
}

func ExampleSMSService_Create() {
	client := newClient() // nokyc.NewClient("") takes the key from NOKYC_API_KEY
	sms, err := client.SMS.Create(context.Background(), &nokyc.SMSCreateParams{
		From: "num_8a4c2f1e9b3d",
		To:   "+33612345678",
		Body: "Bonjour. Your code is 482917.",
	}, nokyc.IdempotencyKey("order-1042"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(sms.ID, sms.Status, sms.CostUSD)
	// Output: sms_4n2v8j1q6h7y queued 0.012
}

func ExampleSMSService_List() {
	client := newClient()
	for sms, err := range client.SMS.List(context.Background(), &nokyc.SMSListParams{Direction: nokyc.Ptr(nokyc.SMSDirectionOutbound)}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(sms.ID)
	}
	// Output:
	// sms_3
	// sms_2
	// sms_1
}

func ExampleNumbersService_Update() {
	client := newClient()
	number, err := client.Numbers.Update(context.Background(), "num_8a4c2f1e9b3d", &nokyc.NumberUpdateParams{
		AutoRenew: nokyc.Bool(true),
		Null:      []string{"webhook_url"}, // clears it
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(number.AutoRenew, number.WebhookURL == nil)
	// Output: true true
}

func ExampleError() {
	client := newClient()
	_, err := client.SMS.Get(context.Background(), "sms_unknown")
	var refused *nokyc.Error
	if errors.Is(err, nokyc.ErrNotFound) && errors.As(err, &refused) {
		fmt.Println(refused.Code, refused.RequestID)
	}
	fmt.Println(err)
	// Output:
	// resource_missing req_8a4c2f1e9b3d4a7c
	// [404 resource_missing] No such object. (request_id=req_8a4c2f1e9b3d4a7c)
}

func ExampleWebhook_ConstructEvent() {
	payload := []byte(`{"type":"sms.received","data":{"object":{"object":"sms","from_e164":"+33612345678"}}}`)
	header := nokyc.GenerateTestHeader(payload, "whsec_test", time.Now())
	event, err := nokyc.NewWebhook("whsec_test").ConstructEvent(payload, header)
	if err != nil {
		fmt.Println(err)
		return
	}
	switch object := event.Data.Object.(type) {
	case *nokyc.SMS:
		fmt.Println(event.Type, object.FromE164)
	default:
		fmt.Println(event.Type)
	}
	// Output: sms.received +33612345678
}
