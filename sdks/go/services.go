// Made by sdks/generator from the API's contract. DO NOT EDIT.

package nokyc

import (
	"context"
	"iter"
	"net/http"
)

// Services are the API's resources; a Client has them.
type Services struct {
	Numbers           *NumbersService
	SipCredentials    *SipCredentialsService
	BrowserSessions   *BrowserSessionsService
	Calls             *CallsService
	Test              *TestService
	SMS               *SMSService
	Voicemails        *VoicemailsService
	VoicemailGreeting *VoicemailGreetingService
	AI                *AIService
	Account           *AccountService
	WebhookEndpoints  *WebhookEndpointsService
	Events            *EventsService
}

func newServices(b *backend) Services {
	return Services{
		Numbers:           &NumbersService{backend: b},
		SipCredentials:    &SipCredentialsService{backend: b},
		BrowserSessions:   &BrowserSessionsService{backend: b},
		Calls:             &CallsService{backend: b},
		Test:              &TestService{Calls: &TestCallsService{backend: b}, SMS: &TestSMSService{backend: b}, Clock: &TestClockService{backend: b}},
		SMS:               &SMSService{backend: b},
		Voicemails:        &VoicemailsService{backend: b},
		VoicemailGreeting: &VoicemailGreetingService{backend: b},
		AI:                &AIService{backend: b},
		Account:           &AccountService{backend: b},
		WebhookEndpoints:  &WebhookEndpointsService{backend: b},
		Events:            &EventsService{backend: b},
	}
}

// NumbersService has the methods of numbers.
type NumbersService struct {
	backend *backend
}

// Available: Find numbers for sale. It walks over all pages, each fetched when it is needed.
//
//	GET /v1/numbers/available
func (s *NumbersService) Available(ctx context.Context, params *NumberAvailableParams, options ...CallOption) iter.Seq2[*AvailableNumber, error] {
	return listAll[AvailableNumber](ctx, s.backend, request{method: http.MethodGet, path: "/v1/numbers/available", query: params.query()}, options)
}

// AvailablePage fetches one page of what Available walks over.
func (s *NumbersService) AvailablePage(ctx context.Context, params *NumberAvailableParams, options ...CallOption) (*Page[AvailableNumber], error) {
	return getPage[AvailableNumber](ctx, s.backend, request{method: http.MethodGet, path: "/v1/numbers/available", query: params.query()}, options)
}

// Create: Activate a number.
//
//	POST /v1/numbers
func (s *NumbersService) Create(ctx context.Context, params *NumberCreateParams, options ...CallOption) (*Number, error) {
	return send[Number](ctx, s.backend, request{method: http.MethodPost, path: "/v1/numbers", body: params.fields()}, options)
}

// List: List your numbers. It walks over all pages, each fetched when it is needed.
//
//	GET /v1/numbers
func (s *NumbersService) List(ctx context.Context, params *NumberListParams, options ...CallOption) iter.Seq2[*Number, error] {
	return listAll[Number](ctx, s.backend, request{method: http.MethodGet, path: "/v1/numbers", query: params.query()}, options)
}

// ListPage fetches one page of what List walks over.
func (s *NumbersService) ListPage(ctx context.Context, params *NumberListParams, options ...CallOption) (*Page[Number], error) {
	return getPage[Number](ctx, s.backend, request{method: http.MethodGet, path: "/v1/numbers", query: params.query()}, options)
}

// Get: Retrieve a number.
//
//	GET /v1/numbers/{id}
func (s *NumbersService) Get(ctx context.Context, id string, options ...CallOption) (*Number, error) {
	return send[Number](ctx, s.backend, request{method: http.MethodGet, path: "/v1/numbers/" + segment(id)}, options)
}

