<?php

declare(strict_types=1);

namespace NoKYCNumber\Http;

use NoKYCNumber\Exception\ApiConnectionException;
use Psr\Http\Client\ClientExceptionInterface;
use Psr\Http\Client\ClientInterface;
use Psr\Http\Message\RequestFactoryInterface;
use Psr\Http\Message\StreamFactoryInterface;

/**
 * Through any PSR-18 client. Time limits are that client's own; it must not follow redirects (Guzzle's adapter does not).
 */
final class Psr18Transport implements Transport
{
    public function __construct(
        private readonly ClientInterface $client,
        private readonly RequestFactoryInterface $requests,
        private readonly StreamFactoryInterface $streams,
    ) {
    }

    public function send(Request $request): Response
    {
        $outgoing = $this->requests->createRequest($request->method, $request->url);
        foreach ($request->headers as $name => $value) {
            $outgoing = $outgoing->withHeader($name, $value);
        }
        if ($request->body !== null) {
            $outgoing = $outgoing->withBody($this->streams->createStream($request->body));
        }
        try {
            $incoming = $this->client->sendRequest($outgoing);
        } catch (ClientExceptionInterface $error) {
            throw new ApiConnectionException('The connection failed.', true, $error);
        }
        $headers = array_map(static fn (array $values) => implode(', ', $values), $incoming->getHeaders());

        return new Response($incoming->getStatusCode(), array_change_key_case($headers), (string) $incoming->getBody());
    }
}
