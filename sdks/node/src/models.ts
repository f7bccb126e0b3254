/** Made by sdks/generator from the API's contract: the objects of its answers, and what its requests take. */

import type { Decimal } from "./decimal.js";

export type DeliveryStatus =
  | "canceled"
  | "failed"
  | "pending"
  | "succeeded"
  | (string & {}); // values that are newer than this package

export type EndpointStatus =
  | "disabled"
  | "enabled"
  | (string & {}); // values that are newer than this package

export type EventType =
  | "account.balance_low"
  | "ai.pickup"
  | "call.answered"
  | "call.completed"
  | "call.initiated"
  | "call.quality_alert"
  | "call.received"
  | "call.recorded"
  | "number.activated"
  | "number.paused"
  | "number.released"
  | "number.renewed"
  | "number.resumed"
  | "sms.delivered"
  | "sms.failed"
  | "sms.received"
  | "sms.sent"
  | "voicemail.created"
  | "webhook_endpoint.test"
  | (string & {}); // values that are newer than this package

export type NumberAddon =
  | "ai-pickup"
  | "ai-screen"
  | "ai-summary"
  | "ai-trans"
  | (string & {}); // values that are newer than this package

export type NumberBillingPeriod =
  | "monthly"
  | "quarterly"
  | "yearly"
  | (string & {}); // values that are newer than this package

export type NumberStatus =
  | "active"
  | "paused"
  | "released"
  | (string & {}); // values that are newer than this package

export type NumberTier =
  | "premium"
  | "standard"
  | (string & {}); // values that are newer than this package

export type NumberType =
  | "landline"
  | "mobile"
  | (string & {}); // values that are newer than this package

export type PreviewEncoding =
  | "gsm7"
  | "ucs2"
  | (string & {}); // values that are newer than this package

export type SmsDirection =
  | "inbound"
  | "outbound"
  | (string & {}); // values that are newer than this package

export type SmsFailureCode =
  | "balance_insufficient"
  | "blocked"
  | "canceled"
  | "carrier_rejected"
  | "carrier_timeout"
  | "expired"
  | "invalid_destination"
  | "spam_filtered"
  | "unknown"
  | "unreachable"
  | (string & {}); // values that are newer than this package

export type SmsStatus =
  | "delivered"
  | "failed"
  | "queued"
  | "sent"
  | "undelivered"
  | (string & {}); // values that are newer than this package

export type StepType =
  | "event"
  | "idempotency"
  | "ledger"
  | "receipt"
  | "request"
  | "submission"
  | "webhook_attempt"
  | (string & {}); // values that are newer than this package

export type UsagePeriod =
  | "current"
  | "last_30d"
  | "last_90d"
  | (string & {}); // values that are newer than this package

/** Who pays. */
export interface Account {
  object: "account";
  email_hash: string | null;
  /** US dollars. */
  balance_usd: Decimal;
  default_country: string | null;
  /** US dollars. */
  balance_low_threshold_usd: Decimal | null;
  /** US dollars. */
  daily_spend_cap_usd: Decimal | null;
  allowed_countries: string[] | null;
  destination_velocity_per_hour: number | null;
  opt_out_everywhere: boolean;
  max_segments: number;
  active_numbers: number;
  monthly_call_minutes: number;
  monthly_sms_segments: number;
  created_at: string;
}

/** AddonUsage */
export interface AddonUsage {
  /** US dollars. */
  cost_usd: Decimal;
}

/** One HTTP try. */
export interface Attempt {
  attempt: number;
  attempted_at: string;
  status_code: number | null;
  error: string | null;
  elapsed_ms: number;
  response_body: string;
}

/** What each billing period costs. */
export interface Prices {
  /** US dollars. */
  monthly: Decimal;
  /** US dollars. */
  quarterly: Decimal;
  /** US dollars. */
  yearly: Decimal;
}

/** A number for sale, and a price for half an hour. */
export interface AvailableNumber {
  id: string;
  object: "available_number";
  number: string;
  display: string;
  country: string;
  type: NumberType;
  tier: NumberTier;
  tier_pattern: string | null;
  prices: Prices;
  expires_at: string;
}

/** CallUsage */
export interface CallUsage {
  count: number;
  inbound: number;
  outbound: number;
  minutes: number;
  /** US dollars. */
  cost_usd: Decimal;
}

/** One day, UTC. */
export interface Day {
  date: string;
  calls: number;
  minutes: number;
  sms: number;
  segments: number;
  /** US dollars. */
  cost_usd: Decimal;
}

/** One event for one endpoint. */
export interface Delivery {
  id: string;
  object: "delivery";
  endpoint: string;
  event: string;
  event_type: string;
  status: DeliveryStatus;
  next_attempt_at: string | null;
  created_at: string;
  attempts: Attempt[];
}

