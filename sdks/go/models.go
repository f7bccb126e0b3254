// Made by sdks/generator from the API's contract. DO NOT EDIT.

package nokyc

import (
	"encoding/json"
	"time"
)

// Account: Who pays.
type Account struct {
	Meta
	Object    string  `json:"object"`
	EmailHash *string `json:"email_hash"`
	// US dollars.
	BalanceUSD     Decimal `json:"balance_usd"`
	DefaultCountry *string `json:"default_country"`
	// US dollars.
	BalanceLowThresholdUSD *Decimal `json:"balance_low_threshold_usd"`
	// US dollars.
	DailySpendCapUSD           *Decimal  `json:"daily_spend_cap_usd"`
	AllowedCountries           []string  `json:"allowed_countries"`
	DestinationVelocityPerHour *int      `json:"destination_velocity_per_hour"`
	OptOutEverywhere           bool      `json:"opt_out_everywhere"`
	MaxSegments                int       `json:"max_segments"`
	ActiveNumbers              int       `json:"active_numbers"`
	MonthlyCallMinutes         int       `json:"monthly_call_minutes"`
	MonthlySMSSegments         int       `json:"monthly_sms_segments"`
	CreatedAt                  time.Time `json:"created_at"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *Account) UnmarshalJSON(data []byte) error {
	type plain Account
	if err := json.Unmarshal(data, (*plain)(o)); err != nil {
		return err
	}
	o.Raw = append(json.RawMessage(nil), data...)
	return nil
}

// AddonUsage is part of other objects.
type AddonUsage struct {
	Meta
	// US dollars.
	CostUSD Decimal `json:"cost_usd"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *AddonUsage) UnmarshalJSON(data []byte) error {
	type plain AddonUsage
	if err := json.Unmarshal(data, (*plain)(o)); err != nil {
		return err
	}
	o.Raw = append(json.RawMessage(nil), data...)
	return nil
}

// Attempt: One HTTP try.
type Attempt struct {
	Meta
	Attempt      int       `json:"attempt"`
	AttemptedAt  time.Time `json:"attempted_at"`
	StatusCode   *int      `json:"status_code"`
	Error        *string   `json:"error"`
	ElapsedMs    int       `json:"elapsed_ms"`
	ResponseBody string    `json:"response_body"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *Attempt) UnmarshalJSON(data []byte) error {
	type plain Attempt
	if err := json.Unmarshal(data, (*plain)(o)); err != nil {
		return err
	}
	o.Raw = append(json.RawMessage(nil), data...)
	return nil
}

// Prices: What each billing period costs.
type Prices struct {
	Meta
	// US dollars.
	Monthly Decimal `json:"monthly"`
	// US dollars.
	Quarterly Decimal `json:"quarterly"`
	// US dollars.
	Yearly Decimal `json:"yearly"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *Prices) UnmarshalJSON(data []byte) error {
	type plain Prices
	if err := json.Unmarshal(data, (*plain)(o)); err != nil {
		return err
	}
	o.Raw = append(json.RawMessage(nil), data...)
	return nil
}

// AvailableNumber: A number for sale, and a price for half an hour.
type AvailableNumber struct {
	Meta
	ID          string     `json:"id"`
	Object      string     `json:"object"`
	Number      string     `json:"number"`
	Display     string     `json:"display"`
	Country     string     `json:"country"`
	Type        NumberType `json:"type"`
	Tier        NumberTier `json:"tier"`
	TierPattern *string    `json:"tier_pattern"`
	Prices      Prices     `json:"prices"`
	ExpiresAt   time.Time  `json:"expires_at"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *AvailableNumber) UnmarshalJSON(data []byte) error {
	type plain AvailableNumber
	if err := json.Unmarshal(data, (*plain)(o)); err != nil {
		return err
	}
	o.Raw = append(json.RawMessage(nil), data...)
	return nil
}

// CallUsage is part of other objects.
type CallUsage struct {
	Meta
	Count    int `json:"count"`
	Inbound  int `json:"inbound"`
	Outbound int `json:"outbound"`
	Minutes  int `json:"minutes"`
	// US dollars.
	CostUSD Decimal `json:"cost_usd"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *CallUsage) UnmarshalJSON(data []byte) error {
	type plain CallUsage
	if err := json.Unmarshal(data, (*plain)(o)); err != nil {
		return err
	}
	o.Raw = append(json.RawMessage(nil), data...)
	return nil
}

