/** One call: what is sent, when it is sent again, and what becomes of the answer. */

import { randomUUID } from "node:crypto";
import { APIConnectionError, APITimeoutError, said, type ApiResponse } from "./errors.js";
import { decode, encode, type Shape, type Shapes } from "./json.js";
import { kindOf } from "./kinds.js";
import { Page, PagePromise, type PageContent } from "./pages.js";
import { APIPromise, type Answer } from "./promises.js";
import { MAX_RETRIES, SYSTEM, TIMEOUT_MS, waitBefore, type Timing } from "./retries.js";
import { VERSION } from "./version.js";

export const DEFAULT_BASE_URL = "https://api.nokycnumber.com";
const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);
const MAX_ANSWER_BYTES = 32_000_000;
/** A timer of more, such as Infinity, would end at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const USER_AGENT = `nokycnumber-node/${VERSION} (node ${process.versions.node}; ${process.platform} ${process.arch})`;
/** Certificates that were refused, which no retry changes. */
const UNTRUSTED = /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(GET_ISSUER|VERIFY)|ERR_TLS_CERT|HOSTNAME_MISMATCH)/;

/** What a client is made with. */
export interface ClientOptions {
  /** The secret key; NOKYC_API_KEY if it is left out. */
  apiKey?: string;
  /** Of the server; NOKYC_BASE_URL, else https://api.nokycnumber.com. http only to this machine. */
  baseURL?: string;
  /** How often a request is sent again; 4. */
  maxRetries?: number;
  /** Milliseconds for one attempt; 30,000. */
  timeout?: number;
  /** Admit http to other machines. */
  allowInsecure?: boolean;
  /** Your program's name and version, for the User-Agent. */
  app?: string;
  /** Another fetch, with your own proxies, certificates or limits. */
  fetch?: typeof fetch;
  /** Where waiting, chance and time come from (tests). */
  timing?: Timing;
}

/** What a call takes beside its parameters. */
export interface RequestOptions {
  /** Instead of a random one (POST). */
  idempotencyKey?: string;
  maxRetries?: number;
  /** Milliseconds for one attempt. */
  timeout?: number;
  /** Cancels the call, its waits included; the call then rejects with the signal's reason. */
  signal?: AbortSignal;
  headers?: Record<string, string>;
  /** Fields that this version of the package does not know yet. */
  extraQuery?: Record<string, unknown>;
  extraBody?: Record<string, unknown>;
}

/** An object with the raw answer that brought it, as a property that is not enumerable. */
export type WithResponse<T> = T & { readonly lastResponse: ApiResponse };

export interface Call {
  method: string;
  /** With `{…}` for each of the ids. */
  path: string;
  ids?: readonly string[] | undefined;
  query?: object | undefined;
  body?: object | undefined;
  options?: RequestOptions | undefined;
  /** Of the answer, where it is or holds money. */
  shape?: Shape | undefined;
}

type Success = { ok: true; content: object; response: ApiResponse; text: string };
/** `response` is null where it was not usable. */
type Failure = { ok: false; error: Error; response: ApiResponse | null; text: string };

/** The part of the client that is not generated. Safe to share: a call changes nothing. */
export class Core {
  readonly baseURL: string;
  readonly #apiKey: string;
  readonly #options: ClientOptions;
  readonly #version: string;
  readonly #shapes: Shapes;
  readonly #warned = new Set<string>();

  /** Throws a TypeError for options that cannot be right. */
  constructor(version: string, shapes: Shapes, options: ClientOptions) {
    const apiKey = options.apiKey ?? process.env["NOKYC_API_KEY"] ?? "";
    if (!/^[!-~]+$/.test(apiKey)) throw new TypeError("an API key is needed: pass apiKey, or set NOKYC_API_KEY");
    if ((options.maxRetries ?? 0) < 0 || (options.timeout ?? 1) <= 0) {
      throw new TypeError("maxRetries is 0 or more, timeout more than 0 milliseconds");
    }
    const url = options.baseURL ?? (process.env["NOKYC_BASE_URL"] || DEFAULT_BASE_URL);
    this.baseURL = checked(url, options.allowInsecure ?? false);
    this.#apiKey = apiKey;
    this.#options = options;
    this.#version = version;
    this.#shapes = shapes;
  }

