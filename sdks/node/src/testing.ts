/**
 * A client without a network, for the tests of programs that use this package.
 *
 *     const replies = new Replies();
 *     replies.add(201, { id: "sms_1", object: "sms", status: "queued" });
 *     const sms = await replies.client().sms.create({ from: "num_1", to: "+33612345678", body: "Hi" });
 *     assert.equal(replies.requests[0].path, "/v1/sms");
 */

import { NoKYCNumber } from "./client.js";
import type { ClientOptions } from "./core.js";

export interface RecordedRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: unknown;
}

/** Answers, given in their order; and what was asked. Nothing waits: `slept` has the seconds. */
export class Replies {
  readonly requests: RecordedRequest[] = [];
  readonly slept: number[] = [];
  readonly #replies: (() => Response)[] = [];

  /** The next answer. */
  add(status = 200, json?: unknown, headers: Record<string, string> = {}): void {
    const text = json === undefined ? null : JSON.stringify(json);
    this.#replies.push(() => new Response(status === 204 ? null : text, { status, headers }));
  }

  /** The next connection fails. */
  addFailure(): void {
    this.#replies.push(() => {
      throw new TypeError("fetch failed");
    });
  }

  /** A client that gets these answers. */
  client(options: ClientOptions = {}): NoKYCNumber {
    const timing = {
      sleep: async (seconds: number): Promise<void> => void this.slept.push(seconds),
      random: Math.random,
      now: () => Date.now() / 1000,
    };
    return new NoKYCNumber({ apiKey: "sk_test_none", timing, ...options, fetch: this.#fetch });
  }

  readonly #fetch: typeof fetch = async (input, init = {}) => {
    const url = new URL(String(input));
    const body = typeof init.body === "string" ? (JSON.parse(init.body) as unknown) : undefined;
    const headers = Object.fromEntries(new Headers(init.headers));
    this.requests.push({ method: init.method ?? "GET", path: url.pathname + url.search, headers, body });
    const reply = this.#replies.shift();
    if (reply === undefined) throw new Error(`no reply is left for ${init.method} ${url.pathname}`);
    return reply();
  };
}
