<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Models;

use DateTimeImmutable;
use JsonSerializable;
use NoKYCNumber\Core\Json;
use NoKYCNumber\Core\Read;
use NoKYCNumber\Enums\NumberTier;
use NoKYCNumber\Enums\NumberType;
use NoKYCNumber\Http\Response;

/**
 * A number for sale, and a price for half an hour.
 */
final class AvailableNumber implements JsonSerializable
{
    /**
     * @param array<string, mixed> $raw the object as it came, with fields that this version of the library does not know
     * @param Response|null $response of the call that the object answers
     */
    public function __construct(
        public readonly string $id,
        public readonly string $object,
        public readonly string $number,
        public readonly string $display,
        public readonly string $country,
        public readonly NumberType|string $type,
        public readonly NumberTier|string $tier,
        public readonly ?string $tierPattern,
        public readonly Prices $prices,
        public readonly DateTimeImmutable $expiresAt,
        public readonly array $raw = [],
        public readonly ?Response $response = null,
    ) {
    }

    /** @param array<string, mixed> $data */
    public static function fromArray(array $data, ?Response $response = null): self
    {
        return new self(
            id: Read::string($data['id'] ?? null) ?? '',
            object: Read::string($data['object'] ?? null) ?? '',
            number: Read::string($data['number'] ?? null) ?? '',
            display: Read::string($data['display'] ?? null) ?? '',
            country: Read::string($data['country'] ?? null) ?? '',
            type: Read::enum($data['type'] ?? null, NumberType::class) ?? '',
            tier: Read::enum($data['tier'] ?? null, NumberTier::class) ?? '',
            tierPattern: Read::string($data['tier_pattern'] ?? null),
            prices: Read::object($data['prices'] ?? null, Prices::fromArray(...)) ?? Prices::fromArray([]),
            expiresAt: Read::time($data['expires_at'] ?? null) ?? new DateTimeImmutable('@0'),
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
