// Go through all messages; pages are fetched as they are needed.
import { NoKYCNumber } from "@nokycnumber/sdk";

const client = new NoKYCNumber();
let total = 0;
for await (const sms of client.sms.list({ direction: "outbound", limit: 100 })) {
  console.log(sms.id, sms.status, sms.created_at);
  total += 1;
}
console.log(total, "messages");
