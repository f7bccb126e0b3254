// What the types promise an ES module: compiled, not run.
import { NoKYCNumber, constructEvent, type Decimal, type Number as LeasedNumber, type Page, type Sms } from "@nokycnumber/sdk";

export async function use(client: NoKYCNumber): Promise<void> {
  const sms = await client.sms.create({ from: "num_1", to: "+33612345678", body: "Hi", send_at: new Date() });
  const cost: Decimal | null = sms.cost_usd;
  const id: string | null = sms.lastResponse.requestId;
  const page: Page<Sms> = await client.sms.list({ status: "delivered" });
  for await (const each of client.sms.list()) console.log(each.from_e164, cost, id, page.has_more);
  const number: LeasedNumber = await client.numbers.update("num_1", { webhook_url: null });
  if (number.status === "paused") console.log(number.renews_at);
  // @ts-expect-error a required parameter is missing
  await client.sms.create({ from: "num_1", to: "+33612345678" });
  // @ts-expect-error it cannot be cleared
  await client.numbers.update("num_1", { auto_renew: null });
  // @ts-expect-error there is no such field
  console.log(sms.form);
}

export function hook(payload: Uint8Array): string {
  const event = constructEvent(payload, "t=1,v1=00", ["whsec_a", "whsec_b"]);
  switch (event.type) {
    case "sms.received":
      return event.data.object.body;
    case "number.activated":
      return event.data.object.display;
    default:
      return event.type;
  }
}
