<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Models;

use JsonSerializable;
use NoKYCNumber\Core\Json;
use NoKYCNumber\Core\Read;
use NoKYCNumber\Http\Response;

/**
 * Unknown callers are asked who they are before you are rung (add-on `ai-screen`).
 */
final class Screening implements JsonSerializable
{
    /**
     * @param list<string> $allow
     * @param list<string> $deny
     * @param array<string, mixed> $raw the object as it came, with fields that this version of the library does not know
     * @param Response|null $response of the call that the object answers
     */
    public function __construct(
        public readonly bool $enabled,
        public readonly array $allow,
        public readonly array $deny,
        public readonly array $raw = [],
        public readonly ?Response $response = null,
    ) {
    }

    /** @param array<string, mixed> $data */
    public static function fromArray(array $data, ?Response $response = null): self
    {
        return new self(
            enabled: Read::bool($data['enabled'] ?? null) ?? false,
            allow: Read::list($data['allow'] ?? null, Json::plain(...)) ?? [],
            deny: Read::list($data['deny'] ?? null, Json::plain(...)) ?? [],
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
