/** The NoKYCNumber API: phone numbers, SMS and calls. */

export { API_VERSION, NoKYCNumber } from "./client.js";
export { NoKYCNumber as default } from "./client.js";
export type { ClientOptions, RequestOptions, WithResponse } from "./core.js";
export { Decimal } from "./decimal.js";
export {
  APIConnectionError,
  APIStatusError,
  APITimeoutError,
  NoKYCError,
  SignatureVerificationError,
  type ApiResponse,
  type SignatureReason,
} from "./errors.js";
export type * from "./events.js";
export {
  APIError,
  AuthenticationError,
  ConflictError,
  IdempotencyError,
  InvalidRequestError,
  NotFoundError,
  PaymentRequiredError,
  PermissionDeniedError,
  RateLimitError,
  RedirectError,
  ResourceError,
  UpstreamError,
} from "./kinds.js";
export type * from "./models.js";
export { Page, PagePromise, type PageContent } from "./pages.js";
export { APIPromise } from "./promises.js";
export type * from "./resources.js";
export type { Timing } from "./retries.js";
export { VERSION } from "./version.js";
export {
  constructEvent,
  generateTestHeader,
  SIGNATURE_HEADER,
  TOLERANCE_SEC,
  type VerifyOptions,
} from "./webhooks.js";
