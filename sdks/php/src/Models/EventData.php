<?php

declare(strict_types=1);

namespace NoKYCNumber\Models;

use NoKYCNumber\Contract;
use NoKYCNumber\Core\Json;

/**
 * What an event is about. What some types say beside the object is in $raw.
 */
final class EventData
{
    /**
     * @param object|array<string, mixed>|null $object the object as it was then: a Number, an Sms, …; an array if this
     *     version of the library does not know it
     * @param array<string, mixed> $raw
     */
    public function __construct(public readonly object|array|null $object, public readonly array $raw = [])
    {
    }

    /** @param array<string, mixed> $data */
    public static function fromArray(array $data): self
    {
        $object = $data['object'] ?? null;
        $class = is_array($object) ? Contract::EVENT_OBJECTS[$object['object'] ?? ''] ?? null : null;
        $raw = Json::plain($data);

        return new self($class === null ? $raw['object'] ?? null : $class::fromArray($object), $raw);
    }
}
