<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Models;

use JsonSerializable;
use NoKYCNumber\Core\Json;
use NoKYCNumber\Core\Read;
use NoKYCNumber\Http\Response;

/**
 * An agent that answers after some rings (add-on `ai-pickup`).
 */
final class AutoPickup implements JsonSerializable
{
    /**
     * @param array<string, mixed> $raw the object as it came, with fields that this version of the library does not know
     * @param Response|null $response of the call that the object answers
     */
    public function __construct(
        public readonly bool $enabled,
        public readonly int $afterRings,
        public readonly string $script,
        public readonly string $language,
        public readonly string $voice,
        public readonly array $raw = [],
        public readonly ?Response $response = null,
    ) {
    }

    /** @param array<string, mixed> $data */
    public static function fromArray(array $data, ?Response $response = null): self
    {
        return new self(
            enabled: Read::bool($data['enabled'] ?? null) ?? false,
            afterRings: Read::int($data['after_rings'] ?? null) ?? 0,
            script: Read::string($data['script'] ?? null) ?? '',
            language: Read::string($data['language'] ?? null) ?? '',
            voice: Read::string($data['voice'] ?? null) ?? '',
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
