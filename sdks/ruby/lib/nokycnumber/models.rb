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

  # How one segment fares.
  class SegmentStatus < Model.define(
    index: :integer,
    status: :string,
    delivered_at: :time,
    failure_code: :string
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

  # One thing that happened on the way of a message.
  class Step < Model.define(
    at: :time,
    type: :string,
    detail: :any
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

  # What an event is about, by the object's own field "object".
  EVENT_OBJECTS = {
    "account" => Account,
    "number" => Number,
    "sms" => Sms,
    "webhook_endpoint" => Endpoint
  }.freeze
end
