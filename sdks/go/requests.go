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