// Update: Update a number.
//
//	PATCH /v1/numbers/{id}
func (s *NumbersService) Update(ctx context.Context, id string, params *NumberUpdateParams, options ...CallOption) (*Number, error) {
	return send[Number](ctx, s.backend, request{method: http.MethodPatch, path: "/v1/numbers/" + segment(id), body: params.fields()}, options)
}

// Delete: Release a number.
//
//	DELETE /v1/numbers/{id}
func (s *NumbersService) Delete(ctx context.Context, id string, options ...CallOption) error {
	_, err := s.backend.do(ctx, request{method: http.MethodDelete, path: "/v1/numbers/" + segment(id)}, options)
	return err
}

// Renew: Pay one more period.
//
//	POST /v1/numbers/{id}/renew
func (s *NumbersService) Renew(ctx context.Context, id string, params *NumberRenewParams, options ...CallOption) (*Number, error) {
	return send[Number](ctx, s.backend, request{method: http.MethodPost, path: "/v1/numbers/" + segment(id) + "/renew", body: params.fields()}, options)
}

// SipCredentialsService has the methods of sip_credentials.
type SipCredentialsService struct {
	backend *backend
}

// Create: Make a number's SIP credentials, or a new password.
//
//	POST /v1/numbers/{id}/sip_credentials
func (s *SipCredentialsService) Create(ctx context.Context, id string, options ...CallOption) (*SipCredentials, error) {
	return send[SipCredentials](ctx, s.backend, request{method: http.MethodPost, path: "/v1/numbers/" + segment(id) + "/sip_credentials"}, options)
}

// Get: Retrieve a number's SIP credentials and devices.
//
//	GET /v1/numbers/{id}/sip_credentials
func (s *SipCredentialsService) Get(ctx context.Context, id string, options ...CallOption) (*SipCredentials, error) {
	return send[SipCredentials](ctx, s.backend, request{method: http.MethodGet, path: "/v1/numbers/" + segment(id) + "/sip_credentials"}, options)
}

// Delete: Let no device sign in any more.
//
//	DELETE /v1/numbers/{id}/sip_credentials
func (s *SipCredentialsService) Delete(ctx context.Context, id string, options ...CallOption) error {
	_, err := s.backend.do(ctx, request{method: http.MethodDelete, path: "/v1/numbers/" + segment(id) + "/sip_credentials"}, options)
	return err
}

// BrowserSessionsService has the methods of browser_sessions.
type BrowserSessionsService struct {
	backend *backend
}

// Create: Let a browser be a number's softphone for some hours.
//
//	POST /v1/numbers/{id}/browser_sessions
func (s *BrowserSessionsService) Create(ctx context.Context, id string, options ...CallOption) (*BrowserSession, error) {
	return send[BrowserSession](ctx, s.backend, request{method: http.MethodPost, path: "/v1/numbers/" + segment(id) + "/browser_sessions"}, options)
}

// CallsService has the methods of calls.
type CallsService struct {
	backend *backend
}

// Create: Place a call.
//
//	POST /v1/calls
func (s *CallsService) Create(ctx context.Context, params *CallCreateParams, options ...CallOption) (*Call, error) {
	return send[Call](ctx, s.backend, request{method: http.MethodPost, path: "/v1/calls", body: params.fields()}, options)
}

// List: List calls. It walks over all pages, each fetched when it is needed.
//
//	GET /v1/calls
func (s *CallsService) List(ctx context.Context, params *CallListParams, options ...CallOption) iter.Seq2[*Call, error] {
	return listAll[Call](ctx, s.backend, request{method: http.MethodGet, path: "/v1/calls", query: params.query()}, options)
}

// ListPage fetches one page of what List walks over.
func (s *CallsService) ListPage(ctx context.Context, params *CallListParams, options ...CallOption) (*Page[Call], error) {
	return getPage[Call](ctx, s.backend, request{method: http.MethodGet, path: "/v1/calls", query: params.query()}, options)
}

