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

// AutoPickup: An agent that answers after some rings (add-on `ai-pickup`).
type AutoPickup struct {
	Meta
	Enabled    bool   `json:"enabled"`
	AfterRings int    `json:"after_rings"`
	Script     string `json:"script"`
	Language   string `json:"language"`
	Voice      string `json:"voice"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *AutoPickup) UnmarshalJSON(data []byte) error {
	type plain AutoPickup
	if err := json.Unmarshal(data, (*plain)(o)); err != nil {
		return err
	}
	o.Raw = append(json.RawMessage(nil), data...)
	return nil
}

// Screening: Unknown callers are asked who they are before you are rung (add-on `ai-screen`).
type Screening struct {
	Meta
	Enabled bool `json:"enabled"`
	// Ring you at once.
	Allow []string `json:"allow"`
	// Are refused; they win over `allow`.
	Deny []string `json:"deny"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *Screening) UnmarshalJSON(data []byte) error {
	type plain Screening
	if err := json.Unmarshal(data, (*plain)(o)); err != nil {
		return err
	}
	o.Raw = append(json.RawMessage(nil), data...)
	return nil
}

// Translator: Calls are translated live (add-on `ai-trans`).
type Translator struct {
	Meta
	Enabled        bool   `json:"enabled"`
	TargetLanguage string `json:"target_language"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *Translator) UnmarshalJSON(data []byte) error {
	type plain Translator
	if err := json.Unmarshal(data, (*plain)(o)); err != nil {
		return err
	}
	o.Raw = append(json.RawMessage(nil), data...)
	return nil
}

// VoicemailSummary: Voicemails get a translation and a summary (add-on `ai-summary`).
type VoicemailSummary struct {
	Meta
	Enabled          bool `json:"enabled"`
	IncludeSentiment bool `json:"include_sentiment"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *VoicemailSummary) UnmarshalJSON(data []byte) error {
	type plain VoicemailSummary
	if err := json.Unmarshal(data, (*plain)(o)); err != nil {
		return err
	}
	o.Raw = append(json.RawMessage(nil), data...)
	return nil
}

// AIConfig: What a number's AI does.
type AIConfig struct {
	Meta
	Object           string           `json:"object"`
	NumberID         string           `json:"number_id"`
	Addons           []AIConfigAddon  `json:"addons"`
	AutoPickup       AutoPickup       `json:"auto_pickup"`
	Screening        Screening        `json:"screening"`
	Translator       Translator       `json:"translator"`
	VoicemailSummary VoicemailSummary `json:"voicemail_summary"`
	OnOff            map[string]any   `json:"on_off"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *AIConfig) UnmarshalJSON(data []byte) error {
	type plain AIConfig
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

// IceServer: An RTCIceServer.
type IceServer struct {
	Meta
	URLs       []string `json:"urls"`
	Username   *string  `json:"username"`
	Credential *string  `json:"credential"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *IceServer) UnmarshalJSON(data []byte) error {
	type plain IceServer
	if err := json.Unmarshal(data, (*plain)(o)); err != nil {
		return err
	}
	o.Raw = append(json.RawMessage(nil), data...)
	return nil
}

// BrowserSession: What a browser needs to be a number's softphone for some hours.
type BrowserSession struct {
	Meta
	Object       string      `json:"object"`
	Username     string      `json:"username"`
	Password     string      `json:"password"`
	Domain       string      `json:"domain"`
	WebsocketURL string      `json:"websocket_url"`
	IceServers   []IceServer `json:"ice_servers"`
	ExpiresAt    time.Time   `json:"expires_at"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *BrowserSession) UnmarshalJSON(data []byte) error {
	type plain BrowserSession
	if err := json.Unmarshal(data, (*plain)(o)); err != nil {
		return err
	}
	o.Raw = append(json.RawMessage(nil), data...)
	return nil
}

// Connect: What the near end of an outbound call is.
type Connect struct {
	Meta
	Type       ConnectType    `json:"type"`
	Text       *string        `json:"text"`
	Voice      *string        `json:"voice"`
	To         *string        `json:"to"`
	URL        *string        `json:"url"`
	Parameters map[string]any `json:"parameters"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *Connect) UnmarshalJSON(data []byte) error {
	type plain Connect
	if err := json.Unmarshal(data, (*plain)(o)); err != nil {
		return err
	}
	o.Raw = append(json.RawMessage(nil), data...)
	return nil
}

