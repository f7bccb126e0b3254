# frozen_string_literal: true

# Made by sdks/generator from the API's contract. Do not edit.

module NoKYCNumber
  # The version of the API that this library was made from; every request names it.
  API_VERSION = "2026-04-01"
  DEFAULT_BASE_URL = "https://api.nokycnumber.com"

  # What an error's type can be.
  ERROR_TYPES = %w[
    invalid_request_error
    authentication_error
    authorization_error
    rate_limit_error
    api_error
    resource_error
    upstream_error
  ].freeze

  # What an error's code can be.
  ERROR_CODES = %w[
    https_required
    parameter_missing
    parameter_invalid
    parameter_unknown
    phone_number_invalid
    body_invalid
    body_too_long
    cursor_invalid
    version_invalid
    version_sunset
    idempotency_key_invalid
    url_invalid
    api_key_missing
    api_key_invalid
    secret_key_required
    balance_insufficient
    spend_cap_reached
    scope_insufficient
    resource_missing
    route_not_found
    method_not_allowed
    idempotency_key_mismatch
    idempotency_key_in_use
    body_too_large
    content_type_unsupported
    country_unsupported
    destination_unsupported
    destination_forbidden
    destination_velocity
    send_at_invalid
    too_many_segments
    mms_unsupported
    url_forbidden
    endpoint_limit_reached
    number_paused
    number_released
    number_unavailable
    reservation_expired
    renewal_limit_reached
    use_delete
    not_cancelable
    recipient_opted_out
    endpoint_disabled
    test_mode_only
    rate_limit_exceeded
    internal_error
    service_unavailable
  ].freeze

  # Strings; values that are not listed here are kept as they come.
  module DeliveryStatus
    CANCELED = "canceled"
    FAILED = "failed"
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    ALL = [CANCELED, FAILED, PENDING, SUCCEEDED].freeze
  end

  # Strings; values that are not listed here are kept as they come.
  module EndpointStatus
    DISABLED = "disabled"
    ENABLED = "enabled"
    ALL = [DISABLED, ENABLED].freeze
  end

  # Strings; values that are not listed here are kept as they come.
  module EventType
    ACCOUNT_BALANCE_LOW = "account.balance_low"
    AI_PICKUP = "ai.pickup"
    CALL_ANSWERED = "call.answered"
    CALL_COMPLETED = "call.completed"
    CALL_INITIATED = "call.initiated"
    CALL_QUALITY_ALERT = "call.quality_alert"
    CALL_RECEIVED = "call.received"
    CALL_RECORDED = "call.recorded"
    NUMBER_ACTIVATED = "number.activated"
    NUMBER_PAUSED = "number.paused"
    NUMBER_RELEASED = "number.released"
    NUMBER_RENEWED = "number.renewed"
    NUMBER_RESUMED = "number.resumed"
    SMS_DELIVERED = "sms.delivered"
    SMS_FAILED = "sms.failed"
    SMS_RECEIVED = "sms.received"
    SMS_SENT = "sms.sent"
    VOICEMAIL_CREATED = "voicemail.created"
    WEBHOOK_ENDPOINT_TEST = "webhook_endpoint.test"
    ALL = [ACCOUNT_BALANCE_LOW, AI_PICKUP, CALL_ANSWERED, CALL_COMPLETED, CALL_INITIATED, CALL_QUALITY_ALERT, CALL_RECEIVED, CALL_RECORDED, NUMBER_ACTIVATED, NUMBER_PAUSED, NUMBER_RELEASED, NUMBER_RENEWED, NUMBER_RESUMED, SMS_DELIVERED, SMS_FAILED, SMS_RECEIVED, SMS_SENT, VOICEMAIL_CREATED, WEBHOOK_ENDPOINT_TEST].freeze
  end

  # Strings; values that are not listed here are kept as they come.
  module NumberAddon
    AI_PICKUP = "ai-pickup"
    AI_SCREEN = "ai-screen"
    AI_SUMMARY = "ai-summary"
    AI_TRANS = "ai-trans"
    ALL = [AI_PICKUP, AI_SCREEN, AI_SUMMARY, AI_TRANS].freeze
  end

  # Strings; values that are not listed here are kept as they come.
  module NumberBillingPeriod
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"
    ALL = [MONTHLY, QUARTERLY, YEARLY].freeze
  end

  # Strings; values that are not listed here are kept as they come.
  module NumberStatus
    ACTIVE = "active"
    PAUSED = "paused"
    RELEASED = "released"
    ALL = [ACTIVE, PAUSED, RELEASED].freeze
  end

  # Strings; values that are not listed here are kept as they come.
  module NumberTier
    PREMIUM = "premium"
    STANDARD = "standard"
    ALL = [PREMIUM, STANDARD].freeze
  end

  # Strings; values that are not listed here are kept as they come.
  module NumberType
    LANDLINE = "landline"
    MOBILE = "mobile"
    ALL = [LANDLINE, MOBILE].freeze
  end

  # Strings; values that are not listed here are kept as they come.
  module PreviewEncoding
    GSM7 = "gsm7"
    UCS2 = "ucs2"
    ALL = [GSM7, UCS2].freeze
  end

  # Strings; values that are not listed here are kept as they come.
  module SmsDirection
    INBOUND = "inbound"
    OUTBOUND = "outbound"
    ALL = [INBOUND, OUTBOUND].freeze
  end

  # Strings; values that are not listed here are kept as they come.
  module SmsFailureCode
    BALANCE_INSUFFICIENT = "balance_insufficient"
    BLOCKED = "blocked"
    CANCELED = "canceled"
    CARRIER_REJECTED = "carrier_rejected"
    CARRIER_TIMEOUT = "carrier_timeout"
    EXPIRED = "expired"
    INVALID_DESTINATION = "invalid_destination"
    SPAM_FILTERED = "spam_filtered"
    UNKNOWN = "unknown"
    UNREACHABLE = "unreachable"
    ALL = [BALANCE_INSUFFICIENT, BLOCKED, CANCELED, CARRIER_REJECTED, CARRIER_TIMEOUT, EXPIRED, INVALID_DESTINATION, SPAM_FILTERED, UNKNOWN, UNREACHABLE].freeze
  end

  # Strings; values that are not listed here are kept as they come.
  module SmsStatus
    DELIVERED = "delivered"
    FAILED = "failed"
    QUEUED = "queued"
    SENT = "sent"
    UNDELIVERED = "undelivered"
    ALL = [DELIVERED, FAILED, QUEUED, SENT, UNDELIVERED].freeze
  end

  # Strings; values that are not listed here are kept as they come.
  module StepType
    EVENT = "event"
    IDEMPOTENCY = "idempotency"
    LEDGER = "ledger"
    RECEIPT = "receipt"
    REQUEST = "request"
    SUBMISSION = "submission"
    WEBHOOK_ATTEMPT = "webhook_attempt"
    ALL = [EVENT, IDEMPOTENCY, LEDGER, RECEIPT, REQUEST, SUBMISSION, WEBHOOK_ATTEMPT].freeze
  end

  # Strings; values that are not listed here are kept as they come.
  module UsagePeriod
    CURRENT = "current"
    LAST_30D = "last_30d"
    LAST_90D = "last_90d"
    ALL = [CURRENT, LAST_30D, LAST_90D].freeze
  end
end
