<?php

declare(strict_types=1);

namespace NoKYCNumber\Tests;

use GuzzleHttp\Client as GuzzleClient;
use GuzzleHttp\Exception\ConnectException;
use GuzzleHttp\Handler\MockHandler;
use GuzzleHttp\HandlerStack;
use GuzzleHttp\Psr7\HttpFactory;
use GuzzleHttp\Psr7\Request;
use GuzzleHttp\Psr7\Response;
use NoKYCNumber\Client;
use NoKYCNumber\Exception\ApiConnectionException;
use NoKYCNumber\Exception\RedirectException;
use NoKYCNumber\Http\Psr18Transport;
use PHPUnit\Framework\TestCase;

/**
 * Through Guzzle, with its own way of answering without a network.
 */
final class Psr18TransportTest extends TestCase
{
    private MockHandler $answers;
    private Client $client;

    protected function setUp(): void
    {
        if (!class_exists(GuzzleClient::class)) {
            self::markTestSkipped('needs Guzzle');
        }
        $this->answers = new MockHandler();
        $factory = new HttpFactory();
        $guzzle = new GuzzleClient(['handler' => HandlerStack::create($this->answers)]);
        $this->client = new Client('sk_test_a', transport: new Psr18Transport($guzzle, $factory, $factory), maxRetries: 0);
    }

    public function testARequestAndItsAnswer(): void
    {
        $this->answers->append(new Response(201, ['Request-Id' => 'req_1'], '{"id":"sms_1"}'));
        $sms = $this->client->sms->create(from: 'num_1', to: '+33612345678', body: 'Hello');
        self::assertSame(['sms_1', 'req_1'], [$sms->id, $sms->response?->requestId()]);
        $sent = $this->answers->getLastRequest();
        self::assertSame('{"from":"num_1","to":"+33612345678","body":"Hello"}', (string) $sent?->getBody());
        self::assertSame('Bearer sk_test_a', $sent?->getHeaderLine('Authorization'));
    }

    public function testARedirectIsNotFollowed(): void
    {
        $this->answers->append(new Response(302, ['Location' => 'https://elsewhere.example/']));
        $this->expectException(RedirectException::class);
        $this->client->account->get();
    }

    public function testAFailure(): void
    {
        $this->answers->append(new ConnectException('refused', new Request('GET', '/')));
        $this->expectException(ApiConnectionException::class);
        $this->client->account->get();
    }
}
