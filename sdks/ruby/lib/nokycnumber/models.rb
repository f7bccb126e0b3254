# frozen_string_literal: true

# Made by sdks/generator from the API's contract. Do not edit.

module NoKYCNumber
  # Who pays.
  class Account < Model.define(
    object: :string,
    email_hash: :string,
    balance_usd: :decimal,
    default_country: :string,
    balance_low_threshold_usd: :decimal,
    daily_spend_cap_usd: :decimal,
    allowed_countries: [:list, :string],
    destination_velocity_per_hour: :integer,
    opt_out_everywhere: :boolean,
    max_segments: :integer,
    active_numbers: :integer,
    monthly_call_minutes: :integer,
    monthly_sms_segments: :integer,
    created_at: :time
  )
  end

  # AddonUsage.
  class AddonUsage < Model.define(
    cost_usd: :decimal
  )
  end

  # An agent that answers after some rings (add-on `ai-pickup`).
  class AutoPickup < Model.define(
    enabled: :boolean,
    after_rings: :integer,
    script: :string,
    language: :string,
    voice: :string
  )
  end

  # Unknown callers are asked who they are before you are rung (add-on `ai-screen`).
  class Screening < Model.define(
    enabled: :boolean,
    allow: [:list, :string],
    deny: [:list, :string]
  )
  end

  # Calls are translated live (add-on `ai-trans`).
  class Translator < Model.define(
    enabled: :boolean,
    target_language: :string
  )
  end

  # Voicemails get a translation and a summary (add-on `ai-summary`).
  class VoicemailSummary < Model.define(
    enabled: :boolean,
    include_sentiment: :boolean
  )
  end

  # What a number's AI does.
  class AiConfig < Model.define(
    object: :string,
    number_id: :string,
    addons: [:list, :string],
    auto_pickup: AutoPickup,
    screening: Screening,
    translator: Translator,
    voicemail_summary: VoicemailSummary,
    on_off: :any
  )
  end

  # One HTTP try.
  class Attempt < Model.define(
    attempt: :integer,
    attempted_at: :time,
    status_code: :integer,
    error: :string,
    elapsed_ms: :integer,
    response_body: :string
  )
  end

  # What each billing period costs.
  class Prices < Model.define(
    monthly: :decimal,
    quarterly: :decimal,
    yearly: :decimal
  )
  end

  # A number for sale, and a price for half an hour.
  class AvailableNumber < Model.define(
    id: :string,
    object: :string,
    number: :string,
    display: :string,
    country: :string,
    type: :string,
    tier: :string,
    tier_pattern: :string,
    prices: Prices,
    expires_at: :time
  )
  end

  # What the near end of an outbound call is.
  class Connect < Model.define(
    type: :string,
    text: :string,
    voice: :string,
    to: :string,
    url: :string,
    parameters: :any
  )
  end

  # What answered a call.
  class CallAi < Model.define(
    addon: :string
  )
  end

  # A call that was placed or received.
  class Call < Model.define(
    id: :string,
    object: :string,
    from: :string,
    from_e164: :string,
    to: :string,
    number_id: :string,
    direction: :string,
    status: :string,
    started_at: :time,
    answered_at: :time,
    answered_by: :string,
    ended_at: :time,
    end_reason: :string,
    hangup_cause: :integer,
    duration_sec: :integer,
    callerid: :string,
    recording_enabled: :boolean,
    recording_url: :string,
    connect: Connect,
    quality: :any,
    cost_usd: :decimal,
    metadata: :any,
    ai: CallAi
  )
  end

  # One thing that happened on the way of a message or call.
  class Step < Model.define(
    at: :time,
    type: :string,
    detail: :any
  )
  end

  # Everything that is known of a call, in order.
  class CallTimeline < Model.define(
    object: :string,
    call: :string,
    request_id: :string,
    steps: [:list, Step]
  )
  end

  # CallUsage.
  class CallUsage < Model.define(
    count: :integer,
    inbound: :integer,
    outbound: :integer,
    minutes: :integer,
    cost_usd: :decimal
  )
  end

  # One day, UTC.
  class Day < Model.define(
    date: :string,
    calls: :integer,
    minutes: :integer,
    sms: :integer,
    segments: :integer,
    cost_usd: :decimal
  )
  end

  # One event for one endpoint.
  class Delivery < Model.define(
    id: :string,
    object: :string,
    endpoint: :string,
    event: :string,
    event_type: :string,
    status: :string,
    next_attempt_at: :time,
    created_at: :time,
    attempts: [:list, Attempt]
  )
  end

  # A URL that we POST events to.
  class Endpoint < Model.define(
    id: :string,
    object: :string,
    url: :string,
    enabled_events: [:list, :string],
    description: :string,
    status: :string,
    disabled_reason: :string,
    api_version: :string,
    number_id: :string,
    created_at: :time,
    secret: :string
  )
  end

  # A fact that happened; `data.object` is the object as it was then.
  class Event < Model.define(
    id: :string,
    object: :string,
    type: :string,
    created: :time,
    livemode: :boolean,
    data: EventData,
    request_id: :string,
    api_version: :string
  )
  end

  # What callers hear before the tone.
  class Greeting < Model.define(
    object: :string,
    number_id: :string,
    type: :string,
    text: :string,
    voice: :string,
    audio_sec: :integer,
    updated_at: :time
  )
  end

  # How one leg's audio fared (RFC 3550; MOS estimated by ITU-T G.107).
  class LegQuality < Model.define(
    codec: :string,
    packets_sent: :integer,
    packets_received: :integer,
    packets_lost: :integer,
    jitter_ms: :number,
    round_trip_ms: :number,
    mos: :number,
    one_way: :boolean,
    concealed_ms: :integer
  )
  end

  # A leased number.
  class Number < Model.define(
    id: :string,
    object: :string,
    number: :string,
    display: :string,
    country: :string,
    type: :string,
    tier: :string,
    tier_pattern: :string,
    status: :string,
    billing_period: :string,
    renews_at: :time,
    auto_renew: :boolean,
    addons: [:list, :string],
    ai_enabled: :boolean,
    webhook_url: :string,
    on_off: :any,
    metadata: :any,
    created_at: :time,
    webhook_secret: :string
  )
  end

  # NumberUsage.
  class NumberUsage < Model.define(
    active: :integer,
    cost_usd: :decimal
  )
  end

  # PreviewSegment.
  class PreviewSegment < Model.define(
    index: :integer,
    text: :string,
    units: :integer
  )
  end

  # Whether it would be accepted now, and if not, why.
  class Verdict < Model.define(
    ok: :boolean,
    code: :string,
    message: :string
  )
  end

  # What would be sent, and for how much.
  class Preview < Model.define(
    object: :string,
    encoding: :string,
    characters: :integer,
    segments: [:list, PreviewSegment],
    unicode_characters: [:list, :string],
    cost_usd: :decimal,
    verdict: Verdict
  )
  end

  # A softphone or SIP phone that can be rung now.
  class RegisteredDevice < Model.define(
    user_agent: :string,
    transport: :string,
    expires_at: :time
  )
  end

  # How one segment fares.
  class SegmentStatus < Model.define(
    index: :integer,
    status: :string,
    delivered_at: :time,
    failure_code: :string
  )
  end

  # How softphones and SIP phones of a number sign in.
  class SipCredentials < Model.define(
    object: :string,
    number_id: :string,
    username: :string,
    domain: :string,
    transports: [:list, :string],
    devices: [:list, RegisteredDevice],
    created_at: :time,
    password: :string
  )
  end

  # A message that was sent or received.
  class Sms < Model.define(
    id: :string,
    object: :string,
    from: :string,
    from_e164: :string,
    to: :string,
    number_id: :string,
    body: :string,
    media_urls: [:list, :string],
    direction: :string,
    segments: :integer,
    status: :string,
    failure_code: :string,
    created_at: :time,
    send_at: :time,
    delivered_at: :time,
    cost_usd: :decimal,
    metadata: :any
  )
  end

  # A message with its segments.
  class SmsDetail < Model.define(
    id: :string,
    object: :string,
    from: :string,
    from_e164: :string,
    to: :string,
    number_id: :string,
    body: :string,
    media_urls: [:list, :string],
    direction: :string,
    segments: :integer,
    status: :string,
    failure_code: :string,
    created_at: :time,
    send_at: :time,
    delivered_at: :time,
    cost_usd: :decimal,
    metadata: :any,
    segment_status: [:list, SegmentStatus]
  )
  end

  # SmsUsage.
  class SmsUsage < Model.define(
    count: :integer,
    inbound: :integer,
    outbound: :integer,
    segments: :integer,
    cost_usd: :decimal
  )
  end

  # The sandbox's clock.
  class TestClock < Model.define(
    object: :string,
    now: :time,
    advanced_seconds: :integer
  )
  end

  # Everything that is known of a message, in order.
  class Timeline < Model.define(
    object: :string,
    sms: :string,
    request_id: :string,
    steps: [:list, Step]
  )
  end

  # What was said (decision F117).
  class Transcript < Model.define(
    text: :string,
    language: :string,
    translation_en: :string,
    summary: :string,
    sentiment: :string
  )
  end

  # What was used, by kind and by day; the totals are the sums of the days and of the ledger.
  class Usage < Model.define(
    object: :string,
    period: :string,
    starts_at: :time,
    ends_at: :time,
    calls: CallUsage,
    sms: SmsUsage,
    numbers: NumberUsage,
    addons: AddonUsage,
    total_cost_usd: :decimal,
    daily: [:list, Day]
  )
  end

  # What an agent learned from the caller. Names and numbers stand in what was said, or they are null.
  class VoicemailAi < Model.define(
    addon: :string,
    name: :string,
    reason: :string,
    callback_number: :string,
    number_confirmed: :boolean,
    turns: :integer,
    language: :string,
    ended_by: :string
  )
  end

  # A message that a caller left.
  class Voicemail < Model.define(
    id: :string,
    object: :string,
    number_id: :string,
    call_id: :string,
    from_e164: :string,
    received_at: :time,
    duration_sec: :integer,
    audio_url: :string,
    transcript: Transcript,
    ai: VoicemailAi
  )
  end

  # What an event is about, by the object's own field "object".
  EVENT_OBJECTS = {
    "account" => Account,
    "call" => Call,
    "number" => Number,
    "sms" => Sms,
    "voicemail" => Voicemail,
    "webhook_endpoint" => Endpoint
  }.freeze
end
