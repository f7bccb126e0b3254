<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Models;

use JsonSerializable;
use NoKYCNumber\Core\Json;
use NoKYCNumber\Core\Read;
use NoKYCNumber\Enums\ConnectType;
use NoKYCNumber\Http\Response;

/**
 * What the near end of an outbound call is.
 */
final class Connect implements JsonSerializable
{
    /**
     * @param array<string, mixed>|null $parameters
     * @param array<string, mixed> $raw the object as it came, with fields that this version of the library does not know
     * @param Response|null $response of the call that the object answers
     */
    public function __construct(
        public readonly ConnectType|string $type,
        public readonly ?string $text,
        public readonly ?string $voice,
        public readonly ?string $to,
        public readonly ?string $url,
        public readonly ?array $parameters,
        public readonly array $raw = [],
        public readonly ?Response $response = null,
    ) {
    }

    /** @param array<string, mixed> $data */
    public static function fromArray(array $data, ?Response $response = null): self
    {
        return new self(
            type: Read::enum($data['type'] ?? null, ConnectType::class) ?? '',
            text: Read::string($data['text'] ?? null),
            voice: Read::string($data['voice'] ?? null),
            to: Read::string($data['to'] ?? null),
            url: Read::string($data['url'] ?? null),
            parameters: Read::map($data['parameters'] ?? null),
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