// Get: Retrieve a call.
//
//	GET /v1/calls/{id}
func (s *CallsService) Get(ctx context.Context, id string, options ...CallOption) (*Call, error) {
	return send[Call](ctx, s.backend, request{method: http.MethodGet, path: "/v1/calls/" + segment(id)}, options)
}

// Timeline: Everything that happened to a call.
//
//	GET /v1/calls/{id}/timeline
func (s *CallsService) Timeline(ctx context.Context, id string, options ...CallOption) (*CallTimeline, error) {
	return send[CallTimeline](ctx, s.backend, request{method: http.MethodGet, path: "/v1/calls/" + segment(id) + "/timeline"}, options)
}

// Hangup: End a call.
//
//	POST /v1/calls/{id}/hangup
func (s *CallsService) Hangup(ctx context.Context, id string, options ...CallOption) (*Call, error) {
	return send[Call](ctx, s.backend, request{method: http.MethodPost, path: "/v1/calls/" + segment(id) + "/hangup"}, options)
}

// TestCallsService has the methods of test.calls.
type TestCallsService struct {
	backend *backend
}

// Create: Receive a call from the outside world (test mode).
//
//	POST /v1/test/calls
func (s *TestCallsService) Create(ctx context.Context, params *TestCallCreateParams, options ...CallOption) (*Call, error) {
	return send[Call](ctx, s.backend, request{method: http.MethodPost, path: "/v1/test/calls", body: params.fields()}, options)
}

// TestSMSService has the methods of test.sms.
type TestSMSService struct {
	backend *backend
}

// Create: Receive an SMS from the outside world (test mode).
//
//	POST /v1/test/sms
func (s *TestSMSService) Create(ctx context.Context, params *TestSMSCreateParams, options ...CallOption) (*SMS, error) {
	return send[SMS](ctx, s.backend, request{method: http.MethodPost, path: "/v1/test/sms", body: params.fields()}, options)
}

// TestClockService has the methods of test.clock.
type TestClockService struct {
	backend *backend
}

// Advance: Move the sandbox's clock.
//
//	POST /v1/test/clock/advance
func (s *TestClockService) Advance(ctx context.Context, params *TestClockAdvanceParams, options ...CallOption) (*TestClock, error) {
	return send[TestClock](ctx, s.backend, request{method: http.MethodPost, path: "/v1/test/clock/advance", body: params.fields()}, options)
}

// TestService has the methods of test.
type TestService struct {
	Calls *TestCallsService
	SMS   *TestSMSService
	Clock *TestClockService
}

// SMSService has the methods of sms.
type SMSService struct {
	backend *backend
}

// Create: Send an SMS.
//
//	POST /v1/sms
func (s *SMSService) Create(ctx context.Context, params *SMSCreateParams, options ...CallOption) (*SMS, error) {
	return send[SMS](ctx, s.backend, request{method: http.MethodPost, path: "/v1/sms", body: params.fields()}, options)
}

// List: List messages. It walks over all pages, each fetched when it is needed.
//
//	GET /v1/sms
func (s *SMSService) List(ctx context.Context, params *SMSListParams, options ...CallOption) iter.Seq2[*SMS, error] {
	return listAll[SMS](ctx, s.backend, request{method: http.MethodGet, path: "/v1/sms", query: params.query()}, options)
}

// ListPage fetches one page of what List walks over.
func (s *SMSService) ListPage(ctx context.Context, params *SMSListParams, options ...CallOption) (*Page[SMS], error) {
	return getPage[SMS](ctx, s.backend, request{method: http.MethodGet, path: "/v1/sms", query: params.query()}, options)
}

// Preview: See encoding, segments and price without sending.
//
//	POST /v1/sms/preview
func (s *SMSService) Preview(ctx context.Context, params *SMSPreviewParams, options ...CallOption) (*Preview, error) {
	return send[Preview](ctx, s.backend, request{method: http.MethodPost, path: "/v1/sms/preview", body: params.fields()}, options)
}

