<?php

declare(strict_types=1);

namespace NoKYCNumber\Testing;

use LogicException;
use NoKYCNumber\Client;
use NoKYCNumber\Exception\ApiConnectionException;
use NoKYCNumber\Http\Request;
use NoKYCNumber\Http\Response;
use NoKYCNumber\Http\Transport;

/**
 * A client without a network, for the tests of programs that use this library.
 *
 *     $replies = new Replies(Replies::json('{"id":"sms_1","object":"sms","status":"queued"}', 201));
 *     $sms = $replies->client()->sms->create(from: 'num_1', to: '+33612345678', body: 'Hi');
 *     $replies->requests[0]->url; // …/v1/sms
 */
final class Replies implements Transport
{
    /** @var list<Request> what was asked */
    public array $requests = [];
    /** @var list<float> seconds that the client would have waited between attempts; nothing waits */
    public array $slept = [];
    /** @var list<Response|ApiConnectionException> */
    private array $replies;

    /** Answers, given in their order; an exception is a connection that fails. */
    public function __construct(Response|ApiConnectionException ...$replies)
    {
        $this->replies = array_values($replies);
    }

    /** @param array<string, string> $headers names in lower case */
    public static function json(string $body, int $status = 200, array $headers = []): Response
    {
        return new Response($status, $headers, $body);
    }

    /** A client that gets these answers; options as of Client, by their names. */
    public function client(mixed ...$options): Client
    {
        $sleep = function (float $seconds): void {
            $this->slept[] = $seconds;
        };

        return new Client(...$options + ['apiKey' => 'sk_test_none', 'transport' => $this, 'sleep' => $sleep]);
    }

    public function send(Request $request): Response
    {
        $this->requests[] = $request;
        $reply = array_shift($this->replies) ?? throw new LogicException("No reply is left for $request->method.");

        return $reply instanceof Response ? $reply : throw $reply;
    }
}
