<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Models;

use DateTimeImmutable;
use JsonSerializable;
use NoKYCNumber\Core\Json;
use NoKYCNumber\Core\Read;
use NoKYCNumber\Enums\NumberAddon;
use NoKYCNumber\Enums\NumberBillingPeriod;
use NoKYCNumber\Enums\NumberStatus;
use NoKYCNumber\Enums\NumberTier;
use NoKYCNumber\Enums\NumberType;
use NoKYCNumber\Http\Response;

/**
 * A leased number.
 */
final class Number implements JsonSerializable
{
    /**
     * @param list<NumberAddon|string> $addons
     * @param array<string, mixed>|null $onOff
     * @param array<string, mixed>|null $metadata
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
        public readonly NumberStatus|string $status,
        public readonly NumberBillingPeriod|string $billingPeriod,
        public readonly DateTimeImmutable $renewsAt,
        public readonly bool $autoRenew,
        public readonly array $addons,
        public readonly bool $aiEnabled,
        public readonly ?string $webhookUrl,
        public readonly ?array $onOff,
        public readonly ?array $metadata,
        public readonly DateTimeImmutable $createdAt,
        public readonly ?string $webhookSecret,
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
            status: Read::enum($data['status'] ?? null, NumberStatus::class) ?? '',
            billingPeriod: Read::enum($data['billing_period'] ?? null, NumberBillingPeriod::class) ?? '',
            renewsAt: Read::time($data['renews_at'] ?? null) ?? new DateTimeImmutable('@0'),
            autoRenew: Read::bool($data['auto_renew'] ?? null) ?? false,
            addons: Read::list($data['addons'] ?? null, static fn (mixed $each) => is_string($each) ? NumberAddon::tryFrom($each) ?? $each : $each) ?? [],
            aiEnabled: Read::bool($data['ai_enabled'] ?? null) ?? false,
            webhookUrl: Read::string($data['webhook_url'] ?? null),
            onOff: Read::map($data['on_off'] ?? null),
            metadata: Read::map($data['metadata'] ?? null),
            createdAt: Read::time($data['created_at'] ?? null) ?? new DateTimeImmutable('@0'),
            webhookSecret: Read::string($data['webhook_secret'] ?? null),
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
