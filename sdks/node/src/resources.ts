/** Made by sdks/generator from the API's contract: its methods. */

import type { Core, RequestOptions, WithResponse } from "./core.js";
import type { AnyEvent } from "./events.js";
import type * as models from "./models.js";
import type { PagePromise } from "./pages.js";
import type { APIPromise } from "./promises.js";
import { SHAPES } from "./shapes.js";

/** `client.numbers` */
export class NumbersResource {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  /** Find numbers for sale: GET /v1/numbers/available */
  available(
    params: models.NumbersAvailableParams,
    options?: RequestOptions,
  ): PagePromise<models.AvailableNumber> {
    return this.#core.list({
      method: "GET",
      path: "/v1/numbers/available",
      query: params,
      options,
      shape: { data: "AvailableNumber" },
    });
  }

  /** Activate a number: POST /v1/numbers */
  create(
    params: models.NumbersCreateParams,
    options?: RequestOptions,
  ): APIPromise<WithResponse<models.Number>> {
    return this.#core.call({
      method: "POST",
      path: "/v1/numbers",
      body: params,
      options,
    });
  }

  /** List your numbers: GET /v1/numbers */
  list(
    params: models.NumbersListParams = {},
    options?: RequestOptions,
  ): PagePromise<models.Number> {
    return this.#core.list({
      method: "GET",
      path: "/v1/numbers",
      query: params,
      options,
    });
  }

  /** Retrieve a number: GET /v1/numbers/{id} */
  get(
    id: string,
    options?: RequestOptions,
  ): APIPromise<WithResponse<models.Number>> {
    return this.#core.call({
      method: "GET",
      path: "/v1/numbers/{id}",
      ids: [id],
      options,
    });
  }

  /** Update a number: PATCH /v1/numbers/{id} */
  update(
    id: string,
    params: models.NumbersUpdateParams = {},
    options?: RequestOptions,
  ): APIPromise<WithResponse<models.Number>> {
    return this.#core.call({
      method: "PATCH",
      path: "/v1/numbers/{id}",
      ids: [id],
      body: params,
      options,
    });
  }

  /** Release a number: DELETE /v1/numbers/{id} */
  delete(
    id: string,
    options?: RequestOptions,
  ): APIPromise<void> {
    return this.#core.send({
      method: "DELETE",
      path: "/v1/numbers/{id}",
      ids: [id],
      options,
    });
  }

  /** Pay one more period: POST /v1/numbers/{id}/renew */
  renew(
    id: string,
    params: models.NumbersRenewParams = {},
    options?: RequestOptions,
  ): APIPromise<WithResponse<models.Number>> {
    return this.#core.call({
      method: "POST",
      path: "/v1/numbers/{id}/renew",
      ids: [id],
      body: params,
      options,
    });
  }
}

/** `client.sipCredentials` */
export class SipCredentialsResource {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  /** Make a number's SIP credentials, or a new password: POST /v1/numbers/{id}/sip_credentials */
  create(
    id: string,
    options?: RequestOptions,
  ): APIPromise<WithResponse<models.SipCredentials>> {
    return this.#core.call({
      method: "POST",
      path: "/v1/numbers/{id}/sip_credentials",
      ids: [id],
      options,
    });
  }

  /** Retrieve a number's SIP credentials and devices: GET /v1/numbers/{id}/sip_credentials */
  get(
    id: string,
    options?: RequestOptions,
  ): APIPromise<WithResponse<models.SipCredentials>> {
    return this.#core.call({
      method: "GET",
      path: "/v1/numbers/{id}/sip_credentials",
      ids: [id],
      options,
    });
  }

  /** Let no device sign in any more: DELETE /v1/numbers/{id}/sip_credentials */
  delete(
    id: string,
    options?: RequestOptions,
  ): APIPromise<void> {
    return this.#core.send({
      method: "DELETE",
      path: "/v1/numbers/{id}/sip_credentials",
      ids: [id],
      options,
    });
  }
}

/** `client.browserSessions` */
export class BrowserSessionsResource {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  /** Let a browser be a number's softphone for some hours: POST /v1/numbers/{id}/browser_sessions */
  create(
    id: string,
    options?: RequestOptions,
  ): APIPromise<WithResponse<models.BrowserSession>> {
    return this.#core.call({
      method: "POST",
      path: "/v1/numbers/{id}/browser_sessions",
      ids: [id],
      options,
    });
  }
}

