// Keys of one's own, what can go wrong, and how to stop waiting.
import { APIConnectionError, NoKYCNumber, NotFoundError, PaymentRequiredError, RateLimitError } from "@nokycnumber/sdk";

const client = new NoKYCNumber({ maxRetries: 2, timeout: 10_000, app: "example/1.0" });
try {
  const sms = await client.sms.create(
    { from: "num_000000000000", to: "+33612345678", body: "Hello" },
    { idempotencyKey: "order-1042", signal: AbortSignal.timeout(60_000) },
  );
  console.log(sms.id);
} catch (error) {
  if (error instanceof PaymentRequiredError) console.log("top up first:", error.message);
  else if (error instanceof NotFoundError) console.log(`${error.detail} Support would ask for ${error.requestId}.`);
  else if (error instanceof RateLimitError) console.log("try again in", error.retryAfter, "seconds");
  else if (error instanceof APIConnectionError) console.log("no answer; repeat it with the same key:", error.message);
  else throw error;
}
