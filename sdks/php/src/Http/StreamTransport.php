<?php

declare(strict_types=1);

namespace NoKYCNumber\Http;

use NoKYCNumber\Exception\ApiConnectionException;
use NoKYCNumber\Exception\ApiTimeoutException;
use NoKYCNumber\Exception\CancelledException;

/**
 * Through PHP's own streams, for installations without ext-curl. Connecting may take the whole time of the attempt, and
 * so may each line of the answer's head: PHP reads it by itself.
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
            $head = Response::fromLines(stream_get_meta_data($stream)['wrapper_data'] ?? [], '');
            if ($head->status === 0) {
                throw new ApiConnectionException('The answer is no HTTP.');
            }
            // PHP would read on until the connection is closed, which the server need not do.
            $length = $head->status === 204 ? '0' : $head->header('Content-Length');
            $body = '';
            while (($left = ($length ?? PHP_INT_MAX) - strlen($body)) > 0 && !feof($stream)) {
                $body .= $this->chunk($request, $stream, min($left, self::CHUNK), $deadline);
            }
        } finally {
            fclose($stream);
        }
        if ($length !== null && $left > 0) {
            throw new ApiConnectionException('The connection was closed before the answer was complete.');
        }

        return new Response($head->status, $head->headers, $body);
    }

    /** @param resource $stream */
    private function chunk(Request $request, $stream, int $size, float $deadline): string
    {
        if ($request->cancelled !== null && ($request->cancelled)()) {
            throw new CancelledException('The call was cancelled.');
        }
        $left = max(0.000_001, $deadline - microtime(true));
        stream_set_timeout($stream, (int) $left, (int) (fmod($left, 1) * 1e6));
        $chunk = fread($stream, $size);
        if (stream_get_meta_data($stream)['timed_out'] || microtime(true) > $deadline) {
            throw new ApiTimeoutException('No answer in time.');
        }
        if ($chunk === false) {
            throw new ApiConnectionException('The connection failed.');
        }

        return $chunk;
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
