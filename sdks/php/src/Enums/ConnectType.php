<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Enums;

/**
 * Values that are not listed here are kept as strings.
 */
enum ConnectType: string
{
    case Agent = 'agent';
    case Announcement = 'announcement';
    case Number = 'number';
    case Say = 'say';
    case Softphone = 'softphone';
    case Stream = 'stream';
}
