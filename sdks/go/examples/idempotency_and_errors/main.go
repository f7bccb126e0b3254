// A key of one's own, and what can go wrong.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	nokyc "github.com/nokycnumber/sdk-go"
)

func main() {
	client, err := nokyc.NewClient("", nokyc.WithMaxRetries(2), nokyc.WithTimeout(10*time.Second))
	if err != nil {
		log.Fatal(err)
	}
	sms, err := client.SMS.Create(context.Background(), &nokyc.SMSCreateParams{
		From: "num_000000000000", To: "+33612345678", Body: "Hello",
	}, nokyc.IdempotencyKey("order-1042"))
	var refused *nokyc.Error
	var silent *nokyc.ConnectionError
	switch {
	case err == nil:
		fmt.Println(sms.ID)
	case errors.Is(err, nokyc.ErrPaymentRequired):
		fmt.Println("top up first:", err)
	case errors.Is(err, nokyc.ErrRateLimit) && errors.As(err, &refused):
		fmt.Println("try again in", refused.RetryAfter())
	case errors.As(err, &refused):
		fmt.Printf("%s Support would ask for %s.\n", refused.Message, refused.RequestID)
	case errors.As(err, &silent):
		fmt.Println("no answer; repeat it with the same key:", err)
	}
}
