<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Enums;

/**
 * Values that are not listed here are kept as strings.
 */
enum CallStatus: string
{
    case Busy = 'busy';
    case Completed = 'completed';
    case Failed = 'failed';
    case InProgress = 'in_progress';
    case NoAnswer = 'no_answer';
    case Queued = 'queued';
    case Ringing = 'ringing';
}
