/** What can go wrong, as one tree. No message holds a key, a body or a signature. */

/** The raw answer behind an object or an error. */
export interface ApiResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly requestId: string | null;
  /** That the version spoken is not the current one, until when it works, and what follows it (NoKYC-Deprecation). */
  readonly deprecation: string | null;
}

const NO_ERROR = "the answer holds no error";

/** Base of everything that this package throws on purpose, wrong arguments (TypeError) excepted. */
export class NoKYCError extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = new.target.name;
  }
}

/** No usable answer: the connection failed, broke, or brought something else than our JSON. */
export class APIConnectionError extends NoKYCError {
  /** Whether trying again cannot help. */
  readonly final: boolean;

  constructor(message: string, options: { cause?: unknown; final?: boolean } = {}) {
    super(message, { cause: options.cause });
    this.final = options.final ?? false;
  }
}

/** No answer in time. */
export class APITimeoutError extends APIConnectionError {}

/** The server answered with a refusal. What the answer does not say is null. */
export class APIStatusError extends NoKYCError {
  readonly status: number;
  readonly type: string | null;
  readonly code: string | null;
  readonly param: string | null;
  readonly docUrl: string | null;
  readonly requestId: string | null;
  /** The server's own words. */
  readonly detail: string;
  /** Seconds that the server asked to wait. */
  readonly retryAfter: number | null;
  /** Requests that the key has in a minute. */
  readonly limit: number | null;
  readonly remaining: number | null;
  /** When more of them are back, in Unix seconds. */
  readonly reset: number | null;
  declare readonly headers: Headers;
  declare readonly body: string;

  constructor(response: ApiResponse, body: string) {
    const error = errorOf(body);
    const code = text(error, "code");
    const detail = text(error, "message") ?? NO_ERROR;
    const requestId = text(error, "request_id") ?? response.requestId;
    super(
      `[${response.status}${code === null ? "" : ` ${code}`}] ${detail}` +
        (requestId === null ? "" : ` (request_id=${requestId})`),
    );
    this.status = response.status;
    this.type = text(error, "type");
    this.code = code;
    this.param = text(error, "param");
    this.docUrl = text(error, "doc_url");
    this.requestId = requestId;
    this.detail = detail;
    this.retryAfter = number(response, "retry-after");
    this.limit = number(response, "x-rate-limit-limit");
    this.remaining = number(response, "x-rate-limit-remaining");
    this.reset = number(response, "x-rate-limit-reset");
    // Not enumerable: a logged error shows neither.
    Object.defineProperty(this, "headers", { value: response.headers });
    Object.defineProperty(this, "body", { value: body });
  }
}

export type SignatureReason = "no_header" | "malformed" | "no_v1" | "too_old" | "too_new" | "mismatch";

/** A webhook does not prove itself. */
export class SignatureVerificationError extends NoKYCError {
  readonly reason: SignatureReason;

  constructor(reason: SignatureReason, message: string) {
    super(`[${reason}] ${message}`);
    this.reason = reason;
  }
}

/** `error.type` or `error.code` of a body. */
export function said(body: string, name: "type" | "code"): string | null {
  return text(errorOf(body), name);
}

function errorOf(body: string): Record<string, unknown> {
  try {
    const error: unknown = (JSON.parse(body) as { error?: unknown } | null)?.error;
    return typeof error === "object" && error !== null ? (error as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function text(error: Record<string, unknown>, name: string): string | null {
  const value = error[name];
  return typeof value === "string" && value !== "" ? value : null;
}

function number(response: ApiResponse, name: string): number | null {
  const value = response.headers.get(name) ?? "";
  return /^\d{1,15}$/.test(value) ? Number(value) : null;
}
