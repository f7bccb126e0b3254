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
    public readonly ?string $errorType;
    public readonly ?string $errorCode;
    public readonly string $errorMessage;
    public readonly ?string $param;
    public readonly ?string $docUrl;
    public readonly ?string $requestId;

    /** @param array<string, string> $error */
    final private function __construct(public readonly Response $response, array $error)
    {
        $this->status = $response->status;
        $this->errorType = $error['type'] ?? null;
        $this->errorCode = $error['code'] ?? null;
        $this->errorMessage = $error['message'] ?? 'the answer holds no error';
        $this->param = $error['param'] ?? null;
        $this->docUrl = $error['doc_url'] ?? null;
        $this->requestId = $error['request_id'] ?? $response->requestId();
        $label = trim("$this->status $this->errorCode");
        $trace = $this->requestId === null ? '' : " (request_id=$this->requestId)";
        parent::__construct("[$label] $this->errorMessage$trace", $this->status);
    }

    /** The exception for an answer; its class is chosen by error.type first and by status second. */
    public static function from(Response $response): self
    {
        $content = json_decode($response->body, true, 64);
        $error = is_array($content) && is_array($content['error'] ?? null) ? $content['error'] : [];
        $texts = array_filter($error, 'is_string');
        $class = Kinds::of($response->status, $texts['type'] ?? '', $texts['code'] ?? '');

        return new $class($response, $texts);
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
        $value = (string) $this->response->header($header);

        return ctype_digit($value) ? (int) $value : null;
    }
}
