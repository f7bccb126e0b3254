<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Models;

use DateTimeImmutable;
use JsonSerializable;
use NoKYCNumber\Core\Json;
use NoKYCNumber\Core\Read;
use NoKYCNumber\Enums\SipCredentialsTransport;
use NoKYCNumber\Http\Response;

/**
 * How softphones and SIP phones of a number sign in.
 */
final class SipCredentials implements JsonSerializable
{
    /**
     * @param list<SipCredentialsTransport|string> $transports
     * @param list<RegisteredDevice> $devices
     * @param array<string, mixed> $raw the object as it came, with fields that this version of the library does not know
     * @param Response|null $response of the call that the object answers
     */
    public function __construct(
        public readonly string $object,
        public readonly string $numberId,
        public readonly string $username,
        public readonly string $domain,
        public readonly array $transports,
        public readonly array $devices,
        public readonly DateTimeImmutable $createdAt,
        public readonly ?string $password,
        public readonly array $raw = [],
        public readonly ?Response $response = null,
    ) {
    }

    /** @param array<string, mixed> $data */
    public static function fromArray(array $data, ?Response $response = null): self
    {
        return new self(
            object: Read::string($data['object'] ?? null) ?? '',
            numberId: Read::string($data['number_id'] ?? null) ?? '',
            username: Read::string($data['username'] ?? null) ?? '',
            domain: Read::string($data['domain'] ?? null) ?? '',
            transports: Read::list($data['transports'] ?? null, static fn (mixed $each) => is_string($each) ? SipCredentialsTransport::tryFrom($each) ?? $each : $each) ?? [],
            devices: Read::list($data['devices'] ?? null, RegisteredDevice::fromArray(...)) ?? [],
            createdAt: Read::time($data['created_at'] ?? null) ?? new DateTimeImmutable('@0'),
            password: Read::string($data['password'] ?? null),
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