// Day: One day, UTC.
type Day struct {
	Meta
	Date     string `json:"date"`
	Calls    int    `json:"calls"`
	Minutes  int    `json:"minutes"`
	SMS      int    `json:"sms"`
	Segments int    `json:"segments"`
	// US dollars.
	CostUSD Decimal `json:"cost_usd"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *Day) UnmarshalJSON(data []byte) error {
	type plain Day
	if err := json.Unmarshal(data, (*plain)(o)); err != nil {
		return err
	}
	o.Raw = append(json.RawMessage(nil), data...)
	return nil
}

// Delivery: One event for one endpoint.
type Delivery struct {
	Meta
	ID            string         `json:"id"`
	Object        string         `json:"object"`
	Endpoint      string         `json:"endpoint"`
	Event         string         `json:"event"`
	EventType     string         `json:"event_type"`
	Status        DeliveryStatus `json:"status"`
	NextAttemptAt *time.Time     `json:"next_attempt_at"`
	CreatedAt     time.Time      `json:"created_at"`
	Attempts      []Attempt      `json:"attempts"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *Delivery) UnmarshalJSON(data []byte) error {
	type plain Delivery
	if err := json.Unmarshal(data, (*plain)(o)); err != nil {
		return err
	}
	o.Raw = append(json.RawMessage(nil), data...)
	return nil
}

// Endpoint: A URL that we POST events to.
type Endpoint struct {
	Meta
	ID             string         `json:"id"`
	Object         string         `json:"object"`
	URL            string         `json:"url"`
	EnabledEvents  []string       `json:"enabled_events"`
	Description    *string        `json:"description"`
	Status         EndpointStatus `json:"status"`
	DisabledReason *string        `json:"disabled_reason"`
	APIVersion     string         `json:"api_version"`
	NumberID       *string        `json:"number_id"`
	CreatedAt      time.Time      `json:"created_at"`
	// Only in the answer that made it.
	Secret *string `json:"secret"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *Endpoint) UnmarshalJSON(data []byte) error {
	type plain Endpoint
	if err := json.Unmarshal(data, (*plain)(o)); err != nil {
		return err
	}
	o.Raw = append(json.RawMessage(nil), data...)
	return nil
}

// Event: A fact that happened; `data.object` is the object as it was then.
type Event struct {
	Meta
	ID         string    `json:"id"`
	Object     string    `json:"object"`
	Type       EventType `json:"type"`
	Created    time.Time `json:"created"`
	Livemode   bool      `json:"livemode"`
	Data       EventData `json:"data"`
	RequestID  string    `json:"request_id"`
	APIVersion string    `json:"api_version"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *Event) UnmarshalJSON(data []byte) error {
	type plain Event
	if err := json.Unmarshal(data, (*plain)(o)); err != nil {
		return err
	}
	o.Raw = append(json.RawMessage(nil), data...)
	return nil
}

// Number: A leased number.
type Number struct {
	Meta
	ID            string              `json:"id"`
	Object        string              `json:"object"`
	Number        string              `json:"number"`
	Display       string              `json:"display"`
	Country       string              `json:"country"`
	Type          NumberType          `json:"type"`
	Tier          NumberTier          `json:"tier"`
	TierPattern   *string             `json:"tier_pattern"`
	Status        NumberStatus        `json:"status"`
	BillingPeriod NumberBillingPeriod `json:"billing_period"`
	RenewsAt      time.Time           `json:"renews_at"`
	AutoRenew     bool                `json:"auto_renew"`
	Addons        []NumberAddon       `json:"addons"`
	AIEnabled     bool                `json:"ai_enabled"`
	WebhookURL    *string             `json:"webhook_url"`
	OnOff         map[string]any      `json:"on_off"`
	Metadata      map[string]any      `json:"metadata"`
	CreatedAt     time.Time           `json:"created_at"`
	// Signing secret of webhook_url, only in the answer that set the URL.
	WebhookSecret *string `json:"webhook_secret"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *Number) UnmarshalJSON(data []byte) error {
	type plain Number
	if err := json.Unmarshal(data, (*plain)(o)); err != nil {
		return err
	}
	o.Raw = append(json.RawMessage(nil), data...)
	return nil
}

// NumberUsage is part of other objects.
type NumberUsage struct {
	Meta
	Active int `json:"active"`
	// US dollars.
	CostUSD Decimal `json:"cost_usd"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *NumberUsage) UnmarshalJSON(data []byte) error {
	type plain NumberUsage
	if err := json.Unmarshal(data, (*plain)(o)); err != nil {
		return err
	}
	o.Raw = append(json.RawMessage(nil), data...)
	return nil
}

