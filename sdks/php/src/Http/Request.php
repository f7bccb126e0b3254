<?php

declare(strict_types=1);

namespace NoKYCNumber\Http;

use Closure;

/**
 * One attempt, as a Transport gets it. Times are seconds.
 */
final class Request
{
    /**
     * @param array<string, string> $headers
     * @param (Closure(): bool)|null $cancelled
     */
    public function __construct(
        public readonly string $method,
        public readonly string $url,
        public readonly array $headers,
        public readonly ?string $body,
        public readonly float $timeout,
        public readonly float $connectTimeout,
        public readonly ?Closure $cancelled = null,
    ) {
    }

    public function withHeader(string $name, string $value): self
    {
        $headers = [$name => $value] + $this->headers;

        return new self($this->method, $this->url, $headers, $this->body, $this->timeout, $this->connectTimeout, $this->cancelled);
    }

    /** @return list<string> "Name: value" */
    public function headerLines(): array
    {
        return array_map(static fn ($name, $value) => "$name: $value", array_keys($this->headers), $this->headers);
    }

    /**
     * Keeps key and content out of var_dump() and the like.
     *
     * @return array<string, mixed>
     */
    public function __debugInfo(): array
    {
        return ['method' => $this->method, 'timeout' => $this->timeout];
    }
}