/** `client.calls` */
export class CallsResource {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  /** Place a call: POST /v1/calls */
  create(
    params: models.CallsCreateParams,
    options?: RequestOptions,
  ): APIPromise<WithResponse<models.Call>> {
    return this.#core.call({
      method: "POST",
      path: "/v1/calls",
      body: params,
      options,
      shape: SHAPES.Call,
    });
  }

  /** List calls: GET /v1/calls */
  list(
    params: models.CallsListParams = {},
    options?: RequestOptions,
  ): PagePromise<models.Call> {
    return this.#core.list({
      method: "GET",
      path: "/v1/calls",
      query: params,
      options,
      shape: { data: "Call" },
    });
  }

  /** Retrieve a call: GET /v1/calls/{id} */
  get(
    id: string,
    options?: RequestOptions,
  ): APIPromise<WithResponse<models.Call>> {
    return this.#core.call({
      method: "GET",
      path: "/v1/calls/{id}",
      ids: [id],
      options,
      shape: SHAPES.Call,
    });
  }

  /** Everything that happened to a call: GET /v1/calls/{id}/timeline */
  timeline(
    id: string,
    options?: RequestOptions,
  ): APIPromise<WithResponse<models.CallTimeline>> {
    return this.#core.call({
      method: "GET",
      path: "/v1/calls/{id}/timeline",
      ids: [id],
      options,
    });
  }

  /** End a call: POST /v1/calls/{id}/hangup */
  hangup(
    id: string,
    options?: RequestOptions,
  ): APIPromise<WithResponse<models.Call>> {
    return this.#core.call({
      method: "POST",
      path: "/v1/calls/{id}/hangup",
      ids: [id],
      options,
      shape: SHAPES.Call,
    });
  }
}

/** `client.test.calls` */
export class TestCallsResource {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  /** Receive a call from the outside world (test mode): POST /v1/test/calls */
  create(
    params: models.TestCallsCreateParams,
    options?: RequestOptions,
  ): APIPromise<WithResponse<models.Call>> {
    return this.#core.call({
      method: "POST",
      path: "/v1/test/calls",
      body: params,
      options,
      shape: SHAPES.Call,
    });
  }
}

/** `client.test.sms` */
export class TestSmsResource {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  /** Receive an SMS from the outside world (test mode): POST /v1/test/sms */
  create(
    params: models.TestSmsCreateParams,
    options?: RequestOptions,
  ): APIPromise<WithResponse<models.Sms>> {
    return this.#core.call({
      method: "POST",
      path: "/v1/test/sms",
      body: params,
      options,
      shape: SHAPES.Sms,
    });
  }
}

/** `client.test.clock` */
export class TestClockResource {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  /** Move the sandbox's clock: POST /v1/test/clock/advance */
  advance(
    params: models.TestClockAdvanceParams,
    options?: RequestOptions,
  ): APIPromise<WithResponse<models.TestClock>> {
    return this.#core.call({
      method: "POST",
      path: "/v1/test/clock/advance",
      body: params,
      options,
    });
  }
}

/** `client.test` */
export class TestResource {
  readonly calls: TestCallsResource;
  readonly sms: TestSmsResource;
  readonly clock: TestClockResource;

  constructor(core: Core) {
    this.calls = new TestCallsResource(core);
    this.sms = new TestSmsResource(core);
    this.clock = new TestClockResource(core);
  }
}

/** `client.sms` */
export class SmsResource {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  /** Send an SMS: POST /v1/sms */
  create(
    params: models.SmsCreateParams,
    options?: RequestOptions,
  ): APIPromise<WithResponse<models.Sms>> {
    return this.#core.call({
      method: "POST",
      path: "/v1/sms",
      body: params,
      options,
      shape: SHAPES.Sms,
    });
  }

  /** List messages: GET /v1/sms */
  list(
    params: models.SmsListParams = {},
    options?: RequestOptions,
  ): PagePromise<models.Sms> {
    return this.#core.list({
      method: "GET",
      path: "/v1/sms",
      query: params,
      options,
      shape: { data: "Sms" },
    });
  }

  /** See encoding, segments and price without sending: POST /v1/sms/preview */
  preview(
    params: models.SmsPreviewParams,
    options?: RequestOptions,
  ): APIPromise<WithResponse<models.Preview>> {
    return this.#core.call({
      method: "POST",
      path: "/v1/sms/preview",
      body: params,
      options,
      shape: SHAPES.Preview,
    });
  }

  /** Retrieve a message with its segments: GET /v1/sms/{id} */
  get(
    id: string,
    options?: RequestOptions,
  ): APIPromise<WithResponse<models.SmsDetail>> {
    return this.#core.call({
      method: "GET",
      path: "/v1/sms/{id}",
      ids: [id],
      options,
      shape: SHAPES.SmsDetail,
    });
  }

  /** Everything that happened to a message: GET /v1/sms/{id}/timeline */
  timeline(
    id: string,
    options?: RequestOptions,
  ): APIPromise<WithResponse<models.Timeline>> {
    return this.#core.call({
      method: "GET",
      path: "/v1/sms/{id}/timeline",
      ids: [id],
      options,
    });
  }

  /** Cancel a scheduled message: POST /v1/sms/{id}/cancel */
  cancel(
    id: string,
    options?: RequestOptions,
  ): APIPromise<WithResponse<models.Sms>> {
    return this.#core.call({
      method: "POST",
      path: "/v1/sms/{id}/cancel",
      ids: [id],
      options,
      shape: SHAPES.Sms,
    });
  }
}

