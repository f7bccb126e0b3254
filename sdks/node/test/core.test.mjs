// What the conformance suite cannot say in any language: cancelling, certificates, secrets in logs, and Decimal.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:https";
import { test } from "node:test";
import { inspect } from "node:util";
import {
  APIConnectionError, APITimeoutError, Decimal, NoKYCNumber, RateLimitError, constructEvent, generateTestHeader,
} from "@nokycnumber/sdk";
import { Replies } from "@nokycnumber/sdk/testing";

const MESSAGE = { from: "num_1", to: "+33612345678", body: "Hi" };
const UNAVAILABLE = { error: { type: "api_error", code: "service_unavailable", message: "Later." } };

test("a cancelled wait ends at once, with the signal's reason, and nothing more is sent", async () => {
  const replies = new Replies();
  replies.add(503, UNAVAILABLE, { "Retry-After": "60" });
  const controller = new AbortController();
  const client = replies.client({ timing: undefined });
  const call = client.sms.create(MESSAGE, { signal: controller.signal });
  setImmediate(() => setImmediate(() => controller.abort(new Error("enough"))));
  await assert.rejects(call, { message: "enough" });
  assert.equal(replies.requests.length, 1);
});

test("a call that was cancelled before it began sends nothing", async () => {
  const replies = new Replies();
  const call = replies.client().sms.create(MESSAGE, { signal: AbortSignal.abort(new Error("no")) });
  await assert.rejects(call, { message: "no" });
  assert.equal(replies.requests.length, 0);
});

test("a certificate that is not trusted is not tried again", async () => {
  const server = createServer({ key: process.env.TLS_KEY, cert: process.env.TLS_CERT });
  let connections = 0;
  server.on("connection", () => (connections += 1));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const slept = [];
  const timing = { sleep: async (sec) => void slept.push(sec), random: () => 0, now: () => 0 };
  const client = new NoKYCNumber({
    apiKey: "sk_test_a", baseURL: `https://127.0.0.1:${server.address().port}`, timing,
  });
  await assert.rejects(client.account.get(), (error) => error instanceof APIConnectionError && error.final);
  assert.deepEqual([connections, slept], [1, []]);
  server.close();
});

test("neither key nor body are in anything that is logged", async () => {
  const replies = new Replies();
  replies.add(429, { error: { type: "rate_limit_error", code: "rate_limit_exceeded", message: "Wait." } }, {
    "Retry-After": "61", "Set-Cookie": "session=abc",
  });
  const client = replies.client({ apiKey: "sk_test_secret" });
  const error = await client.sms.create({ ...MESSAGE, body: "a private matter" }).catch((caught) => caught);
  assert.ok(error instanceof RateLimitError);
  for (const shown of [inspect(client, { depth: 9, showHidden: true }), inspect(error, { depth: 9 })]) {
    for (const part of ["sk_test_secret", "private matter", "session=abc"]) assert.ok(!shown.includes(part), part);
  }
});

test("calls at the same time do not mix", async () => {
  const client = new NoKYCNumber({
    apiKey: "sk_test_a",
    fetch: async (url) => {
      await new Promise((resolve) => setImmediate(resolve));
      return new Response(JSON.stringify({ object: "sms", id: new URL(url).pathname.split("/").at(-1) }));
    },
  });
  const ids = Array.from({ length: 200 }, (_, n) => `sms_${n}`);
  const found = await Promise.all(ids.map((id) => client.sms.get(id)));
  assert.deepEqual(found.map((sms) => sms.id), ids);
});

test("a list that nobody awaits asks for nothing", async () => {
  const replies = new Replies();
  replies.client().sms.list();
  assert.equal(replies.requests.length, 0);
});

test("a parsed body is refused with advice", () => {
  assert.throws(() => constructEvent({ type: "sms.received" }, "t=1,v1=00", "whsec_a"), /express\.raw/);
});

test("a secret that is not set is asked for", () => {
  for (const missing of [undefined, null, "", [], [undefined]]) {
    assert.throws(() => constructEvent("{}", "t=1,v1=00", missing), { name: "TypeError", message: /secret is needed/ });
  }
});

test("an ArrayBuffer is a body, too", () => {
  const body = '{"type":"sms.received","data":{"object":{}}}';
  const event = constructEvent(new TextEncoder().encode(body).buffer, generateTestHeader(body, "whsec_a"), "whsec_a");
  assert.equal(event.type, "sms.received");
});

