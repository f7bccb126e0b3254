<?php

declare(strict_types=1);

namespace NoKYCNumber;

use JsonException;
use NoKYCNumber\Core\Json;
use NoKYCNumber\Exception\InvalidArgumentException;
use NoKYCNumber\Exception\SignatureVerificationException;

/**
 * Verifies deliveries of events.
 */
final class Webhook
{
    public const SIGNATURE_HEADER = 'X-NoKYC-Signature';
    /** Seconds that a delivery's time may be from ours, both ways. */
    public const DEFAULT_TOLERANCE = 300;

    /**
     * Verifies a delivery and reads its event.
     *
     * @param string $payload the request's body, byte for byte: file_get_contents('php://input')
     * @param string|null $header the request's X-NoKYC-Signature
     * @param string|list<string> $secret the endpoint's secret, or the old and the new one during a rotation
     * @param int $tolerance seconds
     * @param int|null $now seconds since the epoch
     *
     * @throws SignatureVerificationException if the delivery cannot be trusted
     */
    public static function constructEvent(
        string $payload,
        ?string $header,
        #[\SensitiveParameter] string|array $secret,
        int $tolerance = self::DEFAULT_TOLERANCE,
        ?int $now = null,
    ): Models\Event {
        $secrets = (array) $secret;
        if ($secrets === [] || in_array('', $secrets, true)) {
            throw new InvalidArgumentException('A webhook needs a secret; with an empty one anybody could sign.');
        }
        [$signedAt, $signatures] = self::parse($header);
        $age = ($now ?? time()) - $signedAt;
        if (abs($age) > $tolerance) {
            throw $age > 0
                ? new SignatureVerificationException('too_old', 'The webhook was signed too long ago.')
                : new SignatureVerificationException('too_new', 'The webhook was signed in the future.');
        }
        self::match($payload, $signedAt, $signatures, $secrets);
        try {
            $event = Json::decode($payload);
        } catch (JsonException) {
            $event = [];
        }
        if (!is_string($event['type'] ?? null)) {
            throw new SignatureVerificationException('malformed', 'The webhook is signed, but its body is no event.');
        }

        return Models\Event::fromArray($event);
    }

    /** Signs a payload as the server does, for tests of your own handler. */
    public static function generateTestHeader(string $payload, #[\SensitiveParameter] string $secret, ?int $timestamp = null): string
    {
        $timestamp ??= time();

        return "t=$timestamp,v1=" . self::sign($payload, $secret, $timestamp);
    }

    /** @return array{int, list<string>} */
    private static function parse(?string $header): array
    {
        if ($header === null || trim($header) === '') {
            throw new SignatureVerificationException('no_header', 'The request carries no ' . self::SIGNATURE_HEADER . '.');
        }
        $times = [];
        $signatures = [];
        foreach (explode(',', $header) as $part) {
            [$name, $value] = explode('=', trim($part), 2) + [1 => ''];
            if ($name === 't') {
                $times[] = $value;
            } elseif ($name === 'v1') {
                $signatures[] = $value;
            }
        }
        if (count($times) !== 1 || !ctype_digit($times[0])) {
            throw new SignatureVerificationException('malformed', 'The header does not look like t=<seconds>,v1=<hex>.');
        }
        if ($signatures === []) {
            throw new SignatureVerificationException('no_v1', 'The header has no v1 signature.');
        }

        return [strlen($times[0]) > 18 ? PHP_INT_MAX : (int) $times[0], $signatures];
    }

    /**
     * Compares every signature with every secret, in constant time.
     *
     * @param list<string> $signatures
     * @param array<string> $secrets
     */
    private static function match(string $payload, int $signedAt, array $signatures, array $secrets): void
    {
        $found = false;
        foreach ($secrets as $secret) {
            $expected = self::sign($payload, $secret, $signedAt);
            foreach ($signatures as $signature) {
                $found = hash_equals($expected, $signature) || $found;
            }
        }
        if (!$found) {
            $hint = array_map('trim', $secrets) === $secrets ? '' : ' The secret has whitespace around it.';
            throw new SignatureVerificationException(
                'mismatch',
                "No signature matches: another secret signed it, or the body was changed (it must be the raw bytes).$hint"
            );
        }
    }

    private static function sign(string $payload, string $secret, int $timestamp): string
    {
        return hash_hmac('sha256', "$timestamp.$payload", $secret);
    }
}