// Get: Retrieve a message with its segments.
//
//	GET /v1/sms/{id}
func (s *SMSService) Get(ctx context.Context, id string, options ...CallOption) (*SMSDetail, error) {
	return send[SMSDetail](ctx, s.backend, request{method: http.MethodGet, path: "/v1/sms/" + segment(id)}, options)
}

// Timeline: Everything that happened to a message.
//
//	GET /v1/sms/{id}/timeline
func (s *SMSService) Timeline(ctx context.Context, id string, options ...CallOption) (*Timeline, error) {
	return send[Timeline](ctx, s.backend, request{method: http.MethodGet, path: "/v1/sms/" + segment(id) + "/timeline"}, options)
}

// Cancel: Cancel a scheduled message.
//
//	POST /v1/sms/{id}/cancel
func (s *SMSService) Cancel(ctx context.Context, id string, options ...CallOption) (*SMS, error) {
	return send[SMS](ctx, s.backend, request{method: http.MethodPost, path: "/v1/sms/" + segment(id) + "/cancel"}, options)
}

// VoicemailsService has the methods of voicemails.
type VoicemailsService struct {
	backend *backend
}

// List: List voicemails. It walks over all pages, each fetched when it is needed.
//
//	GET /v1/voicemails
func (s *VoicemailsService) List(ctx context.Context, params *VoicemailListParams, options ...CallOption) iter.Seq2[*Voicemail, error] {
	return listAll[Voicemail](ctx, s.backend, request{method: http.MethodGet, path: "/v1/voicemails", query: params.query()}, options)
}

// ListPage fetches one page of what List walks over.
func (s *VoicemailsService) ListPage(ctx context.Context, params *VoicemailListParams, options ...CallOption) (*Page[Voicemail], error) {
	return getPage[Voicemail](ctx, s.backend, request{method: http.MethodGet, path: "/v1/voicemails", query: params.query()}, options)
}

// Get: Retrieve a voicemail.
//
//	GET /v1/voicemails/{id}
func (s *VoicemailsService) Get(ctx context.Context, id string, options ...CallOption) (*Voicemail, error) {
	return send[Voicemail](ctx, s.backend, request{method: http.MethodGet, path: "/v1/voicemails/" + segment(id)}, options)
}

// Delete: Delete a voicemail and its audio.
//
//	DELETE /v1/voicemails/{id}
func (s *VoicemailsService) Delete(ctx context.Context, id string, options ...CallOption) error {
	_, err := s.backend.do(ctx, request{method: http.MethodDelete, path: "/v1/voicemails/" + segment(id)}, options)
	return err
}

// VoicemailGreetingService has the methods of voicemail_greeting.
type VoicemailGreetingService struct {
	backend *backend
}

// Set: Set what callers hear before the tone.
//
//	POST /v1/numbers/{id}/voicemail_greeting
func (s *VoicemailGreetingService) Set(ctx context.Context, id string, params *VoicemailGreetingSetParams, options ...CallOption) (*Greeting, error) {
	return send[Greeting](ctx, s.backend, request{method: http.MethodPost, path: "/v1/numbers/" + segment(id) + "/voicemail_greeting", body: params.fields()}, options)
}

// Get: Retrieve what callers hear before the tone.
//
//	GET /v1/numbers/{id}/voicemail_greeting
func (s *VoicemailGreetingService) Get(ctx context.Context, id string, options ...CallOption) (*Greeting, error) {
	return send[Greeting](ctx, s.backend, request{method: http.MethodGet, path: "/v1/numbers/" + segment(id) + "/voicemail_greeting"}, options)
}

// Delete: Back to the shipped greeting.
//
//	DELETE /v1/numbers/{id}/voicemail_greeting
func (s *VoicemailGreetingService) Delete(ctx context.Context, id string, options ...CallOption) error {
	_, err := s.backend.do(ctx, request{method: http.MethodDelete, path: "/v1/numbers/" + segment(id) + "/voicemail_greeting"}, options)
	return err
}

