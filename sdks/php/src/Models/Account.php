<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Models;

use DateTimeImmutable;
use JsonSerializable;
use NoKYCNumber\Core\Json;
use NoKYCNumber\Core\Read;
use NoKYCNumber\Decimal;
use NoKYCNumber\Http\Response;

/**
 * Who pays.
 */
final class Account implements JsonSerializable
{
    /**
     * @param list<string>|null $allowedCountries
     * @param array<string, mixed> $raw the object as it came, with fields that this version of the library does not know
     * @param Response|null $response of the call that the object answers
     */
    public function __construct(
        public readonly string $object,
        public readonly ?string $emailHash,
        public readonly Decimal $balanceUsd,
        public readonly ?string $defaultCountry,
        public readonly ?Decimal $balanceLowThresholdUsd,
        public readonly ?Decimal $dailySpendCapUsd,
        public readonly ?array $allowedCountries,
        public readonly ?int $destinationVelocityPerHour,
        public readonly bool $optOutEverywhere,
        public readonly int $maxSegments,
        public readonly int $activeNumbers,
        public readonly int $monthlyCallMinutes,
        public readonly int $monthlySmsSegments,
        public readonly DateTimeImmutable $createdAt,
        public readonly array $raw = [],
        public readonly ?Response $response = null,
    ) {
    }

    /** @param array<string, mixed> $data */
    public static function fromArray(array $data, ?Response $response = null): self
    {
        return new self(
            object: Read::string($data, 'object'),
            emailHash: Read::stringOrNull($data, 'email_hash'),
            balanceUsd: Read::decimal($data, 'balance_usd'),
            defaultCountry: Read::stringOrNull($data, 'default_country'),
            balanceLowThresholdUsd: Read::decimalOrNull($data, 'balance_low_threshold_usd'),
            dailySpendCapUsd: Read::decimalOrNull($data, 'daily_spend_cap_usd'),
            allowedCountries: Read::listOrNull($data, 'allowed_countries', strval(...)),
            destinationVelocityPerHour: Read::intOrNull($data, 'destination_velocity_per_hour'),
            optOutEverywhere: Read::bool($data, 'opt_out_everywhere'),
            maxSegments: Read::int($data, 'max_segments'),
            activeNumbers: Read::int($data, 'active_numbers'),
            monthlyCallMinutes: Read::int($data, 'monthly_call_minutes'),
            monthlySmsSegments: Read::int($data, 'monthly_sms_segments'),
            createdAt: Read::time($data, 'created_at'),
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
