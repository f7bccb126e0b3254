<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Models;

use DateTimeImmutable;
use JsonSerializable;
use NoKYCNumber\Core\Json;
use NoKYCNumber\Core\Read;
use NoKYCNumber\Enums\GreetingType;
use NoKYCNumber\Http\Response;

/**
 * What callers hear before the tone.
 */
final class Greeting implements JsonSerializable
{
    /**
     * @param array<string, mixed> $raw the object as it came, with fields that this version of the library does not know
     * @param Response|null $response of the call that the object answers
     */
    public function __construct(
        public readonly string $object,
        public readonly string $numberId,
        public readonly GreetingType|string $type,
        public readonly ?string $text,
        public readonly ?string $voice,
        public readonly ?int $audioSec,
        public readonly ?DateTimeImmutable $updatedAt,
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
            type: Read::enum($data['type'] ?? null, GreetingType::class) ?? '',
            text: Read::string($data['text'] ?? null),
            voice: Read::string($data['voice'] ?? null),
            audioSec: Read::int($data['audio_sec'] ?? null),
            updatedAt: Read::time($data['updated_at'] ?? null),
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
