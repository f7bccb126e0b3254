<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Enums;

/**
 * Values that are not listed here are kept as strings.
 */
enum AiConfigAddon: string
{
    case AiPickup = 'ai-pickup';
    case AiScreen = 'ai-screen';
    case AiSummary = 'ai-summary';
    case AiTrans = 'ai-trans';
}
