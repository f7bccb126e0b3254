<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Models;

use JsonSerializable;
use NoKYCNumber\Core\Json;
use NoKYCNumber\Core\Read;
use NoKYCNumber\Enums\TranscriptSentiment;
use NoKYCNumber\Http\Response;

/**
 * What was said (decision F117).
 */
final class Transcript implements JsonSerializable
{
    /**
     * @param array<string, mixed> $raw the object as it came, with fields that this version of the library does not know
     * @param Response|null $response of the call that the object answers
     */
    public function __construct(
        public readonly string $text,
        public readonly string $language,
        public readonly ?string $translationEn,
        public readonly ?string $summary,
        public readonly TranscriptSentiment|string|null $sentiment,
        public readonly array $raw = [],
        public readonly ?Response $response = null,
    ) {
    }

    /** @param array<string, mixed> $data */
    public static function fromArray(array $data, ?Response $response = null): self
    {
        return new self(
            text: Read::string($data['text'] ?? null) ?? '',
            language: Read::string($data['language'] ?? null) ?? '',
            translationEn: Read::string($data['translation_en'] ?? null),
            summary: Read::string($data['summary'] ?? null),
            sentiment: Read::enum($data['sentiment'] ?? null, TranscriptSentiment::class),
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
