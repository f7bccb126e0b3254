// Go through all messages; pages are fetched as they are needed.
package main

import (
	"context"
	"fmt"
	"log"
	"time"

	nokyc "github.com/nokycnumber/sdk-go"
)

func main() {
	client, err := nokyc.NewClient("")
	if err != nil {
		log.Fatal(err)
	}
	total := 0
	params := &nokyc.SMSListParams{Direction: nokyc.Ptr(nokyc.SMSDirectionOutbound), Limit: nokyc.Int(100)}
	for sms, err := range client.SMS.List(context.Background(), params) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(sms.ID, sms.Status, sms.CreatedAt.Format(time.RFC3339))
		total++
	}
	fmt.Println(total, "messages")
}