// AIService has the methods of ai.
type AIService struct {
	backend *backend
}

// Get: Retrieve what a number's AI does.
//
//	GET /v1/numbers/{id}/ai
func (s *AIService) Get(ctx context.Context, id string, options ...CallOption) (*AIConfig, error) {
	return send[AIConfig](ctx, s.backend, request{method: http.MethodGet, path: "/v1/numbers/" + segment(id) + "/ai"}, options)
}

// Update: Change what a number's AI does.
//
//	PATCH /v1/numbers/{id}/ai
func (s *AIService) Update(ctx context.Context, id string, params *AIUpdateParams, options ...CallOption) (*AIConfig, error) {
	return send[AIConfig](ctx, s.backend, request{method: http.MethodPatch, path: "/v1/numbers/" + segment(id) + "/ai", body: params.fields()}, options)
}

// AccountService has the methods of account.
type AccountService struct {
	backend *backend
}

// Get: Retrieve your account.
//
//	GET /v1/account
func (s *AccountService) Get(ctx context.Context, options ...CallOption) (*Account, error) {
	return send[Account](ctx, s.backend, request{method: http.MethodGet, path: "/v1/account"}, options)
}

// Update: Update your account.
//
//	PATCH /v1/account
func (s *AccountService) Update(ctx context.Context, params *AccountUpdateParams, options ...CallOption) (*Account, error) {
	return send[Account](ctx, s.backend, request{method: http.MethodPatch, path: "/v1/account", body: params.fields()}, options)
}

// Usage: Usage by kind and day.
//
//	GET /v1/account/usage
func (s *AccountService) Usage(ctx context.Context, params *AccountUsageParams, options ...CallOption) (*Usage, error) {
	return send[Usage](ctx, s.backend, request{method: http.MethodGet, path: "/v1/account/usage", query: params.query()}, options)
}

// WebhookEndpointsService has the methods of webhook_endpoints.
type WebhookEndpointsService struct {
	backend *backend
}

// Create: Register a webhook endpoint.
//
//	POST /v1/webhook_endpoints
func (s *WebhookEndpointsService) Create(ctx context.Context, params *WebhookEndpointCreateParams, options ...CallOption) (*Endpoint, error) {
	return send[Endpoint](ctx, s.backend, request{method: http.MethodPost, path: "/v1/webhook_endpoints", body: params.fields()}, options)
}

// List: List webhook endpoints. It walks over all pages, each fetched when it is needed.
//
//	GET /v1/webhook_endpoints
func (s *WebhookEndpointsService) List(ctx context.Context, params *WebhookEndpointListParams, options ...CallOption) iter.Seq2[*Endpoint, error] {
	return listAll[Endpoint](ctx, s.backend, request{method: http.MethodGet, path: "/v1/webhook_endpoints", query: params.query()}, options)
}

// ListPage fetches one page of what List walks over.
func (s *WebhookEndpointsService) ListPage(ctx context.Context, params *WebhookEndpointListParams, options ...CallOption) (*Page[Endpoint], error) {
	return getPage[Endpoint](ctx, s.backend, request{method: http.MethodGet, path: "/v1/webhook_endpoints", query: params.query()}, options)
}

// Get: Retrieve a webhook endpoint.
//
//	GET /v1/webhook_endpoints/{id}
func (s *WebhookEndpointsService) Get(ctx context.Context, id string, options ...CallOption) (*Endpoint, error) {
	return send[Endpoint](ctx, s.backend, request{method: http.MethodGet, path: "/v1/webhook_endpoints/" + segment(id)}, options)
}

// Update: Update a webhook endpoint.
//
//	PATCH /v1/webhook_endpoints/{id}
func (s *WebhookEndpointsService) Update(ctx context.Context, id string, params *WebhookEndpointUpdateParams, options ...CallOption) (*Endpoint, error) {
	return send[Endpoint](ctx, s.backend, request{method: http.MethodPatch, path: "/v1/webhook_endpoints/" + segment(id), body: params.fields()}, options)
}

