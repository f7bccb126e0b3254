<?php

declare(strict_types=1);

namespace NoKYCNumber\Core;

use BackedEnum;
use Closure;
use DateTimeImmutable;
use DateTimeZone;
use NoKYCNumber\Decimal;

/**
 * Reads the fields of objects: null if they are missing, or of another type than expected.
 *
 * @internal
 */
final class Read
{
    public static function string(mixed $value): ?string
    {
        return is_scalar($value) || $value instanceof Decimal ? (string) $value : null;
    }

    public static function int(mixed $value): ?int
    {
        return is_numeric($value) ? (int) $value : null;
    }

    public static function float(mixed $value): ?float
    {
        return self::decimal($value)?->toFloat();
    }

    public static function bool(mixed $value): ?bool
    {
        return is_bool($value) ? $value : null;
    }

    public static function decimal(mixed $value): ?Decimal
    {
        return is_int($value) ? new Decimal((string) $value) : ($value instanceof Decimal ? $value : null);
    }

    public static function time(mixed $value): ?DateTimeImmutable
    {
        return is_string($value) ? date_create_immutable($value, new DateTimeZone('UTC')) ?: null : null;
    }

    /**
     * @template E of BackedEnum
     * @param class-string<E> $enum
     * @return E|string|null
     */
    public static function enum(mixed $value, string $enum): BackedEnum|string|null
    {
        $text = self::string($value);

        return $text === null ? null : $enum::tryFrom($text) ?? $text;
    }

    /**
     * @template T of object
     * @param Closure(array<string, mixed>): T $make
     * @return T|null
     */
    public static function object(mixed $value, Closure $make): ?object
    {
        return is_array($value) ? $make($value) : null;
    }

    /**
     * @template T
     * @param Closure(mixed): T $item
     * @return list<T>|null
     */
    public static function list(mixed $value, Closure $item): ?array
    {
        return is_array($value) ? array_map($item, array_values($value)) : null;
    }

    /** @return array<string, mixed>|null */
    public static function map(mixed $value): ?array
    {
        return is_array($value) ? Json::plain($value) : null;
    }
}
