<?php

declare(strict_types=1);

namespace NoKYCNumber;

use Closure;
use NoKYCNumber\Core\Requester;
use NoKYCNumber\Core\RetryPolicy;
use NoKYCNumber\Exception\InvalidArgumentException;
use NoKYCNumber\Http\Response;
use NoKYCNumber\Http\Transport;
use Psr\Log\LoggerInterface;

/**
 * Speaks to the API: $client->numbers, $client->sms, …
 */
final class Client extends Services
{
    /** This library's own version. */
    public const VERSION = '0.1.0';

    /** Where requests go, without /v1. */
    public readonly string $baseUrl;

    /**
     * @param string|null $apiKey taken from NOKYC_API_KEY if not given
     * @param string|null $baseUrl taken from NOKYC_BASE_URL if not given; https, unless it is loopback
     * @param int $maxRetries how often a failed request is sent again
     * @param float $timeout seconds for one attempt
     * @param bool $allowInsecure permits plain http beyond loopback; the key then crosses the network in clear
     * @param string|null $app your program's "name/version", for the User-Agent
     * @param (Closure(float): void)|null $sleep waits that many seconds between attempts
     * @param (Closure(): float)|null $random gives jitter from [0, 1)
     * @param (Closure(): float)|null $clock gives the time in seconds since the epoch
     *
     * @throws InvalidArgumentException without a key, or if the base URL is not safe
     */
    public function __construct(
        #[\SensitiveParameter] ?string $apiKey = null,
        ?string $baseUrl = null,
        int $maxRetries = 4,
        float $timeout = 30.0,
        bool $allowInsecure = false,
        ?string $app = null,
        ?Transport $transport = null,
        ?LoggerInterface $logger = null,
        ?Closure $sleep = null,
        ?Closure $random = null,
        ?Closure $clock = null,
    ) {
        $apiKey ??= getenv('NOKYC_API_KEY') ?: '';
        $baseUrl ??= getenv('NOKYC_BASE_URL') ?: Contract::DEFAULT_BASE_URL;
        if (preg_match('/^[!-~]+$/D', $apiKey) !== 1) {
            throw new InvalidArgumentException('An API key is needed, without blanks: give one or set NOKYC_API_KEY.');
        }
        if ($maxRetries < 0 || $timeout <= 0) {
            throw new InvalidArgumentException('The number of retries must not be negative, and the timeout positive.');
        }
        self::checkBaseUrl($baseUrl, $allowInsecure);
        $this->baseUrl = (string) preg_replace('#/v1$#D', '', rtrim($baseUrl, '/'));
        parent::__construct(new Requester(
            apiKey: $apiKey,
            baseUrl: $this->baseUrl,
            userAgent: trim(sprintf('nokycnumber-php/%s (php%s; %s %s) %s', self::VERSION, PHP_VERSION, PHP_OS, php_uname('m'), $app)),
            timeout: $timeout,
            maxRetries: $maxRetries,
            transport: $transport ?? (extension_loaded('curl') ? new Http\CurlTransport() : new Http\StreamTransport()),
            policy: new RetryPolicy(
                $random ?? static fn (): float => random_int(0, (1 << 53) - 1) / (1 << 53),
                $clock ?? static fn (): float => microtime(true),
            ),
            sleep: $sleep ?? static fn (float $seconds) => usleep((int) round($seconds * 1e6)),
            logger: $logger,
        ));
    }

    /**
     * Sends any request with all of the client's retries: for what this version of the library does not know yet.
     *
     * @param string $path begins with /v1/
     * @param array<string, mixed> $query
     * @param array<string, mixed>|null $body
     */
    public function request(
        string $method,
        string $path,
        array $query = [],
        ?array $body = null,
        ?RequestOptions $options = null,
    ): Response {
        return $this->requester->send(strtoupper($method), $path, $query, $body, $options);
    }

    /**
     * Keeps the key out of var_dump() and the like.
     *
     * @return array<string, mixed>
     */
    public function __debugInfo(): array
    {
        return ['baseUrl' => $this->baseUrl];
    }

    private static function checkBaseUrl(string $url, bool $allowInsecure): void
    {
        $scheme = strtolower((string) parse_url($url, PHP_URL_SCHEME));
        $host = strtolower((string) parse_url($url, PHP_URL_HOST));
        if ($host === '' || !in_array($scheme, ['https', 'http'], true)) {
            throw new InvalidArgumentException('The base URL must look like https://host.');
        }
        $loopback = $host === 'localhost' || $host === '[::1]' || preg_match('/^127(\.\d{1,3}){3}$/', $host) === 1;
        if ($scheme === 'http' && !$allowInsecure && !$loopback) {
            throw new InvalidArgumentException(
                'The base URL must be https, or the key crosses the network in clear (allowInsecure permits it).'
            );
        }
    }
}