// Delete: Remove a webhook endpoint.
//
//	DELETE /v1/webhook_endpoints/{id}
func (s *WebhookEndpointsService) Delete(ctx context.Context, id string, options ...CallOption) error {
	_, err := s.backend.do(ctx, request{method: http.MethodDelete, path: "/v1/webhook_endpoints/" + segment(id)}, options)
	return err
}

// RotateSecret: Give a webhook endpoint a new signing secret.
//
//	POST /v1/webhook_endpoints/{id}/rotate_secret
func (s *WebhookEndpointsService) RotateSecret(ctx context.Context, id string, params *WebhookEndpointRotateSecretParams, options ...CallOption) (*Endpoint, error) {
	return send[Endpoint](ctx, s.backend, request{method: http.MethodPost, path: "/v1/webhook_endpoints/" + segment(id) + "/rotate_secret", body: params.fields()}, options)
}

// Test: Send a test event.
//
//	POST /v1/webhook_endpoints/{id}/test
func (s *WebhookEndpointsService) Test(ctx context.Context, id string, options ...CallOption) (*Event, error) {
	return send[Event](ctx, s.backend, request{method: http.MethodPost, path: "/v1/webhook_endpoints/" + segment(id) + "/test"}, options)
}

// Deliveries: List an endpoint's deliveries with their attempts. It walks over all pages, each fetched when it is needed.
//
//	GET /v1/webhook_endpoints/{id}/deliveries
func (s *WebhookEndpointsService) Deliveries(ctx context.Context, id string, params *WebhookEndpointDeliveriesParams, options ...CallOption) iter.Seq2[*Delivery, error] {
	return listAll[Delivery](ctx, s.backend, request{method: http.MethodGet, path: "/v1/webhook_endpoints/" + segment(id) + "/deliveries", query: params.query()}, options)
}

// DeliveriesPage fetches one page of what Deliveries walks over.
func (s *WebhookEndpointsService) DeliveriesPage(ctx context.Context, id string, params *WebhookEndpointDeliveriesParams, options ...CallOption) (*Page[Delivery], error) {
	return getPage[Delivery](ctx, s.backend, request{method: http.MethodGet, path: "/v1/webhook_endpoints/" + segment(id) + "/deliveries", query: params.query()}, options)
}

// EventsService has the methods of events.
type EventsService struct {
	backend *backend
}

// List: List events of the last 30 days. It walks over all pages, each fetched when it is needed.
//
//	GET /v1/events
func (s *EventsService) List(ctx context.Context, params *EventListParams, options ...CallOption) iter.Seq2[*Event, error] {
	return listAll[Event](ctx, s.backend, request{method: http.MethodGet, path: "/v1/events", query: params.query()}, options)
}

// ListPage fetches one page of what List walks over.
func (s *EventsService) ListPage(ctx context.Context, params *EventListParams, options ...CallOption) (*Page[Event], error) {
	return getPage[Event](ctx, s.backend, request{method: http.MethodGet, path: "/v1/events", query: params.query()}, options)
}

// Get: Retrieve an event.
//
//	GET /v1/events/{id}
func (s *EventsService) Get(ctx context.Context, id string, options ...CallOption) (*Event, error) {
	return send[Event](ctx, s.backend, request{method: http.MethodGet, path: "/v1/events/" + segment(id)}, options)
}

// Resend: Deliver an event again.
//
//	POST /v1/events/{id}/resend
func (s *EventsService) Resend(ctx context.Context, id string, params *EventResendParams, options ...CallOption) (*Event, error) {
	return send[Event](ctx, s.backend, request{method: http.MethodPost, path: "/v1/events/" + segment(id) + "/resend", body: params.fields()}, options)
}
