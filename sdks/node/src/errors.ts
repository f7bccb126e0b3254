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
    // Not enumerable: a logged error shows neither.
    Object.defineProperty(this, "headers", { value: response.headers });
    Object.defineProperty(this, "body", { value: body });
  }
}

/** The request is malformed or asks for something impossible. */
export class InvalidRequestError extends APIStatusError {}
/** There is no such object, or it is another account's. */
export class NotFoundError extends InvalidRequestError {}
/** The key is missing, unknown, expired or revoked. */
export class AuthenticationError extends APIStatusError {}
/** The key's scope does not allow this. */
export class PermissionDeniedError extends APIStatusError {}
/** The request contradicts another one. */
export class ConflictError extends APIStatusError {}
/** The idempotency key was used with another request, or is being used right now. */
export class IdempotencyError extends ConflictError {}
/** The object's state does not allow this. */
export class ResourceError extends APIStatusError {}
/** The balance or a cap of the account's own does not cover this. */
export class PaymentRequiredError extends ResourceError {}
/** A carrier or partner failed. */
export class UpstreamError extends APIStatusError {}
/** The server's own fault. */
export class APIError extends APIStatusError {}
/** The address leads elsewhere, mostly from http to https. Not followed: the key would go along. */
export class RedirectError extends APIStatusError {}

/** More requests in a minute than the key allows. */
export class RateLimitError extends APIStatusError {
  /** Seconds. */
  readonly retryAfter: number | null;
  readonly limit: number | null;
  readonly remaining: number | null;
  /** Unix seconds. */
  readonly reset: number | null;

  constructor(response: ApiResponse, body: string) {
    super(response, body);
    this.retryAfter = number(response, "retry-after");
    this.limit = number(response, "x-rate-limit-limit");
    this.remaining = number(response, "x-rate-limit-remaining");
    this.reset = number(response, "x-rate-limit-reset");
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

type Kind = new (response: ApiResponse, body: string) => APIStatusError;

const BY_TYPE: Readonly<Record<string, Kind>> = {
  invalid_request_error: InvalidRequestError,
  authentication_error: AuthenticationError,
  authorization_error: PermissionDeniedError,
  rate_limit_error: RateLimitError,
  resource_error: ResourceError,
  upstream_error: UpstreamError,
  api_error: APIError,
};
const BY_STATUS: Readonly<Record<number, Kind>> = {
  401: AuthenticationError,
  402: PaymentRequiredError,
  403: PermissionDeniedError,
  404: NotFoundError,
  409: ConflictError,
  429: RateLimitError,
};

/** The error that an answer outside 2xx is: by `error.type` first, by the status second. */
export function statusError(response: ApiResponse, body: string): APIStatusError {
  return new (kindOf(response.status, errorOf(body)))(response, body);
}

/** `error.code` of a body. */
export function codeOf(body: string): string | null {
  return text(errorOf(body), "code");
}

function kindOf(status: number, error: Record<string, unknown>): Kind {
  if (status >= 300 && status < 400) return RedirectError;
  const type = text(error, "type") ?? "";
  let kind = Object.hasOwn(BY_TYPE, type) ? BY_TYPE[type] : undefined;
  if (kind === undefined) kind = BY_STATUS[status] ?? (status >= 500 ? APIError : InvalidRequestError);
  if (kind === InvalidRequestError && (status === 404 || status === 409)) kind = BY_STATUS[status] as Kind;
  if (kind === ResourceError && status === 402) return PaymentRequiredError;
  if (kind === ConflictError && (text(error, "code") ?? "").startsWith("idempotency_")) return IdempotencyError;
  return kind;
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
