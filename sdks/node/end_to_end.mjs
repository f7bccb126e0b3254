// One scenario against a real server in test mode, webhooks included. Needs the package built.
//
//     NOKYC_API_KEY=sk_test_… NOKYC_BASE_URL=http://127.0.0.1:8080 node sdks/node/end_to_end.mjs
//
// The server must be allowed to deliver to this machine (NOKYC_WEBHOOK_ALLOW_PRIVATE=1); NOKYC_LOSSY_URL is the same
// server behind a proxy that loses the first answer to every POST (tests/sdks/lossy.py). Silent if all is well.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import {
  AuthenticationError,
  Decimal,
  IdempotencyError,
  InvalidRequestError,
  NoKYCNumber,
  NotFoundError,
  SignatureVerificationError,
  constructEvent,
} from "@nokycnumber/sdk";

const OUTSIDE = "+33612345678";
const FOREIGN_SECRET = "whsec_bm90IHRoZSBzZWNyZXQ=";

const client = new NoKYCNumber();
const deliveries = [];
const receiver = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  deliveries.push({ payload: Buffer.concat(chunks), header: request.headers["x-nokyc-signature"] });
  response.writeHead(204).end();
  receiver.emit("delivery");
});

async function main() {
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  const endpoint = await client.webhookEndpoints.create({
    url: `http://127.0.0.1:${receiver.address().port}/hooks`,
    enabled_events: ["sms.received", "webhook_endpoint.test"],
  });
  const number = await lease();
  await change(number);
  await send(number);
  await receive(number, endpoint);
  await listAll(number);
  await lose(number);
  await refuse();
  await account();
  assert.equal(await client.webhookEndpoints.delete(endpoint.id), undefined);
  await client.numbers.delete(number.id);
  receiver.close();
  receiver.closeAllConnections();
}

async function lease() {
  const [offer] = (await client.numbers.available({ country: "fr", type: "mobile", limit: 5 })).data;
  assert.ok(offer.prices.monthly > 0);
  assert.ok(Date.parse(offer.expires_at) > Date.now());
  const metadata = { order: 1042, weights: [1.5] };
  const number = await client.numbers.create({ available_id: offer.id, billing_period: "monthly", metadata });
  assert.deepEqual([number.number, number.status, number.metadata], [offer.number, "active", metadata]);
  return number;
}

/** What is left out stays, what is null is cleared. */
async function change(number) {
  const params = { auto_renew: !number.auto_renew, webhook_url: "https://example.com/", status: undefined };
  const changed = await client.numbers.update(number.id, params);
  assert.equal(changed.webhook_url, "https://example.com/");
  assert.equal(changed.auto_renew, !number.auto_renew);
  const cleared = await client.numbers.update(number.id, { webhook_url: null });
  assert.equal(cleared.webhook_url, null);
  assert.deepEqual(cleared.metadata, number.metadata);
}

async function send(number) {
  const preview = await client.sms.preview({ from: number.id, to: OUTSIDE, body: "Ça va ? 😀" });
  assert.deepEqual([preview.encoding, preview.segments.length, preview.verdict.ok], ["ucs2", 1, true]);
  const idempotencyKey = randomUUID();
  const message = { from: number.id, to: OUTSIDE, body: "Hello" };
  const first = await client.sms.create(message, { idempotencyKey });
  const again = await client.sms.create(message, { idempotencyKey });
  assert.equal(first.id, again.id);
  assert.ok(first.cost_usd instanceof Decimal);
  assert.equal(first.lastResponse.status, 201);
  assert.ok(!Object.keys(first).includes("lastResponse"));
  const mismatch = client.sms.create({ ...message, body: "Another text" }, { idempotencyKey });
  await assert.rejects(mismatch, (error) => error instanceof IdempotencyError && error.requestId !== null);
  const later = await client.sms.create({ ...message, send_at: new Date(Date.now() + 3_600_000) });
  assert.equal((await client.sms.cancel(later.id)).status, "failed");
  assert.equal((await client.sms.timeline(first.id)).steps[0].type, "request");
}

