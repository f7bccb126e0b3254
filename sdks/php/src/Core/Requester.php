<?php

declare(strict_types=1);

namespace NoKYCNumber\Core;

use Closure;
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
            [$response, $error, $delay] = $this->attempt($request, $attempt);
            if ($error === null) {
                return $response;
            }
            if ($delay === null || $attempt > $maxRetries) {
                throw $error;
            }
            self::checkCancelled($options);
            $this->logger?->debug('nokyc: retry', ['method' => $method, 'path' => $path, 'attempt' => $attempt, 'delay' => $delay]);
            $this->wait($delay, $options);
            $request = $request->withHeader('NoKYC-Retry-Count', (string) $attempt);
        }
    }

    /** The path of one object; ids are escaped as one segment, and never lead elsewhere. */
    public static function path(string $pattern, string ...$ids): string
    {
        foreach ($ids as $id) {
            if (in_array($id, ['', '.', '..'], true)) {
                throw new InvalidArgumentException('An id must not be empty or dots.');
            }
        }

        return vsprintf($pattern, array_map('rawurlencode', $ids));
    }

    /** Keeps the key out of var_dump() and the like. @return array<string, mixed> */
    public function __debugInfo(): array
    {
        return ['baseUrl' => $this->baseUrl, 'timeout' => $this->timeout, 'maxRetries' => $this->maxRetries];
    }

    private function wait(float $delay, RequestOptions $options): void
    {
        $slice = $options->cancelled === null ? $delay : self::SLICE;
        for ($left = $delay; $left > 0; $left -= $slice) {
            ($this->sleep)(min($left, $slice));
            self::checkCancelled($options);
        }
    }

    /**
     * One attempt: its answer, what is wrong with it, and after how many seconds another is worth while.
     *
     * @return array{Response|null, \Throwable|null, float|null}
     */
    private function attempt(Request $request, int $attempt): array
    {
        try {
            $response = $this->transport->send($request)->withAttempts($attempt);
        } catch (ApiConnectionException $error) {
            return [null, $error, $error->retryable ? $this->policy->afterFailure($attempt) : null];
        }
        $this->logger?->debug('nokyc: answer', [
            'method' => $request->method,
            'path' => parse_url($request->url, PHP_URL_PATH),
            'status' => $response->status,
            'request_id' => $response->requestId(),
        ]);
        $this->warnOf($response->deprecation());
        if ($response->status >= 200 && $response->status < 300) {
            if ($response->status === 204 || self::isJson($response->body)) {
                return [$response, null, null];
            }

            return [null, new ApiConnectionException('The answer is not JSON.'), $this->policy->afterFailure($attempt)];
        }
        $error = ApiStatusException::from($response);

        return [$response, $error, $this->policy->afterAnswer($attempt, $response, $error->errorCode)];
    }

    private function warnOf(?string $deprecation): void
    {
        if ($deprecation !== null && !isset($this->warned[$deprecation])) {
            $this->warned[$deprecation] = true;
            $this->logger?->warning('nokyc: this version of the API is deprecated', ['deprecation' => $deprecation]);
        }
    }

    /**
     * @param array<string, mixed> $query
     * @param array<string, mixed>|null $body
     */
    private function encode(string $method, string $path, array $query, ?array $body, RequestOptions $options): Request
    {
        if (!str_starts_with($path, '/') || str_starts_with($path, '//')) {
            throw new InvalidArgumentException('A path begins with one slash.');
        }
        $headers = [
            'Authorization' => "Bearer {$this->apiKey}",
            'Accept' => 'application/json',
            'NoKYC-Version' => Contract::API_VERSION,
            'User-Agent' => $this->userAgent,
        ];
        if ($options->extraBody !== []) {
            $body = $options->extraBody + ($body ?? []);
        }
        if ($body !== null) {
            $headers['Content-Type'] = 'application/json';
            $body = Json::encode((object) self::given($body));
        }
        if ($method === 'POST') {
            $headers['Idempotency-Key'] = $options->idempotencyKey ?? self::uuid();
        }
        $query = Query::encode($options->extraQuery + self::given($query));

        return new Request(
            $method,
            $this->baseUrl . $path . ($query === '' ? '' : "?$query"),
            array_merge($headers, $options->headers),
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

    private static function isJson(string $text): bool
    {
        json_decode($text, true, 128);

        return json_last_error() === JSON_ERROR_NONE;
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
