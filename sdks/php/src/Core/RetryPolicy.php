<?php

declare(strict_types=1);

namespace NoKYCNumber\Core;

use Closure;
use DateTimeImmutable;
use DateTimeZone;
use NoKYCNumber\Exception\ApiConnectionException;
use NoKYCNumber\Exception\ApiStatusException;

/**
 * What is worth another attempt, and after how many seconds.
 *
 * @internal
 */
final class RetryPolicy
{
    private const STATUSES = [429, 500, 502, 503, 504];
    private const STEP = 1.0; // 429 without Retry-After: 1 s, 2 s, 3 s, …
    private const BASE = 0.5; // anything else: 0.5 s, 1 s, 2 s, …
    private const MAX_DELAY = 8.0;
    private const MAX_RETRY_AFTER = 60.0; // the longest that the server's limiter can ask for
    private const RETRY_AFTER_JITTER = 0.1; // upon Retry-After, never below it

    /**
     * @param Closure(): float $random
     * @param Closure(): float $clock
     */
    public function __construct(private readonly Closure $random, private readonly Closure $clock)
    {
    }

    /** The delay before retry n (from 1), or null if the error is final. */
    public function delay(int $n, ApiConnectionException|ApiStatusException $error): ?float
    {
        $delay = self::BASE * 2 ** ($n - 1);
        if ($error instanceof ApiStatusException) {
            if (!self::isRetryable($error)) {
                return null;
            }
            $after = self::retryAfter($error->response->header('Retry-After'), ($this->clock)());
            if ($after !== null) {
                return $after > self::MAX_RETRY_AFTER ? null : $after * (1 + self::RETRY_AFTER_JITTER * ($this->random)());
            }
            $delay = $error->status === 429 ? $n * self::STEP : $delay;
        } elseif (!$error->retryable) {
            return null;
        }

        // 50 to 100 % of it, so that clients do not come back together.
        return min($delay, self::MAX_DELAY) * (0.5 + 0.5 * ($this->random)());
    }

    /** Reads the header's two forms, seconds and HTTP-date (RFC 9110, section 10.2.3); null if it says nothing usable. */
    public static function retryAfter(?string $value, float $now): ?float
    {
        if (ctype_digit((string) $value)) {
            return (float) $value ?: null;
        }
        $date = DateTimeImmutable::createFromFormat('D, d M Y H:i:s \G\M\T', (string) $value, new DateTimeZone('UTC'));

        return $date !== false && $date->getTimestamp() > $now ? $date->getTimestamp() - $now : null;
    }

    private static function isRetryable(ApiStatusException $error): bool
    {
        return match (strtolower($error->response->header('NoKYC-Should-Retry') ?? '')) {
            'true' => true,
            'false' => false,
            default => in_array($error->status, self::STATUSES, true)
                || ($error->status === 409 && $error->errorCode === 'idempotency_key_in_use'),
        };
    }
}
