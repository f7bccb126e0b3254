<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Models;

use JsonSerializable;
use NoKYCNumber\Core\Json;
use NoKYCNumber\Core\Read;
use NoKYCNumber\Http\Response;

/**
 * Everything that is known of a message, in order.
 */
final class Timeline implements JsonSerializable
{
    /**
     * @param list<Step> $steps
     * @param array<string, mixed> $raw the object as it came, with fields that this version of the library does not know
     * @param Response|null $response of the call that the object answers
     */
    public function __construct(
        public readonly string $object,
        public readonly string $sms,
        public readonly string $requestId,
        public readonly array $steps,
        public readonly array $raw = [],
        public readonly ?Response $response = null,
    ) {
    }

    /** @param array<string, mixed> $data */
    public static function fromArray(array $data, ?Response $response = null): self
    {
        return new self(
            object: Read::string($data['object'] ?? null) ?? '',
            sms: Read::string($data['sms'] ?? null) ?? '',
            requestId: Read::string($data['request_id'] ?? null) ?? '',
            steps: Read::list($data['steps'] ?? null, Step::fromArray(...)) ?? [],
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
