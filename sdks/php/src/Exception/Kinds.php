<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Exception;

/**
 * What the server's refusals become.
 *
 * @internal
 */
final class Kinds
{
    /**
     * By error.type first, by the status second.
     *
     * @return class-string<ApiStatusException>
     */
    public static function of(int $status, string $type, string $code): string
    {
        return match (true) {
            $status >= 300 && $status <= 399 => RedirectException::class,
            $type === 'authentication_error' => AuthenticationException::class,
            $type === 'authorization_error' => PermissionDeniedException::class,
            $type === 'rate_limit_error' => RateLimitException::class,
            $type === 'resource_error' && $status === 402 => PaymentRequiredException::class,
            $type === 'resource_error' => ResourceException::class,
            $type === 'upstream_error' => UpstreamException::class,
            $type === 'api_error' => ApiException::class,
            $status === 404 => NotFoundException::class,
            $status === 409 && str_starts_with($code, 'idempotency_') => IdempotencyException::class,
            $status === 409 => ConflictException::class,
            $type === 'invalid_request_error' => InvalidRequestException::class,
            $status === 401 => AuthenticationException::class,
            $status === 402 => PaymentRequiredException::class,
            $status === 403 => PermissionDeniedException::class,
            $status === 429 => RateLimitException::class,
            $status >= 500 && $status <= 999 => ApiException::class,
            default => InvalidRequestException::class,
        };
    }
}
