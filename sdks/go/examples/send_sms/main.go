// Find a number, activate it, send an SMS with it: NOKYC_API_KEY=sk_test_… go run ./examples/send_sms
package main

import (
	"context"
	"fmt"
	"log"

	nokyc "github.com/nokycnumber/sdk-go"
)

func main() {
	ctx := context.Background()
	client, err := nokyc.NewClient("")
	if err != nil {
		log.Fatal(err)
	}
	page, err := client.Numbers.AvailablePage(ctx, &nokyc.NumberAvailableParams{Country: "fr", Type: nokyc.Ptr(nokyc.NumberTypeMobile)})
	if err != nil {
		log.Fatal(err)
	}
	number, err := client.Numbers.Create(ctx, &nokyc.NumberCreateParams{
		AvailableID:   page.Data[0].ID,
		BillingPeriod: nokyc.NumberBillingPeriodMonthly,
	})
	if err != nil {
		log.Fatal(err)
	}
	sms, err := client.SMS.Create(ctx, &nokyc.SMSCreateParams{From: number.ID, To: "+33612345678", Body: "Bonjour. Your code is 482917."})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s from %s: %s, %d segment, %s USD\n", sms.ID, number.Display, sms.Status, sms.Segments, sms.CostUSD)
}
