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
            object: Read::string($data['object'] ?? null) ?? '',
            emailHash: Read::string($data['email_hash'] ?? null),
            balanceUsd: Read::decimal($data['balance_usd'] ?? null) ?? new Decimal('0'),
            defaultCountry: Read::string($data['default_country'] ?? null),
            balanceLowThresholdUsd: Read::decimal($data['balance_low_threshold_usd'] ?? null),
            dailySpendCapUsd: Read::decimal($data['daily_spend_cap_usd'] ?? null),
            allowedCountries: Read::list($data['allowed_countries'] ?? null, Json::plain(...)),
            destinationVelocityPerHour: Read::int($data['destination_velocity_per_hour'] ?? null),
            optOutEverywhere: Read::bool($data['opt_out_everywhere'] ?? null) ?? false,
            maxSegments: Read::int($data['max_segments'] ?? null) ?? 0,
            activeNumbers: Read::int($data['active_numbers'] ?? null) ?? 0,
            monthlyCallMinutes: Read::int($data['monthly_call_minutes'] ?? null) ?? 0,
            monthlySmsSegments: Read::int($data['monthly_sms_segments'] ?? null) ?? 0,
            createdAt: Read::time($data['created_at'] ?? null) ?? new DateTimeImmutable('@0'),
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