/** A URL that we POST events to. */
export interface Endpoint {
  id: string;
  object: "webhook_endpoint";
  url: string;
  enabled_events: string[];
  description: string | null;
  status: EndpointStatus;
  disabled_reason: string | null;
  api_version: string;
  number_id: string | null;
  created_at: string;
  /** Only in the answer that made it. */
  secret?: string;
}

/** A leased number. */
export interface Number {
  id: string;
  object: "number";
  number: string;
  display: string;
  country: string;
  type: NumberType;
  tier: NumberTier;
  tier_pattern: string | null;
  status: NumberStatus;
  billing_period: NumberBillingPeriod;
  renews_at: string;
  auto_renew: boolean;
  addons: NumberAddon[];
  ai_enabled: boolean;
  webhook_url: string | null;
  on_off: Record<string, unknown> | null;
  metadata: Record<string, unknown> | null;
  created_at: string;
  /** Signing secret of webhook_url, only in the answer that set the URL. */
  webhook_secret?: string;
}

/** NumberUsage */
export interface NumberUsage {
  active: number;
  /** US dollars. */
  cost_usd: Decimal;
}

/** PreviewSegment */
export interface PreviewSegment {
  index: number;
  text: string;
  /** Septets or UTF-16 units. */
  units: number;
}

/** Whether it would be accepted now, and if not, why. */
export interface Verdict {
  ok: boolean;
  code: string | null;
  message: string | null;
}

/** What would be sent, and for how much. */
export interface Preview {
  object: "sms_preview";
  encoding: PreviewEncoding;
  characters: number;
  segments: PreviewSegment[];
  /** What forces UCS-2. */
  unicode_characters: string[];
  /** US dollars. */
  cost_usd: Decimal;
  verdict: Verdict;
}

/** How one segment fares. */
export interface SegmentStatus {
  index: number;
  status: SmsStatus;
  delivered_at: string | null;
  failure_code: SmsFailureCode | null;
}

/** A message that was sent or received. */
export interface Sms {
  id: string;
  object: "sms";
  from: string | null;
  from_e164: string;
  to: string;
  number_id: string;
  body: string;
  media_urls: string[];
  direction: SmsDirection;
  segments: number;
  status: SmsStatus;
  failure_code: SmsFailureCode | null;
  created_at: string;
  send_at: string | null;
  delivered_at: string | null;
  /** US dollars. */
  cost_usd: Decimal | null;
  metadata: Record<string, unknown> | null;
}

/** A message with its segments. */
export interface SmsDetail extends Sms {
  segment_status: SegmentStatus[];
}

/** SmsUsage */
export interface SmsUsage {
  count: number;
  inbound: number;
  outbound: number;
  segments: number;
  /** US dollars. */
  cost_usd: Decimal;
}

/** One thing that happened on the way of a message. */
export interface Step {
  at: string;
  type: StepType;
  detail: Record<string, unknown>;
}

/** The sandbox's clock. */
export interface TestClock {
  object: "test_clock";
  now: string;
  advanced_seconds: number;
}

/** Everything that is known of a message, in order. */
export interface Timeline {
  object: "timeline";
  sms: string;
  request_id: string;
  steps: Step[];
}

/** What was used, by kind and by day; the totals are the sums of the days and of the ledger. */
export interface Usage {
  object: "usage";
  period: UsagePeriod;
  starts_at: string;
  ends_at: string;
  calls: CallUsage;
  sms: SmsUsage;
  numbers: NumberUsage;
  addons: AddonUsage;
  /** US dollars. */
  total_cost_usd: Decimal;
  daily: Day[];
}

/** Parameters of GET /v1/numbers/available. */
export interface NumbersAvailableParams {
  country: string;
  type?: NumberType | undefined;
  tier?: NumberTier | undefined;
  tier_pattern?: string | undefined;
  contains?: string | undefined;
  /** How many objects to return. */
  limit?: number | undefined;
  /** The last id of the previous page. */
  starting_after?: string | undefined;
}

/** Parameters of POST /v1/numbers. */
export interface NumbersCreateParams {
  available_id: string;
  billing_period: NumberBillingPeriod;
  addons?: readonly NumberAddon[] | undefined;
  webhook_url?: string | undefined;
  auto_renew?: boolean | undefined;
  metadata?: Record<string, unknown> | undefined;
}

/** Parameters of GET /v1/numbers. */
export interface NumbersListParams {
  country?: string | undefined;
  type?: NumberType | undefined;
  status?: NumberStatus | undefined;
  /** How many objects to return. */
  limit?: number | undefined;
  /** The last id of the previous page. */
  starting_after?: string | undefined;
}

