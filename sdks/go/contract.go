// Made by sdks/generator from the API's contract. DO NOT EDIT.

package nokyc

// APIVersion is the version of the API that this library was made from; every request names it.
const APIVersion = "2026-04-01"

const defaultBaseURL = "https://api.nokycnumber.com"

// DeliveryStatus is a string on the wire; values that are not listed here are kept as they come.
type DeliveryStatus string

const (
	DeliveryStatusCanceled  DeliveryStatus = "canceled"
	DeliveryStatusFailed    DeliveryStatus = "failed"
	DeliveryStatusPending   DeliveryStatus = "pending"
	DeliveryStatusSucceeded DeliveryStatus = "succeeded"
)

// EndpointStatus is a string on the wire; values that are not listed here are kept as they come.
type EndpointStatus string

const (
	EndpointStatusDisabled EndpointStatus = "disabled"
	EndpointStatusEnabled  EndpointStatus = "enabled"
)

// EventType is a string on the wire; values that are not listed here are kept as they come.
type EventType string

const (
	EventTypeAccountBalanceLow   EventType = "account.balance_low"
	EventTypeAIPickup            EventType = "ai.pickup"
	EventTypeCallAnswered        EventType = "call.answered"
	EventTypeCallCompleted       EventType = "call.completed"
	EventTypeCallInitiated       EventType = "call.initiated"
	EventTypeCallQualityAlert    EventType = "call.quality_alert"
	EventTypeCallReceived        EventType = "call.received"
	EventTypeCallRecorded        EventType = "call.recorded"
	EventTypeNumberActivated     EventType = "number.activated"
	EventTypeNumberPaused        EventType = "number.paused"
	EventTypeNumberReleased      EventType = "number.released"
	EventTypeNumberRenewed       EventType = "number.renewed"
	EventTypeNumberResumed       EventType = "number.resumed"
	EventTypeSMSDelivered        EventType = "sms.delivered"
	EventTypeSMSFailed           EventType = "sms.failed"
	EventTypeSMSReceived         EventType = "sms.received"
	EventTypeSMSSent             EventType = "sms.sent"
	EventTypeVoicemailCreated    EventType = "voicemail.created"
	EventTypeWebhookEndpointTest EventType = "webhook_endpoint.test"
)

// NumberAddon is a string on the wire; values that are not listed here are kept as they come.
type NumberAddon string

const (
	NumberAddonAIPickup  NumberAddon = "ai-pickup"
	NumberAddonAIScreen  NumberAddon = "ai-screen"
	NumberAddonAISummary NumberAddon = "ai-summary"
	NumberAddonAITrans   NumberAddon = "ai-trans"
)

// NumberBillingPeriod is a string on the wire; values that are not listed here are kept as they come.
type NumberBillingPeriod string

const (
	NumberBillingPeriodMonthly   NumberBillingPeriod = "monthly"
	NumberBillingPeriodQuarterly NumberBillingPeriod = "quarterly"
	NumberBillingPeriodYearly    NumberBillingPeriod = "yearly"
)

// NumberStatus is a string on the wire; values that are not listed here are kept as they come.
type NumberStatus string

const (
	NumberStatusActive   NumberStatus = "active"
	NumberStatusPaused   NumberStatus = "paused"
	NumberStatusReleased NumberStatus = "released"
)

// NumberTier is a string on the wire; values that are not listed here are kept as they come.
type NumberTier string

const (
	NumberTierPremium  NumberTier = "premium"
	NumberTierStandard NumberTier = "standard"
)

// NumberType is a string on the wire; values that are not listed here are kept as they come.
type NumberType string

const (
	NumberTypeLandline NumberType = "landline"
	NumberTypeMobile   NumberType = "mobile"
)

// PreviewEncoding is a string on the wire; values that are not listed here are kept as they come.
type PreviewEncoding string

const (
	PreviewEncodingGsm7 PreviewEncoding = "gsm7"
	PreviewEncodingUcs2 PreviewEncoding = "ucs2"
)

// SMSDirection is a string on the wire; values that are not listed here are kept as they come.
type SMSDirection string

const (
	SMSDirectionInbound  SMSDirection = "inbound"
	SMSDirectionOutbound SMSDirection = "outbound"
)

// SMSFailureCode is a string on the wire; values that are not listed here are kept as they come.
type SMSFailureCode string

const (
	SMSFailureCodeBalanceInsufficient SMSFailureCode = "balance_insufficient"
	SMSFailureCodeBlocked             SMSFailureCode = "blocked"
	SMSFailureCodeCanceled            SMSFailureCode = "canceled"
	SMSFailureCodeCarrierRejected     SMSFailureCode = "carrier_rejected"
	SMSFailureCodeCarrierTimeout      SMSFailureCode = "carrier_timeout"
	SMSFailureCodeExpired             SMSFailureCode = "expired"
	SMSFailureCodeInvalidDestination  SMSFailureCode = "invalid_destination"
	SMSFailureCodeSpamFiltered        SMSFailureCode = "spam_filtered"
	SMSFailureCodeUnknown             SMSFailureCode = "unknown"
	SMSFailureCodeUnreachable         SMSFailureCode = "unreachable"
)

