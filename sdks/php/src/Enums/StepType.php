<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Enums;

/**
 * Values that are not listed here are kept as strings.
 */
enum StepType: string
{
    case Caption = 'caption';
    case Event = 'event';
    case Idempotency = 'idempotency';
    case Ledger = 'ledger';
    case Quality = 'quality';
    case Receipt = 'receipt';
    case Request = 'request';
    case Sip = 'sip';
    case State = 'state';
    case Submission = 'submission';
    case WebhookAttempt = 'webhook_attempt';
}
