<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Models;

use DateTimeImmutable;
use JsonSerializable;
use NoKYCNumber\Core\Json;
use NoKYCNumber\Core\Read;
use NoKYCNumber\Decimal;
use NoKYCNumber\Enums\SmsDirection;
use NoKYCNumber\Enums\SmsFailureCode;
use NoKYCNumber\Enums\SmsStatus;
use NoKYCNumber\Http\Response;

/**
 * A message with its segments.
 */
final class SmsDetail implements JsonSerializable
{
    /**
     * @param list<string> $mediaUrls
     * @param array<string, mixed>|null $metadata
     * @param list<SegmentStatus> $segmentStatus
     * @param array<string, mixed> $raw the object as it came, with fields that this version of the library does not know
     * @param Response|null $response of the call that the object answers
     */
    public function __construct(
        public readonly string $id,
        public readonly string $object,
        public readonly ?string $from,
        public readonly string $fromE164,
        public readonly string $to,
        public readonly string $numberId,
        public readonly string $body,
        public readonly array $mediaUrls,
        public readonly SmsDirection|string $direction,
        public readonly int $segments,
        public readonly SmsStatus|string $status,
        public readonly SmsFailureCode|string|null $failureCode,
        public readonly DateTimeImmutable $createdAt,
        public readonly ?DateTimeImmutable $sendAt,
        public readonly ?DateTimeImmutable $deliveredAt,
        public readonly ?Decimal $costUsd,
        public readonly ?array $metadata,
        public readonly array $segmentStatus,
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
            from: Read::string($data['from'] ?? null),
            fromE164: Read::string($data['from_e164'] ?? null) ?? '',
            to: Read::string($data['to'] ?? null) ?? '',
            numberId: Read::string($data['number_id'] ?? null) ?? '',
            body: Read::string($data['body'] ?? null) ?? '',
            mediaUrls: Read::list($data['media_urls'] ?? null, Json::plain(...)) ?? [],
            direction: Read::enum($data['direction'] ?? null, SmsDirection::class) ?? '',
            segments: Read::int($data['segments'] ?? null) ?? 0,
            status: Read::enum($data['status'] ?? null, SmsStatus::class) ?? '',
            failureCode: Read::enum($data['failure_code'] ?? null, SmsFailureCode::class),
            createdAt: Read::time($data['created_at'] ?? null) ?? new DateTimeImmutable('@0'),
            sendAt: Read::time($data['send_at'] ?? null),
            deliveredAt: Read::time($data['delivered_at'] ?? null),
            costUsd: Read::decimal($data['cost_usd'] ?? null),
            metadata: Read::map($data['metadata'] ?? null),
            segmentStatus: Read::list($data['segment_status'] ?? null, SegmentStatus::fromArray(...)) ?? [],
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
