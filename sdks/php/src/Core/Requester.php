<?php

declare(strict_types=1);

namespace NoKYCNumber\Core;

use Closure;
use JsonException;
use NoKYCNumber\Contract;
use NoKYCNumber\Exception\ApiConnectionException;
use NoKYCNumber\Exception\ApiStatusException;
use NoKYCNumber\Exception\CancelledException;
use NoKYCNumber\Exception\InvalidArgumentException;
use NoKYCNumber\Http\Request;
use NoKYCNumber\Http\Response;
use NoKYCNumber\Http\Transport;
use NoKYCNumber\NotGiven;
use NoKYCNumber\RequestOptions;
use Psr\Log\LoggerInterface;

/**
 * Sends requests for all resources, as often as it takes.
 *
 * @internal
 */
final class Requester
{
    private const CONNECT_TIMEOUT = 5.0;
    /** How long a wait goes on, at most, before `cancelled` is asked again. */
    private const SLICE = 0.2;

    /** @var array<string, true> deprecations that have been logged: each is once */
    private array $warned = [];

    /** @param Closure(float): mixed $sleep */
    public function __construct(
        #[\SensitiveParameter] private readonly string $apiKey,
        private readonly string $baseUrl,
        private readonly string $userAgent,
        private readonly float $timeout,
        private readonly int $maxRetries,
        private readonly Transport $transport,
        private readonly RetryPolicy $policy,
        private readonly Closure $sleep,
        private readonly ?LoggerInterface $logger,
    ) {
    }

    /**
     * @param array<string, mixed> $query
     * @param array<string, mixed>|null $body
     */
    public function send(string $method, string $path, array $query, ?array $body, ?RequestOptions $options): Response
    {
        $options ??= new RequestOptions();
        $request = $this->encode($method, $path, $query, $body, $options);
        $maxRetries = $options->maxRetries ?? $this->maxRetries;
        for ($attempt = 1; ; $attempt++) {
            self::checkCancelled($options);
            try {
                return $this->attempt($request, $path, $attempt);
            } catch (ApiConnectionException|ApiStatusException $error) {
                $delay = $attempt > $maxRetries ? null : $this->policy->delay($attempt, $error);
                if ($delay === null) {
                    throw $error;
                }
            }
            $this->logger?->debug('nokyc: retry', ['method' => $method, 'path' => $path, 'attempt' => $attempt, 'delay' => $delay]);
            $this->wait($delay, $options);
            $request = $request->withHeader('NoKYC-Retry-Count', (string) $attempt);
        }
    }

    /** The path of one object; ids are escaped as one segment, and never lead elsewhere. */
    public static function path(string $pattern, string ...$ids): string
    {
        if (array_intersect($ids, ['', '.', '..']) !== []) {
            throw new InvalidArgumentException('An id must not be empty or dots.');
        }

        return vsprintf($pattern, array_map('rawurlencode', $ids));
    }

    /**
     * Keeps the key out of var_dump() and the like.
     *
     * @return array<string, mixed>
     */
    public function __debugInfo(): array
    {
        return ['baseUrl' => $this->baseUrl, 'timeout' => $this->timeout, 'maxRetries' => $this->maxRetries];
    }

    private function wait(float $delay, RequestOptions $options): void
    {
        $slice = $options->cancelled === null ? $delay : self::SLICE;
        for ($left = $delay; $left > 0; $left -= $slice) {
            self::checkCancelled($options);
            ($this->sleep)(min($left, $slice));
        }
    }

    private function attempt(Request $request, string $path, int $attempt): Response
    {
        $response = $this->transport->send($request);
        $said = ['method' => $request->method, 'path' => $path, 'status' => $response->status];
        $this->logger?->debug('nokyc: answer', $said + ['request_id' => $response->requestId()]);
        $deprecation = $response->deprecation();
        if ($deprecation !== null && !isset($this->warned[$deprecation])) {
            $this->warned[$deprecation] = true;
            $this->logger?->warning('nokyc: this version of the API is deprecated', ['deprecation' => $deprecation]);
        }
        if ($response->status < 200 || $response->status > 299) {
            throw ApiStatusException::from($response->read($attempt, []));
        }
        try {
            return $response->read($attempt, $response->status === 204 ? [] : Json::decode($response->body));
        } catch (JsonException) {
            throw new ApiConnectionException('The answer is not JSON.');
        }
    }

    /**
     * @param array<string, mixed> $query
     * @param array<string, mixed>|null $body
     */
    private function encode(string $method, string $path, array $query, ?array $body, RequestOptions $options): Request
    {
        if (preg_match('#^/[^/]#', $path) !== 1) {
            throw new InvalidArgumentException('A path begins with one slash.');
        }
        $headers = [
            'Authorization' => "Bearer {$this->apiKey}",
            'Accept' => 'application/json',
            'NoKYC-Version' => Contract::API_VERSION,
            'User-Agent' => $this->userAgent,
        ];
        $body = $options->extraBody === [] ? $body : $options->extraBody + ($body ?? []);
        if ($body !== null) {
            $headers['Content-Type'] = 'application/json';
            $body = Json::encode((object) self::given($body));
        }
        if ($method === 'POST') {
            $headers['Idempotency-Key'] = $options->idempotencyKey ?? self::uuid();
        }
        $headers = array_diff_ukey($headers, $options->headers, 'strcasecmp') + $options->headers;
        if (preg_grep('/[\r\n\0]/', [...$headers, ...array_keys($headers)]) !== []) {
            throw new InvalidArgumentException('A header has a line break.');
        }
        $query = Json::query($options->extraQuery + self::given($query));

        return new Request(
            $method,
            $this->baseUrl . $path . ($query === '' ? '' : "?$query"),
            $headers,
            $body,
            $options->timeout ?? $this->timeout,
            self::CONNECT_TIMEOUT,
            $options->cancelled,
        );
    }

    /**
     * @param array<string, mixed> $parameters
     * @return array<string, mixed>
     */
    private static function given(array $parameters): array
    {
        return array_filter($parameters, static fn ($value) => $value !== NotGiven::Value);
    }

    private static function checkCancelled(RequestOptions $options): void
    {
        if ($options->cancelled !== null && ($options->cancelled)()) {
            throw new CancelledException('The call was cancelled.');
        }
    }

    /** A random UUID (RFC 9562, version 4). */
    private static function uuid(): string
    {
        $bytes = random_bytes(16);
        $bytes[6] = chr(ord($bytes[6]) & 0x0F | 0x40);
        $bytes[8] = chr(ord($bytes[8]) & 0x3F | 0x80);

        return vsprintf('%s%s-%s-%s-%s-%s%s%s', str_split(bin2hex($bytes), 4));
    }
}
