<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Models;

use DateTimeImmutable;
use JsonSerializable;
use NoKYCNumber\Core\Json;
use NoKYCNumber\Core\Read;
use NoKYCNumber\Enums\SmsFailureCode;
use NoKYCNumber\Enums\SmsStatus;
use NoKYCNumber\Http\Response;

/**
 * How one segment fares.
 */
final class SegmentStatus implements JsonSerializable
{
    /**
     * @param array<string, mixed> $raw the object as it came, with fields that this version of the library does not know
     * @param Response|null $response of the call that the object answers
     */
    public function __construct(
        public readonly int $index,
        public readonly SmsStatus|string $status,
        public readonly ?DateTimeImmutable $deliveredAt,
        public readonly SmsFailureCode|string|null $failureCode,
        public readonly array $raw = [],
        public readonly ?Response $response = null,
    ) {
    }

    /** @param array<string, mixed> $data */
    public static function fromArray(array $data, ?Response $response = null): self
    {
        return new self(
            index: Read::int($data['index'] ?? null) ?? 0,
            status: Read::enum($data['status'] ?? null, SmsStatus::class) ?? '',
            deliveredAt: Read::time($data['delivered_at'] ?? null),
            failureCode: Read::enum($data['failure_code'] ?? null, SmsFailureCode::class),
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
