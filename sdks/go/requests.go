// Made by sdks/generator from the API's contract. DO NOT EDIT.

package nokyc

import "time"

// NumberAvailableParams is what GET /v1/numbers/available takes.
type NumberAvailableParams struct {
	Country     string      `json:"country"` // required
	Type        *NumberType `json:"type"`
	Tier        *NumberTier `json:"tier"`
	TierPattern *string     `json:"tier_pattern"`
	Contains    *string     `json:"contains"`
	// How many objects to return.
	Limit *int `json:"limit"`
	// The last id of the previous page.
	StartingAfter *string `json:"starting_after"`
}

// NumberCreateParams is what POST /v1/numbers takes.
type NumberCreateParams struct {
	AvailableID   string              `json:"available_id"`   // required
	BillingPeriod NumberBillingPeriod `json:"billing_period"` // required
	Addons        []NumberAddon       `json:"addons"`
	WebhookURL    *string             `json:"webhook_url"`
	AutoRenew     *bool               `json:"auto_renew"`
	Metadata      map[string]any      `json:"metadata"`
}

// MarshalJSON leaves out what is nil.
func (p NumberCreateParams) MarshalJSON() ([]byte, error) {
	return marshalParams(p, nil)
}

// NumberListParams is what GET /v1/numbers takes.
type NumberListParams struct {
	Country *string       `json:"country"`
	Type    *NumberType   `json:"type"`
	Status  *NumberStatus `json:"status"`
	// How many objects to return.
	Limit *int `json:"limit"`
	// The last id of the previous page.
	StartingAfter *string `json:"starting_after"`
}

// NumberUpdateParams is what PATCH /v1/numbers/{id} takes.
type NumberUpdateParams struct {
	AutoRenew  *bool          `json:"auto_renew"`
	WebhookURL *string        `json:"webhook_url"`
	Addons     []NumberAddon  `json:"addons"`
	OnOff      map[string]any `json:"on_off"`
	Status     *NumberStatus  `json:"status"`
	Metadata   map[string]any `json:"metadata"`
	// Null names what is to be cleared: webhook_url, on_off, metadata.
	Null []string `json:"-"`
}

// MarshalJSON leaves out what is nil, and sends null for what Null names.
func (p NumberUpdateParams) MarshalJSON() ([]byte, error) {
	return marshalParams(p, p.Null)
}

// NumberRenewParams is what POST /v1/numbers/{id}/renew takes.
type NumberRenewParams struct {
	BillingPeriod *NumberBillingPeriod `json:"billing_period"`
}

// MarshalJSON leaves out what is nil.
func (p NumberRenewParams) MarshalJSON() ([]byte, error) {
	return marshalParams(p, nil)
}

// CallCreateParams is what POST /v1/calls takes.
type CallCreateParams struct {
	From             string `json:"from"` // required
	To               string `json:"to"`   // required
	RecordingEnabled *bool  `json:"recording_enabled"`
	// "hide", "rotate", or a number of yours in E.164.
	CalleridMask *string        `json:"callerid_mask"`
	Metadata     map[string]any `json:"metadata"`
	// One of ToSoftphone or ToAgent or ToSpeech or ToNumber or ToStream.
	Connect any `json:"connect"`
}

// MarshalJSON leaves out what is nil.
func (p CallCreateParams) MarshalJSON() ([]byte, error) {
	return marshalParams(p, nil)
}

// CallListParams is what GET /v1/calls takes.
type CallListParams struct {
	Number    *string        `json:"number"`
	Direction *CallDirection `json:"direction"`
	Status    *CallStatus    `json:"status"`
	// RFC 3339 with a zone.
	CreatedAfter *time.Time `json:"created_after"`
	// RFC 3339 with a zone.
	CreatedBefore *time.Time `json:"created_before"`
	// How many objects to return.
	Limit *int `json:"limit"`
	// The last id of the previous page.
	StartingAfter *string `json:"starting_after"`
}

// TestCallCreateParams is what POST /v1/test/calls takes.
type TestCallCreateParams struct {
	From string `json:"from"` // required
	To   string `json:"to"`   // required
	// What the caller says.
	Say      *string `json:"say"`
	Language *string `json:"language"`
	// Whether the caller leaves a message where there is a voicemail; if not, nobody speaks.
	Voicemail *bool `json:"voicemail"`
}

