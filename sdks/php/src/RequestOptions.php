<?php

declare(strict_types=1);

namespace NoKYCNumber;

use Closure;

/**
 * What can be said about one call.
 */
final class RequestOptions
{
    /**
     * @param string|null $idempotencyKey names the operation; without it every POST gets a fresh UUID for all its attempts
     * @param float|null $timeout seconds for one attempt
     * @param array<string, string> $headers
     * @param array<string, mixed> $extraQuery parameters that this version of the library does not know
     * @param array<string, mixed> $extraBody fields that this version of the library does not know
     * @param (Closure(): bool)|null $cancelled asked before, during and between attempts; true ends the call
     */
    public function __construct(
        public readonly ?string $idempotencyKey = null,
        public readonly ?float $timeout = null,
        public readonly ?int $maxRetries = null,
        public readonly array $headers = [],
        public readonly array $extraQuery = [],
        public readonly array $extraBody = [],
        public readonly ?Closure $cancelled = null,
    ) {
    }
}
