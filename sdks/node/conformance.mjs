// Runs the conformance suite with the Node SDK. Needs the package built.
//
//     node sdks/node/conformance.mjs [suite …]      # needs NOKYC_CONFORMANCE_URL, else starts the fault server
//
// Prints a line of JSON for each case; exits 1 if one failed.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import * as sdk from "@nokycnumber/sdk";

const SUITES = new URL("../conformance/", import.meta.url);
const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
const camelKeys = (object) => Object.fromEntries(Object.entries(object).map(([k, v]) => [NAMES[k] ?? camel(k), v]));
const NAMES = { base_url: "baseURL", timeout_ms: "timeout" };
const isUsage = (error) => error instanceof TypeError;

async function main() {
  const wanted = process.argv.length > 2 ? process.argv.slice(2) : suites();
  const { url, stop } = await faultServer();
  let failed = 0;
  for (const suite of wanted) {
    for (const test of JSON.parse(readFileSync(new URL(`${suite}.json`, SUITES), "utf8")).cases) {
      let detail = "";
      await run(test, url).catch((error) => {
        detail = String(error.stack);
        failed = 1;
      });
      console.log(JSON.stringify({ suite, case: test.name, ok: detail === "", detail }));
    }
  }
  stop();
  process.exitCode = failed;
}

function suites() {
  return readdirSync(SUITES).filter((name) => name.endsWith(".json")).map((name) => name.slice(0, -5)).sort();
}

async function run(test, url) {
  if ("construct" in test) return construct(test);
  if (!("call" in test)) return webhook(test);
  const init = { method: "POST", body: JSON.stringify({ replies: test.replies ?? [] }) };
  const script = await (await fetch(`${url}/scripts`, init)).json();
  const outcome = await play(test, script.base_url);
  const { requests } = await (await fetch(`${url}/scripts/${script.id}`)).json();
  return check(test.expect, outcome, requests);
}

async function play(test, baseURL) {
  const { random = 0.5, now = 1777202640, ...options } = test.client ?? {};
  const outcome = { sleeps: [] };
  const timing = { sleep: async (sec) => void outcome.sleeps.push(sec), random: () => random, now: () => now };
  const client = new sdk.NoKYCNumber({ apiKey: "sk_test_conformance", baseURL, timing, ...camelKeys(options) });
  try {
    const result = invoke(client, test.call);
    if ("iterate" in test.call) {
      outcome.items = [];
      for await (const item of result) {
        outcome.items.push(item.id);
        if (outcome.items.length === test.call.iterate) break;
      }
    } else {
      outcome.result = await result;
    }
  } catch (error) {
    if (!(error instanceof sdk.NoKYCError) && !isUsage(error)) throw error;
    outcome.error = error;
  }
  return outcome;
}

function invoke(client, call) {
  const options = camelKeys(call.options ?? {});
  if (call.operation === "request") {
    return client.request(call.method, call.url, { query: call.query, body: call.body, ...options });
  }
  const parts = call.operation.split(".").map(camel);
  const method = parts.pop();
  const resource = parts.reduce((object, part) => object[part], client);
  const params = call.body ?? call.query;
  const ids = call.path ?? [];
  return params === undefined ? resource[method](...ids, options) : resource[method](...ids, params, options);
}

function check(expect, outcome, requests) {
  if ("error" in expect) {
    assert.ok(outcome.error, "no error");
    checkError(expect.error, outcome.error);
  } else if (outcome.error) {
    throw outcome.error;
  }
  const count = expect.count ?? expect.requests?.length;
  if (count !== undefined) assert.equal(requests.length, count, "requests");
  (expect.requests ?? []).forEach((wanted, at) => checkRequest(wanted, requests[at]));
  if (expect.same_header) assert.equal(new Set(requests.map((r) => r.headers[expect.same_header])).size, 1);
  if (expect.sleeps) assert.deepEqual(outcome.sleeps.map((s) => Math.round(s * 1e9) / 1e9), expect.sleeps);
  if (expect.items) assert.deepEqual(outcome.items, expect.items);
  if (expect.no_result) assert.equal(outcome.result, undefined);
  checkResult(expect, outcome.result);
}

