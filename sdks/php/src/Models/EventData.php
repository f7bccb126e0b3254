<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Models;

use NoKYCNumber\Core\Json;

/**
 * What an event is about. What some types say beside the object is in $raw.
 */
final class EventData
{
    /** By the object's own field "object". */
    private const OBJECTS = [
        'account' => Account::class,
        'call' => Call::class,
        'number' => Number::class,
        'sms' => Sms::class,
        'voicemail' => Voicemail::class,
        'webhook_endpoint' => Endpoint::class,
    ];

    /**
     * @param object|array<array-key, mixed>|null $object the object as it was then: a Number, an Sms, …; an array if
     *     this version of the library does not know it
     * @param array<string, mixed> $raw
     */
    public function __construct(public readonly object|array|null $object, public readonly array $raw = [])
    {
    }

    /** @param array<string, mixed> $data */
    public static function fromArray(array $data): self
    {
        $object = $data['object'] ?? null;
        $class = is_array($object) ? self::OBJECTS[$object['object'] ?? ''] ?? null : null;
        $raw = Json::plain($data);

        return new self($class === null ? $raw['object'] ?? null : $class::fromArray($object), $raw);
    }
}
