<?php

declare(strict_types=1);

namespace NoKYCNumber\Tests;

use NoKYCNumber\Client;
use NoKYCNumber\Http\Request;
use NoKYCNumber\Http\Response;
use NoKYCNumber\Http\Transport;

/**
 * Answers without a network, as tests of your own can do it.
 */
final class Replies implements Transport
{
    /** @var list<Request> */
    public array $requests = [];
    /** @var list<Response> */
    private array $responses;

    public function __construct(Response ...$responses)
    {
        $this->responses = array_values($responses);
    }

    /** @param array<string, string> $headers */
    public static function json(string $body, int $status = 200, array $headers = []): Response
    {
        return new Response($status, $headers, $body);
    }

    public function send(Request $request): Response
    {
        $this->requests[] = $request;

        return array_shift($this->responses) ?? new Response(599, [], '');
    }

    public function client(mixed ...$options): Client
    {
        return new Client(...['apiKey' => 'sk_test_secret', 'transport' => $this, 'maxRetries' => 0] + $options);
    }
}