// MarshalJSON leaves out what is nil.
func (p TestCallCreateParams) MarshalJSON() ([]byte, error) {
	return marshalParams(p, nil)
}

// TestSMSCreateParams is what POST /v1/test/sms takes.
type TestSMSCreateParams struct {
	From      string   `json:"from"` // required
	To        string   `json:"to"`   // required
	Body      string   `json:"body"` // required
	MediaURLs []string `json:"media_urls"`
}

// MarshalJSON leaves out what is nil.
func (p TestSMSCreateParams) MarshalJSON() ([]byte, error) {
	return marshalParams(p, nil)
}

// TestClockAdvanceParams is what POST /v1/test/clock/advance takes.
type TestClockAdvanceParams struct {
	Seconds int `json:"seconds"` // required
}

// MarshalJSON leaves out what is nil.
func (p TestClockAdvanceParams) MarshalJSON() ([]byte, error) {
	return marshalParams(p, nil)
}

// SMSCreateParams is what POST /v1/sms takes.
type SMSCreateParams struct {
	From string `json:"from"` // required
	To   string `json:"to"`   // required
	Body string `json:"body"` // required
	// RFC 3339 with a zone.
	SendAt    *time.Time     `json:"send_at"`
	MediaURLs []string       `json:"media_urls"`
	Metadata  map[string]any `json:"metadata"`
}

// MarshalJSON leaves out what is nil.
func (p SMSCreateParams) MarshalJSON() ([]byte, error) {
	return marshalParams(p, nil)
}

// SMSListParams is what GET /v1/sms takes.
type SMSListParams struct {
	Number    *string       `json:"number"`
	Direction *SMSDirection `json:"direction"`
	Status    *SMSStatus    `json:"status"`
	// RFC 3339 with a zone.
	CreatedAfter *time.Time `json:"created_after"`
	// RFC 3339 with a zone.
	CreatedBefore *time.Time `json:"created_before"`
	// How many objects to return.
	Limit *int `json:"limit"`
	// The last id of the previous page.
	StartingAfter *string `json:"starting_after"`
}

// SMSPreviewParams is what POST /v1/sms/preview takes.
type SMSPreviewParams struct {
	To   string  `json:"to"`   // required
	Body string  `json:"body"` // required
	From *string `json:"from"`
}

// MarshalJSON leaves out what is nil.
func (p SMSPreviewParams) MarshalJSON() ([]byte, error) {
	return marshalParams(p, nil)
}

// VoicemailListParams is what GET /v1/voicemails takes.
type VoicemailListParams struct {
	Number *string `json:"number"`
	// RFC 3339 with a zone.
	CreatedAfter *time.Time `json:"created_after"`
	// RFC 3339 with a zone.
	CreatedBefore *time.Time `json:"created_before"`
	// How many objects to return.
	Limit *int `json:"limit"`
	// The last id of the previous page.
	StartingAfter *string `json:"starting_after"`
}

// VoicemailGreetingSetParams is what POST /v1/numbers/{id}/voicemail_greeting takes.
type VoicemailGreetingSetParams struct {
	Text  *string `json:"text"`
	Voice *string `json:"voice"`
	// A WAV or MP3 file of up to 700 KB and 60 seconds.
	AudioBase64 *string `json:"audio_base64"`
}

// MarshalJSON leaves out what is nil.
func (p VoicemailGreetingSetParams) MarshalJSON() ([]byte, error) {
	return marshalParams(p, nil)
}

// AIUpdateParams is what PATCH /v1/numbers/{id}/ai takes.
type AIUpdateParams struct {
	AutoPickup       *AutoPickupUpdate       `json:"auto_pickup"`
	Screening        *ScreeningUpdate        `json:"screening"`
	Translator       *TranslatorUpdate       `json:"translator"`
	VoicemailSummary *VoicemailSummaryUpdate `json:"voicemail_summary"`
	// Null names what is to be cleared: auto_pickup, screening, translator, voicemail_summary.
	Null []string `json:"-"`
}

// MarshalJSON leaves out what is nil, and sends null for what Null names.
func (p AIUpdateParams) MarshalJSON() ([]byte, error) {
	return marshalParams(p, p.Null)
}

