<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Models;

use DateTimeImmutable;
use JsonSerializable;
use NoKYCNumber\Core\Json;
use NoKYCNumber\Core\Read;
use NoKYCNumber\Enums\DeliveryStatus;
use NoKYCNumber\Http\Response;

/**
 * One event for one endpoint.
 */
final class Delivery implements JsonSerializable
{
    /**
     * @param list<Attempt> $attempts
     * @param array<string, mixed> $raw the object as it came, with fields that this version of the library does not know
     * @param Response|null $response of the call that the object answers
     */
    public function __construct(
        public readonly string $id,
        public readonly string $object,
        public readonly string $endpoint,
        public readonly string $event,
        public readonly string $eventType,
        public readonly DeliveryStatus|string $status,
        public readonly ?DateTimeImmutable $nextAttemptAt,
        public readonly DateTimeImmutable $createdAt,
        public readonly array $attempts,
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
            endpoint: Read::string($data['endpoint'] ?? null) ?? '',
            event: Read::string($data['event'] ?? null) ?? '',
            eventType: Read::string($data['event_type'] ?? null) ?? '',
            status: Read::enum($data['status'] ?? null, DeliveryStatus::class) ?? '',
            nextAttemptAt: Read::time($data['next_attempt_at'] ?? null),
            createdAt: Read::time($data['created_at'] ?? null) ?? new DateTimeImmutable('@0'),
            attempts: Read::list($data['attempts'] ?? null, Attempt::fromArray(...)) ?? [],
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
