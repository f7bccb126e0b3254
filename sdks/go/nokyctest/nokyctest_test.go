package nokyctest_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	nokyc "github.com/nokycnumber/sdk-go"
	"github.com/nokycnumber/sdk-go/nokyctest"
)

func ExampleReplies() {
	replies := new(nokyctest.Replies)
	replies.AddFailure()
	replies.Add(201, `{"id":"sms_1","object":"sms","status":"queued"}`)

	sms, err := replies.Client().SMS.Create(context.Background(), &nokyc.SMSCreateParams{From: "num_1", To: "+33612345678", Body: "Hi"})

	fmt.Println(sms.ID, err, replies.Requests[1].Path, replies.Requests[1].Body, len(replies.Slept))
	// Output: sms_1 <nil> /v1/sms {"body":"Hi","from":"num_1","to":"+33612345678"} 1
}

func TestARefusalWithItsHeaders(t *testing.T) {
	replies := new(nokyctest.Replies)
	replies.Add(429, `{"error":{"type":"rate_limit_error"}}`, "Retry-After", "7", "X-Rate-Limit-Limit", "100")
	_, err := replies.Client(nokyc.WithMaxRetries(0)).Account.Get(context.Background())
	var refused *nokyc.Error
	if !errors.Is(err, nokyc.ErrRateLimit) || !errors.As(err, &refused) || refused.RetryAfter().Seconds() != 7 {
		t.Error(err)
	}
	if limit, _, _ := refused.RateLimit(); limit != 100 {
		t.Error(limit)
	}
}
