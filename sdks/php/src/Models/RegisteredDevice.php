<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Models;

use DateTimeImmutable;
use JsonSerializable;
use NoKYCNumber\Core\Json;
use NoKYCNumber\Core\Read;
use NoKYCNumber\Enums\RegisteredDeviceTransport;
use NoKYCNumber\Http\Response;

/**
 * A softphone or SIP phone that can be rung now.
 */
final class RegisteredDevice implements JsonSerializable
{
    /**
     * @param array<string, mixed> $raw the object as it came, with fields that this version of the library does not know
     * @param Response|null $response of the call that the object answers
     */
    public function __construct(
        public readonly string $userAgent,
        public readonly RegisteredDeviceTransport|string $transport,
        public readonly DateTimeImmutable $expiresAt,
        public readonly array $raw = [],
        public readonly ?Response $response = null,
    ) {
    }

    /** @param array<string, mixed> $data */
    public static function fromArray(array $data, ?Response $response = null): self
    {
        return new self(
            userAgent: Read::string($data['user_agent'] ?? null) ?? '',
            transport: Read::enum($data['transport'] ?? null, RegisteredDeviceTransport::class) ?? '',
            expiresAt: Read::time($data['expires_at'] ?? null) ?? new DateTimeImmutable('@0'),
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
