<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Models;

use DateTimeImmutable;
use JsonSerializable;
use NoKYCNumber\Core\Json;
use NoKYCNumber\Core\Read;
use NoKYCNumber\Http\Response;

/**
 * One HTTP try.
 */
final class Attempt implements JsonSerializable
{
    /**
     * @param array<string, mixed> $raw the object as it came, with fields that this version of the library does not know
     * @param Response|null $response of the call that the object answers
     */
    public function __construct(
        public readonly int $attempt,
        public readonly DateTimeImmutable $attemptedAt,
        public readonly ?int $statusCode,
        public readonly ?string $error,
        public readonly int $elapsedMs,
        public readonly string $responseBody,
        public readonly array $raw = [],
        public readonly ?Response $response = null,
    ) {
    }

    /** @param array<string, mixed> $data */
    public static function fromArray(array $data, ?Response $response = null): self
    {
        return new self(
            attempt: Read::int($data['attempt'] ?? null) ?? 0,
            attemptedAt: Read::time($data['attempted_at'] ?? null) ?? new DateTimeImmutable('@0'),
            statusCode: Read::int($data['status_code'] ?? null),
            error: Read::string($data['error'] ?? null),
            elapsedMs: Read::int($data['elapsed_ms'] ?? null) ?? 0,
            responseBody: Read::string($data['response_body'] ?? null) ?? '',
            raw: Json::plain($data),
            response: $response,
        );
    }

    /** @return array<string, mixed> the object as it came */
    public function toArray(): array
    {
        return $this->raw;
    }

    /** @return array<string, mixed> */
    public function jsonSerialize(): array
    {
        return $this->raw;
    }
}
