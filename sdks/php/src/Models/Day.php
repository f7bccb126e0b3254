<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Models;

use JsonSerializable;
use NoKYCNumber\Core\Json;
use NoKYCNumber\Core\Read;
use NoKYCNumber\Decimal;
use NoKYCNumber\Http\Response;

/**
 * One day, UTC.
 */
final class Day implements JsonSerializable
{
    /**
     * @param array<string, mixed> $raw the object as it came, with fields that this version of the library does not know
     * @param Response|null $response of the call that the object answers
     */
    public function __construct(
        public readonly string $date,
        public readonly int $calls,
        public readonly int $minutes,
        public readonly int $sms,
        public readonly int $segments,
        public readonly Decimal $costUsd,
        public readonly array $raw = [],
        public readonly ?Response $response = null,
    ) {
    }

    /** @param array<string, mixed> $data */
    public static function fromArray(array $data, ?Response $response = null): self
    {
        return new self(
            date: Read::string($data['date'] ?? null) ?? '',
            calls: Read::int($data['calls'] ?? null) ?? 0,
            minutes: Read::int($data['minutes'] ?? null) ?? 0,
            sms: Read::int($data['sms'] ?? null) ?? 0,
            segments: Read::int($data['segments'] ?? null) ?? 0,
            costUsd: Read::decimal($data['cost_usd'] ?? null) ?? new Decimal('0'),
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
