<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Enums;

/**
 * Values that are not listed here are kept as strings.
 */
enum CallEndReason: string
{
    case AgentCost = 'agent_cost';
    case AgentDone = 'agent_done';
    case AgentHoldMusic = 'agent_hold_music';
    case AgentLoop = 'agent_loop';
    case AgentMachine = 'agent_machine';
    case AgentMaxSec = 'agent_max_sec';
    case AgentMaxTurns = 'agent_max_turns';
    case AgentSilence = 'agent_silence';
    case AgentUnavailable = 'agent_unavailable';
    case ApiHangup = 'api_hangup';
    case BalanceUsedUp = 'balance_used_up';
    case Busy = 'busy';
    case CalleeHangup = 'callee_hangup';
    case CallerHangup = 'caller_hangup';
    case Canceled = 'canceled';
    case CarrierRefused = 'carrier_refused';
    case CarrierTimeout = 'carrier_timeout';
    case Declined = 'declined';
    case Forbidden = 'forbidden';
    case InternalError = 'internal_error';
    case MaxDuration = 'max_duration';
    case MediaTimeout = 'media_timeout';
    case NoAnswer = 'no_answer';
    case NoMedia = 'no_media';
    case NumberPaused = 'number_paused';
    case Screened = 'screened';
    case ScriptDone = 'script_done';
    case SessionExpired = 'session_expired';
    case Shutdown = 'shutdown';
    case Unallocated = 'unallocated';
    case UnknownNumber = 'unknown_number';
    case Unreachable = 'unreachable';
    case VoicemailDone = 'voicemail_done';
    case WorkerLost = 'worker_lost';
}