/** `client.voicemails` */
export class VoicemailsResource {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  /** List voicemails: GET /v1/voicemails */
  list(
    params: models.VoicemailsListParams = {},
    options?: RequestOptions,
  ): PagePromise<models.Voicemail> {
    return this.#core.list({
      method: "GET",
      path: "/v1/voicemails",
      query: params,
      options,
    });
  }

  /** Retrieve a voicemail: GET /v1/voicemails/{id} */
  get(
    id: string,
    options?: RequestOptions,
  ): APIPromise<WithResponse<models.Voicemail>> {
    return this.#core.call({
      method: "GET",
      path: "/v1/voicemails/{id}",
      ids: [id],
      options,
    });
  }

  /** Delete a voicemail and its audio: DELETE /v1/voicemails/{id} */
  delete(
    id: string,
    options?: RequestOptions,
  ): APIPromise<void> {
    return this.#core.send({
      method: "DELETE",
      path: "/v1/voicemails/{id}",
      ids: [id],
      options,
    });
  }
}

/** `client.voicemailGreeting` */
export class VoicemailGreetingResource {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  /** Set what callers hear before the tone: POST /v1/numbers/{id}/voicemail_greeting */
  set(
    id: string,
    params: models.VoicemailGreetingSetParams = {},
    options?: RequestOptions,
  ): APIPromise<WithResponse<models.Greeting>> {
    return this.#core.call({
      method: "POST",
      path: "/v1/numbers/{id}/voicemail_greeting",
      ids: [id],
      body: params,
      options,
    });
  }

  /** Retrieve what callers hear before the tone: GET /v1/numbers/{id}/voicemail_greeting */
  get(
    id: string,
    options?: RequestOptions,
  ): APIPromise<WithResponse<models.Greeting>> {
    return this.#core.call({
      method: "GET",
      path: "/v1/numbers/{id}/voicemail_greeting",
      ids: [id],
      options,
    });
  }

  /** Back to the shipped greeting: DELETE /v1/numbers/{id}/voicemail_greeting */
  delete(
    id: string,
    options?: RequestOptions,
  ): APIPromise<void> {
    return this.#core.send({
      method: "DELETE",
      path: "/v1/numbers/{id}/voicemail_greeting",
      ids: [id],
      options,
    });
  }
}

/** `client.ai` */
export class AiResource {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  /** Retrieve what a number's AI does: GET /v1/numbers/{id}/ai */
  get(
    id: string,
    options?: RequestOptions,
  ): APIPromise<WithResponse<models.AiConfig>> {
    return this.#core.call({
      method: "GET",
      path: "/v1/numbers/{id}/ai",
      ids: [id],
      options,
    });
  }

  /** Change what a number's AI does: PATCH /v1/numbers/{id}/ai */
  update(
    id: string,
    params: models.AiUpdateParams = {},
    options?: RequestOptions,
  ): APIPromise<WithResponse<models.AiConfig>> {
    return this.#core.call({
      method: "PATCH",
      path: "/v1/numbers/{id}/ai",
      ids: [id],
      body: params,
      options,
    });
  }
}

/** `client.account` */
export class AccountResource {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  /** Retrieve your account: GET /v1/account */
  get(
    options?: RequestOptions,
  ): APIPromise<WithResponse<models.Account>> {
    return this.#core.call({
      method: "GET",
      path: "/v1/account",
      options,
      shape: SHAPES.Account,
    });
  }

  /** Update your account: PATCH /v1/account */
  update(
    params: models.AccountUpdateParams = {},
    options?: RequestOptions,
  ): APIPromise<WithResponse<models.Account>> {
    return this.#core.call({
      method: "PATCH",
      path: "/v1/account",
      body: params,
      options,
      shape: SHAPES.Account,
    });
  }

  /** Usage by kind and day: GET /v1/account/usage */
  usage(
    params: models.AccountUsageParams = {},
    options?: RequestOptions,
  ): APIPromise<WithResponse<models.Usage>> {
    return this.#core.call({
      method: "GET",
      path: "/v1/account/usage",
      query: params,
      options,
      shape: SHAPES.Usage,
    });
  }
}

