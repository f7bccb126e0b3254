/** Made by sdks/generator from the API's contract: the events that its webhooks bring. */

import { decode } from "./json.js";
import type {
  Account,
  Call,
  Endpoint,
  Number,
  Sms,
  Voicemail,
} from "./models.js";
import { SHAPES } from "./shapes.js";

/** A fact that happened; `data.object` is the object as it was then. */
export interface EventOf<Type extends string, Subject> {
  id: string;
  object: "event";
  type: Type;
  created: string;
  livemode: boolean;
  data: { object: Subject; [field: string]: unknown };
  request_id: string;
  api_version: string;
}

export type AccountBalanceLowEvent = EventOf<"account.balance_low", Account>;
export type AiPickupEvent = EventOf<"ai.pickup", Call>;
export type CallAnsweredEvent = EventOf<"call.answered", Call>;
export type CallCompletedEvent = EventOf<"call.completed", Call>;
export type CallInitiatedEvent = EventOf<"call.initiated", Call>;
export type CallQualityAlertEvent = EventOf<"call.quality_alert", Call>;
export type CallReceivedEvent = EventOf<"call.received", Call>;
export type CallRecordedEvent = EventOf<"call.recorded", Call>;
export type NumberActivatedEvent = EventOf<"number.activated", Number>;
export type NumberPausedEvent = EventOf<"number.paused", Number>;
export type NumberReleasedEvent = EventOf<"number.released", Number>;
export type NumberRenewedEvent = EventOf<"number.renewed", Number>;
export type NumberResumedEvent = EventOf<"number.resumed", Number>;
export type SmsDeliveredEvent = EventOf<"sms.delivered", Sms>;
export type SmsFailedEvent = EventOf<"sms.failed", Sms>;
export type SmsReceivedEvent = EventOf<"sms.received", Sms>;
export type SmsSentEvent = EventOf<"sms.sent", Sms>;
export type VoicemailCreatedEvent = EventOf<"voicemail.created", Voicemail>;
export type WebhookEndpointTestEvent = EventOf<"webhook_endpoint.test", Endpoint>;

/**
 * Every event that this package knows, told apart by `type`. One that is newer has a `type` beside these: treat it in
 * the `default` of a switch, as an `UnknownEvent`.
 */
export type AnyEvent =
  | AccountBalanceLowEvent
  | AiPickupEvent
  | CallAnsweredEvent
  | CallCompletedEvent
  | CallInitiatedEvent
  | CallQualityAlertEvent
  | CallReceivedEvent
  | CallRecordedEvent
  | NumberActivatedEvent
  | NumberPausedEvent
  | NumberReleasedEvent
  | NumberRenewedEvent
  | NumberResumedEvent
  | SmsDeliveredEvent
  | SmsFailedEvent
  | SmsReceivedEvent
  | SmsSentEvent
  | VoicemailCreatedEvent
  | WebhookEndpointTestEvent;

/** An event of a type that is newer than this package. */
export type UnknownEvent = EventOf<string, Record<string, unknown>>;

/** The event of a JSON text. Throws if it is none. */
export function readEvent(text: string): AnyEvent {
  const event = decode(text, SHAPES.Event, SHAPES) as AnyEvent | null;
  if (typeof event !== "object" || typeof event?.type !== "string") throw new TypeError("this is no event");
  return event;
}
