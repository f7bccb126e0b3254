<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Enums;

/**
 * Values that are not listed here are kept as strings.
 */
enum CallAnsweredBy: string
{
    case Agent = 'agent';
    case Device = 'device';
    case Machine = 'machine';
    case Party = 'party';
    case Voicemail = 'voicemail';
}
