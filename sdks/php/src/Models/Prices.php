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
 * What each billing period costs.
 */
final class Prices implements JsonSerializable
{
    /**
     * @param array<string, mixed> $raw the object as it came, with fields that this version of the library does not know
     * @param Response|null $response of the call that the object answers
     */
    public function __construct(
        public readonly Decimal $monthly,
        public readonly Decimal $quarterly,
        public readonly Decimal $yearly,
        public readonly array $raw = [],
        public readonly ?Response $response = null,
    ) {
    }

    /** @param array<string, mixed> $data */
    public static function fromArray(array $data, ?Response $response = null): self
    {
        return new self(
            monthly: Read::decimal($data['monthly'] ?? null) ?? new Decimal('0'),
            quarterly: Read::decimal($data['quarterly'] ?? null) ?? new Decimal('0'),
            yearly: Read::decimal($data['yearly'] ?? null) ?? new Decimal('0'),
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
