/** Made by sdks/generator from the API's contract: the objects of its answers, and what its requests take. */

import type { Decimal } from "./decimal.js";

export type AiConfigAddon =
  | "ai-pickup"
  | "ai-screen"
  | "ai-summary"
  | "ai-trans"
  | (string & {}); // values that are newer than this package

export type CallAiAddon =
  | "ai-pickup"
  | "ai-screen"
  | "ai-summary"
  | "ai-trans"
  | (string & {}); // values that are newer than this package

export type CallAnsweredBy =
  | "agent"
  | "device"
  | "machine"
  | "party"
  | "voicemail"
  | (string & {}); // values that are newer than this package

export type CallDirection =
  | "inbound"
  | "outbound"
  | (string & {}); // values that are newer than this package

export type CallEndReason =
  | "agent_cost"
  | "agent_done"
  | "agent_hold_music"
  | "agent_loop"
  | "agent_machine"
  | "agent_max_sec"
  | "agent_max_turns"
  | "agent_silence"
  | "agent_unavailable"
  | "api_hangup"
  | "balance_used_up"
  | "busy"
  | "callee_hangup"
  | "caller_hangup"
  | "canceled"
  | "carrier_refused"
  | "carrier_timeout"
  | "declined"
  | "forbidden"
  | "internal_error"
  | "max_duration"
  | "media_timeout"
  | "no_answer"
  | "no_media"
  | "number_paused"
  | "screened"
  | "script_done"
  | "session_expired"
  | "shutdown"
  | "unallocated"
  | "unknown_number"
  | "unreachable"
  | "voicemail_done"
  | "worker_lost"
  | (string & {}); // values that are newer than this package

export type CallStatus =
  | "busy"
  | "completed"
  | "failed"
  | "in_progress"
  | "no_answer"
  | "queued"
  | "ringing"
  | (string & {}); // values that are newer than this package

export type ConnectType =
  | "agent"
  | "announcement"
  | "number"
  | "say"
  | "softphone"
  | "stream"
  | (string & {}); // values that are newer than this package

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

export type GreetingType =
  | "audio"
  | "default"
  | "text"
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

export type RegisteredDeviceTransport =
  | "tcp"
  | "tls"
  | "udp"
  | "ws"
  | (string & {}); // values that are newer than this package

export type SipCredentialsTransport =
  | "tcp"
  | "tls"
  | "udp"
  | "ws"
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
  | "caption"
  | "event"
  | "idempotency"
  | "ledger"
  | "quality"
  | "receipt"
  | "request"
  | "sip"
  | "state"
  | "submission"
  | "webhook_attempt"
  | (string & {}); // values that are newer than this package

export type ToAgentType =
  | "agent"
  | (string & {}); // values that are newer than this package

export type ToNumberType =
  | "number"
  | (string & {}); // values that are newer than this package

export type ToSoftphoneType =
  | "softphone"
  | (string & {}); // values that are newer than this package

export type ToSpeechType =
  | "say"
  | (string & {}); // values that are newer than this package

export type ToStreamType =
  | "stream"
  | (string & {}); // values that are newer than this package

export type TranscriptSentiment =
  | "negative"
  | "neutral"
  | "positive"
  | (string & {}); // values that are newer than this package

export type UsagePeriod =
  | "current"
  | "last_30d"
  | "last_90d"
  | (string & {}); // values that are newer than this package

export type VoicemailAiAddon =
  | "ai-pickup"
  | "ai-screen"
  | "ai-summary"
  | "ai-trans"
  | (string & {}); // values that are newer than this package

export type VoicemailAiEndedBy =
  | "caller_hangup"
  | "cost"
  | "digit"
  | "done"
  | "hold_music"
  | "loop"
  | "machine"
  | "max_sec"
  | "max_turns"
  | "silence"
  | "unavailable"
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

/** An agent that answers after some rings (add-on `ai-pickup`). */
export interface AutoPickup {
  enabled: boolean;
  after_rings: number;
  script: string;
  language: string;
  voice: string;
}

/** Unknown callers are asked who they are before you are rung (add-on `ai-screen`). */
export interface Screening {
  enabled: boolean;
  /** Ring you at once. */
  allow: string[];
  /** Are refused; they win over `allow`. */
  deny: string[];
}