// CallAI: What answered a call.
type CallAI struct {
	Meta
	Addon CallAIAddon `json:"addon"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *CallAI) UnmarshalJSON(data []byte) error {
	type plain CallAI
	if err := json.Unmarshal(data, (*plain)(o)); err != nil {
		return err
	}
	o.Raw = append(json.RawMessage(nil), data...)
	return nil
}

// Call: A call that was placed or received.
type Call struct {
	Meta
	ID     string  `json:"id"`
	Object string  `json:"object"`
	From   *string `json:"from"`
	// Null if the caller withheld it.
	FromE164   *string         `json:"from_e164"`
	To         string          `json:"to"`
	NumberID   string          `json:"number_id"`
	Direction  CallDirection   `json:"direction"`
	Status     CallStatus      `json:"status"`
	StartedAt  time.Time       `json:"started_at"`
	AnsweredAt *time.Time      `json:"answered_at"`
	AnsweredBy *CallAnsweredBy `json:"answered_by"`
	EndedAt    *time.Time      `json:"ended_at"`
	EndReason  *CallEndReason  `json:"end_reason"`
	// ITU-T Q.850.
	HangupCause      *int           `json:"hangup_cause"`
	DurationSec      int            `json:"duration_sec"`
	Callerid         *string        `json:"callerid"`
	RecordingEnabled bool           `json:"recording_enabled"`
	RecordingURL     *string        `json:"recording_url"`
	Connect          *Connect       `json:"connect"`
	Quality          map[string]any `json:"quality"`
	// US dollars.
	CostUSD  *Decimal       `json:"cost_usd"`
	Metadata map[string]any `json:"metadata"`
	// Only in the event ai.pickup (decision F127).
	AI *CallAI `json:"ai"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *Call) UnmarshalJSON(data []byte) error {
	type plain Call
	if err := json.Unmarshal(data, (*plain)(o)); err != nil {
		return err
	}
	o.Raw = append(json.RawMessage(nil), data...)
	return nil
}

// Step: One thing that happened on the way of a message or call.
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

// CallTimeline: Everything that is known of a call, in order.
type CallTimeline struct {
	Meta
	Object    string `json:"object"`
	Call      string `json:"call"`
	RequestID string `json:"request_id"`
	Steps     []Step `json:"steps"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *CallTimeline) UnmarshalJSON(data []byte) error {
	type plain CallTimeline
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

// Greeting: What callers hear before the tone.
type Greeting struct {
	Meta
	Object    string       `json:"object"`
	NumberID  string       `json:"number_id"`
	Type      GreetingType `json:"type"`
	Text      *string      `json:"text"`
	Voice     *string      `json:"voice"`
	AudioSec  *int         `json:"audio_sec"`
	UpdatedAt *time.Time   `json:"updated_at"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *Greeting) UnmarshalJSON(data []byte) error {
	type plain Greeting
	if err := json.Unmarshal(data, (*plain)(o)); err != nil {
		return err
	}
	o.Raw = append(json.RawMessage(nil), data...)
	return nil
}

