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
 * A message that a caller left.
 */
final class Voicemail implements JsonSerializable
{
    /**
     * @param array<string, mixed> $raw the object as it came, with fields that this version of the library does not know
     * @param Response|null $response of the call that the object answers
     */
    public function __construct(
        public readonly string $id,
        public readonly string $object,
        public readonly string $numberId,
        public readonly string $callId,
        public readonly ?string $fromE164,
        public readonly DateTimeImmutable $receivedAt,
        public readonly int $durationSec,
        public readonly string $audioUrl,
        public readonly ?Transcript $transcript,
        public readonly ?VoicemailAi $ai,
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
            numberId: Read::string($data['number_id'] ?? null) ?? '',
            callId: Read::string($data['call_id'] ?? null) ?? '',
            fromE164: Read::string($data['from_e164'] ?? null),
            receivedAt: Read::time($data['received_at'] ?? null) ?? new DateTimeImmutable('@0'),
            durationSec: Read::int($data['duration_sec'] ?? null) ?? 0,
            audioUrl: Read::string($data['audio_url'] ?? null) ?? '',
            transcript: Read::object($data['transcript'] ?? null, Transcript::fromArray(...)),
            ai: Read::object($data['ai'] ?? null, VoicemailAi::fromArray(...)),
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