function checkRequest(wanted, request) {
  for (const name of ["method", "path", "json", "body"]) {
    if (name in wanted) assert.deepEqual(request[name], wanted[name], name);
  }
  if (wanted.query) assert.deepEqual(request.query.map(String).sort(), wanted.query.map(String).sort());
  for (const [name, value] of Object.entries(wanted.headers ?? {})) {
    if (typeof value === "string") assert.equal(request.headers[name], value);
    else assert.match(request.headers[name] ?? "", new RegExp(value.matches), name);
  }
  for (const name of wanted.no_headers ?? []) assert.ok(!(name in request.headers), name);
}

function checkResult(expect, result) {
  const content = result === undefined || result === null ? result : JSON.parse(JSON.stringify(result));
  if ("result" in expect) within(expect.result, content, "result");
  if ("raw" in expect) within(expect.raw, content, "raw");
  for (const [path, value] of Object.entries(expect.typed ?? {})) {
    const found = path.split(".").reduce((object, part) => object[part], result) ?? null;
    if (value !== null && typeof value === "object" && "decimal" in value) {
      assert.ok(found instanceof sdk.Decimal, path);
      assert.equal(found.toString(), value.decimal);
    } else if (value !== null && typeof value === "object" && "instant" in value) {
      assert.equal(Date.parse(found) / 1000, value.instant);
    } else {
      assert.deepEqual(found, value, path);
    }
  }
  if (expect.response && result) {
    const { status, requestId, deprecation, headers } = result.lastResponse;
    assert.equal(status, expect.response.status);
    if ("deprecation" in expect.response) assert.equal(deprecation, expect.response.deprecation);
    if ("request_id" in expect.response) assert.equal(requestId, expect.response.request_id);
    for (const [name, value] of Object.entries(expect.response.headers ?? {})) assert.equal(headers.get(name), value);
  }
}

function checkError(wanted, error) {
  if (wanted.class === "usage") return assert.ok(isUsage(error), String(error));
  assert.equal(error.constructor.name, wanted.class, String(error));
  for (const [name, value] of Object.entries(wanted)) {
    if (name === "is") for (const parent of value) assert.ok(error instanceof sdk[parent], parent);
    else if (name === "text") assert.equal(error.message, value);
    else if (name === "not_in_text") for (const part of value) assert.ok(!String(error.stack).includes(part), part);
    else if (name !== "class") assert.equal(error[camel(name)], value, name);
  }
}

/** Objects may have more fields than expected; all else is equal. */
function within(wanted, found, where) {
  if (Array.isArray(wanted)) {
    assert.ok(Array.isArray(found) && found.length === wanted.length, where);
    wanted.forEach((item, at) => within(item, found[at], `${where}.${at}`));
  } else if (wanted !== null && typeof wanted === "object") {
    assert.ok(found !== null && typeof found === "object", where);
    for (const [name, value] of Object.entries(wanted)) within(value, found[name], `${where}.${name}`);
  } else {
    assert.equal(found, wanted, where);
  }
}

async function construct(test) {
  const before = { ...process.env };
  delete process.env.NOKYC_API_KEY;
  delete process.env.NOKYC_BASE_URL;
  Object.assign(process.env, test.env ?? {});
  try {
    const client = new sdk.NoKYCNumber(camelKeys(test.construct));
    assert.equal(client.baseURL, test.expect.base_url);
  } catch (error) {
    if (!isUsage(error)) throw error;
    assert.equal(test.expect.error, "usage", String(error));
  } finally {
    process.env = before;
  }
}

async function webhook({ payload, header, secrets, now, tolerance, generate, expect }) {
  if (generate) {
    const made = sdk.generateTestHeader(generate.payload, generate.secret, generate.timestamp);
    return assert.equal(made, expect.header);
  }
  try {
    const options = tolerance === undefined ? { now } : { now, tolerance };
    const event = sdk.constructEvent(Buffer.from(payload), header, secrets, options);
    assert.equal(event.type, expect.type);
  } catch (error) {
    if (isUsage(error)) return assert.equal(expect.error, "usage", String(error));
    if (!(error instanceof sdk.SignatureVerificationError)) throw error;
    assert.equal(error.reason, expect.reason);
    assert.ok(error.message.includes(expect.hint ?? ""));
  }
}

async function faultServer() {
  const url = process.env.NOKYC_CONFORMANCE_URL;
  if (url) return { url, stop: () => {} };
  const script = new URL("server.py", SUITES).pathname;
  const server = spawn("python3", [script], { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = await once(server.stdout, "data");
  return { url: String(line).trim(), stop: () => server.stdin.end() };
}

await main();
