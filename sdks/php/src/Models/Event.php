<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Models;

use DateTimeImmutable;
use JsonSerializable;
use NoKYCNumber\Core\Json;
use NoKYCNumber\Core\Read;
use NoKYCNumber\Enums\EventType;
use NoKYCNumber\Http\Response;

/**
 * A fact that happened; `data.object` is the object as it was then.
 */
final class Event implements JsonSerializable
{
    /**
     * @param array<string, mixed> $data
     * @param array<string, mixed> $raw the object as it came, with fields that this version of the library does not know
     * @param Response|null $response of the call that the object answers
     */
    public function __construct(
        public readonly string $id,
        public readonly string $object,
        public readonly EventType|string $type,
        public readonly DateTimeImmutable $created,
        public readonly bool $livemode,
        public readonly EventData $data,
        public readonly string $requestId,
        public readonly string $apiVersion,
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
            type: Read::enum($data['type'] ?? null, EventType::class) ?? '',
            created: Read::time($data['created'] ?? null) ?? new DateTimeImmutable('@0'),
            livemode: Read::bool($data['livemode'] ?? null) ?? false,
            data: Read::object($data['data'] ?? null, EventData::fromArray(...)) ?? EventData::fromArray([]),
            requestId: Read::string($data['request_id'] ?? null) ?? '',
            apiVersion: Read::string($data['api_version'] ?? null) ?? '',
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