// PreviewSegment is part of other objects.
type PreviewSegment struct {
	Meta
	Index int    `json:"index"`
	Text  string `json:"text"`
	// Septets or UTF-16 units.
	Units int `json:"units"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *PreviewSegment) UnmarshalJSON(data []byte) error {
	type plain PreviewSegment
	if err := json.Unmarshal(data, (*plain)(o)); err != nil {
		return err
	}
	o.Raw = append(json.RawMessage(nil), data...)
	return nil
}

// Verdict: Whether it would be accepted now, and if not, why.
type Verdict struct {
	Meta
	OK      bool    `json:"ok"`
	Code    *string `json:"code"`
	Message *string `json:"message"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *Verdict) UnmarshalJSON(data []byte) error {
	type plain Verdict
	if err := json.Unmarshal(data, (*plain)(o)); err != nil {
		return err
	}
	o.Raw = append(json.RawMessage(nil), data...)
	return nil
}

// Preview: What would be sent, and for how much.
type Preview struct {
	Meta
	Object     string           `json:"object"`
	Encoding   PreviewEncoding  `json:"encoding"`
	Characters int              `json:"characters"`
	Segments   []PreviewSegment `json:"segments"`
	// What forces UCS-2.
	UnicodeCharacters []string `json:"unicode_characters"`
	// US dollars.
	CostUSD Decimal `json:"cost_usd"`
	Verdict Verdict `json:"verdict"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *Preview) UnmarshalJSON(data []byte) error {
	type plain Preview
	if err := json.Unmarshal(data, (*plain)(o)); err != nil {
		return err
	}
	o.Raw = append(json.RawMessage(nil), data...)
	return nil
}

// SegmentStatus: How one segment fares.
type SegmentStatus struct {
	Meta
	Index       int             `json:"index"`
	Status      SMSStatus       `json:"status"`
	DeliveredAt *time.Time      `json:"delivered_at"`
	FailureCode *SMSFailureCode `json:"failure_code"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *SegmentStatus) UnmarshalJSON(data []byte) error {
	type plain SegmentStatus
	if err := json.Unmarshal(data, (*plain)(o)); err != nil {
		return err
	}
	o.Raw = append(json.RawMessage(nil), data...)
	return nil
}

