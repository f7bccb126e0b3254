// Made by sdks/generator from the API's contract. DO NOT EDIT.

package nokyc

import (
	"encoding/json"
	"fmt"
	"net/url"
	"time"
)

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

func (p *NumberAvailableParams) query() url.Values {
	query := url.Values{}
	if p == nil {
		return query
	}
	query.Set("country", p.Country)
	if p.Type != nil {
		query.Set("type", fmt.Sprint(*p.Type))
	}
	if p.Tier != nil {
		query.Set("tier", fmt.Sprint(*p.Tier))
	}
	if p.TierPattern != nil {
		query.Set("tier_pattern", *p.TierPattern)
	}
	if p.Contains != nil {
		query.Set("contains", *p.Contains)
	}
	if p.Limit != nil {
		query.Set("limit", fmt.Sprint(*p.Limit))
	}
	if p.StartingAfter != nil {
		query.Set("starting_after", *p.StartingAfter)
	}
	return query
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
func (p NumberCreateParams) MarshalJSON() ([]byte, error) { return json.Marshal(p.fields()) }

func (p *NumberCreateParams) fields() map[string]any {
	fields := map[string]any{}
	if p == nil {
		return fields
	}
	fields["available_id"] = p.AvailableID
	fields["billing_period"] = p.BillingPeriod
	if p.Addons != nil {
		fields["addons"] = p.Addons
	}
	if p.WebhookURL != nil {
		fields["webhook_url"] = p.WebhookURL
	}
	if p.AutoRenew != nil {
		fields["auto_renew"] = p.AutoRenew
	}
	if p.Metadata != nil {
		fields["metadata"] = p.Metadata
	}
	return fields
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

func (p *NumberListParams) query() url.Values {
	query := url.Values{}
	if p == nil {
		return query
	}
	if p.Country != nil {
		query.Set("country", *p.Country)
	}
	if p.Type != nil {
		query.Set("type", fmt.Sprint(*p.Type))
	}
	if p.Status != nil {
		query.Set("status", fmt.Sprint(*p.Status))
	}
	if p.Limit != nil {
		query.Set("limit", fmt.Sprint(*p.Limit))
	}
	if p.StartingAfter != nil {
		query.Set("starting_after", *p.StartingAfter)
	}
	return query
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
func (p NumberUpdateParams) MarshalJSON() ([]byte, error) { return json.Marshal(p.fields()) }

func (p *NumberUpdateParams) fields() map[string]any {
	fields := map[string]any{}
	if p == nil {
		return fields
	}
	if p.AutoRenew != nil {
		fields["auto_renew"] = p.AutoRenew
	}
	if p.WebhookURL != nil {
		fields["webhook_url"] = p.WebhookURL
	}
	if p.Addons != nil {
		fields["addons"] = p.Addons
	}
	if p.OnOff != nil {
		fields["on_off"] = p.OnOff
	}
	if p.Status != nil {
		fields["status"] = p.Status
	}
	if p.Metadata != nil {
		fields["metadata"] = p.Metadata
	}
	for _, name := range p.Null {
		fields[name] = nil
	}
	return fields
}

// NumberRenewParams is what POST /v1/numbers/{id}/renew takes.
type NumberRenewParams struct {
	BillingPeriod *NumberBillingPeriod `json:"billing_period"`
}

// MarshalJSON leaves out what is nil.
func (p NumberRenewParams) MarshalJSON() ([]byte, error) { return json.Marshal(p.fields()) }

func (p *NumberRenewParams) fields() map[string]any {
	fields := map[string]any{}
	if p == nil {
		return fields
	}
	if p.BillingPeriod != nil {
		fields["billing_period"] = p.BillingPeriod
	}
	return fields
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
func (p CallCreateParams) MarshalJSON() ([]byte, error) { return json.Marshal(p.fields()) }

func (p *CallCreateParams) fields() map[string]any {
	fields := map[string]any{}
	if p == nil {
		return fields
	}
	fields["from"] = p.From
	fields["to"] = p.To
	if p.RecordingEnabled != nil {
		fields["recording_enabled"] = p.RecordingEnabled
	}
	if p.CalleridMask != nil {
		fields["callerid_mask"] = p.CalleridMask
	}
	if p.Metadata != nil {
		fields["metadata"] = p.Metadata
	}
	if p.Connect != nil {
		fields["connect"] = p.Connect
	}
	return fields
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

func (p *CallListParams) query() url.Values {
	query := url.Values{}
	if p == nil {
		return query
	}
	if p.Number != nil {
		query.Set("number", *p.Number)
	}
	if p.Direction != nil {
		query.Set("direction", fmt.Sprint(*p.Direction))
	}
	if p.Status != nil {
		query.Set("status", fmt.Sprint(*p.Status))
	}
	if p.CreatedAfter != nil {
		query.Set("created_after", p.CreatedAfter.UTC().Format(time.RFC3339Nano))
	}
	if p.CreatedBefore != nil {
		query.Set("created_before", p.CreatedBefore.UTC().Format(time.RFC3339Nano))
	}
	if p.Limit != nil {
		query.Set("limit", fmt.Sprint(*p.Limit))
	}
	if p.StartingAfter != nil {
		query.Set("starting_after", *p.StartingAfter)
	}
	return query
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
func (p TestCallCreateParams) MarshalJSON() ([]byte, error) { return json.Marshal(p.fields()) }

func (p *TestCallCreateParams) fields() map[string]any {
	fields := map[string]any{}
	if p == nil {
		return fields
	}
	fields["from"] = p.From
	fields["to"] = p.To
	if p.Say != nil {
		fields["say"] = p.Say
	}
	if p.Language != nil {
		fields["language"] = p.Language
	}
	if p.Voicemail != nil {
		fields["voicemail"] = p.Voicemail
	}
	return fields
}

// TestSMSCreateParams is what POST /v1/test/sms takes.
type TestSMSCreateParams struct {
	From      string   `json:"from"` // required
	To        string   `json:"to"`   // required
	Body      string   `json:"body"` // required
	MediaURLs []string `json:"media_urls"`
}

// MarshalJSON leaves out what is nil.
func (p TestSMSCreateParams) MarshalJSON() ([]byte, error) { return json.Marshal(p.fields()) }

func (p *TestSMSCreateParams) fields() map[string]any {
	fields := map[string]any{}
	if p == nil {
		return fields
	}
	fields["from"] = p.From
	fields["to"] = p.To
	fields["body"] = p.Body
	if p.MediaURLs != nil {
		fields["media_urls"] = p.MediaURLs
	}
	return fields
}

// TestClockAdvanceParams is what POST /v1/test/clock/advance takes.
type TestClockAdvanceParams struct {
	Seconds int `json:"seconds"` // required
}

// MarshalJSON leaves out what is nil.
func (p TestClockAdvanceParams) MarshalJSON() ([]byte, error) { return json.Marshal(p.fields()) }

func (p *TestClockAdvanceParams) fields() map[string]any {
	fields := map[string]any{}
	if p == nil {
		return fields
	}
	fields["seconds"] = p.Seconds
	return fields
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
func (p SMSCreateParams) MarshalJSON() ([]byte, error) { return json.Marshal(p.fields()) }

func (p *SMSCreateParams) fields() map[string]any {
	fields := map[string]any{}
	if p == nil {
		return fields
	}
	fields["from"] = p.From
	fields["to"] = p.To
	fields["body"] = p.Body
	if p.SendAt != nil {
		fields["send_at"] = p.SendAt
	}
	if p.MediaURLs != nil {
		fields["media_urls"] = p.MediaURLs
	}
	if p.Metadata != nil {
		fields["metadata"] = p.Metadata
	}
	return fields
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

func (p *SMSListParams) query() url.Values {
	query := url.Values{}
	if p == nil {
		return query
	}
	if p.Number != nil {
		query.Set("number", *p.Number)
	}
	if p.Direction != nil {
		query.Set("direction", fmt.Sprint(*p.Direction))
	}
	if p.Status != nil {
		query.Set("status", fmt.Sprint(*p.Status))
	}
	if p.CreatedAfter != nil {
		query.Set("created_after", p.CreatedAfter.UTC().Format(time.RFC3339Nano))
	}
	if p.CreatedBefore != nil {
		query.Set("created_before", p.CreatedBefore.UTC().Format(time.RFC3339Nano))
	}
	if p.Limit != nil {
		query.Set("limit", fmt.Sprint(*p.Limit))
	}
	if p.StartingAfter != nil {
		query.Set("starting_after", *p.StartingAfter)
	}
	return query
}

// SMSPreviewParams is what POST /v1/sms/preview takes.
type SMSPreviewParams struct {
	To   string  `json:"to"`   // required
	Body string  `json:"body"` // required
	From *string `json:"from"`
}

// MarshalJSON leaves out what is nil.
func (p SMSPreviewParams) MarshalJSON() ([]byte, error) { return json.Marshal(p.fields()) }

func (p *SMSPreviewParams) fields() map[string]any {
	fields := map[string]any{}
	if p == nil {
		return fields
	}
	fields["to"] = p.To
	fields["body"] = p.Body
	if p.From != nil {
		fields["from"] = p.From
	}
	return fields
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

func (p *VoicemailListParams) query() url.Values {
	query := url.Values{}
	if p == nil {
		return query
	}
	if p.Number != nil {
		query.Set("number", *p.Number)
	}
	if p.CreatedAfter != nil {
		query.Set("created_after", p.CreatedAfter.UTC().Format(time.RFC3339Nano))
	}
	if p.CreatedBefore != nil {
		query.Set("created_before", p.CreatedBefore.UTC().Format(time.RFC3339Nano))
	}
	if p.Limit != nil {
		query.Set("limit", fmt.Sprint(*p.Limit))
	}
	if p.StartingAfter != nil {
		query.Set("starting_after", *p.StartingAfter)
	}
	return query
}

// VoicemailGreetingSetParams is what POST /v1/numbers/{id}/voicemail_greeting takes.
type VoicemailGreetingSetParams struct {
	Text  *string `json:"text"`
	Voice *string `json:"voice"`
	// A WAV or MP3 file of up to 700 KB and 60 seconds.
	AudioBase64 *string `json:"audio_base64"`
}

// MarshalJSON leaves out what is nil.
func (p VoicemailGreetingSetParams) MarshalJSON() ([]byte, error) { return json.Marshal(p.fields()) }

func (p *VoicemailGreetingSetParams) fields() map[string]any {
	fields := map[string]any{}
	if p == nil {
		return fields
	}
	if p.Text != nil {
		fields["text"] = p.Text
	}
	if p.Voice != nil {
		fields["voice"] = p.Voice
	}
	if p.AudioBase64 != nil {
		fields["audio_base64"] = p.AudioBase64
	}
	return fields
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
func (p AIUpdateParams) MarshalJSON() ([]byte, error) { return json.Marshal(p.fields()) }

func (p *AIUpdateParams) fields() map[string]any {
	fields := map[string]any{}
	if p == nil {
		return fields
	}
	if p.AutoPickup != nil {
		fields["auto_pickup"] = p.AutoPickup
	}
	if p.Screening != nil {
		fields["screening"] = p.Screening
	}
	if p.Translator != nil {
		fields["translator"] = p.Translator
	}
	if p.VoicemailSummary != nil {
		fields["voicemail_summary"] = p.VoicemailSummary
	}
	for _, name := range p.Null {
		fields[name] = nil
	}
	return fields
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
func (p AccountUpdateParams) MarshalJSON() ([]byte, error) { return json.Marshal(p.fields()) }

func (p *AccountUpdateParams) fields() map[string]any {
	fields := map[string]any{}
	if p == nil {
		return fields
	}
	if p.BalanceLowThresholdUSD != nil {
		fields["balance_low_threshold_usd"] = p.BalanceLowThresholdUSD
	}
	if p.DefaultCountry != nil {
		fields["default_country"] = p.DefaultCountry
	}
	if p.DailySpendCapUSD != nil {
		fields["daily_spend_cap_usd"] = p.DailySpendCapUSD
	}
	if p.AllowedCountries != nil {
		fields["allowed_countries"] = p.AllowedCountries
	}
	if p.DestinationVelocityPerHour != nil {
		fields["destination_velocity_per_hour"] = p.DestinationVelocityPerHour
	}
	if p.OptOutEverywhere != nil {
		fields["opt_out_everywhere"] = p.OptOutEverywhere
	}
	if p.MaxSegments != nil {
		fields["max_segments"] = p.MaxSegments
	}
	for _, name := range p.Null {
		fields[name] = nil
	}
	return fields
}

// AccountUsageParams is what GET /v1/account/usage takes.
type AccountUsageParams struct {
	Period *UsagePeriod `json:"period"`
}

func (p *AccountUsageParams) query() url.Values {
	query := url.Values{}
	if p == nil {
		return query
	}
	if p.Period != nil {
		query.Set("period", fmt.Sprint(*p.Period))
	}
	return query
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
func (p WebhookEndpointCreateParams) MarshalJSON() ([]byte, error) { return json.Marshal(p.fields()) }

func (p *WebhookEndpointCreateParams) fields() map[string]any {
	fields := map[string]any{}
	if p == nil {
		return fields
	}
	fields["url"] = p.URL
	fields["enabled_events"] = p.EnabledEvents
	if p.Description != nil {
		fields["description"] = p.Description
	}
	if p.NumberID != nil {
		fields["number_id"] = p.NumberID
	}
	return fields
}

// WebhookEndpointListParams is what GET /v1/webhook_endpoints takes.
type WebhookEndpointListParams struct {
	// How many objects to return.
	Limit *int `json:"limit"`
	// The last id of the previous page.
	StartingAfter *string `json:"starting_after"`
}

func (p *WebhookEndpointListParams) query() url.Values {
	query := url.Values{}
	if p == nil {
		return query
	}
	if p.Limit != nil {
		query.Set("limit", fmt.Sprint(*p.Limit))
	}
	if p.StartingAfter != nil {
		query.Set("starting_after", *p.StartingAfter)
	}
	return query
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
func (p WebhookEndpointUpdateParams) MarshalJSON() ([]byte, error) { return json.Marshal(p.fields()) }

func (p *WebhookEndpointUpdateParams) fields() map[string]any {
	fields := map[string]any{}
	if p == nil {
		return fields
	}
	if p.URL != nil {
		fields["url"] = p.URL
	}
	if p.EnabledEvents != nil {
		fields["enabled_events"] = p.EnabledEvents
	}
	if p.Description != nil {
		fields["description"] = p.Description
	}
	if p.Status != nil {
		fields["status"] = p.Status
	}
	for _, name := range p.Null {
		fields[name] = nil
	}
	return fields
}

// WebhookEndpointRotateSecretParams is what POST /v1/webhook_endpoints/{id}/rotate_secret takes.
type WebhookEndpointRotateSecretParams struct {
	// Seconds for which the old secret signs too.
	ExpiresIn *int `json:"expires_in"`
}

// MarshalJSON leaves out what is nil.
func (p WebhookEndpointRotateSecretParams) MarshalJSON() ([]byte, error) {
	return json.Marshal(p.fields())
}

func (p *WebhookEndpointRotateSecretParams) fields() map[string]any {
	fields := map[string]any{}
	if p == nil {
		return fields
	}
	if p.ExpiresIn != nil {
		fields["expires_in"] = p.ExpiresIn
	}
	return fields
}

// WebhookEndpointDeliveriesParams is what GET /v1/webhook_endpoints/{id}/deliveries takes.
type WebhookEndpointDeliveriesParams struct {
	// How many objects to return.
	Limit *int `json:"limit"`
	// The last id of the previous page.
	StartingAfter *string `json:"starting_after"`
}

func (p *WebhookEndpointDeliveriesParams) query() url.Values {
	query := url.Values{}
	if p == nil {
		return query
	}
	if p.Limit != nil {
		query.Set("limit", fmt.Sprint(*p.Limit))
	}
	if p.StartingAfter != nil {
		query.Set("starting_after", *p.StartingAfter)
	}
	return query
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

func (p *EventListParams) query() url.Values {
	query := url.Values{}
	if p == nil {
		return query
	}
	if p.Type != nil {
		query.Set("type", *p.Type)
	}
	if p.CreatedAfter != nil {
		query.Set("created_after", p.CreatedAfter.UTC().Format(time.RFC3339Nano))
	}
	if p.CreatedBefore != nil {
		query.Set("created_before", p.CreatedBefore.UTC().Format(time.RFC3339Nano))
	}
	if p.DeliverySuccess != nil {
		query.Set("delivery_success", fmt.Sprint(*p.DeliverySuccess))
	}
	if p.Limit != nil {
		query.Set("limit", fmt.Sprint(*p.Limit))
	}
	if p.StartingAfter != nil {
		query.Set("starting_after", *p.StartingAfter)
	}
	return query
}

// EventResendParams is what POST /v1/events/{id}/resend takes.
type EventResendParams struct {
	Endpoint *string `json:"endpoint"`
}

// MarshalJSON leaves out what is nil.
func (p EventResendParams) MarshalJSON() ([]byte, error) { return json.Marshal(p.fields()) }

func (p *EventResendParams) fields() map[string]any {
	fields := map[string]any{}
	if p == nil {
		return fields
	}
	if p.Endpoint != nil {
		fields["endpoint"] = p.Endpoint
	}
	return fields
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
func (p AutoPickupUpdate) MarshalJSON() ([]byte, error) { return json.Marshal(p.fields()) }

func (p *AutoPickupUpdate) fields() map[string]any {
	fields := map[string]any{}
	if p == nil {
		return fields
	}
	if p.Enabled != nil {
		fields["enabled"] = p.Enabled
	}
	if p.AfterRings != nil {
		fields["after_rings"] = p.AfterRings
	}
	if p.Script != nil {
		fields["script"] = p.Script
	}
	if p.Language != nil {
		fields["language"] = p.Language
	}
	if p.Voice != nil {
		fields["voice"] = p.Voice
	}
	for _, name := range p.Null {
		fields[name] = nil
	}
	return fields
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
func (p ScreeningUpdate) MarshalJSON() ([]byte, error) { return json.Marshal(p.fields()) }

func (p *ScreeningUpdate) fields() map[string]any {
	fields := map[string]any{}
	if p == nil {
		return fields
	}
	if p.Enabled != nil {
		fields["enabled"] = p.Enabled
	}
	if p.Allow != nil {
		fields["allow"] = p.Allow
	}
	if p.Deny != nil {
		fields["deny"] = p.Deny
	}
	for _, name := range p.Null {
		fields[name] = nil
	}
	return fields
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
func (p TranslatorUpdate) MarshalJSON() ([]byte, error) { return json.Marshal(p.fields()) }

func (p *TranslatorUpdate) fields() map[string]any {
	fields := map[string]any{}
	if p == nil {
		return fields
	}
	if p.Enabled != nil {
		fields["enabled"] = p.Enabled
	}
	if p.TargetLanguage != nil {
		fields["target_language"] = p.TargetLanguage
	}
	for _, name := range p.Null {
		fields[name] = nil
	}
	return fields
}

// VoicemailSummaryUpdate: Changes of `voicemail_summary`.
type VoicemailSummaryUpdate struct {
	Enabled          *bool `json:"enabled"`
	IncludeSentiment *bool `json:"include_sentiment"`
	// Null names what is to be cleared: enabled, include_sentiment.
	Null []string `json:"-"`
}

// MarshalJSON leaves out what is nil, and sends null for what Null names.
func (p VoicemailSummaryUpdate) MarshalJSON() ([]byte, error) { return json.Marshal(p.fields()) }

func (p *VoicemailSummaryUpdate) fields() map[string]any {
	fields := map[string]any{}
	if p == nil {
		return fields
	}
	if p.Enabled != nil {
		fields["enabled"] = p.Enabled
	}
	if p.IncludeSentiment != nil {
		fields["include_sentiment"] = p.IncludeSentiment
	}
	for _, name := range p.Null {
		fields[name] = nil
	}
	return fields
}

// ToAgent: Join the callee with the number's AI agent (add-on `ai-pickup`).
type ToAgent struct {
	Type ToAgentType `json:"type"` // required
}

// MarshalJSON leaves out what is nil.
func (p ToAgent) MarshalJSON() ([]byte, error) { return json.Marshal(p.fields()) }

func (p *ToAgent) fields() map[string]any {
	fields := map[string]any{}
	if p == nil {
		return fields
	}
	fields["type"] = p.Type
	return fields
}

// ToNumber: Call a second party, and join the two.
type ToNumber struct {
	Type ToNumberType `json:"type"` // required
	To   string       `json:"to"`   // required
}

// MarshalJSON leaves out what is nil.
func (p ToNumber) MarshalJSON() ([]byte, error) { return json.Marshal(p.fields()) }

func (p *ToNumber) fields() map[string]any {
	fields := map[string]any{}
	if p == nil {
		return fields
	}
	fields["type"] = p.Type
	fields["to"] = p.To
	return fields
}

// ToSoftphone: Join the callee with the number's browser or SIP device.
type ToSoftphone struct {
	Type ToSoftphoneType `json:"type"` // required
}

// MarshalJSON leaves out what is nil.
func (p ToSoftphone) MarshalJSON() ([]byte, error) { return json.Marshal(p.fields()) }

func (p *ToSoftphone) fields() map[string]any {
	fields := map[string]any{}
	if p == nil {
		return fields
	}
	fields["type"] = p.Type
	return fields
}

// ToSpeech: Say something, then hang up.
type ToSpeech struct {
	Type  ToSpeechType `json:"type"` // required
	Text  string       `json:"text"` // required
	Voice *string      `json:"voice"`
}

// MarshalJSON leaves out what is nil.
func (p ToSpeech) MarshalJSON() ([]byte, error) { return json.Marshal(p.fields()) }

func (p *ToSpeech) fields() map[string]any {
	fields := map[string]any{}
	if p == nil {
		return fields
	}
	fields["type"] = p.Type
	fields["text"] = p.Text
	if p.Voice != nil {
		fields["voice"] = p.Voice
	}
	return fields
}

// ToStream: Both ways of audio over a WebSocket to a program of yours.
type ToStream struct {
	Type       ToStreamType   `json:"type"` // required
	URL        string         `json:"url"`  // required
	Parameters map[string]any `json:"parameters"`
}

// MarshalJSON leaves out what is nil.
func (p ToStream) MarshalJSON() ([]byte, error) { return json.Marshal(p.fields()) }

func (p *ToStream) fields() map[string]any {
	fields := map[string]any{}
	if p == nil {
		return fields
	}
	fields["type"] = p.Type
	fields["url"] = p.URL
	if p.Parameters != nil {
		fields["parameters"] = p.Parameters
	}
	return fields
}