// SMSStatus is a string on the wire; values that are not listed here are kept as they come.
type SMSStatus string

const (
	SMSStatusDelivered   SMSStatus = "delivered"
	SMSStatusFailed      SMSStatus = "failed"
	SMSStatusQueued      SMSStatus = "queued"
	SMSStatusSent        SMSStatus = "sent"
	SMSStatusUndelivered SMSStatus = "undelivered"
)

// StepType is a string on the wire; values that are not listed here are kept as they come.
type StepType string

const (
	StepTypeEvent          StepType = "event"
	StepTypeIdempotency    StepType = "idempotency"
	StepTypeLedger         StepType = "ledger"
	StepTypeReceipt        StepType = "receipt"
	StepTypeRequest        StepType = "request"
	StepTypeSubmission     StepType = "submission"
	StepTypeWebhookAttempt StepType = "webhook_attempt"
)

// UsagePeriod is a string on the wire; values that are not listed here are kept as they come.
type UsagePeriod string

const (
	UsagePeriodCurrent UsagePeriod = "current"
	UsagePeriodLast30d UsagePeriod = "last_30d"
	UsagePeriodLast90d UsagePeriod = "last_90d"
)

// What Error.Type can be.
const (
	TypeInvalidRequestError = "invalid_request_error"
	TypeAuthenticationError = "authentication_error"
	TypeAuthorizationError  = "authorization_error"
	TypeRateLimitError      = "rate_limit_error"
	TypeAPIError            = "api_error"
	TypeResourceError       = "resource_error"
	TypeUpstreamError       = "upstream_error"
)

// What Error.Code can be.
const (
	CodeHTTPsRequired          = "https_required"
	CodeParameterMissing       = "parameter_missing"
	CodeParameterInvalid       = "parameter_invalid"
	CodeParameterUnknown       = "parameter_unknown"
	CodePhoneNumberInvalid     = "phone_number_invalid"
	CodeBodyInvalid            = "body_invalid"
	CodeBodyTooLong            = "body_too_long"
	CodeCursorInvalid          = "cursor_invalid"
	CodeVersionInvalid         = "version_invalid"
	CodeVersionSunset          = "version_sunset"
	CodeIdempotencyKeyInvalid  = "idempotency_key_invalid"
	CodeURLInvalid             = "url_invalid"
	CodeAPIKeyMissing          = "api_key_missing"
	CodeAPIKeyInvalid          = "api_key_invalid"
	CodeSecretKeyRequired      = "secret_key_required"
	CodeBalanceInsufficient    = "balance_insufficient"
	CodeSpendCapReached        = "spend_cap_reached"
	CodeScopeInsufficient      = "scope_insufficient"
	CodeResourceMissing        = "resource_missing"
	CodeRouteNotFound          = "route_not_found"
	CodeMethodNotAllowed       = "method_not_allowed"
	CodeIdempotencyKeyMismatch = "idempotency_key_mismatch"
	CodeIdempotencyKeyInUse    = "idempotency_key_in_use"
	CodeBodyTooLarge           = "body_too_large"
	CodeContentTypeUnsupported = "content_type_unsupported"
	CodeCountryUnsupported     = "country_unsupported"
	CodeDestinationUnsupported = "destination_unsupported"
	CodeDestinationForbidden   = "destination_forbidden"
	CodeDestinationVelocity    = "destination_velocity"
	CodeSendAtInvalid          = "send_at_invalid"
	CodeTooManySegments        = "too_many_segments"
	CodeMmsUnsupported         = "mms_unsupported"
	CodeURLForbidden           = "url_forbidden"
	CodeEndpointLimitReached   = "endpoint_limit_reached"
	CodeNumberPaused           = "number_paused"
	CodeNumberReleased         = "number_released"
	CodeNumberUnavailable      = "number_unavailable"
	CodeReservationExpired     = "reservation_expired"
	CodeRenewalLimitReached    = "renewal_limit_reached"
	CodeUseDelete              = "use_delete"
	CodeNotCancelable          = "not_cancelable"
	CodeRecipientOptedOut      = "recipient_opted_out"
	CodeEndpointDisabled       = "endpoint_disabled"
	CodeTestModeOnly           = "test_mode_only"
	CodeRateLimitExceeded      = "rate_limit_exceeded"
	CodeInternalError          = "internal_error"
	CodeServiceUnavailable     = "service_unavailable"
)

// eventObjects makes what an event is about, by the object's own field "object".
var eventObjects = map[string]func() any{
	"account":          func() any { return new(Account) },
	"number":           func() any { return new(Number) },
	"sms":              func() any { return new(SMS) },
	"webhook_endpoint": func() any { return new(Endpoint) },
}
