<?php

declare(strict_types=1);

namespace NoKYCNumber\Http;

use NoKYCNumber\Exception\ApiConnectionException;
use NoKYCNumber\Exception\ApiTimeoutException;
use NoKYCNumber\Exception\CancelledException;

/**
 * Through PHP's own streams, for installations without ext-curl. Connecting may take the whole time of the attempt.
 */
final class StreamTransport implements Transport
{
    private const CHUNK = 65_536;

    /** @param array<string, array<string, mixed>> $context more for stream_context_create(), such as a CA file */
    public function __construct(private readonly array $context = [])
    {
    }

    public function send(Request $request): Response
    {
        $deadline = microtime(true) + $request->timeout;
        $stream = $this->open($request, $deadline);
        try {
            $body = '';
            while (!feof($stream)) {
                if ($request->cancelled !== null && ($request->cancelled)()) {
                    throw new CancelledException('The call was cancelled.');
                }
                $left = $deadline - microtime(true);
                stream_set_timeout($stream, (int) max(0, $left), (int) (fmod(max(0, $left), 1) * 1e6));
                $chunk = $left > 0 ? fread($stream, self::CHUNK) : false;
                if (stream_get_meta_data($stream)['timed_out'] || $left <= 0) {
                    throw new ApiTimeoutException('No answer in time.');
                }
                if ($chunk === false) {
                    throw new ApiConnectionException('The connection failed.');
                }
                $body .= $chunk;
            }
            $response = Response::fromLines(stream_get_meta_data($stream)['wrapper_data'] ?? [], $body);
        } finally {
            fclose($stream);
        }
        $length = $response->header('Content-Length');
        if ($length !== null && strlen($body) < (int) $length && $request->method !== 'HEAD') {
            throw new ApiConnectionException('The connection was closed before the answer was complete.');
        }

        return $response;
    }

    /** @return resource */
    private function open(Request $request, float $deadline)
    {
        $context = stream_context_create(array_replace_recursive($this->context, [
            'http' => [
                'method' => $request->method,
                'header' => [...$request->headerLines(), 'Connection: close'],
                'content' => $request->body ?? '',
                'protocol_version' => 1.1,
                'ignore_errors' => true,
                'follow_location' => 0,
                'timeout' => $request->timeout,
            ],
        ]));
        $reasons = [];
        set_error_handler(static function (int $level, string $message) use (&$reasons): bool {
            $reasons[] = $message;

            return true;
        });
        try {
            $stream = fopen($request->url, 'rb', false, $context);
        } finally {
            restore_error_handler();
        }
        if ($stream === false) {
            throw self::failure(implode('; ', $reasons), microtime(true) >= $deadline);
        }

        return $stream;
    }

    private static function failure(string $reason, bool $late): ApiConnectionException
    {
        // PHP's own words name the URL, whose query may name people.
        if ($late || str_contains($reason, 'timed out')) {
            return new ApiTimeoutException('No answer in time.');
        }
        $untrusted = str_contains($reason, 'certificate verify failed') || str_contains($reason, 'did not match expected CN');

        return new ApiConnectionException($untrusted ? 'The server\'s certificate cannot be verified.' : 'The connection failed.', !$untrusted);
    }
}
