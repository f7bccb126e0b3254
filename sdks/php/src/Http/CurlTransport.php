<?php

declare(strict_types=1);

namespace NoKYCNumber\Http;

use CurlHandle;
use NoKYCNumber\Exception\ApiConnectionException;
use NoKYCNumber\Exception\ApiTimeoutException;
use NoKYCNumber\Exception\CancelledException;

/**
 * Through ext-curl; the connection is kept for the next request.
 */
final class CurlTransport implements Transport
{
    /** Errors of certificates: what is wrong with them now is wrong in a second, too. */
    private const VERIFICATION = [51, 58, 59, 60, 66, 77, 80, 82, 83, 90, 91];

    /** @var array<int, CurlHandle> by process: on a connection that a fork shares, each could read the other's answers */
    private array $handles = [];

    /** @param array<int, mixed> $options more for curl_setopt_array(), such as a proxy or a CA file */
    public function __construct(private readonly array $options = [])
    {
    }

    public function send(Request $request): Response
    {
        $handle = $this->handles[getmypid()] ??= curl_init();
        $lines = [];
        curl_reset($handle);
        curl_setopt_array($handle, $this->options + [
            CURLOPT_URL => $request->url,
            CURLOPT_CUSTOMREQUEST => $request->method,
            CURLOPT_HTTPHEADER => [...$request->headerLines(), 'Expect:'],
            CURLOPT_TIMEOUT_MS => (int) ceil($request->timeout * 1000),
            CURLOPT_CONNECTTIMEOUT_MS => (int) ceil($request->connectTimeout * 1000),
            CURLOPT_NOSIGNAL => true,
            CURLOPT_ENCODING => '',
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_NOPROGRESS => $request->cancelled === null,
            CURLOPT_XFERINFOFUNCTION => static fn (): int => ($request->cancelled)() ? 1 : 0,
            CURLOPT_HEADERFUNCTION => static function ($handle, string $line) use (&$lines): int {
                $lines[] = $line;

                return strlen($line);
            },
        ]);
        // After the caller's options: redirects would send the key elsewhere, other schemes read files.
        curl_setopt_array($handle, [
            CURLOPT_FOLLOWLOCATION => false,
            CURLOPT_PROTOCOLS => CURLPROTO_HTTP | CURLPROTO_HTTPS,
        ] + ($request->body === null ? [] : [CURLOPT_POSTFIELDS => $request->body]));
        $body = curl_exec($handle);
        if (!is_string($body)) {
            throw self::failure(curl_errno($handle), curl_error($handle));
        }

        return Response::fromLines($lines, $body);
    }

    private static function failure(int $number, string $message): \Exception
    {
        return match (true) {
            $number === CURLE_ABORTED_BY_CALLBACK => new CancelledException('The call was cancelled.'),
            $number === CURLE_OPERATION_TIMEDOUT => new ApiTimeoutException("No answer in time: $message"),
            default => new ApiConnectionException("The connection failed: $message", !in_array($number, self::VERIFICATION, true)),
        };
    }
}
