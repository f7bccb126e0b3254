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
    voice_invalid
    audio_invalid
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
    callerid_not_owned
    addon_required
    translation_unsupported
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
  module AiConfigAddon
    AI_PICKUP = "ai-pickup"
    AI_SCREEN = "ai-screen"
    AI_SUMMARY = "ai-summary"
    AI_TRANS = "ai-trans"
    ALL = [AI_PICKUP, AI_SCREEN, AI_SUMMARY, AI_TRANS].freeze
  end

  # Strings; values that are not listed here are kept as they come.
  module CallAiAddon
    AI_PICKUP = "ai-pickup"
    AI_SCREEN = "ai-screen"
    AI_SUMMARY = "ai-summary"
    AI_TRANS = "ai-trans"
    ALL = [AI_PICKUP, AI_SCREEN, AI_SUMMARY, AI_TRANS].freeze
  end

  # Strings; values that are not listed here are kept as they come.
  module CallAnsweredBy
    AGENT = "agent"
    DEVICE = "device"
    MACHINE = "machine"
    PARTY = "party"
    VOICEMAIL = "voicemail"
    ALL = [AGENT, DEVICE, MACHINE, PARTY, VOICEMAIL].freeze
  end

  # Strings; values that are not listed here are kept as they come.
  module CallDirection
    INBOUND = "inbound"
    OUTBOUND = "outbound"
    ALL = [INBOUND, OUTBOUND].freeze
  end

  # Strings; values that are not listed here are kept as they come.
  module CallEndReason
    AGENT_COST = "agent_cost"
    AGENT_DONE = "agent_done"
    AGENT_HOLD_MUSIC = "agent_hold_music"
    AGENT_LOOP = "agent_loop"
    AGENT_MACHINE = "agent_machine"
    AGENT_MAX_SEC = "agent_max_sec"
    AGENT_MAX_TURNS = "agent_max_turns"
    AGENT_SILENCE = "agent_silence"
    AGENT_UNAVAILABLE = "agent_unavailable"
    API_HANGUP = "api_hangup"
    BALANCE_USED_UP = "balance_used_up"
    BUSY = "busy"
    CALLEE_HANGUP = "callee_hangup"
    CALLER_HANGUP = "caller_hangup"
    CANCELED = "canceled"
    CARRIER_REFUSED = "carrier_refused"
    CARRIER_TIMEOUT = "carrier_timeout"
    DECLINED = "declined"
    FORBIDDEN = "forbidden"
    INTERNAL_ERROR = "internal_error"
    MAX_DURATION = "max_duration"
    MEDIA_TIMEOUT = "media_timeout"
    NO_ANSWER = "no_answer"
    NO_MEDIA = "no_media"
    NUMBER_PAUSED = "number_paused"
    SCREENED = "screened"
    SCRIPT_DONE = "script_done"
    SESSION_EXPIRED = "session_expired"
    SHUTDOWN = "shutdown"
    UNALLOCATED = "unallocated"
    UNKNOWN_NUMBER = "unknown_number"
    UNREACHABLE = "unreachable"
    VOICEMAIL_DONE = "voicemail_done"
    WORKER_LOST = "worker_lost"
    ALL = [AGENT_COST, AGENT_DONE, AGENT_HOLD_MUSIC, AGENT_LOOP, AGENT_MACHINE, AGENT_MAX_SEC, AGENT_MAX_TURNS, AGENT_SILENCE, AGENT_UNAVAILABLE, API_HANGUP, BALANCE_USED_UP, BUSY, CALLEE_HANGUP, CALLER_HANGUP, CANCELED, CARRIER_REFUSED, CARRIER_TIMEOUT, DECLINED, FORBIDDEN, INTERNAL_ERROR, MAX_DURATION, MEDIA_TIMEOUT, NO_ANSWER, NO_MEDIA, NUMBER_PAUSED, SCREENED, SCRIPT_DONE, SESSION_EXPIRED, SHUTDOWN, UNALLOCATED, UNKNOWN_NUMBER, UNREACHABLE, VOICEMAIL_DONE, WORKER_LOST].freeze
  end

  # Strings; values that are not listed here are kept as they come.
  module CallStatus
    BUSY = "busy"
    COMPLETED = "completed"
    FAILED = "failed"
    IN_PROGRESS = "in_progress"
    NO_ANSWER = "no_answer"
    QUEUED = "queued"
    RINGING = "ringing"
    ALL = [BUSY, COMPLETED, FAILED, IN_PROGRESS, NO_ANSWER, QUEUED, RINGING].freeze
  end

  # Strings; values that are not listed here are kept as they come.
  module ConnectType
    AGENT = "agent"
    ANNOUNCEMENT = "announcement"
    NUMBER = "number"
    SAY = "say"
    SOFTPHONE = "softphone"
    STREAM = "stream"
    ALL = [AGENT, ANNOUNCEMENT, NUMBER, SAY, SOFTPHONE, STREAM].freeze
  end

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
  module GreetingType
    AUDIO = "audio"
    DEFAULT = "default"
    TEXT = "text"
    ALL = [AUDIO, DEFAULT, TEXT].freeze
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
  module RegisteredDeviceTransport
    TCP = "tcp"
    TLS = "tls"
    UDP = "udp"
    WS = "ws"
    ALL = [TCP, TLS, UDP, WS].freeze
  end

  # Strings; values that are not listed here are kept as they come.
  module SipCredentialsTransport
    TCP = "tcp"
    TLS = "tls"
    UDP = "udp"
    WS = "ws"
    ALL = [TCP, TLS, UDP, WS].freeze
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
    CAPTION = "caption"
    EVENT = "event"
    IDEMPOTENCY = "idempotency"
    LEDGER = "ledger"
    QUALITY = "quality"
    RECEIPT = "receipt"
    REQUEST = "request"
    SIP = "sip"
    STATE = "state"
    SUBMISSION = "submission"
    WEBHOOK_ATTEMPT = "webhook_attempt"
    ALL = [CAPTION, EVENT, IDEMPOTENCY, LEDGER, QUALITY, RECEIPT, REQUEST, SIP, STATE, SUBMISSION, WEBHOOK_ATTEMPT].freeze
  end

  # Strings; values that are not listed here are kept as they come.
  module ToAgentType
    AGENT = "agent"
    ALL = [AGENT].freeze
  end

  # Strings; values that are not listed here are kept as they come.
  module ToNumberType
    NUMBER = "number"
    ALL = [NUMBER].freeze
  end

  # Strings; values that are not listed here are kept as they come.
  module ToSoftphoneType
    SOFTPHONE = "softphone"
    ALL = [SOFTPHONE].freeze
  end

  # Strings; values that are not listed here are kept as they come.
  module ToSpeechType
    SAY = "say"
    ALL = [SAY].freeze
  end

  # Strings; values that are not listed here are kept as they come.
  module ToStreamType
    STREAM = "stream"
    ALL = [STREAM].freeze
  end

  # Strings; values that are not listed here are kept as they come.
  module TranscriptSentiment
    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"
    ALL = [NEGATIVE, NEUTRAL, POSITIVE].freeze
  end

  # Strings; values that are not listed here are kept as they come.
  module UsagePeriod
    CURRENT = "current"
    LAST_30D = "last_30d"
    LAST_90D = "last_90d"
    ALL = [CURRENT, LAST_30D, LAST_90D].freeze
  end

  # Strings; values that are not listed here are kept as they come.
  module VoicemailAiAddon
    AI_PICKUP = "ai-pickup"
    AI_SCREEN = "ai-screen"
    AI_SUMMARY = "ai-summary"
    AI_TRANS = "ai-trans"
    ALL = [AI_PICKUP, AI_SCREEN, AI_SUMMARY, AI_TRANS].freeze
  end

  # Strings; values that are not listed here are kept as they come.
  module VoicemailAiEndedBy
    CALLER_HANGUP = "caller_hangup"
    COST = "cost"
    DIGIT = "digit"
    DONE = "done"
    HOLD_MUSIC = "hold_music"
    LOOP = "loop"
    MACHINE = "machine"
    MAX_SEC = "max_sec"
    MAX_TURNS = "max_turns"
    SILENCE = "silence"
    UNAVAILABLE = "unavailable"
    ALL = [CALLER_HANGUP, COST, DIGIT, DONE, HOLD_MUSIC, LOOP, MACHINE, MAX_SEC, MAX_TURNS, SILENCE, UNAVAILABLE].freeze
  end
end