/** `client.webhookEndpoints` */
export class WebhookEndpointsResource {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  /** Register a webhook endpoint: POST /v1/webhook_endpoints */
  create(
    params: models.WebhookEndpointsCreateParams,
    options?: RequestOptions,
  ): APIPromise<WithResponse<models.Endpoint>> {
    return this.#core.call({
      method: "POST",
      path: "/v1/webhook_endpoints",
      body: params,
      options,
    });
  }

  /** List webhook endpoints: GET /v1/webhook_endpoints */
  list(
    params: models.WebhookEndpointsListParams = {},
    options?: RequestOptions,
  ): PagePromise<models.Endpoint> {
    return this.#core.list({
      method: "GET",
      path: "/v1/webhook_endpoints",
      query: params,
      options,
    });
  }

  /** Retrieve a webhook endpoint: GET /v1/webhook_endpoints/{id} */
  get(
    id: string,
    options?: RequestOptions,
  ): APIPromise<WithResponse<models.Endpoint>> {
    return this.#core.call({
      method: "GET",
      path: "/v1/webhook_endpoints/{id}",
      ids: [id],
      options,
    });
  }

  /** Update a webhook endpoint: PATCH /v1/webhook_endpoints/{id} */
  update(
    id: string,
    params: models.WebhookEndpointsUpdateParams = {},
    options?: RequestOptions,
  ): APIPromise<WithResponse<models.Endpoint>> {
    return this.#core.call({
      method: "PATCH",
      path: "/v1/webhook_endpoints/{id}",
      ids: [id],
      body: params,
      options,
    });
  }

  /** Remove a webhook endpoint: DELETE /v1/webhook_endpoints/{id} */
  delete(
    id: string,
    options?: RequestOptions,
  ): APIPromise<void> {
    return this.#core.send({
      method: "DELETE",
      path: "/v1/webhook_endpoints/{id}",
      ids: [id],
      options,
    });
  }

  /** Give a webhook endpoint a new signing secret: POST /v1/webhook_endpoints/{id}/rotate_secret */
  rotateSecret(
    id: string,
    params: models.WebhookEndpointsRotateSecretParams = {},
    options?: RequestOptions,
  ): APIPromise<WithResponse<models.Endpoint>> {
    return this.#core.call({
      method: "POST",
      path: "/v1/webhook_endpoints/{id}/rotate_secret",
      ids: [id],
      body: params,
      options,
    });
  }

  /** Send a test event: POST /v1/webhook_endpoints/{id}/test */
  test(
    id: string,
    options?: RequestOptions,
  ): APIPromise<WithResponse<AnyEvent>> {
    return this.#core.call({
      method: "POST",
      path: "/v1/webhook_endpoints/{id}/test",
      ids: [id],
      options,
      shape: SHAPES.Event,
    });
  }

  /** List an endpoint's deliveries with their attempts: GET /v1/webhook_endpoints/{id}/deliveries */
  deliveries(
    id: string,
    params: models.WebhookEndpointsDeliveriesParams = {},
    options?: RequestOptions,
  ): PagePromise<models.Delivery> {
    return this.#core.list({
      method: "GET",
      path: "/v1/webhook_endpoints/{id}/deliveries",
      ids: [id],
      query: params,
      options,
    });
  }
}

/** `client.events` */
export class EventsResource {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  /** List events of the last 30 days: GET /v1/events */
  list(
    params: models.EventsListParams = {},
    options?: RequestOptions,
  ): PagePromise<AnyEvent> {
    return this.#core.list({
      method: "GET",
      path: "/v1/events",
      query: params,
      options,
      shape: { data: "Event" },
    });
  }

  /** Retrieve an event: GET /v1/events/{id} */
  get(
    id: string,
    options?: RequestOptions,
  ): APIPromise<WithResponse<AnyEvent>> {
    return this.#core.call({
      method: "GET",
      path: "/v1/events/{id}",
      ids: [id],
      options,
      shape: SHAPES.Event,
    });
  }

  /** Deliver an event again: POST /v1/events/{id}/resend */
  resend(
    id: string,
    params: models.EventsResendParams = {},
    options?: RequestOptions,
  ): APIPromise<WithResponse<AnyEvent>> {
    return this.#core.call({
      method: "POST",
      path: "/v1/events/{id}/resend",
      ids: [id],
      body: params,
      options,
      shape: SHAPES.Event,
    });
  }
}

