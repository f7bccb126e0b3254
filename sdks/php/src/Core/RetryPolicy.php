<?php

declare(strict_types=1);

namespace NoKYCNumber\Core;

use Closure;
use DateTimeImmutable;
use NoKYCNumber\Http\Response;

/**
 * What is worth another attempt, and after how many seconds.
 */
final class RetryPolicy
{
    private const STEP = 1.0; // 429 without Retry-After: 1 s, 2 s, 3 s, …
    private const BASE = 0.5; // anything else: 0.5 s, 1 s, 2 s, …
    private const MAX_DELAY = 8.0;
    private const MAX_RETRY_AFTER = 60.0; // the longest that the server's limiter can ask for
    private const RETRY_AFTER_JITTER = 0.1; // upon Retry-After, never below it

    /** @var Closure(): float */
    private readonly Closure $random;
    /** @var Closure(): float */
    private readonly Closure $clock;

    public function __construct(?Closure $random = null, ?Closure $clock = null)
    {
        $this->random = $random ?? static fn (): float => random_int(0, (1 << 53) - 1) / (1 << 53);
        $this->clock = $clock ?? static fn (): float => microtime(true);
    }

    /** The delay before retry n (from 1) after an answer, or null if the answer is final. */
    public function afterAnswer(int $n, Response $answer, ?string $code): ?float
    {
        if (!self::isRetryable($answer, $code)) {
            return null;
        }
        $after = self::retryAfter($answer->header('Retry-After'), ($this->clock)());
        if ($after > 0) {
            return $after > self::MAX_RETRY_AFTER ? null : $after * (1 + self::RETRY_AFTER_JITTER * ($this->random)());
        }

        return $answer->status === 429 ? $this->jittered(min($n * self::STEP, self::MAX_DELAY)) : $this->afterFailure($n);
    }

    /** The delay before retry n (from 1) after a failed connection. */
    public function afterFailure(int $n): float
    {
        return $this->jittered(min(self::BASE * 2 ** ($n - 1), self::MAX_DELAY));
    }

    /** Reads the header's two forms, seconds and HTTP-date (RFC 9110, section 10.2.3). */
    public static function retryAfter(?string $value, float $now): ?float
    {
        if ($value === null || $value === '') {
            return null;
        }
        if (ctype_digit($value)) {
            return (float) $value;
        }
        $date = DateTimeImmutable::createFromFormat('D, d M Y H:i:s \G\M\T', $value, new \DateTimeZone('UTC'));

        return $date === false ? null : $date->getTimestamp() - $now;
    }

    private static function isRetryable(Response $answer, ?string $code): bool
    {
        return match (strtolower($answer->header('NoKYC-Should-Retry') ?? '')) {
            'true' => true,
            'false' => false,
            default => in_array($answer->status, [429, 500, 502, 503, 504], true)
                || ($answer->status === 409 && $code === 'idempotency_key_in_use'),
        };
    }

    /** 50 to 100 % of a delay. */
    private function jittered(float $delay): float
    {
        return $delay * (0.5 + 0.5 * ($this->random)());
    }
}
