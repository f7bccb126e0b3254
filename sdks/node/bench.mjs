// Microseconds a call, bare fetch beside the SDK: node bench.mjs URL COUNT ROUNDS (bench/sdks.py runs it).
import { randomUUID } from "node:crypto";
import { API_VERSION, NoKYCNumber } from "@nokycnumber/sdk";

const [url, count, rounds] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const KEY = "sk_test_bench";
const MESSAGE = { from: "num_8a4c2f1e9b3d", to: "+33612345678", body: "Hello" };
const client = new NoKYCNumber({ apiKey: KEY, baseURL: url });

async function bare() {
  const answer = await fetch(`${url}/v1/sms`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${KEY}`,
      "Content-Type": "application/json",
      "NoKYC-Version": API_VERSION,
      "Idempotency-Key": randomUUID(),
    },
    body: JSON.stringify(MESSAGE),
    signal: AbortSignal.timeout(30_000),
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()).id;
}

async function sdk() {
  return (await client.sms.create(MESSAGE)).id;
}

async function timed(call) {
  for (let n = 0; n < count / 10; n++) await call();
  const began = performance.now();
  for (let n = 0; n < count; n++) await call();
  return ((performance.now() - began) / count) * 1000;
}

const figures = { bare_us: [], sdk_us: [] };
for (let round = 0; round < rounds; round++) {
  figures.bare_us.push(await timed(bare));
  figures.sdk_us.push(await timed(sdk));
}
console.log(JSON.stringify(figures));
