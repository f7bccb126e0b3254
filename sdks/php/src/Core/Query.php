<?php

declare(strict_types=1);

namespace NoKYCNumber\Core;

use BackedEnum;
use DateTimeInterface;

/**
 * Query strings: null is left out, lists repeat their name.
 *
 * @internal
 */
final class Query
{
    /** @param array<string, mixed> $parameters */
    public static function encode(array $parameters): string
    {
        $pairs = [];
        foreach ($parameters as $name => $value) {
            foreach (is_array($value) ? $value : [$value] as $one) {
                if ($one !== null) {
                    $pairs[] = rawurlencode((string) $name) . '=' . rawurlencode(self::text($one));
                }
            }
        }

        return implode('&', $pairs);
    }

    private static function text(mixed $value): string
    {
        return match (true) {
            is_bool($value) => $value ? 'true' : 'false',
            $value instanceof BackedEnum => (string) $value->value,
            $value instanceof DateTimeInterface => Json::time($value),
            default => (string) $value,
        };
    }
}
