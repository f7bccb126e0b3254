<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Models;

use DateTimeImmutable;
use JsonSerializable;
use NoKYCNumber\Core\Json;
use NoKYCNumber\Core\Read;
use NoKYCNumber\Decimal;
use NoKYCNumber\Enums\CallAnsweredBy;
use NoKYCNumber\Enums\CallDirection;
use NoKYCNumber\Enums\CallEndReason;
use NoKYCNumber\Enums\CallStatus;
use NoKYCNumber\Http\Response;

/**
 * A call that was placed or received.
 */
final class Call implements JsonSerializable
{
    /**
     * @param array<string, mixed>|null $quality
     * @param array<string, mixed>|null $metadata
     * @param array<string, mixed> $raw the object as it came, with fields that this version of the library does not know
     * @param Response|null $response of the call that the object answers
     */
    public function __construct(
        public readonly string $id,
        public readonly string $object,
        public readonly ?string $from,
        public readonly ?string $fromE164,
        public readonly string $to,
        public readonly string $numberId,
        public readonly CallDirection|string $direction,
        public readonly CallStatus|string $status,
        public readonly DateTimeImmutable $startedAt,
        public readonly ?DateTimeImmutable $answeredAt,
        public readonly CallAnsweredBy|string|null $answeredBy,
        public readonly ?DateTimeImmutable $endedAt,
        public readonly CallEndReason|string|null $endReason,
        public readonly ?int $hangupCause,
        public readonly int $durationSec,
        public readonly ?string $callerid,
        public readonly bool $recordingEnabled,
        public readonly ?string $recordingUrl,
        public readonly ?Connect $connect,
        public readonly ?array $quality,
        public readonly ?Decimal $costUsd,
        public readonly ?array $metadata,
        public readonly ?CallAi $ai,
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
            fromE164: Read::string($data['from_e164'] ?? null),
            to: Read::string($data['to'] ?? null) ?? '',
            numberId: Read::string($data['number_id'] ?? null) ?? '',
            direction: Read::enum($data['direction'] ?? null, CallDirection::class) ?? '',
            status: Read::enum($data['status'] ?? null, CallStatus::class) ?? '',
            startedAt: Read::time($data['started_at'] ?? null) ?? new DateTimeImmutable('@0'),
            answeredAt: Read::time($data['answered_at'] ?? null),
            answeredBy: Read::enum($data['answered_by'] ?? null, CallAnsweredBy::class),
            endedAt: Read::time($data['ended_at'] ?? null),
            endReason: Read::enum($data['end_reason'] ?? null, CallEndReason::class),
            hangupCause: Read::int($data['hangup_cause'] ?? null),
            durationSec: Read::int($data['duration_sec'] ?? null) ?? 0,
            callerid: Read::string($data['callerid'] ?? null),
            recordingEnabled: Read::bool($data['recording_enabled'] ?? null) ?? false,
            recordingUrl: Read::string($data['recording_url'] ?? null),
            connect: Read::object($data['connect'] ?? null, Connect::fromArray(...)),
            quality: Read::map($data['quality'] ?? null),
            costUsd: Read::decimal($data['cost_usd'] ?? null),
            metadata: Read::map($data['metadata'] ?? null),
            ai: Read::object($data['ai'] ?? null, CallAi::fromArray(...)),
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
