// Find a number, activate it, send an SMS with it: NOKYC_API_KEY=sk_test_… node send-sms.mjs
import { NoKYCNumber } from "@nokycnumber/sdk";

const client = new NoKYCNumber();
const [offer] = (await client.numbers.available({ country: "fr", type: "mobile" })).data;
const number = await client.numbers.create({ available_id: offer.id, billing_period: "monthly" });
const sms = await client.sms.create({ from: number.id, to: "+33612345678", body: "Bonjour. Your code is 482917." });
console.log(`${sms.id} from ${number.display}: ${sms.status}, ${sms.segments} segment, ${sms.cost_usd} USD`);
