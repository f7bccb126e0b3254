/** Made by sdks/generator from the API's contract: the client with all its resources. */

import { Core, type ClientOptions, type RequestOptions, type WithResponse } from "./core.js";
import * as resources from "./resources.js";
import { SHAPES } from "./shapes.js";

export const API_VERSION = "2026-04-01";

/** The API's client. Make one, and share it. */
export class NoKYCNumber {
  readonly numbers: resources.NumbersResource;
  readonly sipCredentials: resources.SipCredentialsResource;
  readonly calls: resources.CallsResource;
  readonly test: resources.TestResource;
  readonly sms: resources.SmsResource;
  readonly voicemails: resources.VoicemailsResource;
  readonly voicemailGreeting: resources.VoicemailGreetingResource;
  readonly ai: resources.AiResource;
  readonly account: resources.AccountResource;
  readonly webhookEndpoints: resources.WebhookEndpointsResource;
  readonly events: resources.EventsResource;
  readonly #core: Core;
  readonly #options: ClientOptions;

  constructor(options: ClientOptions = {}) {
    const core = new Core(API_VERSION, SHAPES, options);
    this.#core = core;
    this.#options = options;
    this.numbers = new resources.NumbersResource(core);
    this.sipCredentials = new resources.SipCredentialsResource(core);
    this.calls = new resources.CallsResource(core);
    this.test = new resources.TestResource(core);
    this.sms = new resources.SmsResource(core);
    this.voicemails = new resources.VoicemailsResource(core);
    this.voicemailGreeting = new resources.VoicemailGreetingResource(core);
    this.ai = new resources.AiResource(core);
    this.account = new resources.AccountResource(core);
    this.webhookEndpoints = new resources.WebhookEndpointsResource(core);
    this.events = new resources.EventsResource(core);
  }

  /** Where it sends to. */
  get baseURL(): string {
    return this.#core.baseURL;
  }

  /** A client with some other options. */
  withOptions(options: ClientOptions): NoKYCNumber {
    return new NoKYCNumber({ ...this.#options, ...options });
  }

  /** Call a path that this version of the package does not know, with retries and all; null for a 204. */
  async request<T extends object = Record<string, unknown>>(
    method: string,
    path: string,
    options: RequestOptions & { query?: object; body?: object } = {},
  ): Promise<WithResponse<T> | null> {
    const { query, body } = options;
    const answer = await this.#core.call<T>({ method: method.toUpperCase(), path, query, body, options });
    return answer.lastResponse.status === 204 ? null : answer;
  }
}