/** Parameters of PATCH /v1/numbers/{id}. */
export interface NumbersUpdateParams {
  auto_renew?: boolean | undefined;
  webhook_url?: string | null | undefined;
  addons?: readonly NumberAddon[] | undefined;
  on_off?: Record<string, unknown> | null | undefined;
  status?: NumberStatus | undefined;
  metadata?: Record<string, unknown> | null | undefined;
}

/** Parameters of POST /v1/numbers/{id}/renew. */
export interface NumbersRenewParams {
  billing_period?: NumberBillingPeriod | undefined;
}

/** Parameters of POST /v1/sms. */
export interface SmsCreateParams {
  from: string;
  to: string;
  body: string;
  /** RFC 3339 with a zone. */
  send_at?: string | Date | undefined;
  media_urls?: readonly string[] | undefined;
  metadata?: Record<string, unknown> | undefined;
}

/** Parameters of GET /v1/sms. */
export interface SmsListParams {
  number?: string | undefined;
  direction?: SmsDirection | undefined;
  status?: SmsStatus | undefined;
  /** RFC 3339 with a zone. */
  created_after?: string | Date | undefined;
  /** RFC 3339 with a zone. */
  created_before?: string | Date | undefined;
  /** How many objects to return. */
  limit?: number | undefined;
  /** The last id of the previous page. */
  starting_after?: string | undefined;
}

/** Parameters of POST /v1/sms/preview. */
export interface SmsPreviewParams {
  to: string;
  body: string;
  from?: string | undefined;
}

/** Parameters of POST /v1/test/sms. */
export interface TestSmsCreateParams {
  from: string;
  to: string;
  body: string;
  media_urls?: readonly string[] | undefined;
}

/** Parameters of POST /v1/test/clock/advance. */
export interface TestClockAdvanceParams {
  seconds: number;
}

/** Parameters of PATCH /v1/account. */
export interface AccountUpdateParams {
  balance_low_threshold_usd?: Decimal | number | null | undefined;
  default_country?: string | null | undefined;
  /** What a day (UTC) may cost; renewals that the account agreed to are paid all the same. */
  daily_spend_cap_usd?: Decimal | number | null | undefined;
  /** Where messages and calls may go; null is anywhere. */
  allowed_countries?: readonly string[] | null | undefined;
  /** Messages in an hour to destinations that share their first six digits. */
  destination_velocity_per_hour?: number | null | undefined;
  /** Whether stop words count on all numbers, not only where carriers demand it. */
  opt_out_everywhere?: boolean | undefined;
  max_segments?: number | undefined;
}

/** Parameters of GET /v1/account/usage. */
export interface AccountUsageParams {
  period?: UsagePeriod | undefined;
}

/** Parameters of POST /v1/webhook_endpoints. */
export interface WebhookEndpointsCreateParams {
  url: string;
  enabled_events: readonly string[];
  description?: string | undefined;
  /** Only this number's events. */
  number_id?: string | undefined;
}

/** Parameters of GET /v1/webhook_endpoints. */
export interface WebhookEndpointsListParams {
  /** How many objects to return. */
  limit?: number | undefined;
  /** The last id of the previous page. */
  starting_after?: string | undefined;
}

/** Parameters of PATCH /v1/webhook_endpoints/{id}. */
export interface WebhookEndpointsUpdateParams {
  url?: string | undefined;
  enabled_events?: readonly string[] | undefined;
  description?: string | null | undefined;
  status?: EndpointStatus | undefined;
}

/** Parameters of POST /v1/webhook_endpoints/{id}/rotate_secret. */
export interface WebhookEndpointsRotateSecretParams {
  /** Seconds for which the old secret signs too. */
  expires_in?: number | undefined;
}

/** Parameters of GET /v1/webhook_endpoints/{id}/deliveries. */
export interface WebhookEndpointsDeliveriesParams {
  /** How many objects to return. */
  limit?: number | undefined;
  /** The last id of the previous page. */
  starting_after?: string | undefined;
}

/** Parameters of GET /v1/events. */
export interface EventsListParams {
  /** One type, or a family such as `sms.*`. */
  type?: string | undefined;
  /** RFC 3339 with a zone. */
  created_after?: string | Date | undefined;
  /** RFC 3339 with a zone. */
  created_before?: string | Date | undefined;
  delivery_success?: boolean | undefined;
  /** How many objects to return. */
  limit?: number | undefined;
  /** The last id of the previous page. */
  starting_after?: string | undefined;
}

/** Parameters of POST /v1/events/{id}/resend. */
export interface EventsResendParams {
  endpoint?: string | undefined;
}

