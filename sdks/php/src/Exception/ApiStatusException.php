<?php

declare(strict_types=1);

namespace NoKYCNumber\Exception;

use NoKYCNumber\Core\RetryPolicy;
use NoKYCNumber\Http\Response;

/**
 * An answer other than 2xx: "[402 balance_insufficient] message (request_id=req_…)".
 */
class ApiStatusException extends NoKYCException
{
    public readonly int $status;
    public readonly ?string $requestId;

    final private function __construct(
        public readonly Response $response,
        public readonly ?string $errorType,
        public readonly ?string $errorCode,
        public readonly string $errorMessage,
        public readonly ?string $param,
        public readonly ?string $docUrl,
        ?string $requestId,
    ) {
        $this->status = $response->status;
        $this->requestId = $requestId ?? $response->requestId();
        $label = $errorCode === null ? (string) $this->status : "$this->status $errorCode";
        $trace = $this->requestId === null ? '' : " (request_id=$this->requestId)";
        parent::__construct("[$label] $errorMessage$trace", $this->status);
    }

    /** The exception for an answer; its class is chosen by error.type first and by status second. */
    public static function from(Response $response): self
    {
        $content = json_decode($response->body, true, 64);
        $error = is_array($content) && is_array($content['error'] ?? null) ? $content['error'] : [];
        $text = static fn (string $name): ?string => is_string($error[$name] ?? null) ? $error[$name] : null;
        $class = self::classOf($text('type'), $text('code'), $response->status);

        return new $class(
            $response,
            $text('type'),
            $text('code'),
            $text('message') ?? 'the answer holds no error',
            $text('param'),
            $text('doc_url'),
            $text('request_id'),
        );
    }

    /** Seconds that the server asked to wait. */
    public function retryAfter(): ?float
    {
        return RetryPolicy::retryAfter($this->response->header('Retry-After'), microtime(true));
    }

    /** How many requests the key has in 60 seconds. */
    public function limit(): ?int
    {
        return $this->number('X-Rate-Limit-Limit');
    }

    public function remaining(): ?int
    {
        return $this->number('X-Rate-Limit-Remaining');
    }

    /** When more requests are back, in seconds since the epoch. */
    public function reset(): ?int
    {
        return $this->number('X-Rate-Limit-Reset');
    }

    private function number(string $header): ?int
    {
        $value = $this->response->header($header);

        return $value !== null && ctype_digit($value) ? (int) $value : null;
    }

    /** @return class-string<self> */
    private static function classOf(?string $type, ?string $code, int $status): string
    {
        if ($status < 400) {
            return RedirectException::class;
        }
        $conflict = str_starts_with((string) $code, 'idempotency_') ? IdempotencyException::class : ConflictException::class;
        $refined = match ($status) {
            404 => NotFoundException::class,
            409 => $conflict,
            default => InvalidRequestException::class,
        };

        return match ($type) {
            'invalid_request_error' => $refined,
            'authentication_error' => AuthenticationException::class,
            'authorization_error' => PermissionDeniedException::class,
            'rate_limit_error' => RateLimitException::class,
            'api_error' => ApiException::class,
            'upstream_error' => UpstreamException::class,
            'resource_error' => $status === 402 ? PaymentRequiredException::class : ResourceException::class,
            default => match (true) {
                $status === 401 => AuthenticationException::class,
                $status === 402 => PaymentRequiredException::class,
                $status === 403 => PermissionDeniedException::class,
                $status === 429 => RateLimitException::class,
                $status >= 500 => ApiException::class,
                default => $refined,
            },
        };
    }
}
