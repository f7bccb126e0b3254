// Command bench prints microseconds a call, bare net/http beside the SDK: bench URL COUNT ROUNDS (bench/sdks.py runs it).
package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"time"

	nokyc "github.com/nokycnumber/sdk-go"
)

const key = "sk_test_bench"

func main() {
	address := os.Args[1]
	count, _ := strconv.Atoi(os.Args[2])
	rounds, _ := strconv.Atoi(os.Args[3])
	client, err := nokyc.NewClient(key, nokyc.WithBaseURL(address))
	check(err)
	message := map[string]string{"from": "num_8a4c2f1e9b3d", "to": "+33612345678", "body": "Hello"}
	bare := func() {
		content, err := json.Marshal(message)
		check(err)
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		request, err := http.NewRequestWithContext(ctx, "POST", address+"/v1/sms", bytes.NewReader(content))
		check(err)
		var unique [16]byte
		_, err = rand.Read(unique[:])
		check(err)
		request.Header.Set("Authorization", "Bearer "+key)
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("NoKYC-Version", nokyc.APIVersion)
		request.Header.Set("Idempotency-Key", fmt.Sprintf("%x", unique))
		answer, err := http.DefaultClient.Do(request)
		check(err)
		content, err = io.ReadAll(answer.Body)
		check(err)
		answer.Body.Close()
		var sms struct{ ID string }
		check(json.Unmarshal(content, &sms))
	}
	sdk := func() {
		_, err := client.SMS.Create(context.Background(), &nokyc.SMSCreateParams{From: message["from"], To: message["to"], Body: message["body"]})
		check(err)
	}
	figures := map[string][]float64{}
	for range rounds {
		figures["bare_us"] = append(figures["bare_us"], timed(bare, count))
		figures["sdk_us"] = append(figures["sdk_us"], timed(sdk, count))
	}
	check(json.NewEncoder(os.Stdout).Encode(figures))
}

func timed(call func(), count int) float64 {
	for range count / 10 {
		call()
	}
	began := time.Now()
	for range count {
		call()
	}
	return float64(time.Since(began).Microseconds()) / float64(count)
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
