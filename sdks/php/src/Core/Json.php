<?php

declare(strict_types=1);

namespace NoKYCNumber\Core;

use BackedEnum;
use DateTimeImmutable;
use DateTimeInterface;
use DateTimeZone;
use JsonException;
use NoKYCNumber\Decimal;
use NoKYCNumber\Exception\InvalidArgumentException;
use NoKYCNumber\NotGiven;

/**
 * JSON as the API speaks it. Numbers with a fraction become Decimal, so that no digit of an amount is lost.
 *
 * @internal
 */
final class Json
{
    /** A number with fraction or exponent; strings are passed over. */
    private const FRACTION = '/"(?:[^"\\\\]++|\\\\.)*+"(*SKIP)(*FAIL)|-?\d++(?:\.\d++(?:[eE][+-]?\d++)?|[eE][+-]?\d++)/s';

    /**
     * @return array<array-key, mixed>
     * @throws JsonException if it is not a JSON object
     */
    public static function decode(string $text): array
    {
        // PHP's parser would make floats of them. The mark is random, so that no string of an answer can bear it.
        $mark = bin2hex(random_bytes(8)) . ':';
        $marked = preg_replace(self::FRACTION, "\"$mark\$0\"", $text) ?? $text;
        $value = json_decode($marked, true, 128, JSON_THROW_ON_ERROR | JSON_BIGINT_AS_STRING);
        if (!is_array($value) || !str_starts_with(ltrim($text), '{')) {
            throw new JsonException('Not an object.');
        }
        array_walk_recursive($value, static function (mixed &$leaf) use ($mark): void {
            if (is_string($leaf) && str_starts_with($leaf, $mark)) {
                $leaf = new Decimal(substr($leaf, strlen($mark)));
            }
        });

        return $value;
    }

    /** With floats instead of Decimal: for free-form data. */
    public static function plain(mixed $value): mixed
    {
        if (is_array($value)) {
            return array_map(self::plain(...), $value);
        }

        return $value instanceof Decimal ? $value->toFloat() : $value;
    }

    public static function encode(mixed $value): string
    {
        // As in decode(): PHP cannot write a number digit by digit.
        $mark = bin2hex(random_bytes(8)) . ':';
        $digits = [];
        $flags = JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_PRESERVE_ZERO_FRACTION;
        try {
            $text = json_encode(self::textual($value, $mark, $digits), $flags);
        } catch (JsonException $error) {
            throw new InvalidArgumentException("The parameters cannot be encoded: {$error->getMessage()}");
        }

        return $digits === [] ? $text : strtr($text, $digits);
    }

    /**
     * What is sent as {…} even if it is empty.
     *
     * @param array<string, mixed>|NotGiven|null $value
     */
    public static function object(array|NotGiven|null $value): object|null
    {
        return is_array($value) ? (object) $value : $value;
    }

    /** What is sent as a number, digit by digit. */
    public static function decimal(Decimal|string|int|float|NotGiven|null $value): Decimal|int|float|NotGiven|null
    {
        return is_string($value) ? new Decimal($value) : $value;
    }

    /**
     * A query string: null is left out, lists repeat their name.
     *
     * @param array<string, mixed> $parameters
     */
    public static function query(array $parameters): string
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

    public static function time(DateTimeInterface $time): string
    {
        $utc = DateTimeImmutable::createFromInterface($time)->setTimezone(new DateTimeZone('UTC'));

        return $utc->format((int) $utc->format('u') === 0 ? 'Y-m-d\TH:i:s\Z' : 'Y-m-d\TH:i:s.u\Z');
    }

    private static function text(mixed $value): string
    {
        return match (true) {
            is_bool($value) => $value ? 'true' : 'false',
            $value instanceof BackedEnum => (string) $value->value,
            $value instanceof DateTimeInterface => self::time($value),
            default => (string) $value,
        };
    }

    /** @param array<string, string> $digits what stands for a decimal, and its digits */
    private static function textual(mixed $value, string $mark, array &$digits): mixed
    {
        if ($value instanceof Decimal) {
            $marked = $mark . count($digits);
            $digits["\"$marked\""] = $value->value;

            return $marked;
        }
        if (is_array($value) || $value instanceof \stdClass) {
            $plain = [];
            foreach ((array) $value as $name => $each) {
                $plain[$name] = self::textual($each, $mark, $digits);
            }

            return is_array($value) ? $plain : (object) $plain;
        }

        return $value instanceof DateTimeInterface ? self::time($value) : $value;
    }
}
