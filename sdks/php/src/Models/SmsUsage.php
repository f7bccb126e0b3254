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
 * SmsUsage.
 */
final class SmsUsage implements JsonSerializable
{
    /**
     * @param array<string, mixed> $raw the object as it came, with fields that this version of the library does not know
     * @param Response|null $response of the call that the object answers
     */
    public function __construct(
        public readonly int $count,
        public readonly int $inbound,
        public readonly int $outbound,
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
            count: Read::int($data['count'] ?? null) ?? 0,
            inbound: Read::int($data['inbound'] ?? null) ?? 0,
            outbound: Read::int($data['outbound'] ?? null) ?? 0,
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
