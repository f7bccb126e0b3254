<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Models;

use DateTimeImmutable;
use JsonSerializable;
use NoKYCNumber\Core\Json;
use NoKYCNumber\Core\Read;
use NoKYCNumber\Enums\EndpointStatus;
use NoKYCNumber\Http\Response;

/**
 * A URL that we POST events to.
 */
final class Endpoint implements JsonSerializable
{
    /**
     * @param list<string> $enabledEvents
     * @param array<string, mixed> $raw the object as it came, with fields that this version of the library does not know
     * @param Response|null $response of the call that the object answers
     */
    public function __construct(
        public readonly string $id,
        public readonly string $object,
        public readonly string $url,
        public readonly array $enabledEvents,
        public readonly ?string $description,
        public readonly EndpointStatus|string $status,
        public readonly ?string $disabledReason,
        public readonly string $apiVersion,
        public readonly ?string $numberId,
        public readonly DateTimeImmutable $createdAt,
        public readonly ?string $secret,
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
            url: Read::string($data['url'] ?? null) ?? '',
            enabledEvents: Read::list($data['enabled_events'] ?? null, Json::plain(...)) ?? [],
            description: Read::string($data['description'] ?? null),
            status: Read::enum($data['status'] ?? null, EndpointStatus::class) ?? '',
            disabledReason: Read::string($data['disabled_reason'] ?? null),
            apiVersion: Read::string($data['api_version'] ?? null) ?? '',
            numberId: Read::string($data['number_id'] ?? null),
            createdAt: Read::time($data['created_at'] ?? null) ?? new DateTimeImmutable('@0'),
            secret: Read::string($data['secret'] ?? null),
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
