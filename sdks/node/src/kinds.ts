/** Made by sdks/generator from the API's contract: what the server's refusals become. */

import { APIStatusError, type ApiResponse } from "./errors.js";

/** The request is malformed or asks for something impossible. */
export class InvalidRequestError extends APIStatusError {}
/** There is no such object or path, or it is another account's. */
export class NotFoundError extends InvalidRequestError {}
/** The key is missing, unknown, expired or revoked. */
export class AuthenticationError extends APIStatusError {}
/** The key's scope does not allow this. */
export class PermissionDeniedError extends APIStatusError {}
/** The request contradicts another one. */
export class ConflictError extends APIStatusError {}
/** The idempotency key was used with another request, or is in use. */
export class IdempotencyError extends ConflictError {}
/** The object's state does not allow this. */
export class ResourceError extends APIStatusError {}
/** The balance, or a cap of the account's own, does not cover this. */
export class PaymentRequiredError extends ResourceError {}
/** More requests in a minute than the key allows. */
export class RateLimitError extends APIStatusError {}
/** A carrier or partner failed. */
export class UpstreamError extends APIStatusError {}
/** The server's own fault. */
export class APIError extends APIStatusError {}
/** The address leads elsewhere; not followed, since the key would go along. */
export class RedirectError extends APIStatusError {}

/** By `error.type` first, by the status second. */
export function kindOf(
  status: number,
  type: string | null,
  code: string | null,
): new (response: ApiResponse, body: string) => APIStatusError {
  if (status >= 300 && status <= 399) return RedirectError;
  if (type === "authentication_error") return AuthenticationError;
  if (type === "authorization_error") return PermissionDeniedError;
  if (type === "rate_limit_error") return RateLimitError;
  if (type === "resource_error" && status === 402) return PaymentRequiredError;
  if (type === "resource_error") return ResourceError;
  if (type === "upstream_error") return UpstreamError;
  if (type === "api_error") return APIError;
  if (status === 404) return NotFoundError;
  if (status === 409 && code?.startsWith("idempotency_")) return IdempotencyError;
  if (status === 409) return ConflictError;
  if (type === "invalid_request_error") return InvalidRequestError;
  if (status === 401) return AuthenticationError;
  if (status === 402) return PaymentRequiredError;
  if (status === 403) return PermissionDeniedError;
  if (status === 429) return RateLimitError;
  if (status >= 500 && status <= 999) return APIError;
  return InvalidRequestError;
}
