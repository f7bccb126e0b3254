<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Models;

use DateTimeImmutable;
use JsonSerializable;
use NoKYCNumber\Core\Json;
use NoKYCNumber\Core\Read;
use NoKYCNumber\Decimal;
use NoKYCNumber\Enums\UsagePeriod;
use NoKYCNumber\Http\Response;

/**
 * What was used, by kind and by day; the totals are the sums of the days and of the ledger.
 */
final class Usage implements JsonSerializable
{
    /**
     * @param list<Day> $daily
     * @param array<string, mixed> $raw the object as it came, with fields that this version of the library does not know
     * @param Response|null $response of the call that the object answers
     */
    public function __construct(
        public readonly string $object,
        public readonly UsagePeriod|string $period,
        public readonly DateTimeImmutable $startsAt,
        public readonly DateTimeImmutable $endsAt,
        public readonly CallUsage $calls,
        public readonly SmsUsage $sms,
        public readonly NumberUsage $numbers,
        public readonly AddonUsage $addons,
        public readonly Decimal $totalCostUsd,
        public readonly array $daily,
        public readonly array $raw = [],
        public readonly ?Response $response = null,
    ) {
    }

    /** @param array<string, mixed> $data */
    public static function fromArray(array $data, ?Response $response = null): self
    {
        return new self(
            object: Read::string($data['object'] ?? null) ?? '',
            period: Read::enum($data['period'] ?? null, UsagePeriod::class) ?? '',
            startsAt: Read::time($data['starts_at'] ?? null) ?? new DateTimeImmutable('@0'),
            endsAt: Read::time($data['ends_at'] ?? null) ?? new DateTimeImmutable('@0'),
            calls: Read::object($data['calls'] ?? null, CallUsage::fromArray(...)) ?? CallUsage::fromArray([]),
            sms: Read::object($data['sms'] ?? null, SmsUsage::fromArray(...)) ?? SmsUsage::fromArray([]),
            numbers: Read::object($data['numbers'] ?? null, NumberUsage::fromArray(...)) ?? NumberUsage::fromArray([]),
            addons: Read::object($data['addons'] ?? null, AddonUsage::fromArray(...)) ?? AddonUsage::fromArray([]),
            totalCostUsd: Read::decimal($data['total_cost_usd'] ?? null) ?? new Decimal('0'),
            daily: Read::list($data['daily'] ?? null, Day::fromArray(...)) ?? [],
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
