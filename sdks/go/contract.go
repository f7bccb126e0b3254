// Made by sdks/generator from the API's contract. DO NOT EDIT.

package nokyc

// APIVersion is the version of the API that this library was made from; every request names it.
const APIVersion = "2026-04-01"

const defaultBaseURL = "https://api.nokycnumber.com"

// AIConfigAddon is a string on the wire; values that are not listed here are kept as they come.
type AIConfigAddon string

const (
	AIConfigAddonAIPickup  AIConfigAddon = "ai-pickup"
	AIConfigAddonAIScreen  AIConfigAddon = "ai-screen"
	AIConfigAddonAISummary AIConfigAddon = "ai-summary"
	AIConfigAddonAITrans   AIConfigAddon = "ai-trans"
)

// CallAIAddon is a string on the wire; values that are not listed here are kept as they come.
type CallAIAddon string

const (
	CallAIAddonAIPickup  CallAIAddon = "ai-pickup"
	CallAIAddonAIScreen  CallAIAddon = "ai-screen"
	CallAIAddonAISummary CallAIAddon = "ai-summary"
	CallAIAddonAITrans   CallAIAddon = "ai-trans"
)

// CallAnsweredBy is a string on the wire; values that are not listed here are kept as they come.
type CallAnsweredBy string

const (
	CallAnsweredByAgent     CallAnsweredBy = "agent"
	CallAnsweredByDevice    CallAnsweredBy = "device"
	CallAnsweredByMachine   CallAnsweredBy = "machine"
	CallAnsweredByParty     CallAnsweredBy = "party"
	CallAnsweredByVoicemail CallAnsweredBy = "voicemail"
)

// CallDirection is a string on the wire; values that are not listed here are kept as they come.
type CallDirection string

const (
	CallDirectionInbound  CallDirection = "inbound"
	CallDirectionOutbound CallDirection = "outbound"
)

// CallEndReason is a string on the wire; values that are not listed here are kept as they come.
type CallEndReason string

const (
	CallEndReasonAgentCost        CallEndReason = "agent_cost"
	CallEndReasonAgentDone        CallEndReason = "agent_done"
	CallEndReasonAgentHoldMusic   CallEndReason = "agent_hold_music"
	CallEndReasonAgentLoop        CallEndReason = "agent_loop"
	CallEndReasonAgentMachine     CallEndReason = "agent_machine"
	CallEndReasonAgentMaxSec      CallEndReason = "agent_max_sec"
	CallEndReasonAgentMaxTurns    CallEndReason = "agent_max_turns"
	CallEndReasonAgentSilence     CallEndReason = "agent_silence"
	CallEndReasonAgentUnavailable CallEndReason = "agent_unavailable"
	CallEndReasonAPIHangup        CallEndReason = "api_hangup"
	CallEndReasonBalanceUsedUp    CallEndReason = "balance_used_up"
	CallEndReasonBusy             CallEndReason = "busy"
	CallEndReasonCalleeHangup     CallEndReason = "callee_hangup"
	CallEndReasonCallerHangup     CallEndReason = "caller_hangup"
	CallEndReasonCanceled         CallEndReason = "canceled"
	CallEndReasonCarrierRefused   CallEndReason = "carrier_refused"
	CallEndReasonCarrierTimeout   CallEndReason = "carrier_timeout"
	CallEndReasonDeclined         CallEndReason = "declined"
	CallEndReasonForbidden        CallEndReason = "forbidden"
	CallEndReasonInternalError    CallEndReason = "internal_error"
	CallEndReasonMaxDuration      CallEndReason = "max_duration"
	CallEndReasonMediaTimeout     CallEndReason = "media_timeout"
	CallEndReasonNoAnswer         CallEndReason = "no_answer"
	CallEndReasonNoMedia          CallEndReason = "no_media"
	CallEndReasonNumberPaused     CallEndReason = "number_paused"
	CallEndReasonScreened         CallEndReason = "screened"
	CallEndReasonScriptDone       CallEndReason = "script_done"
	CallEndReasonSessionExpired   CallEndReason = "session_expired"
	CallEndReasonShutdown         CallEndReason = "shutdown"
	CallEndReasonUnallocated      CallEndReason = "unallocated"
	CallEndReasonUnknownNumber    CallEndReason = "unknown_number"
	CallEndReasonUnreachable      CallEndReason = "unreachable"
	CallEndReasonVoicemailDone    CallEndReason = "voicemail_done"
	CallEndReasonWorkerLost       CallEndReason = "worker_lost"
)

// CallStatus is a string on the wire; values that are not listed here are kept as they come.
type CallStatus string

const (
	CallStatusBusy       CallStatus = "busy"
	CallStatusCompleted  CallStatus = "completed"
	CallStatusFailed     CallStatus = "failed"
	CallStatusInProgress CallStatus = "in_progress"
	CallStatusNoAnswer   CallStatus = "no_answer"
	CallStatusQueued     CallStatus = "queued"
	CallStatusRinging    CallStatus = "ringing"
)

// ConnectType is a string on the wire; values that are not listed here are kept as they come.
type ConnectType string

const (
	ConnectTypeAgent        ConnectType = "agent"
	ConnectTypeAnnouncement ConnectType = "announcement"
	ConnectTypeNumber       ConnectType = "number"
	ConnectTypeSay          ConnectType = "say"
	ConnectTypeSoftphone    ConnectType = "softphone"
	ConnectTypeStream       ConnectType = "stream"
)

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

