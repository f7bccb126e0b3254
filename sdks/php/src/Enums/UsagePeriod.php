<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Enums;

/**
 * Values that are not listed here are kept as strings.
 */
enum UsagePeriod: string
{
    case Current = 'current';
    case Last30d = 'last_30d';
    case Last90d = 'last_90d';
}