  /** Make a call whose success is an object. */
  call<T>(call: Call): APIPromise<WithResponse<T>> {
    const answer = async (): Promise<Answer<WithResponse<T>>> => {
      const { content, response, text } = await this.#run(call);
      const data = Object.defineProperty(content, "lastResponse", { value: response }) as WithResponse<T>;
      return { data, response, text };
    };
    return new APIPromise(answer()); // sent at once, awaited or not
  }

  /** Make a call whose success is a 204. */
  send(call: Call): APIPromise<void> {
    return new APIPromise(this.#run(call).then(({ response, text }) => ({ data: undefined, response, text })));
  }

  /** Make a call whose success is a list. */
  list<T>(call: Call): PagePromise<T> {
    const page = async (query: object | undefined): Promise<Answer<Page<T>>> => {
      const { content, response, text } = await this.#run({ ...call, query });
      const more = async (cursor: string): Promise<Page<T>> => (await page({ ...query, starting_after: cursor })).data;
      return { data: new Page(content as PageContent<T>, response, more), response, text };
    };
    return new PagePromise(() => page(call.query));
  }

  async #run(call: Call): Promise<Success> {
    const { options = {} } = call;
    const timing = this.#options.timing ?? SYSTEM;
    const retries = options.maxRetries ?? this.#options.maxRetries ?? MAX_RETRIES;
    const url = this.#url(call);
    const body = bodyOf(call);
    const headers = this.#headers(call, body);
    for (let attempt = 0; ; attempt++) {
      if (attempt > 0) headers.set("NoKYC-Retry-Count", String(attempt));
      options.signal?.throwIfAborted();
      const outcome = await this.#attempt(call, url, headers, body);
      if (outcome.ok) return outcome;
      const { error, response, text } = outcome;
      const wait = attempt < retries ? waitBefore(attempt + 1, response, text, timing) : null;
      if (wait === null || (error instanceof APIConnectionError && error.final)) throw error;
      await timing.sleep(wait, options.signal);
    }
  }

