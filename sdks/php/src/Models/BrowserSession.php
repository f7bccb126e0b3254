<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Models;

use DateTimeImmutable;
use JsonSerializable;
use NoKYCNumber\Core\Json;
use NoKYCNumber\Core\Read;
use NoKYCNumber\Http\Response;

/**
 * What a browser needs to be a number's softphone for some hours.
 */
final class BrowserSession implements JsonSerializable
{
    /**
     * @param list<IceServer> $iceServers
     * @param array<string, mixed> $raw the object as it came, with fields that this version of the library does not know
     * @param Response|null $response of the call that the object answers
     */
    public function __construct(
        public readonly string $object,
        public readonly string $username,
        public readonly string $password,
        public readonly string $domain,
        public readonly string $websocketUrl,
        public readonly array $iceServers,
        public readonly DateTimeImmutable $expiresAt,
        public readonly array $raw = [],
        public readonly ?Response $response = null,
    ) {
    }

    /** @param array<string, mixed> $data */
    public static function fromArray(array $data, ?Response $response = null): self
    {
        return new self(
            object: Read::string($data['object'] ?? null) ?? '',
            username: Read::string($data['username'] ?? null) ?? '',
            password: Read::string($data['password'] ?? null) ?? '',
            domain: Read::string($data['domain'] ?? null) ?? '',
            websocketUrl: Read::string($data['websocket_url'] ?? null) ?? '',
            iceServers: Read::list($data['ice_servers'] ?? null, IceServer::fromArray(...)) ?? [],
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
