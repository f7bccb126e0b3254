<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Enums;

/**
 * Values that are not listed here are kept as strings.
 */
enum SmsFailureCode: string
{
    case BalanceInsufficient = 'balance_insufficient';
    case Blocked = 'blocked';
    case Canceled = 'canceled';
    case CarrierRejected = 'carrier_rejected';
    case CarrierTimeout = 'carrier_timeout';
    case Expired = 'expired';
    case InvalidDestination = 'invalid_destination';
    case SpamFiltered = 'spam_filtered';
    case Unknown = 'unknown';
    case Unreachable = 'unreachable';
}