// AccountUpdateParams is what PATCH /v1/account takes.
type AccountUpdateParams struct {
	BalanceLowThresholdUSD *Decimal `json:"balance_low_threshold_usd"`
	DefaultCountry         *string  `json:"default_country"`
	// What a day (UTC) may cost; renewals that the account agreed to are paid all the same.
	DailySpendCapUSD *Decimal `json:"daily_spend_cap_usd"`
	// Where messages and calls may go; null is anywhere.
	AllowedCountries []string `json:"allowed_countries"`
	// Messages in an hour to destinations that share their first six digits.
	DestinationVelocityPerHour *int `json:"destination_velocity_per_hour"`
	// Whether stop words count on all numbers, not only where carriers demand it.
	OptOutEverywhere *bool `json:"opt_out_everywhere"`
	MaxSegments      *int  `json:"max_segments"`
	// Null names what is to be cleared: balance_low_threshold_usd, default_country, daily_spend_cap_usd, allowed_countries, destination_velocity_per_hour.
	Null []string `json:"-"`
}

// MarshalJSON leaves out what is nil, and sends null for what Null names.
func (p AccountUpdateParams) MarshalJSON() ([]byte, error) {
	return marshalParams(p, p.Null)
}

// AccountUsageParams is what GET /v1/account/usage takes.
type AccountUsageParams struct {
	Period *UsagePeriod `json:"period"`
}

// WebhookEndpointCreateParams is what POST /v1/webhook_endpoints takes.
type WebhookEndpointCreateParams struct {
	URL           string   `json:"url"`            // required
	EnabledEvents []string `json:"enabled_events"` // required
	Description   *string  `json:"description"`
	// Only this number's events.
	NumberID *string `json:"number_id"`
}

// MarshalJSON leaves out what is nil.
func (p WebhookEndpointCreateParams) MarshalJSON() ([]byte, error) {
	return marshalParams(p, nil)
}

// WebhookEndpointListParams is what GET /v1/webhook_endpoints takes.
type WebhookEndpointListParams struct {
	// How many objects to return.
	Limit *int `json:"limit"`
	// The last id of the previous page.
	StartingAfter *string `json:"starting_after"`
}

// WebhookEndpointUpdateParams is what PATCH /v1/webhook_endpoints/{id} takes.
type WebhookEndpointUpdateParams struct {
	URL           *string         `json:"url"`
	EnabledEvents []string        `json:"enabled_events"`
	Description   *string         `json:"description"`
	Status        *EndpointStatus `json:"status"`
	// Null names what is to be cleared: description.
	Null []string `json:"-"`
}

// MarshalJSON leaves out what is nil, and sends null for what Null names.
func (p WebhookEndpointUpdateParams) MarshalJSON() ([]byte, error) {
	return marshalParams(p, p.Null)
}

// WebhookEndpointRotateSecretParams is what POST /v1/webhook_endpoints/{id}/rotate_secret takes.
type WebhookEndpointRotateSecretParams struct {
	// Seconds for which the old secret signs too.
	ExpiresIn *int `json:"expires_in"`
}

// MarshalJSON leaves out what is nil.
func (p WebhookEndpointRotateSecretParams) MarshalJSON() ([]byte, error) {
	return marshalParams(p, nil)
}

// WebhookEndpointDeliveriesParams is what GET /v1/webhook_endpoints/{id}/deliveries takes.
type WebhookEndpointDeliveriesParams struct {
	// How many objects to return.
	Limit *int `json:"limit"`
	// The last id of the previous page.
	StartingAfter *string `json:"starting_after"`
}

// EventListParams is what GET /v1/events takes.
type EventListParams struct {
	// One type, or a family such as `sms.*`.
	Type *string `json:"type"`
	// RFC 3339 with a zone.
	CreatedAfter *time.Time `json:"created_after"`
	// RFC 3339 with a zone.
	CreatedBefore   *time.Time `json:"created_before"`
	DeliverySuccess *bool      `json:"delivery_success"`
	// How many objects to return.
	Limit *int `json:"limit"`
	// The last id of the previous page.
	StartingAfter *string `json:"starting_after"`
}

