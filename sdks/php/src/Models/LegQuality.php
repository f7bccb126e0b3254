<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Models;

use JsonSerializable;
use NoKYCNumber\Core\Json;
use NoKYCNumber\Core\Read;
use NoKYCNumber\Http\Response;

/**
 * How one leg's audio fared (RFC 3550; MOS estimated by ITU-T G.107).
 */
final class LegQuality implements JsonSerializable
{
    /**
     * @param array<string, mixed> $raw the object as it came, with fields that this version of the library does not know
     * @param Response|null $response of the call that the object answers
     */
    public function __construct(
        public readonly string $codec,
        public readonly int $packetsSent,
        public readonly int $packetsReceived,
        public readonly int $packetsLost,
        public readonly float $jitterMs,
        public readonly ?float $roundTripMs,
        public readonly ?float $mos,
        public readonly bool $oneWay,
        public readonly int $concealedMs,
        public readonly array $raw = [],
        public readonly ?Response $response = null,
    ) {
    }

    /** @param array<string, mixed> $data */
    public static function fromArray(array $data, ?Response $response = null): self
    {
        return new self(
            codec: Read::string($data['codec'] ?? null) ?? '',
            packetsSent: Read::int($data['packets_sent'] ?? null) ?? 0,
            packetsReceived: Read::int($data['packets_received'] ?? null) ?? 0,
            packetsLost: Read::int($data['packets_lost'] ?? null) ?? 0,
            jitterMs: Read::float($data['jitter_ms'] ?? null) ?? 0.0,
            roundTripMs: Read::float($data['round_trip_ms'] ?? null),
            mos: Read::float($data['mos'] ?? null),
            oneWay: Read::bool($data['one_way'] ?? null) ?? false,
            concealedMs: Read::int($data['concealed_ms'] ?? null) ?? 0,
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
