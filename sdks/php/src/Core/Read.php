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
    /** @param array<string, mixed> $data */
    public static function string(array $data, string $name): ?string
    {
        $value = $data[$name] ?? null;

        return is_scalar($value) || $value instanceof Decimal ? (string) $value : null;
    }

    /** @param array<string, mixed> $data */
    public static function int(array $data, string $name): ?int
    {
        $value = $data[$name] ?? null;

        return is_int($value) ? $value : (is_numeric($value) ? (int) $value : null);
    }

    /** @param array<string, mixed> $data */
    public static function float(array $data, string $name): ?float
    {
        return self::decimal($data, $name)?->toFloat();
    }

    /** @param array<string, mixed> $data */
    public static function bool(array $data, string $name): ?bool
    {
        $value = $data[$name] ?? null;

        return is_bool($value) ? $value : null;
    }

    /** @param array<string, mixed> $data */
    public static function decimal(array $data, string $name): ?Decimal
    {
        $value = $data[$name] ?? null;

        return is_int($value) ? new Decimal((string) $value) : ($value instanceof Decimal ? $value : null);
    }

    /** @param array<string, mixed> $data */
    public static function time(array $data, string $name): ?DateTimeImmutable
    {
        $value = self::string($data, $name);

        return $value === null ? null : (date_create_immutable($value, new DateTimeZone('UTC')) ?: null);
    }

    /**
     * @template E of BackedEnum
     * @param array<string, mixed> $data
     * @param class-string<E> $enum
     * @return E|string|null
     */
    public static function enum(array $data, string $name, string $enum): BackedEnum|string|null
    {
        $value = self::string($data, $name);

        return $value === null ? null : $enum::tryFrom($value) ?? $value;
    }

    /**
     * @template T
     * @param array<string, mixed> $data
     * @param Closure(array<string, mixed>): T $make
     * @return T|null
     */
    public static function object(array $data, string $name, Closure $make): ?object
    {
        $value = $data[$name] ?? null;

        return is_array($value) ? $make($value) : null;
    }

    /**
     * @template T
     * @param array<string, mixed> $data
     * @param Closure(mixed): T $item
     * @return list<T>|null
     */
    public static function list(array $data, string $name, Closure $item): ?array
    {
        $value = $data[$name] ?? null;

        return is_array($value) ? array_map($item, array_values($value)) : null;
    }

    /**
     * @param array<string, mixed> $data
     * @return array<string, mixed>|null
     */
    public static function map(array $data, string $name): ?array
    {
        $value = $data[$name] ?? null;

        return is_array($value) ? Json::plain($value) : null;
    }
}
