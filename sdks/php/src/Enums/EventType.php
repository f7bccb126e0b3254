<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Enums;

/**
 * Values that are not listed here are kept as strings.
 */
enum EventType: string
{
    case AccountBalanceLow = 'account.balance_low';
    case AiPickup = 'ai.pickup';
    case CallAnswered = 'call.answered';
    case CallCompleted = 'call.completed';
    case CallInitiated = 'call.initiated';
    case CallQualityAlert = 'call.quality_alert';
    case CallReceived = 'call.received';
    case CallRecorded = 'call.recorded';
    case NumberActivated = 'number.activated';
    case NumberPaused = 'number.paused';
    case NumberReleased = 'number.released';
    case NumberRenewed = 'number.renewed';
    case NumberResumed = 'number.resumed';
    case SmsDelivered = 'sms.delivered';
    case SmsFailed = 'sms.failed';
    case SmsReceived = 'sms.received';
    case SmsSent = 'sms.sent';
    case VoicemailCreated = 'voicemail.created';
    case WebhookEndpointTest = 'webhook_endpoint.test';
}
