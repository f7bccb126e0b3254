<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Models;

use JsonSerializable;
use NoKYCNumber\Core\Json;
use NoKYCNumber\Core\Read;
use NoKYCNumber\Enums\AiConfigAddon;
use NoKYCNumber\Http\Response;

/**
 * What a number's AI does.
 */
final class AiConfig implements JsonSerializable
{
    /**
     * @param list<AiConfigAddon|string> $addons
     * @param array<string, mixed>|null $onOff
     * @param array<string, mixed> $raw the object as it came, with fields that this version of the library does not know
     * @param Response|null $response of the call that the object answers
     */
    public function __construct(
        public readonly string $object,
        public readonly string $numberId,
        public readonly array $addons,
        public readonly AutoPickup $autoPickup,
        public readonly Screening $screening,
        public readonly Translator $translator,
        public readonly VoicemailSummary $voicemailSummary,
        public readonly ?array $onOff,
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
            addons: Read::list($data['addons'] ?? null, static fn (mixed $each) => is_string($each) ? AiConfigAddon::tryFrom($each) ?? $each : $each) ?? [],
            autoPickup: Read::object($data['auto_pickup'] ?? null, AutoPickup::fromArray(...)) ?? AutoPickup::fromArray([]),
            screening: Read::object($data['screening'] ?? null, Screening::fromArray(...)) ?? Screening::fromArray([]),
            translator: Read::object($data['translator'] ?? null, Translator::fromArray(...)) ?? Translator::fromArray([]),
            voicemailSummary: Read::object($data['voicemail_summary'] ?? null, VoicemailSummary::fromArray(...)) ?? VoicemailSummary::fromArray([]),
            onOff: Read::map($data['on_off'] ?? null),
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
