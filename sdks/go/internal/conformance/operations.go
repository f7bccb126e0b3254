// Made by sdks/generator from the API's contract. DO NOT EDIT.

package main

import (
	"context"

	nokyc "github.com/nokycnumber/sdk-go"
)

// operations calls every method with arguments from JSON: a body or a query, or nothing, as `given`.
var operations = map[string]func(context.Context, *nokyc.Client, []string, arguments, ...nokyc.CallOption) (any, error){
	"numbers.available": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.Numbers.AvailablePage(ctx, decode[nokyc.NumberAvailableParams](given), options...)
	},
	"numbers.create": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.Numbers.Create(ctx, decode[nokyc.NumberCreateParams](given), options...)
	},
	"numbers.list": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.Numbers.ListPage(ctx, decode[nokyc.NumberListParams](given), options...)
	},
	"numbers.get": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.Numbers.Get(ctx, path[0], options...)
	},
	"numbers.update": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.Numbers.Update(ctx, path[0], decode[nokyc.NumberUpdateParams](given), options...)
	},
	"numbers.delete": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return nil, c.Numbers.Delete(ctx, path[0], options...)
	},
	"numbers.renew": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.Numbers.Renew(ctx, path[0], decode[nokyc.NumberRenewParams](given), options...)
	},
	"sip_credentials.create": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.SipCredentials.Create(ctx, path[0], options...)
	},
	"sip_credentials.get": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.SipCredentials.Get(ctx, path[0], options...)
	},
	"sip_credentials.delete": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return nil, c.SipCredentials.Delete(ctx, path[0], options...)
	},
	"calls.create": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.Calls.Create(ctx, decode[nokyc.CallCreateParams](given), options...)
	},
	"calls.list": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.Calls.ListPage(ctx, decode[nokyc.CallListParams](given), options...)
	},
	"calls.get": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.Calls.Get(ctx, path[0], options...)
	},
	"calls.timeline": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.Calls.Timeline(ctx, path[0], options...)
	},
	"calls.hangup": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.Calls.Hangup(ctx, path[0], options...)
	},
	"test.calls.create": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.Test.Calls.Create(ctx, decode[nokyc.TestCallCreateParams](given), options...)
	},
	"test.sms.create": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.Test.SMS.Create(ctx, decode[nokyc.TestSMSCreateParams](given), options...)
	},
	"test.clock.advance": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.Test.Clock.Advance(ctx, decode[nokyc.TestClockAdvanceParams](given), options...)
	},
	"sms.create": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.SMS.Create(ctx, decode[nokyc.SMSCreateParams](given), options...)
	},
	"sms.list": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.SMS.ListPage(ctx, decode[nokyc.SMSListParams](given), options...)
	},
	"sms.preview": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.SMS.Preview(ctx, decode[nokyc.SMSPreviewParams](given), options...)
	},
	"sms.get": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.SMS.Get(ctx, path[0], options...)
	},
	"sms.timeline": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.SMS.Timeline(ctx, path[0], options...)
	},
	"sms.cancel": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.SMS.Cancel(ctx, path[0], options...)
	},
	"voicemails.list": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.Voicemails.ListPage(ctx, decode[nokyc.VoicemailListParams](given), options...)
	},
	"voicemails.get": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.Voicemails.Get(ctx, path[0], options...)
	},
	"voicemails.delete": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return nil, c.Voicemails.Delete(ctx, path[0], options...)
	},
	"voicemail_greeting.set": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.VoicemailGreeting.Set(ctx, path[0], decode[nokyc.VoicemailGreetingSetParams](given), options...)
	},
	"voicemail_greeting.get": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.VoicemailGreeting.Get(ctx, path[0], options...)
	},
	"voicemail_greeting.delete": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return nil, c.VoicemailGreeting.Delete(ctx, path[0], options...)
	},
	"ai.get": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.AI.Get(ctx, path[0], options...)
	},
	"ai.update": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.AI.Update(ctx, path[0], decode[nokyc.AIUpdateParams](given), options...)
	},
	"account.get": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.Account.Get(ctx, options...)
	},
	"account.update": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.Account.Update(ctx, decode[nokyc.AccountUpdateParams](given), options...)
	},
	"account.usage": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.Account.Usage(ctx, decode[nokyc.AccountUsageParams](given), options...)
	},
	"webhook_endpoints.create": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.WebhookEndpoints.Create(ctx, decode[nokyc.WebhookEndpointCreateParams](given), options...)
	},
	"webhook_endpoints.list": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.WebhookEndpoints.ListPage(ctx, decode[nokyc.WebhookEndpointListParams](given), options...)
	},
	"webhook_endpoints.get": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.WebhookEndpoints.Get(ctx, path[0], options...)
	},
	"webhook_endpoints.update": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.WebhookEndpoints.Update(ctx, path[0], decode[nokyc.WebhookEndpointUpdateParams](given), options...)
	},
	"webhook_endpoints.delete": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return nil, c.WebhookEndpoints.Delete(ctx, path[0], options...)
	},
	"webhook_endpoints.rotate_secret": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.WebhookEndpoints.RotateSecret(ctx, path[0], decode[nokyc.WebhookEndpointRotateSecretParams](given), options...)
	},
	"webhook_endpoints.test": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.WebhookEndpoints.Test(ctx, path[0], options...)
	},
	"webhook_endpoints.deliveries": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.WebhookEndpoints.DeliveriesPage(ctx, path[0], decode[nokyc.WebhookEndpointDeliveriesParams](given), options...)
	},
	"events.list": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.Events.ListPage(ctx, decode[nokyc.EventListParams](given), options...)
	},
	"events.get": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.Events.Get(ctx, path[0], options...)
	},
	"events.resend": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, options ...nokyc.CallOption) (any, error) {
		return c.Events.Resend(ctx, path[0], decode[nokyc.EventResendParams](given), options...)
	},
}

