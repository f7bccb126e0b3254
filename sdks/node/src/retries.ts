/** Whether and when a request is sent again. Pure; the numbers are those of all our SDKs (sdks/README.md). */

import { said, type ApiResponse } from "./errors.js";

export const MAX_RETRIES = 4;
export const TIMEOUT_MS = 30_000;
const LONGEST_RETRY_AFTER_SEC = 60;
const LONGEST_BACKOFF_SEC = 8;
const RETRIED = new Set([429, 500, 502, 503, 504]);

/** Where waiting, chance and time come from; tests hand in their own. */
export interface Timing {
  /** Waits this many seconds; rejects when the signal aborts. */
  sleep(seconds: number, signal?: AbortSignal): Promise<void>;
  /** From 0 to 1. */
  random(): number;
  /** Unix seconds. */
  now(): number;
}

export const SYSTEM: Timing = {
  sleep: (seconds, signal) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", aborted);
        resolve();
      }, seconds * 1000);
      const aborted = (): void => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", aborted, { once: true });
    }),
  random: Math.random,
  now: () => Date.now() / 1000,
};

/**
 * Seconds before the retry of this number (from 1); null if there should be none. `response` is null for an attempt
 * that brought no usable answer.
 */
export function waitBefore(retry: number, response: ApiResponse | null, body: string, timing: Timing): number | null {
  if (response !== null && !isRetried(response, body)) return null;
  const asked = response === null ? null : retryAfter(response.headers.get("retry-after") ?? "", timing);
  if (asked !== null) return asked > LONGEST_RETRY_AFTER_SEC ? null : asked * (1 + 0.1 * timing.random());
  const backoff = response?.status === 429 ? retry : 0.5 * 2 ** (retry - 1);
  return Math.min(LONGEST_BACKOFF_SEC, backoff) * (0.5 + 0.5 * timing.random());
}

function isRetried(response: ApiResponse, body: string): boolean {
  const told = response.headers.get("nokyc-should-retry");
  if (told === "true" || told === "false") return told === "true";
  return response.status === 409 ? said(body, "code") === "idempotency_key_in_use" : RETRIED.has(response.status);
}

/** Seconds (RFC 9110, section 10.2.3); null if it says nothing usable. */
function retryAfter(text: string, timing: Timing): number | null {
  if (/^\d+$/.test(text)) return Number(text) || null;
  const date = /^[A-Z][a-z]{2}, .* GMT$/.test(text) ? Date.parse(text) : NaN;
  const seconds = date / 1000 - timing.now();
  return seconds > 0 ? seconds : null;
}