/** What the server really sent verifies, before and while the secret is rotated, and with no other secret. */
async function receive(number, endpoint) {
  const came = await client.test.sms.create({ from: OUTSIDE, to: number.id, body: "Ça va 😀" });
  const { payload, header } = await delivery();
  const event = constructEvent(payload, header, endpoint.secret);
  assert.equal(event.type, "sms.received");
  assert.deepEqual([event.data.object.id, event.data.object.body, event.livemode], [came.id, "Ça va 😀", false]);
  const rotated = await client.webhookEndpoints.rotateSecret(endpoint.id, { expires_in: 3600 });
  await client.webhookEndpoints.test(endpoint.id);
  const second = await delivery();
  for (const secret of [endpoint.secret, rotated.secret]) {
    assert.equal(constructEvent(second.payload, second.header, secret).type, "webhook_endpoint.test");
  }
  assert.throws(() => constructEvent(payload, header, FOREIGN_SECRET), SignatureVerificationError);
  for await (const sent of client.webhookEndpoints.deliveries(endpoint.id)) assert.notEqual(sent.status, "failed");
}

async function listAll(number) {
  for (const turn of [1, 2, 3]) {
    await client.sms.create({ from: number.id, to: OUTSIDE, body: `Number ${turn}` });
  }
  const messages = await client.sms.list({ number: number.id, limit: 2 }).toArray();
  assert.equal(new Set(messages.map((sms) => sms.id)).size, 6);
  assert.equal(messages.length, 6);
  const inbound = await client.sms.list({ direction: "inbound" });
  assert.deepEqual(inbound.data.map((sms) => sms.direction), ["inbound"]);
  const detail = await client.sms.get(messages[0].id);
  assert.equal(detail.segment_status[0].index, 1);
}

/** An answer that is lost after the server did its work: the repetition has the same key, and nothing is doubled. */
async function lose(number) {
  const before = (await client.account.get()).balance_usd;
  const slept = [];
  const timing = { sleep: async (seconds) => void slept.push(seconds), random: Math.random, now: Date.now };
  const unlucky = client.withOptions({ baseURL: process.env.NOKYC_LOSSY_URL, timing });
  const sms = await unlucky.sms.create({ from: number.id, to: OUTSIDE, body: "Only once" });
  assert.equal(slept.length, 1);
  assert.ok((await client.account.get()).balance_usd.plus(sms.cost_usd).equals(before));
  const sent = (await client.sms.list({ number: number.id }).toArray()).filter((each) => each.body === "Only once");
  assert.deepEqual(sent.map((each) => each.id), [sms.id]);
}

async function refuse() {
  const stranger = client.withOptions({ apiKey: "sk_test_unknown" });
  for (const [call, kind] of [
    [() => client.sms.get("sms_000000000000"), NotFoundError],
    [() => client.sms.create({ from: "num_000000000000", to: "nobody", body: "" }), InvalidRequestError],
    [() => stranger.account.get(), AuthenticationError],
  ]) {
    await assert.rejects(call(), (error) => error instanceof kind && error.message.includes(error.requestId));
  }
}

async function account() {
  const mine = await client.account.get();
  assert.ok(mine.balance_usd > 0 && mine.balance_usd < 100);
  const usage = await client.account.usage({ period: "last_30d" });
  const total = usage.daily.reduce((sum, day) => sum.plus(day.cost_usd), new Decimal(0));
  assert.ok(total.equals(usage.total_cost_usd), `${total} ${usage.total_cost_usd}`);
  assert.equal((await client.test.clock.advance({ seconds: 60 })).advanced_seconds, 60);
}

async function delivery() {
  if (deliveries.length === 0) await once(receiver, "delivery", { signal: AbortSignal.timeout(30_000) });
  return deliveries.shift();
}

await main();
