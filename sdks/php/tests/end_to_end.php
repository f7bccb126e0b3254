<?php

declare(strict_types=1);

// One scenario against a real server in test mode, webhooks included; silent if all is well.
// NOKYC_API_KEY=sk_test_… NOKYC_BASE_URL=http://127.0.0.1:8080 php tests/end_to_end.php
// The server must be allowed to deliver to this machine (NOKYC_WEBHOOK_ALLOW_PRIVATE=1); NOKYC_LOSSY_URL is the same
// server behind a proxy that loses the first answer to every POST (tests/sdks/lossy.py).

require __DIR__ . '/../init.php';

use NoKYCNumber\Client;
use NoKYCNumber\Enums\EventType;
use NoKYCNumber\Enums\NumberBillingPeriod;
use NoKYCNumber\Enums\NumberStatus;
use NoKYCNumber\Enums\SmsStatus;
use NoKYCNumber\Exception;
use NoKYCNumber\Models\Endpoint;
use NoKYCNumber\Models\Number;
use NoKYCNumber\RequestOptions;
use NoKYCNumber\Webhook;

const PATIENCE_SEC = 30;
const OUTSIDE = '+33612345678';

function main(): void
{
    $client = new Client();
    $receiver = stream_socket_server('tcp://127.0.0.1:0');
    $endpoint = $client->webhookEndpoints->create(
        url: 'http://' . stream_socket_get_name($receiver, false) . '/hooks',
        enabledEvents: ['sms.received', 'webhook_endpoint.test'],
    );
    $number = lease($client);
    change($client, $number);
    send($client, $number);
    receive($client, $number, $endpoint, $receiver);
    listAll($client, $number);
    lose($client, $number);
    refuse($client);
    account($client);
    $client->webhookEndpoints->delete($endpoint->id);
    $client->numbers->delete($number->id);
}

function lease(Client $client): Number
{
    $offer = $client->numbers->available(country: 'fr', type: 'mobile', limit: 5)->data[0];
    is($offer->prices->monthly->toFloat() > 0);
    is($offer->expiresAt > new DateTimeImmutable());
    $metadata = ['order' => 1042, 'weights' => [1.5]];
    $number = $client->numbers->create($offer->id, NumberBillingPeriod::Monthly, metadata: $metadata);
    is($number->number === $offer->number && $number->status === NumberStatus::Active && $number->metadata == $metadata);

    return $number;
}

/** What is left out stays, what is null is cleared. */
function change(Client $client, Number $number): void
{
    $changed = $client->numbers->update($number->id, autoRenew: !$number->autoRenew, webhookUrl: 'https://example.com/');
    is($changed->webhookUrl === 'https://example.com/' && $changed->autoRenew !== $number->autoRenew);
    $changed = $client->numbers->update($number->id, webhookUrl: null);
    is($changed->webhookUrl === null && $changed->metadata == $number->metadata);
}

function send(Client $client, Number $number): void
{
    $preview = $client->sms->preview(from: $number->id, to: OUTSIDE, body: 'Ça va ? 😀');
    is(count($preview->segments) === 1 && $preview->verdict->ok);
    $options = new RequestOptions(idempotencyKey: 'php-1042');
    $first = $client->sms->create(from: $number->id, to: OUTSIDE, body: 'Hello', options: $options);
    $again = $client->sms->create(from: $number->id, to: OUTSIDE, body: 'Hello', options: $options);
    is($first->id === $again->id && $first->from === $number->id && $first->response?->status === 201);
    $error = failure(fn () => $client->sms->create(from: $number->id, to: OUTSIDE, body: 'Another text', options: $options));
    is($error instanceof Exception\IdempotencyException && $error->errorCode === 'idempotency_key_mismatch');
    $later = $client->sms->create(from: $number->id, to: OUTSIDE, body: 'Later', sendAt: new DateTimeImmutable('+1 hour'));
    is($client->sms->cancel($later->id)->status === SmsStatus::Failed);
    is($client->sms->timeline($first->id)->steps[0]->type->value === 'request');
}

/**
 * What the server really sent verifies, before and while the secret is rotated, and with no other secret.
 *
 * @param resource $receiver
 */