test("an answer that is too large is not asked for again", async () => {
  let asked = 0;
  const endless = async () => {
    asked += 1;
    return new Response(new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(4_000_000)) }));
  };
  const client = new NoKYCNumber({ apiKey: "sk_test_a", fetch: endless });
  await assert.rejects(client.account.get(), /too large/);
  assert.equal(asked, 1);
});

test("a time-out may be endless", async () => {
  const late = async () => new Promise((done) => setTimeout(() => done(new Response("{}")), 20));
  const client = new NoKYCNumber({ apiKey: "sk_test_a", fetch: late, maxRetries: 0, timeout: Infinity });
  assert.equal((await client.account.get()).lastResponse.status, 200);
});

test("decimals are exact", () => {
  const sum = new Decimal("0.1").plus("0.2");
  assert.equal(String(sum), "0.3");
  assert.equal(String(new Decimal("1").minus("0.000001")), "0.999999");
  assert.equal(String(new Decimal("-0.5").times("0.05")), "-0.025");
  assert.equal(String(new Decimal("1.5e-7")), "0.00000015");
  assert.equal(String(new Decimal("1.25e3")), "1250");
  assert.ok(sum.equals("0.30") && sum > 0.29 && sum < 0.31);
  assert.equal(inspect(sum), "Decimal(0.3)");
  for (const wrong of ["", "1,5", "NaN", "0x1", Infinity]) assert.throws(() => new Decimal(wrong), TypeError);
});

test("money is sent with all its digits", async () => {
  const replies = new Replies();
  replies.add(200, { object: "account" });
  let sent = "";
  const client = new NoKYCNumber({
    apiKey: "sk_test_a",
    fetch: async (_, init) => {
      sent = init.body;
      return new Response('{"object":"account"}');
    },
  });
  await client.account.update({ balance_low_threshold_usd: new Decimal("123456789012345678.90") });
  assert.equal(sent, '{"balance_low_threshold_usd":123456789012345678.90}');
});

test("the raw answer of an object, of nothing and of a list, each of one request", async () => {
  const replies = new Replies();
  replies.add(201, { id: "sms_1", cost_usd: 0.012 }, { "Request-Id": "req_1" });
  replies.add(204);
  replies.add(200, { object: "list", data: [{ id: "sms_2" }], has_more: false });
  const client = replies.client();
  const { data, response, requestId } = await client.sms.create(MESSAGE).withResponse();
  assert.deepEqual([data.id, String(data.cost_usd), response.status, requestId], ["sms_1", "0.012", 201, "req_1"]);
  assert.deepEqual(await response.json(), { id: "sms_1", cost_usd: 0.012 });
  assert.equal((await client.webhookEndpoints.delete("we_1").asResponse()).status, 204);
  const list = client.sms.list();
  assert.equal((await (await list.asResponse()).json()).data[0].id, "sms_2");
  assert.deepEqual((await list.toArray()).map(({ id }) => id), ["sms_2"]);
  assert.equal(replies.requests.length, 3);
});

test("a refusal rejects whatever is asked for", async () => {
  const replies = new Replies();
  replies.add(400, { error: { type: "invalid_request_error", message: "No." } });
  await assert.rejects(replies.client().sms.create(MESSAGE).asResponse(), { status: 400 });
});

test("a deprecated version is a warning of the process, once for each client", async () => {
  const replies = new Replies();
  const warnings = [];
  const note = ({ code, message }) => code === "NOKYC_DEPRECATION" && warnings.push(message);
  process.on("warning", note);
  const client = replies.client();
  for (const id of ["sms_1", "sms_2"]) {
    replies.add(200, { id }, { "NoKYC-Deprecation": 'sunset="2028-10-01"' });
    assert.equal((await client.sms.get(id)).lastResponse.deprecation, 'sunset="2028-10-01"');
  }
  await new Promise(setImmediate);
  process.off("warning", note);
  assert.deepEqual(warnings, ['this version of the API is deprecated: sunset="2028-10-01"']);
});

test("an attempt has 30 seconds in all", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const silent = (_, { signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  const client = new NoKYCNumber({ apiKey: "sk_test_a", baseURL: "http://127.0.0.1:1", maxRetries: 0, fetch: silent });
  let outcome = "waiting";
  const call = client.account.get().catch((error) => (outcome = error));
  context.mock.timers.tick(29_999);
  await Promise.resolve();
  assert.equal(outcome, "waiting");
  context.mock.timers.tick(1);
  await call;
  assert.ok(outcome instanceof APITimeoutError);
});