  async #attempt(
    call: Call,
    url: string,
    headers: Headers,
    body: string | undefined,
  ): Promise<Success | Failure> {
    const { signal } = call.options ?? {};
    const abort = new AbortController();
    const cancelled = (): void => abort.abort(signal?.reason);
    signal?.addEventListener("abort", cancelled, { once: true });
    const timeout = call.options?.timeout ?? this.#options.timeout ?? TIMEOUT_MS;
    const timer = setTimeout(() => abort.abort(), Math.min(timeout, LONGEST_TIMER_MS));
    try {
      const send = this.#options.fetch ?? fetch;
      const init = { method: call.method, headers, redirect: "manual", signal: abort.signal } as const;
      const answer = await send(url, body === undefined ? init : { ...init, body });
      const response = {
        status: answer.status,
        headers: answer.headers,
        requestId: answer.headers.get("request-id"),
        deprecation: answer.headers.get("nokyc-deprecation"),
      };
      this.#warn(response.deprecation);
      return this.#outcome(call, response, await textOf(answer));
    } catch (error) {
      signal?.throwIfAborted();
      const late = abort.signal.aborted ? new APITimeoutError("no answer in time", { cause: error }) : null;
      return { ok: false, error: late ?? failure(error), response: null, text: "" };
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", cancelled);
    }
  }

  /** Once for each deprecation; `process.on("warning")` and --no-warnings are how programs deal with it. */
  #warn(deprecation: string | null): void {
    if (deprecation === null || this.#warned.has(deprecation)) return;
    this.#warned.add(deprecation);
    process.emitWarning(`this version of the API is deprecated: ${deprecation}`, { code: "NOKYC_DEPRECATION" });
  }

  #outcome(call: Call, response: ApiResponse, text: string): Success | Failure {
    if (response.status < 200 || response.status >= 300) {
      const Kind = kindOf(response.status, said(text, "type"), said(text, "code"));
      return { ok: false, error: new Kind(response, text), response, text };
    }
    if (response.status === 204) return { ok: true, content: {}, response, text };
    try {
      const content = decode(text, call.shape, this.#shapes);
      if (typeof content === "object" && content !== null && !Array.isArray(content)) {
        return { ok: true, content, response, text };
      }
    } catch {
      // It is no JSON at all.
    }
    const error = new APIConnectionError(`the answer (${response.status}) is no JSON object`);
    return { ok: false, error, response: null, text: "" };
  }

  #url(call: Call): string {
    const path = pathOf(call.path, call.ids ?? []);
    if (!call.path.startsWith("/") || call.path.startsWith("//")) {
      throw new TypeError("a path begins with one slash, such as /v1/sms");
    }
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries({ ...call.query, ...call.options?.extraQuery })) {
      if (value !== undefined && value !== null) {
        query.append(name, value instanceof Date ? value.toISOString() : String(value));
      }
    }
    const text = query.toString();
    return this.baseURL + path + (text === "" ? "" : `?${text}`);
  }

  /** Throws a TypeError for a value that is none, such as one with a line break. */
  #headers(call: Call, body: string | undefined): Headers {
    const { app } = this.#options;
    const headers = new Headers({
      Authorization: `Bearer ${this.#apiKey}`,
      Accept: "application/json",
      "NoKYC-Version": this.#version,
      "User-Agent": app === undefined ? USER_AGENT : `${USER_AGENT} ${app}`,
    });
    if (body !== undefined) headers.set("Content-Type", "application/json");
    if (call.method === "POST") headers.set("Idempotency-Key", call.options?.idempotencyKey ?? randomUUID());
    for (const [name, value] of Object.entries(call.options?.headers ?? {})) headers.set(name, value);
    return headers;
  }
}

/** A path with its ids, each escaped as one segment. Throws a TypeError for an id that would change the path. */
function pathOf(template: string, values: readonly string[]): string {
  let at = 0;
  return template.replace(/\{\w+\}/g, (part) => {
    if (values.length === 0) return part;
    const value = values[at++];
    if (typeof value !== "string" || value === "" || value === "." || value === "..") {
      throw new TypeError(`${JSON.stringify(value)} is no id`);
    }
    return encodeURIComponent(value);
  });
}

function checked(text: string, allowInsecure: boolean): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new TypeError("baseURL is an address such as https://api.nokycnumber.com");
  }
  if (!/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "") {
    throw new TypeError("baseURL is an address such as https://api.nokycnumber.com");
  }
  if (url.protocol === "http:" && !LOOPBACK.has(url.hostname) && !allowInsecure) {
    throw new TypeError("baseURL must be https: over http the key could be read on the way (allowInsecure: true)");
  }
  return text.replace(/\/+$/, "").replace(/\/v1$/, "");
}

function bodyOf(call: Call): string | undefined {
  const extra = call.options?.extraBody;
  return call.body === undefined && extra === undefined ? undefined : encode({ ...call.body, ...extra });
}

async function textOf(answer: Response): Promise<string> {
  if (answer.body === null) return "";
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > MAX_ANSWER_BYTES) throw new APIConnectionError("the answer is too large", { final: true });
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** Ours for fetch's; its message may hold the address, so it stays behind as the cause. */
function failure(error: unknown): APIConnectionError {
  if (error instanceof APIConnectionError) return error;
  const cause = error instanceof Error ? (error.cause as { code?: unknown } | undefined) : undefined;
  const code = typeof cause?.code === "string" ? cause.code : "";
  return new APIConnectionError(`no answer${code === "" ? "" : `: ${code}`}`, {
    cause: error,
    final: UNTRUSTED.test(code),
  });
}
