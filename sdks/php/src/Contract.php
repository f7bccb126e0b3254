<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber;

/**
 * What this library was made from.
 */
final class Contract
{
    /** The version of the API; every request names it. */
    public const API_VERSION = '2026-04-01';
    public const DEFAULT_BASE_URL = 'https://api.nokycnumber.com';
    /** What an error's type can be. */
    public const ERROR_TYPES = [
        'invalid_request_error',
        'authentication_error',
        'authorization_error',
        'rate_limit_error',
        'api_error',
        'resource_error',
        'upstream_error',
    ];
    /** What an error's code can be. */
    public const ERROR_CODES = [
        'https_required',
        'parameter_missing',
        'parameter_invalid',
        'parameter_unknown',
        'phone_number_invalid',
        'body_invalid',
        'body_too_long',
        'cursor_invalid',
        'version_invalid',
        'version_sunset',
        'idempotency_key_invalid',
        'url_invalid',
        'voice_invalid',
        'audio_invalid',
        'api_key_missing',
        'api_key_invalid',
        'secret_key_required',
        'balance_insufficient',
        'spend_cap_reached',
        'scope_insufficient',
        'resource_missing',
        'route_not_found',
        'method_not_allowed',
        'idempotency_key_mismatch',
        'idempotency_key_in_use',
        'body_too_large',
        'content_type_unsupported',
        'country_unsupported',
        'destination_unsupported',
        'destination_forbidden',
        'destination_velocity',
        'send_at_invalid',
        'too_many_segments',
        'mms_unsupported',
        'url_forbidden',
        'endpoint_limit_reached',
        'callerid_not_owned',
        'addon_required',
        'translation_unsupported',
        'number_paused',
        'number_released',
        'number_unavailable',
        'reservation_expired',
        'renewal_limit_reached',
        'use_delete',
        'not_cancelable',
        'recipient_opted_out',
        'endpoint_disabled',
        'test_mode_only',
        'live_mode_only',
        'rate_limit_exceeded',
        'internal_error',
        'service_unavailable',
    ];
}