function receive(Client $client, Number $number, Endpoint $endpoint, $receiver): void
{
    $came = $client->test->sms->create(from: OUTSIDE, to: $number->id, body: 'Ça va 😀');
    [$payload, $header] = delivery($receiver);
    $event = Webhook::constructEvent($payload, $header, $endpoint->secret);
    is($event->type === EventType::SmsReceived && !$event->livemode);
    is($event->data->object->id === $came->id && $event->data->object->body === 'Ça va 😀');
    $rotated = $client->webhookEndpoints->rotateSecret($endpoint->id, expiresIn: 3600);
    $client->webhookEndpoints->test($endpoint->id);
    [$payload, $header] = delivery($receiver);
    foreach ([$endpoint->secret, $rotated->secret] as $secret) {
        is(Webhook::constructEvent($payload, $header, $secret)->type === EventType::WebhookEndpointTest);
    }
    $error = failure(fn () => Webhook::constructEvent($payload, $header, 'whsec_bm90IHRoZSBzZWNyZXQ='));
    is($error instanceof Exception\SignatureVerificationException && $error->reason === 'mismatch');
    foreach ($client->webhookEndpoints->deliveries($endpoint->id)->autoPagingIterator() as $delivery) {
        is(in_array($delivery->status->value, ['succeeded', 'pending'], true));
    }
}

function listAll(Client $client, Number $number): void
{
    foreach (range(1, 3) as $turn) {
        $client->sms->create(from: $number->id, to: OUTSIDE, body: "Number $turn");
    }
    $messages = iterator_to_array($client->sms->list(number: $number->id, limit: 2)->autoPagingIterator(), false);
    is(count($messages) === 6 && count(array_unique(array_column($messages, 'id'))) === 6);
    foreach (range(1, 5) as $at) {
        is($messages[$at]->createdAt <= $messages[$at - 1]->createdAt);
    }
    is($client->sms->get($messages[0]->id)->segmentStatus[0]->index === 1);
}

/** An answer is lost after the server did its work: the repetition has the same key, and nothing is doubled. */
function lose(Client $client, Number $number): void
{
    $before = micro((string) $client->account->get()->balanceUsd);
    $slept = [];
    $unlucky = new Client(baseUrl: (string) getenv('NOKYC_LOSSY_URL'), sleep: function (float $seconds) use (&$slept): void {
        $slept[] = $seconds;
    });
    $sms = $unlucky->sms->create(from: $number->id, to: OUTSIDE, body: 'Only once');
    is(count($slept) === 1 && $sms->response?->attempts === 2);
    is(micro((string) $client->account->get()->balanceUsd) === $before - micro((string) $sms->costUsd));
    $found = [];
    foreach ($client->sms->list(number: $number->id)->autoPagingIterator() as $each) {
        $each->body === 'Only once' && $found[] = $each->id;
    }
    is($found === [$sms->id]);
}

function refuse(Client $client): void
{
    $stranger = new Client(apiKey: 'sk_test_unknown', baseUrl: $client->baseUrl);
    $calls = [
        Exception\NotFoundException::class => fn () => $client->sms->get('sms_000000000000'),
        Exception\InvalidRequestException::class => fn () => $client->sms->create('num_000000000000', 'nobody', ''),
        Exception\AuthenticationException::class => fn () => $stranger->account->get(),
    ];
    foreach ($calls as $class => $call) {
        $error = failure($call);
        is($error instanceof $class && str_contains($error->getMessage(), $error->requestId ?? '-'));
    }
}

function account(Client $client): void
{
    $balance = $client->account->get()->balanceUsd->toFloat();
    is($balance > 0 && $balance < 100);
    $usage = $client->account->usage(period: 'last_30d');
    $days = array_map(static fn ($day) => micro((string) $day->costUsd), $usage->daily);
    is(array_sum($days) === micro((string) $usage->totalCostUsd));
    is($client->test->clock->advance(seconds: 60)->advancedSeconds === 60);
}

/** In millionths. */
function micro(string $digits): int
{
    return (int) round((float) $digits * 1e6);
}

/**
 * The next request that the server makes to us: its body and its signature.
 *
 * @param resource $receiver
 * @return array{string, string}
 */
function delivery($receiver): array
{
    $connection = stream_socket_accept($receiver, PATIENCE_SEC);
    is($connection !== false);
    $head = '';
    while (!str_ends_with($head, "\r\n\r\n")) {
        $head .= fgets($connection);
    }
    preg_match('/^Content-Length: (\d+)/mi', $head, $length);
    preg_match('/^X-NoKYC-Signature: (.*?)\r$/mi', $head, $signature);
    $body = stream_get_contents($connection, (int) $length[1]);
    fwrite($connection, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
    fclose($connection);

    return [$body, $signature[1]];
}

function failure(callable $call): ?Throwable
{
    try {
        $call();
    } catch (Exception\ExceptionInterface $error) {
        return $error;
    }

    return null;
}

function is(bool $holds): void
{
    if (!$holds) {
        throw new LogicException('not so');
    }
}

main();