/** Calls are translated live (add-on `ai-trans`). */
export interface Translator {
  enabled: boolean;
  target_language: string;
}

/** Voicemails get a translation and a summary (add-on `ai-summary`). */
export interface VoicemailSummary {
  enabled: boolean;
  include_sentiment: boolean;
}

/** What a number's AI does. */
export interface AiConfig {
  object: "ai_config";
  number_id: string;
  addons: AiConfigAddon[];
  auto_pickup: AutoPickup;
  screening: Screening;
  translator: Translator;
  voicemail_summary: VoicemailSummary;
  on_off: Record<string, unknown> | null;
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

/** What the near end of an outbound call is. */
export interface Connect {
  type: ConnectType;
  text?: string;
  voice?: string;
  to?: string;
  url?: string;
  parameters?: Record<string, unknown>;
}

/** What answered a call. */
export interface CallAi {
  addon: CallAiAddon;
}

/** A call that was placed or received. */
export interface Call {
  id: string;
  object: "call";
  from: string | null;
  /** Null if the caller withheld it. */
  from_e164: string | null;
  to: string;
  number_id: string;
  direction: CallDirection;
  status: CallStatus;
  started_at: string;
  answered_at: string | null;
  answered_by: CallAnsweredBy | null;
  ended_at: string | null;
  end_reason: CallEndReason | null;
  /** ITU-T Q.850. */
  hangup_cause: number | null;
  duration_sec: number;
  callerid: string | null;
  recording_enabled: boolean;
  recording_url: string | null;
  connect: Connect | null;
  quality: Record<string, unknown> | null;
  /** US dollars. */
  cost_usd: Decimal | null;
  metadata: Record<string, unknown> | null;
  /** Only in the event ai.pickup (decision F127). */
  ai?: CallAi;
}

/** One thing that happened on the way of a message or call. */
export interface Step {
  at: string;
  type: StepType;
  detail: Record<string, unknown>;
}

/** Everything that is known of a call, in order. */
export interface CallTimeline {
  object: "timeline";
  call: string;
  request_id: string;
  steps: Step[];
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

/** What callers hear before the tone. */
export interface Greeting {
  object: "voicemail_greeting";
  number_id: string;
  type: GreetingType;
  text: string | null;
  voice: string | null;
  audio_sec: number | null;
  updated_at: string | null;
}

/** How one leg's audio fared (RFC 3550; MOS estimated by ITU-T G.107). */
export interface LegQuality {
  codec: string;
  packets_sent: number;
  packets_received: number;
  packets_lost: number;
  jitter_ms: number;
  round_trip_ms: number | null;
  mos: number | null;
  one_way: boolean;
  concealed_ms: number;
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

/** A softphone or SIP phone that can be rung now. */
export interface RegisteredDevice {
  user_agent: string;
  transport: RegisteredDeviceTransport;
  expires_at: string;
}

/** How one segment fares. */
export interface SegmentStatus {
  index: number;
  status: SmsStatus;
  delivered_at: string | null;
  failure_code: SmsFailureCode | null;
}

/** How softphones and SIP phones of a number sign in. */
export interface SipCredentials {
  object: "sip_credentials";
  number_id: string;
  username: string;
  domain: string;
  transports: SipCredentialsTransport[];
  devices: RegisteredDevice[];
  created_at: string;
  /** Only in the answer that made it. */
  password?: string;
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

/** What was said (decision F117). */
export interface Transcript {
  text: string;
  language: string;
  translation_en: string | null;
  summary: string | null;
  sentiment: TranscriptSentiment | null;
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

/** What an agent learned from the caller. Names and numbers stand in what was said, or they are null. */
export interface VoicemailAi {
  addon: VoicemailAiAddon;
  name: string | null;
  reason: string | null;
  callback_number: string | null;
  /** The caller said that it was read back correctly. */
  number_confirmed: boolean;
  turns: number;
  language: string;
  ended_by: VoicemailAiEndedBy;
}

/** A message that a caller left. */
export interface Voicemail {
  id: string;
  object: "voicemail";
  number_id: string;
  call_id: string;
  from_e164: string | null;
  received_at: string;
  duration_sec: number;
  audio_url: string;
  transcript: Transcript | null;
  /** Null if no agent had the caller. */
  ai: VoicemailAi | null;
}

/** Changes of `auto_pickup`; null brings a default back. */
export interface AutoPickupUpdate {
  enabled?: boolean | null | undefined;
  after_rings?: number | null | undefined;
  script?: string | null | undefined;
  language?: string | null | undefined;
  voice?: string | null | undefined;
}

/** Changes of `screening`; a list is replaced as a whole. */
export interface ScreeningUpdate {
  enabled?: boolean | null | undefined;
  allow?: readonly string[] | null | undefined;
  deny?: readonly string[] | null | undefined;
}

/** Changes of `translator`. */
export interface TranslatorUpdate {
  enabled?: boolean | null | undefined;
  target_language?: string | null | undefined;
}

/** Changes of `voicemail_summary`. */
export interface VoicemailSummaryUpdate {
  enabled?: boolean | null | undefined;
  include_sentiment?: boolean | null | undefined;
}

/** Join the callee with the number's AI agent (add-on `ai-pickup`). */
export interface ToAgent {
  type: ToAgentType;
}

/** Call a second party, and join the two. */
export interface ToNumber {
  type: ToNumberType;
  to: string;
}

/** Join the callee with the number's browser or SIP device. */
export interface ToSoftphone {
  type: ToSoftphoneType;
}

/** Say something, then hang up. */
export interface ToSpeech {
  type: ToSpeechType;
  text: string;
  voice?: string | undefined;
}

/** Both ways of audio over a WebSocket to a program of yours. */
export interface ToStream {
  type: ToStreamType;
  url: string;
  parameters?: Record<string, unknown> | undefined;
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

/** Parameters of POST /v1/calls. */
export interface CallsCreateParams {
  from: string;
  to: string;
  recording_enabled?: boolean | undefined;
  /** "hide", "rotate", or a number of yours in E.164. */
  callerid_mask?: string | undefined;
  metadata?: Record<string, unknown> | undefined;
  connect?: ToSoftphone | ToAgent | ToSpeech | ToNumber | ToStream | undefined;
}

/** Parameters of GET /v1/calls. */
export interface CallsListParams {
  number?: string | undefined;
  direction?: CallDirection | undefined;
  status?: CallStatus | undefined;
  /** RFC 3339 with a zone. */
  created_after?: string | Date | undefined;
  /** RFC 3339 with a zone. */
  created_before?: string | Date | undefined;
  /** How many objects to return. */
  limit?: number | undefined;
  /** The last id of the previous page. */
  starting_after?: string | undefined;
}

/** Parameters of POST /v1/test/calls. */
export interface TestCallsCreateParams {
  from: string;
  to: string;
  /** What the caller says. */
  say?: string | undefined;
  language?: string | undefined;
  /** Whether the caller leaves a message where there is a voicemail; if not, nobody speaks. */
  voicemail?: boolean | undefined;
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

/** Parameters of GET /v1/voicemails. */
export interface VoicemailsListParams {
  number?: string | undefined;
  /** RFC 3339 with a zone. */
  created_after?: string | Date | undefined;
  /** RFC 3339 with a zone. */
  created_before?: string | Date | undefined;
  /** How many objects to return. */
  limit?: number | undefined;
  /** The last id of the previous page. */
  starting_after?: string | undefined;
}

/** Parameters of POST /v1/numbers/{id}/voicemail_greeting. */
export interface VoicemailGreetingSetParams {
  text?: string | undefined;
  voice?: string | undefined;
  /** A WAV or MP3 file of up to 700 KB and 60 seconds. */
  audio_base64?: string | undefined;
}

/** Parameters of PATCH /v1/numbers/{id}/ai. */
export interface AiUpdateParams {
  auto_pickup?: AutoPickupUpdate | null | undefined;
  screening?: ScreeningUpdate | null | undefined;
  translator?: TranslatorUpdate | null | undefined;
  voicemail_summary?: VoicemailSummaryUpdate | null | undefined;
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

