<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Enums;

/**
 * Values that are not listed here are kept as strings.
 */
enum VoicemailAiEndedBy: string
{
    case CallerHangup = 'caller_hangup';
    case Cost = 'cost';
    case Digit = 'digit';
    case Done = 'done';
    case HoldMusic = 'hold_music';
    case Loop = 'loop';
    case Machine = 'machine';
    case MaxSec = 'max_sec';
    case MaxTurns = 'max_turns';
    case Silence = 'silence';
    case Unavailable = 'unavailable';
}
