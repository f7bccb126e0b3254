<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Models;

use JsonSerializable;
use NoKYCNumber\Core\Json;
use NoKYCNumber\Core\Read;
use NoKYCNumber\Enums\VoicemailAiAddon;
use NoKYCNumber\Enums\VoicemailAiEndedBy;
use NoKYCNumber\Http\Response;

/**
 * What an agent learned from the caller. Names and numbers stand in what was said, or they are null.
 */
final class VoicemailAi implements JsonSerializable
{
    /**
     * @param array<string, mixed> $raw the object as it came, with fields that this version of the library does not know
     * @param Response|null $response of the call that the object answers
     */
    public function __construct(
        public readonly VoicemailAiAddon|string $addon,
        public readonly ?string $name,
        public readonly ?string $reason,
        public readonly ?string $callbackNumber,
        public readonly bool $numberConfirmed,
        public readonly int $turns,
        public readonly string $language,
        public readonly VoicemailAiEndedBy|string $endedBy,
        public readonly array $raw = [],
        public readonly ?Response $response = null,
    ) {
    }

    /** @param array<string, mixed> $data */
    public static function fromArray(array $data, ?Response $response = null): self
    {
        return new self(
            addon: Read::enum($data['addon'] ?? null, VoicemailAiAddon::class) ?? '',
            name: Read::string($data['name'] ?? null),
            reason: Read::string($data['reason'] ?? null),
            callbackNumber: Read::string($data['callback_number'] ?? null),
            numberConfirmed: Read::bool($data['number_confirmed'] ?? null) ?? false,
            turns: Read::int($data['turns'] ?? null) ?? 0,
            language: Read::string($data['language'] ?? null) ?? '',
            endedBy: Read::enum($data['ended_by'] ?? null, VoicemailAiEndedBy::class) ?? '',
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