// LegQuality: How one leg's audio fared (RFC 3550; MOS estimated by ITU-T G.107).
type LegQuality struct {
	Meta
	Codec           string   `json:"codec"`
	PacketsSent     int      `json:"packets_sent"`
	PacketsReceived int      `json:"packets_received"`
	PacketsLost     int      `json:"packets_lost"`
	JitterMs        float64  `json:"jitter_ms"`
	RoundTripMs     *float64 `json:"round_trip_ms"`
	Mos             *float64 `json:"mos"`
	OneWay          bool     `json:"one_way"`
	ConcealedMs     int      `json:"concealed_ms"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *LegQuality) UnmarshalJSON(data []byte) error {
	type plain LegQuality
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

// RegisteredDevice: A softphone or SIP phone that can be rung now.
type RegisteredDevice struct {
	Meta
	UserAgent string                    `json:"user_agent"`
	Transport RegisteredDeviceTransport `json:"transport"`
	ExpiresAt time.Time                 `json:"expires_at"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *RegisteredDevice) UnmarshalJSON(data []byte) error {
	type plain RegisteredDevice
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

// SipCredentials: How softphones and SIP phones of a number sign in.
type SipCredentials struct {
	Meta
	Object     string                    `json:"object"`
	NumberID   string                    `json:"number_id"`
	Username   string                    `json:"username"`
	Domain     string                    `json:"domain"`
	Transports []SipCredentialsTransport `json:"transports"`
	Devices    []RegisteredDevice        `json:"devices"`
	CreatedAt  time.Time                 `json:"created_at"`
	// Only in the answer that made it.
	Password *string `json:"password"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *SipCredentials) UnmarshalJSON(data []byte) error {
	type plain SipCredentials
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

// Transcript: What was said (decision F117).
type Transcript struct {
	Meta
	Text          string               `json:"text"`
	Language      string               `json:"language"`
	TranslationEn *string              `json:"translation_en"`
	Summary       *string              `json:"summary"`
	Sentiment     *TranscriptSentiment `json:"sentiment"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *Transcript) UnmarshalJSON(data []byte) error {
	type plain Transcript
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

// VoicemailAI: What an agent learned from the caller. Names and numbers stand in what was said, or they are null.
type VoicemailAI struct {
	Meta
	Addon          VoicemailAIAddon `json:"addon"`
	Name           *string          `json:"name"`
	Reason         *string          `json:"reason"`
	CallbackNumber *string          `json:"callback_number"`
	// The caller said that it was read back correctly.
	NumberConfirmed bool               `json:"number_confirmed"`
	Turns           int                `json:"turns"`
	Language        string             `json:"language"`
	EndedBy         VoicemailAIEndedBy `json:"ended_by"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *VoicemailAI) UnmarshalJSON(data []byte) error {
	type plain VoicemailAI
	if err := json.Unmarshal(data, (*plain)(o)); err != nil {
		return err
	}
	o.Raw = append(json.RawMessage(nil), data...)
	return nil
}

// Voicemail: A message that a caller left.
type Voicemail struct {
	Meta
	ID          string      `json:"id"`
	Object      string      `json:"object"`
	NumberID    string      `json:"number_id"`
	CallID      string      `json:"call_id"`
	FromE164    *string     `json:"from_e164"`
	ReceivedAt  time.Time   `json:"received_at"`
	DurationSec int         `json:"duration_sec"`
	AudioURL    string      `json:"audio_url"`
	Transcript  *Transcript `json:"transcript"`
	// Null if no agent had the caller.
	AI *VoicemailAI `json:"ai"`
}

// UnmarshalJSON keeps the object as it came in Raw.
func (o *Voicemail) UnmarshalJSON(data []byte) error {
	type plain Voicemail
	if err := json.Unmarshal(data, (*plain)(o)); err != nil {
		return err
	}
	o.Raw = append(json.RawMessage(nil), data...)
	return nil
}

// EventData is what an event is about. What some types say beside the object is in Raw.
type EventData struct {
	Meta
	// Object is the object as it was then: *Number, *SMS, … or a map[string]any if this version of the library does not
	// know it.
	Object any `json:"object"`
}

// UnmarshalJSON makes the object's own type by its field "object".
func (d *EventData) UnmarshalJSON(data []byte) error {
	var given struct {
		Object json.RawMessage `json:"object"`
	}
	var kind struct {
		Object string `json:"object"`
	}
	if err := json.Unmarshal(data, &given); err != nil {
		return err
	}
	d.Raw = append(json.RawMessage(nil), data...)
	if len(given.Object) == 0 {
		return nil
	}
	// What is no object has no kind.
	_ = json.Unmarshal(given.Object, &kind)
	if create, known := eventObjects[kind.Object]; known {
		d.Object = create()
		return json.Unmarshal(given.Object, d.Object)
	}
	return json.Unmarshal(given.Object, &d.Object)
}
