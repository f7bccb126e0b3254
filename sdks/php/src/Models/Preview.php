<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Models;

use JsonSerializable;
use NoKYCNumber\Core\Json;
use NoKYCNumber\Core\Read;
use NoKYCNumber\Decimal;
use NoKYCNumber\Enums\PreviewEncoding;
use NoKYCNumber\Http\Response;

/**
 * What would be sent, and for how much.
 */
final class Preview implements JsonSerializable
{
    /**
     * @param list<PreviewSegment> $segments
     * @param list<string> $unicodeCharacters
     * @param array<string, mixed> $raw the object as it came, with fields that this version of the library does not know
     * @param Response|null $response of the call that the object answers
     */
    public function __construct(
        public readonly string $object,
        public readonly PreviewEncoding|string $encoding,
        public readonly int $characters,
        public readonly array $segments,
        public readonly array $unicodeCharacters,
        public readonly Decimal $costUsd,
        public readonly Verdict $verdict,
        public readonly array $raw = [],
        public readonly ?Response $response = null,
    ) {
    }

    /** @param array<string, mixed> $data */
    public static function fromArray(array $data, ?Response $response = null): self
    {
        return new self(
            object: Read::string($data['object'] ?? null) ?? '',
            encoding: Read::enum($data['encoding'] ?? null, PreviewEncoding::class) ?? '',
            characters: Read::int($data['characters'] ?? null) ?? 0,
            segments: Read::list($data['segments'] ?? null, PreviewSegment::fromArray(...)) ?? [],
            unicodeCharacters: Read::list($data['unicode_characters'] ?? null, Json::plain(...)) ?? [],
            costUsd: Read::decimal($data['cost_usd'] ?? null) ?? new Decimal('0'),
            verdict: Read::object($data['verdict'] ?? null, Verdict::fromArray(...)) ?? Verdict::fromArray([]),
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
