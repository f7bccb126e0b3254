<?php

declare(strict_types=1);

namespace NoKYCNumber\Core;

use BackedEnum;
use Closure;
use DateTimeImmutable;
use DateTimeZone;
use NoKYCNumber\Decimal;

/**
 * Reads the fields of objects. What is missing is '', 0, false or [], as in a version of the API that has no such field.
 *
 * @internal
 */
final class Read
{
    /** @param array<string, mixed> $data */
    public static function string(array $data, string $name): string
    {
        return self::stringOrNull($data, $name) ?? '';
    }

    /** @param array<string, mixed> $data */
    public static function stringOrNull(array $data, string $name): ?string
    {
        $value = $data[$name] ?? null;

        return is_scalar($value) || $value instanceof Decimal ? (string) $value : null;
    }

    /** @param array<string, mixed> $data */
    public static function int(array $data, string $name): int
    {
        return self::intOrNull($data, $name) ?? 0;
    }

    /** @param array<string, mixed> $data */
    public static function intOrNull(array $data, string $name): ?int
    {
        $value = $data[$name] ?? null;

        return is_int($value) ? $value : (is_numeric($value) ? (int) $value : null);
    }

    /** @param array<string, mixed> $data */
    public static function float(array $data, string $name): float
    {
        return self::floatOrNull($data, $name) ?? 0.0;
    }

    /** @param array<string, mixed> $data */
    public static function floatOrNull(array $data, string $name): ?float
    {
        return self::decimalOrNull($data, $name)?->toFloat();
    }

    /** @param array<string, mixed> $data */
    public static function bool(array $data, string $name): bool
    {
        return self::boolOrNull($data, $name) ?? false;
    }

    /** @param array<string, mixed> $data */
    public static function boolOrNull(array $data, string $name): ?bool
    {
        $value = $data[$name] ?? null;

        return is_bool($value) ? $value : null;
    }

    /** @param array<string, mixed> $data */
    public static function decimal(array $data, string $name): Decimal
    {
        return self::decimalOrNull($data, $name) ?? new Decimal('0');
    }

    /** @param array<string, mixed> $data */
    public static function decimalOrNull(array $data, string $name): ?Decimal
    {
        $value = $data[$name] ?? null;

        return $value instanceof Decimal || $value === null ? $value : new Decimal((string) $value);
    }

    /** @param array<string, mixed> $data */
    public static function time(array $data, string $name): DateTimeImmutable
    {
        return self::timeOrNull($data, $name) ?? new DateTimeImmutable('@0');
    }

    /** @param array<string, mixed> $data */
    public static function timeOrNull(array $data, string $name): ?DateTimeImmutable
    {
        $value = self::stringOrNull($data, $name);

        return $value === null || $value === '' ? null : new DateTimeImmutable($value, new DateTimeZone('UTC'));
    }

    /**
     * An enum's case, or the string itself if this version of the library does not know it.
     *
     * @template E of BackedEnum
     * @param array<string, mixed> $data
     * @param class-string<E> $enum
     * @return E|string
     */
    public static function enum(array $data, string $name, string $enum): BackedEnum|string
    {
        return self::enumOrNull($data, $name, $enum) ?? '';
    }

    /**
     * @template E of BackedEnum
     * @param array<string, mixed> $data
     * @param class-string<E> $enum
     * @return E|string|null
     */
    public static function enumOrNull(array $data, string $name, string $enum): BackedEnum|string|null
    {
        $value = self::stringOrNull($data, $name);

        return $value === null ? null : $enum::tryFrom($value) ?? $value;
    }

    /**
     * @template T
     * @param array<string, mixed> $data
     * @param Closure(array<string, mixed>): T $make
     * @return T
     */
    public static function object(array $data, string $name, Closure $make): object
    {
        return self::objectOrNull($data, $name, $make) ?? $make([]);
    }

    /**
     * @template T
     * @param array<string, mixed> $data
     * @param Closure(array<string, mixed>): T $make
     * @return T|null
     */
    public static function objectOrNull(array $data, string $name, Closure $make): ?object
    {
        $value = $data[$name] ?? null;

        return is_array($value) ? $make($value) : null;
    }

    /**
     * @template T
     * @param array<string, mixed> $data
     * @param Closure(mixed): T $item
     * @return list<T>
     */
    public static function list(array $data, string $name, Closure $item): array
    {
        return self::listOrNull($data, $name, $item) ?? [];
    }

    /**
     * @template T
     * @param array<string, mixed> $data
     * @param Closure(mixed): T $item
     * @return list<T>|null
     */
    public static function listOrNull(array $data, string $name, Closure $item): ?array
    {
        $value = $data[$name] ?? null;

        return is_array($value) ? array_map($item, array_values($value)) : null;
    }

    /**
     * @param array<string, mixed> $data
     * @return array<string, mixed>
     */
    public static function map(array $data, string $name): array
    {
        return self::mapOrNull($data, $name) ?? [];
    }

    /**
     * @param array<string, mixed> $data
     * @return array<string, mixed>|null
     */
    public static function mapOrNull(array $data, string $name): ?array
    {
        $value = $data[$name] ?? null;

        return is_array($value) ? Json::plain($value) : null;
    }
}