// walks calls every method that lists, and takes so many items at most; all if it is negative.
var walks = map[string]func(context.Context, *nokyc.Client, []string, arguments, int, ...nokyc.CallOption) ([]any, error){
	"numbers.available": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, limit int, options ...nokyc.CallOption) ([]any, error) {
		return take(c.Numbers.Available(ctx, decode[nokyc.NumberAvailableParams](given), options...), limit)
	},
	"numbers.list": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, limit int, options ...nokyc.CallOption) ([]any, error) {
		return take(c.Numbers.List(ctx, decode[nokyc.NumberListParams](given), options...), limit)
	},
	"calls.list": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, limit int, options ...nokyc.CallOption) ([]any, error) {
		return take(c.Calls.List(ctx, decode[nokyc.CallListParams](given), options...), limit)
	},
	"sms.list": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, limit int, options ...nokyc.CallOption) ([]any, error) {
		return take(c.SMS.List(ctx, decode[nokyc.SMSListParams](given), options...), limit)
	},
	"voicemails.list": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, limit int, options ...nokyc.CallOption) ([]any, error) {
		return take(c.Voicemails.List(ctx, decode[nokyc.VoicemailListParams](given), options...), limit)
	},
	"webhook_endpoints.list": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, limit int, options ...nokyc.CallOption) ([]any, error) {
		return take(c.WebhookEndpoints.List(ctx, decode[nokyc.WebhookEndpointListParams](given), options...), limit)
	},
	"webhook_endpoints.deliveries": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, limit int, options ...nokyc.CallOption) ([]any, error) {
		return take(c.WebhookEndpoints.Deliveries(ctx, path[0], decode[nokyc.WebhookEndpointDeliveriesParams](given), options...), limit)
	},
	"events.list": func(ctx context.Context, c *nokyc.Client, path []string, given arguments, limit int, options ...nokyc.CallOption) ([]any, error) {
		return take(c.Events.List(ctx, decode[nokyc.EventListParams](given), options...), limit)
	},
}