// SMS: A message that was sent or received.
type SMS struct {
	Meta
	ID          string          `json:"id"`
	Object      string          `json:"object"`
	From        *string         `json:"from"`
	FromE164    string          `json:"from_e164"`
	To          string          `json:"to"`
	NumberID    string          `json:"number_id"`
	Body        string          `json:"body"`
	MediaURLs   []string        `json:"media_urls"`
	Direction   SMSDirection    `json:"direction"`
	Segments    int             `json:"segments"`
	Status      SMSStatus       `json:"status"`
	FailureCode *SMSFailureCode `json:"failure_code"`
	CreatedAt   time.Time       `json:"created_at"`
	SendAt      *time.Time      `json:"send_at"`
	DeliveredAt *time.Time      `json:"delivered_at"`
	// US dollars.
	CostUSD  *Decimal       `json:"cost_usd"`
	Metadata map[string]any `json:"metadata"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *SMS) UnmarshalJSON(data []byte) error {
	type plain SMS
	if err := json.Unmarshal(data, (*plain)(o)); err != nil {
		return err
	}
	o.Raw = append(json.RawMessage(nil), data...)
	return nil
}

// SMSDetail: A message with its segments.
type SMSDetail struct {
	Meta
	ID          string          `json:"id"`
	Object      string          `json:"object"`
	From        *string         `json:"from"`
	FromE164    string          `json:"from_e164"`
	To          string          `json:"to"`
	NumberID    string          `json:"number_id"`
	Body        string          `json:"body"`
	MediaURLs   []string        `json:"media_urls"`
	Direction   SMSDirection    `json:"direction"`
	Segments    int             `json:"segments"`
	Status      SMSStatus       `json:"status"`
	FailureCode *SMSFailureCode `json:"failure_code"`
	CreatedAt   time.Time       `json:"created_at"`
	SendAt      *time.Time      `json:"send_at"`
	DeliveredAt *time.Time      `json:"delivered_at"`
	// US dollars.
	CostUSD       *Decimal        `json:"cost_usd"`
	Metadata      map[string]any  `json:"metadata"`
	SegmentStatus []SegmentStatus `json:"segment_status"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *SMSDetail) UnmarshalJSON(data []byte) error {
	type plain SMSDetail
	if err := json.Unmarshal(data, (*plain)(o)); err != nil {
		return err
	}
	o.Raw = append(json.RawMessage(nil), data...)
	return nil
}

// SMSUsage is part of other objects.
type SMSUsage struct {
	Meta
	Count    int `json:"count"`
	Inbound  int `json:"inbound"`
	Outbound int `json:"outbound"`
	Segments int `json:"segments"`
	// US dollars.
	CostUSD Decimal `json:"cost_usd"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *SMSUsage) UnmarshalJSON(data []byte) error {
	type plain SMSUsage
	if err := json.Unmarshal(data, (*plain)(o)); err != nil {
		return err
	}
	o.Raw = append(json.RawMessage(nil), data...)
	return nil
}

// Step: One thing that happened on the way of a message.
type Step struct {
	Meta
	At     time.Time      `json:"at"`
	Type   StepType       `json:"type"`
	Detail map[string]any `json:"detail"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *Step) UnmarshalJSON(data []byte) error {
	type plain Step
	if err := json.Unmarshal(data, (*plain)(o)); err != nil {
		return err
	}
	o.Raw = append(json.RawMessage(nil), data...)
	return nil
}

// TestClock: The sandbox's clock.
type TestClock struct {
	Meta
	Object          string    `json:"object"`
	Now             time.Time `json:"now"`
	AdvancedSeconds int       `json:"advanced_seconds"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *TestClock) UnmarshalJSON(data []byte) error {
	type plain TestClock
	if err := json.Unmarshal(data, (*plain)(o)); err != nil {
		return err
	}
	o.Raw = append(json.RawMessage(nil), data...)
	return nil
}

// Timeline: Everything that is known of a message, in order.
type Timeline struct {
	Meta
	Object    string `json:"object"`
	SMS       string `json:"sms"`
	RequestID string `json:"request_id"`
	Steps     []Step `json:"steps"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *Timeline) UnmarshalJSON(data []byte) error {
	type plain Timeline
	if err := json.Unmarshal(data, (*plain)(o)); err != nil {
		return err
	}
	o.Raw = append(json.RawMessage(nil), data...)
	return nil
}

// Usage: What was used, by kind and by day; the totals are the sums of the days and of the ledger.
type Usage struct {
	Meta
	Object   string      `json:"object"`
	Period   UsagePeriod `json:"period"`
	StartsAt time.Time   `json:"starts_at"`
	EndsAt   time.Time   `json:"ends_at"`
	Calls    CallUsage   `json:"calls"`
	SMS      SMSUsage    `json:"sms"`
	Numbers  NumberUsage `json:"numbers"`
	Addons   AddonUsage  `json:"addons"`
	// US dollars.
	TotalCostUSD Decimal `json:"total_cost_usd"`
	Daily        []Day   `json:"daily"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *Usage) UnmarshalJSON(data []byte) error {
	type plain Usage
	if err := json.Unmarshal(data, (*plain)(o)); err != nil {
		return err
	}
	o.Raw = append(json.RawMessage(nil), data...)
	return nil
}
