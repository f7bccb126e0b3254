<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Models;

use DateTimeImmutable;
use JsonSerializable;
use NoKYCNumber\Core\Json;
use NoKYCNumber\Core\Read;
use NoKYCNumber\Enums\StepType;
use NoKYCNumber\Http\Response;

/**
 * One thing that happened on the way of a message or call.
 */
final class Step implements JsonSerializable
{
    /**
     * @param array<string, mixed> $detail
     * @param array<string, mixed> $raw the object as it came, with fields that this version of the library does not know
     * @param Response|null $response of the call that the object answers
     */
    public function __construct(
        public readonly DateTimeImmutable $at,
        public readonly StepType|string $type,
        public readonly array $detail,
        public readonly array $raw = [],
        public readonly ?Response $response = null,
    ) {
    }

    /** @param array<string, mixed> $data */
    public static function fromArray(array $data, ?Response $response = null): self
    {
        return new self(
            at: Read::time($data['at'] ?? null) ?? new DateTimeImmutable('@0'),
            type: Read::enum($data['type'] ?? null, StepType::class) ?? '',
            detail: Read::map($data['detail'] ?? null) ?? [],
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
