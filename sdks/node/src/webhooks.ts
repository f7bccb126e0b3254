/** Webhooks: whether a delivery is ours, and what it says. */

import { createHmac, timingSafeEqual } from "node:crypto";
import { SignatureVerificationError } from "./errors.js";
import { readEvent, type AnyEvent } from "./events.js";

export const SIGNATURE_HEADER = "x-nokyc-signature";
export const TOLERANCE_SEC = 300;
const MAX_HEADER_CHARS = 4_096;

export interface VerifyOptions {
  /** Seconds that the signature may be old, or ahead of our clock; 300. */
  tolerance?: number;
  /** Unix seconds; the system's clock if it is left out. */
  now?: number;
}

/**
 * The event of a delivery that proves itself.
 *
 * @param payload the request's body exactly as it came; a parsed and re-encoded one has another signature
 * @param header the value of X-NoKYC-Signature
 * @param secrets the endpoint's secret; several while it is being rotated
 * @throws SignatureVerificationError it does not prove itself; `reason` says why
 * @throws TypeError the arguments cannot be right
 */
export function constructEvent(
  payload: Uint8Array | ArrayBuffer | string,
  header: string | readonly string[] | null | undefined,
  secrets: string | readonly string[],
  options: VerifyOptions = {},
): AnyEvent {
  const body = bytesOf(payload);
  const known = typeof secrets === "string" ? [secrets] : [...(secrets ?? [])]; // JavaScript may pass undefined
  if (known.length === 0 || !known.every(Boolean)) throw new TypeError("a webhook secret is needed, such as whsec_…");
  const { time, given } = parsed(typeof header === "string" ? header : (header?.join(",") ?? ""));
  const tolerance = options.tolerance ?? TOLERANCE_SEC;
  const age = (options.now ?? Date.now() / 1000) - Number(time);
  if (age > tolerance) {
    throw new SignatureVerificationError("too_old", `signed ${Math.round(age)} s ago, ${tolerance} s are allowed`);
  }
  if (-age > tolerance) {
    throw new SignatureVerificationError("too_new", `signed in the future; ${tolerance} s are allowed`);
  }
  const expected = known.map((secret) => signature(secret, time, body));
  if (!expected.some((mine) => given.some((theirs) => same(mine, theirs)))) {
    const hint = known.some((secret) => secret.trim() !== secret) ? "; a secret has whitespace around it" : "";
    throw new SignatureVerificationError("mismatch", `no signature fits this body and secret${hint}`);
  }
  return eventOf(body);
}

/** A header as the server would make it, for tests of handlers; `timestamp` in Unix seconds, now by default. */
export function generateTestHeader(payload: Uint8Array | ArrayBuffer | string, secret: string, timestamp?: number): string {
  const time = String(timestamp ?? Math.floor(Date.now() / 1000));
  return `t=${time},v1=${signature(secret, time, bytesOf(payload)).toString()}`;
}

function bytesOf(payload: unknown): Buffer {
  if (typeof payload === "string") return Buffer.from(payload);
  if (payload instanceof ArrayBuffer) return Buffer.from(payload); // of request.arrayBuffer()
  if (payload instanceof Uint8Array) return Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  throw new TypeError(
    "payload is the raw body of the request (Buffer or string), not a parsed object: take it before your framework" +
      " parses it, for example with express.raw({ type: 'application/json' })",
  );
}

/** The time and all `v1` signatures; other schemes are ignored. */
function parsed(header: string): { time: string; given: Buffer[] } {
  if (header === "") throw new SignatureVerificationError("no_header", "the request has no X-NoKYC-Signature header");
  const fields = header.slice(0, MAX_HEADER_CHARS).split(",").map((part) => {
    const [name = "", ...value] = part.trim().split("=");
    return [name, value.join("=")] as const;
  });
  const times = fields.filter(([name]) => name === "t").map(([, value]) => value);
  const time = times[0] ?? "";
  if (header.length > MAX_HEADER_CHARS || times.length !== 1 || !/^\d+$/.test(time)) {
    throw new SignatureVerificationError("malformed", "the header is not of the form t=<Unix seconds>,v1=<hex>");
  }
  const given = fields.filter(([name]) => name === "v1").map(([, value]) => Buffer.from(value));
  if (given.length === 0) throw new SignatureVerificationError("no_v1", "the header has no v1 signature");
  return { time, given };
}

function signature(secret: string, time: string, body: Buffer): Buffer {
  return Buffer.from(createHmac("sha256", secret).update(`${time}.`).update(body).digest("hex"));
}

function same(mine: Buffer, theirs: Buffer): boolean {
  return mine.length === theirs.length && timingSafeEqual(mine, theirs);
}

function eventOf(body: Buffer): AnyEvent {
  try {
    return readEvent(body.toString());
  } catch {
    throw new SignatureVerificationError("malformed", "the body is signed, but is no event");
  }
}