// GreetingType is a string on the wire; values that are not listed here are kept as they come.
type GreetingType string

const (
	GreetingTypeAudio   GreetingType = "audio"
	GreetingTypeDefault GreetingType = "default"
	GreetingTypeText    GreetingType = "text"
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

// RegisteredDeviceTransport is a string on the wire; values that are not listed here are kept as they come.
type RegisteredDeviceTransport string

const (
	RegisteredDeviceTransportTcp RegisteredDeviceTransport = "tcp"
	RegisteredDeviceTransportTls RegisteredDeviceTransport = "tls"
	RegisteredDeviceTransportUdp RegisteredDeviceTransport = "udp"
	RegisteredDeviceTransportWs  RegisteredDeviceTransport = "ws"
)

// SipCredentialsTransport is a string on the wire; values that are not listed here are kept as they come.
type SipCredentialsTransport string

const (
	SipCredentialsTransportTcp SipCredentialsTransport = "tcp"
	SipCredentialsTransportTls SipCredentialsTransport = "tls"
	SipCredentialsTransportUdp SipCredentialsTransport = "udp"
	SipCredentialsTransportWs  SipCredentialsTransport = "ws"
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
	StepTypeCaption        StepType = "caption"
	StepTypeEvent          StepType = "event"
	StepTypeIdempotency    StepType = "idempotency"
	StepTypeLedger         StepType = "ledger"
	StepTypeQuality        StepType = "quality"
	StepTypeReceipt        StepType = "receipt"
	StepTypeRequest        StepType = "request"
	StepTypeSip            StepType = "sip"
	StepTypeState          StepType = "state"
	StepTypeSubmission     StepType = "submission"
	StepTypeWebhookAttempt StepType = "webhook_attempt"
)

// ToAgentType is a string on the wire; values that are not listed here are kept as they come.
type ToAgentType string

const (
	ToAgentTypeAgent ToAgentType = "agent"
)

// ToNumberType is a string on the wire; values that are not listed here are kept as they come.
type ToNumberType string

const (
	ToNumberTypeNumber ToNumberType = "number"
)

// ToSoftphoneType is a string on the wire; values that are not listed here are kept as they come.
type ToSoftphoneType string

const (
	ToSoftphoneTypeSoftphone ToSoftphoneType = "softphone"
)

// ToSpeechType is a string on the wire; values that are not listed here are kept as they come.
type ToSpeechType string

const (
	ToSpeechTypeSay ToSpeechType = "say"
)

// ToStreamType is a string on the wire; values that are not listed here are kept as they come.
type ToStreamType string

const (
	ToStreamTypeStream ToStreamType = "stream"
)

// TranscriptSentiment is a string on the wire; values that are not listed here are kept as they come.
type TranscriptSentiment string

const (
	TranscriptSentimentNegative TranscriptSentiment = "negative"
	TranscriptSentimentNeutral  TranscriptSentiment = "neutral"
	TranscriptSentimentPositive TranscriptSentiment = "positive"
)

// UsagePeriod is a string on the wire; values that are not listed here are kept as they come.
type UsagePeriod string

const (
	UsagePeriodCurrent UsagePeriod = "current"
	UsagePeriodLast30d UsagePeriod = "last_30d"
	UsagePeriodLast90d UsagePeriod = "last_90d"
)

// VoicemailAIAddon is a string on the wire; values that are not listed here are kept as they come.
type VoicemailAIAddon string

const (
	VoicemailAIAddonAIPickup  VoicemailAIAddon = "ai-pickup"
	VoicemailAIAddonAIScreen  VoicemailAIAddon = "ai-screen"
	VoicemailAIAddonAISummary VoicemailAIAddon = "ai-summary"
	VoicemailAIAddonAITrans   VoicemailAIAddon = "ai-trans"
)

// VoicemailAIEndedBy is a string on the wire; values that are not listed here are kept as they come.
type VoicemailAIEndedBy string

const (
	VoicemailAIEndedByCallerHangup VoicemailAIEndedBy = "caller_hangup"
	VoicemailAIEndedByCost         VoicemailAIEndedBy = "cost"
	VoicemailAIEndedByDigit        VoicemailAIEndedBy = "digit"
	VoicemailAIEndedByDone         VoicemailAIEndedBy = "done"
	VoicemailAIEndedByHoldMusic    VoicemailAIEndedBy = "hold_music"
	VoicemailAIEndedByLoop         VoicemailAIEndedBy = "loop"
	VoicemailAIEndedByMachine      VoicemailAIEndedBy = "machine"
	VoicemailAIEndedByMaxSec       VoicemailAIEndedBy = "max_sec"
	VoicemailAIEndedByMaxTurns     VoicemailAIEndedBy = "max_turns"
	VoicemailAIEndedBySilence      VoicemailAIEndedBy = "silence"
	VoicemailAIEndedByUnavailable  VoicemailAIEndedBy = "unavailable"
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
	CodeVoiceInvalid           = "voice_invalid"
	CodeAudioInvalid           = "audio_invalid"
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
	CodeCalleridNotOwned       = "callerid_not_owned"
	CodeAddonRequired          = "addon_required"
	CodeTranslationUnsupported = "translation_unsupported"
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
	"call":             func() any { return new(Call) },
	"number":           func() any { return new(Number) },
	"sms":              func() any { return new(SMS) },
	"voicemail":        func() any { return new(Voicemail) },
	"webhook_endpoint": func() any { return new(Endpoint) },
}
