<?php

declare(strict_types=1);

namespace NoKYCNumber\Tests;

use DateTimeImmutable;
use LogicException;
use NoKYCNumber\Client;
use NoKYCNumber\Decimal;
use NoKYCNumber\Enums\NumberAddon;
use NoKYCNumber\Enums\SmsDirection;
use NoKYCNumber\Exception\ApiConnectionException;
use NoKYCNumber\Exception\CancelledException;
use NoKYCNumber\Exception\ExceptionInterface;
use NoKYCNumber\Exception\InvalidArgumentException;
use NoKYCNumber\Exception\RateLimitException;
use NoKYCNumber\Http\CurlTransport;
use NoKYCNumber\Http\StreamTransport;
use NoKYCNumber\Http\Transport;
use NoKYCNumber\RequestOptions;
use NoKYCNumber\Testing\Replies;
use NoKYCNumber\Webhook;
use PHPUnit\Framework\TestCase;
use Psr\Log\AbstractLogger;

/**
 * What the conformance suite cannot say in any language: cancelling, certificates, logs, and PHP's own ways.
 */
final class CoreTest extends TestCase
{
    private const UNAVAILABLE = '{"error":{"type":"api_error","code":"service_unavailable","message":"Later."}}';

    public function testACancelledCallIsNotSentAgain(): void
    {
        $replies = new Replies(Replies::json(self::UNAVAILABLE, 503));
        $options = new RequestOptions(maxRetries: 4, cancelled: fn (): bool => count($replies->requests) > 0);
        try {
            $replies->client(sleep: fn () => self::fail('it waits for another attempt'))->account->get($options);
            self::fail('it was not cancelled');
        } catch (CancelledException) {
            self::assertCount(1, $replies->requests);
        }
    }

    public function testAWaitIsCancelled(): void
    {
        $replies = new Replies(Replies::json(self::UNAVAILABLE, 503, ['retry-after' => '60']));
        $waits = 0;
        $sleep = static function (float $seconds) use (&$waits): void {
            self::assertLessThan(1, $seconds);
            $waits++;
        };
        $options = new RequestOptions(maxRetries: 4, cancelled: function () use (&$waits): bool {
            return $waits === 3;
        });
        try {
            $replies->client(sleep: $sleep)->account->get($options);
            self::fail('it was not cancelled');
        } catch (CancelledException) {
            self::assertSame([3, 1], [$waits, count($replies->requests)]);
        }
    }

    /** @dataProvider transports */
    public function testAnAttemptUnderWayIsCancelled(Transport $transport): void
    {
        $script = self::script([['status' => 200, 'json' => ['object' => 'account'], 'delay_ms' => 300]]);
        $asked = 0;
        $options = new RequestOptions(cancelled: function () use (&$asked): bool {
            return ++$asked > 1;
        });
        $this->expectException(CancelledException::class);
        (new Client('sk_test_a', $script, transport: $transport))->account->get($options);
    }

    /** @dataProvider transports */
    public function testACertificateThatIsNotTrustedIsNotTriedAgain(Transport $transport): void
    {
        $client = new Client('sk_test_a', self::environment('UNTRUSTED_URL'), transport: $transport, sleep: fn () => self::fail('it waits'));
        try {
            $client->account->get();
            self::fail('it was trusted');
        } catch (ApiConnectionException $error) {
            self::assertFalse($error->retryable, $error->getMessage());
        }
    }

    /** @return array<string, array{Transport}> */
    public function transports(): array
    {
        return ['curl' => [new CurlTransport()], 'streams' => [new StreamTransport()]];
    }

    public function testCurlKeepsItsConnection(): void
    {
        $transport = new CurlTransport();
        $client = new Client('sk_test_a', self::script(array_fill(0, 3, ['json' => ['object' => 'account']])), transport: $transport);
        foreach (range(1, 3) as $turn) {
            self::assertSame('account', $client->account->get()->object, "call $turn");
        }
    }

    public function testNeitherKeyNorBodyAreInAnythingThatIsShown(): void
    {
        $logger = new class extends AbstractLogger {
            public string $text = '';

            public function log($level, $message, array $context = []): void
            {
                $this->text .= $message . json_encode($context, JSON_UNESCAPED_SLASHES);
            }
        };
        $replies = new Replies(Replies::json('{"id":"sms_1"}', 201), Replies::json('{"error":{"type":"rate_limit_error"}}', 429));
        $client = $replies->client(logger: $logger, apiKey: 'sk_test_secret', maxRetries: 0);
        $client->sms->create(from: 'num_1', to: '+33612345678', body: 'for your eyes only');
        try {
            $client->numbers->available(country: 'fr', contains: '+33612345678');
            self::fail('it was not refused');
        } catch (RateLimitException $error) {
            $shown = $error . print_r($replies->requests, true) . print_r($error->response, true) . $logger->text;
        }
        ob_start();
        var_dump($client);
        $shown .= ob_get_clean();
        foreach (['sk_test_secret', '33612345678', 'eyes only'] as $secret) {
            self::assertStringNotContainsString($secret, $shown);
        }
        self::assertStringContainsString('"path":"/v1/sms","status":201', $logger->text);
    }

