// A webhook receiver with nothing but the standard library: WEBHOOK_SECRET=whsec_… go run ./examples/webhook_server
package main

import (
	"cmp"
	"log"
	"net/http"
	"os"

	nokyc "github.com/nokycnumber/sdk-go"
)

func main() {
	webhook := nokyc.NewWebhook(os.Getenv("WEBHOOK_SECRET"))
	http.HandleFunc("POST /hooks", func(w http.ResponseWriter, r *http.Request) {
		event, err := webhook.ParseRequest(r)
		if err != nil {
			http.Error(w, "", http.StatusBadRequest)
			return
		}
		if sms, ok := event.Data.Object.(*nokyc.SMS); ok && event.Type == nokyc.EventTypeSMSReceived {
			log.Println("from", sms.FromE164)
		}
		w.WriteHeader(http.StatusNoContent)
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+cmp.Or(os.Getenv("PORT"), "8000"), nil))
}