// EventResendParams is what POST /v1/events/{id}/resend takes.
type EventResendParams struct {
	Endpoint *string `json:"endpoint"`
}

// MarshalJSON leaves out what is nil.
func (p EventResendParams) MarshalJSON() ([]byte, error) {
	return marshalParams(p, nil)
}

// AutoPickupUpdate: Changes of `auto_pickup`; null brings a default back.
type AutoPickupUpdate struct {
	Enabled    *bool   `json:"enabled"`
	AfterRings *int    `json:"after_rings"`
	Script     *string `json:"script"`
	Language   *string `json:"language"`
	// Or a `voice_…` of your own.
	Voice *string `json:"voice"`
	// Null names what is to be cleared: enabled, after_rings, script, language, voice.
	Null []string `json:"-"`
}

// MarshalJSON leaves out what is nil, and sends null for what Null names.
func (p AutoPickupUpdate) MarshalJSON() ([]byte, error) {
	return marshalParams(p, p.Null)
}

// ScreeningUpdate: Changes of `screening`; a list is replaced as a whole.
type ScreeningUpdate struct {
	Enabled *bool `json:"enabled"`
	// In E.164.
	Allow []string `json:"allow"`
	// In E.164.
	Deny []string `json:"deny"`
	// Null names what is to be cleared: enabled, allow, deny.
	Null []string `json:"-"`
}

// MarshalJSON leaves out what is nil, and sends null for what Null names.
func (p ScreeningUpdate) MarshalJSON() ([]byte, error) {
	return marshalParams(p, p.Null)
}

// TranslatorUpdate: Changes of `translator`.
type TranslatorUpdate struct {
	Enabled *bool `json:"enabled"`
	// ISO 639-1.
	TargetLanguage *string `json:"target_language"`
	// Null names what is to be cleared: enabled, target_language.
	Null []string `json:"-"`
}

// MarshalJSON leaves out what is nil, and sends null for what Null names.
func (p TranslatorUpdate) MarshalJSON() ([]byte, error) {
	return marshalParams(p, p.Null)
}

// VoicemailSummaryUpdate: Changes of `voicemail_summary`.
type VoicemailSummaryUpdate struct {
	Enabled          *bool `json:"enabled"`
	IncludeSentiment *bool `json:"include_sentiment"`
	// Null names what is to be cleared: enabled, include_sentiment.
	Null []string `json:"-"`
}

// MarshalJSON leaves out what is nil, and sends null for what Null names.
func (p VoicemailSummaryUpdate) MarshalJSON() ([]byte, error) {
	return marshalParams(p, p.Null)
}

// ToAgent: Join the callee with the number's AI agent (add-on `ai-pickup`).
type ToAgent struct {
	Type ToAgentType `json:"type"` // required
}

// MarshalJSON leaves out what is nil.
func (p ToAgent) MarshalJSON() ([]byte, error) {
	return marshalParams(p, nil)
}

// ToNumber: Call a second party, and join the two.
type ToNumber struct {
	Type ToNumberType `json:"type"` // required
	To   string       `json:"to"`   // required
}

// MarshalJSON leaves out what is nil.
func (p ToNumber) MarshalJSON() ([]byte, error) {
	return marshalParams(p, nil)
}

// ToSoftphone: Join the callee with the number's browser or SIP device.
type ToSoftphone struct {
	Type ToSoftphoneType `json:"type"` // required
}

// MarshalJSON leaves out what is nil.
func (p ToSoftphone) MarshalJSON() ([]byte, error) {
	return marshalParams(p, nil)
}

// ToSpeech: Say something, then hang up.
type ToSpeech struct {
	Type  ToSpeechType `json:"type"` // required
	Text  string       `json:"text"` // required
	Voice *string      `json:"voice"`
}

// MarshalJSON leaves out what is nil.
func (p ToSpeech) MarshalJSON() ([]byte, error) {
	return marshalParams(p, nil)
}

// ToStream: Both ways of audio over a WebSocket to a program of yours.
type ToStream struct {
	Type       ToStreamType   `json:"type"` // required
	URL        string         `json:"url"`  // required
	Parameters map[string]any `json:"parameters"`
}

// MarshalJSON leaves out what is nil.
func (p ToStream) MarshalJSON() ([]byte, error) {
	return marshalParams(p, nil)
}