    public function testWhatIsSent(): void
    {
        $replies = new Replies();
        $client = $replies->client();
        $calls = [
            '{}' => fn () => $client->numbers->update('num_1'),
            '{"webhook_url":null}' => fn () => $client->numbers->update('num_1', webhookUrl: null),
            '{"addons":[],"metadata":{}}' => fn () => $client->numbers->update('num_1', addons: [], metadata: []),
            '{"addons":["ai-pickup","ai-new"]}' => fn () => $client->numbers->update('num_1', addons: [NumberAddon::AiPickup, 'ai-new']),
            '{"daily_spend_cap_usd":12345678901234.123456}' => fn () => $client->account->update(dailySpendCapUsd: '12345678901234.123456'),
            '{"from":"n","to":"t","body":"é/","send_at":"2026-04-26T10:00:00Z"}' => fn () => $client->sms->create(
                'n',
                't',
                'é/',
                sendAt: new DateTimeImmutable('2026-04-26T12:00:00+02:00'),
            ),
        ];
        foreach ($calls as $body => $call) {
            self::ignore($call);
            self::assertSame($body, end($replies->requests)->body);
        }
        self::ignore(fn () => $client->sms->list(direction: SmsDirection::Inbound, createdAfter: new DateTimeImmutable('@0')));
        self::assertStringEndsWith('?direction=inbound&created_after=1970-01-01T00%3A00%3A00Z', end($replies->requests)->url);
        $this->expectException(InvalidArgumentException::class);
        $client->account->update(dailySpendCapUsd: 'much');
    }

    public function testWhatCannotBeEncodedIsAWrongArgument(): void
    {
        $this->expectException(InvalidArgumentException::class);
        (new Replies())->client()->sms->create(from: 'num_1', to: '+33612345678', body: "\xFF");
    }

    public function testDecimalsAreExactAndStringsAreLeftAlone(): void
    {
        $body = '{"balance_usd":1.10,"default_country":"1.5","metadata":{"a":"\\\\\\"2.5","b":2.5}}';
        $account = (new Replies(Replies::json($body)))->client()->account->get();
        self::assertSame(['1.10', '1.5'], [(string) $account->balanceUsd, $account->defaultCountry]);
        self::assertSame(['a' => '\\"2.5', 'b' => 2.5], $account->toArray()['metadata']);
        self::assertSame('1.1', json_encode(new Decimal('1.10')));
        self::assertNotNull($account->response);
    }

    public function testAClientWithoutANetworkTriesAgainWithoutWaiting(): void
    {
        $replies = new Replies(new ApiConnectionException('no connection'), Replies::json('{"id":"sms_1"}', 201));
        self::assertSame('sms_1', $replies->client()->sms->create(from: 'num_1', to: '+33612345678', body: 'Hi')->id);
        self::assertCount(1, $replies->slept);
        self::assertSame('1', $replies->requests[1]->headers['NoKYC-Retry-Count']);
        $this->expectException(LogicException::class);
        $replies->client()->account->get();
    }

    public function testAnAttemptHas5SecondsToConnectAnd30InAll(): void
    {
        $replies = new Replies(Replies::json('{}'));
        $replies->client()->account->get();
        self::assertSame([5.0, 30.0], [$replies->requests[0]->connectTimeout, $replies->requests[0]->timeout]);
    }

    public function testAPageCountsAndIterates(): void
    {
        $body = '{"data":[{"id":"sms_2"},{"id":"sms_1"}],"has_more":true,"next_cursor":"sms_1"}';
        $replies = new Replies(Replies::json($body));
        $page = $replies->client()->sms->list(limit: 2);
        self::assertCount(2, $page);
        self::assertSame(['sms_2', 'sms_1'], array_column(iterator_to_array($page), 'id'));
        self::assertCount(1, $replies->requests);
    }

    public function testAnEventOfAnotherShapeIsKept(): void
    {
        $payload = '{"type":"number.paused","created":"2026-04-26T11:25:42Z","data":{"object":[1.5],"reason":"schedule"}}';
        $event = Webhook::constructEvent($payload, Webhook::generateTestHeader($payload, 'whsec_a'), 'whsec_a');
        self::assertSame([1.5], $event->data->object);
        self::assertSame('schedule', $event->data->raw['reason']);
    }

    public function testValuesOfOtherTypesAreLeftToRaw(): void
    {
        $body = '{"id":7,"segments":"two","created_at":"soon","cost_usd":"much","media_urls":{},"status":["x"],"livemode":1}';
        $sms = (new Replies(Replies::json($body)))->client()->sms->get('sms_1');
        self::assertSame(['7', 0, [], null], [$sms->id, $sms->segments, $sms->mediaUrls, $sms->costUsd]);
        self::assertSame(['x'], $sms->raw['status']);
    }

    /** @param list<array<string, mixed>> $replies */
    private static function script(array $replies): string
    {
        $curl = curl_init(self::environment('NOKYC_CONFORMANCE_URL') . '/scripts');
        curl_setopt_array($curl, [CURLOPT_RETURNTRANSFER => true, CURLOPT_POSTFIELDS => json_encode(['replies' => $replies])]);

        return json_decode((string) curl_exec($curl), true)['base_url'];
    }

    private static function environment(string $name): string
    {
        return getenv($name) ?: self::markTestSkipped("needs $name");
    }

    private static function ignore(callable $call): void
    {
        try {
            $call();
        } catch (ExceptionInterface|LogicException) {
            // What was sent is what matters.
        }
    }
}
