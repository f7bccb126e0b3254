<?php

declare(strict_types=1);

namespace NoKYCNumber\Core;

use DateTimeImmutable;
use DateTimeInterface;
use DateTimeZone;
use JsonException;
use NoKYCNumber\Decimal;
use NoKYCNumber\Exception\InvalidResponseException;

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
     * @return array<string, mixed>
     * @throws InvalidResponseException if it is not a JSON object
     */
    public static function decode(string $text): array
    {
        // PHP's parser would make floats of them. The mark is random, so that no string of an answer can bear it.
        $mark = bin2hex(random_bytes(8)) . ':';
        $marked = preg_replace(self::FRACTION, "\"$mark\$0\"", $text) ?? $text;
        try {
            $value = json_decode($marked, true, 128, JSON_THROW_ON_ERROR | JSON_BIGINT_AS_STRING);
        } catch (JsonException $error) {
            throw new InvalidResponseException('The answer is not JSON.', 0, $error);
        }
        if (!is_array($value)) {
            throw new InvalidResponseException('The answer is not a JSON object.');
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
        return json_encode(self::timesAsText($value), JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_PRESERVE_ZERO_FRACTION);
    }

    public static function time(DateTimeInterface $time): string
    {
        $utc = DateTimeImmutable::createFromInterface($time)->setTimezone(new DateTimeZone('UTC'));

        return $utc->format((int) $utc->format('u') === 0 ? 'Y-m-d\TH:i:s\Z' : 'Y-m-d\TH:i:s.u\Z');
    }

    private static function timesAsText(mixed $value): mixed
    {
        return match (true) {
            $value instanceof DateTimeInterface => self::time($value),
            is_array($value) => array_map(self::timesAsText(...), $value),
            $value instanceof \stdClass => (object) array_map(self::timesAsText(...), (array) $value),
            default => $value,
        };
    }
}
