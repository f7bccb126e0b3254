<?php

declare(strict_types=1);

namespace NoKYCNumber\Exception;

use Throwable;

/**
 * No answer came.
 */
class ApiConnectionException extends NoKYCException
{
    /** @param bool $retryable false for what another attempt cannot cure, such as a wrong certificate */
    public function __construct(string $message, public readonly bool $retryable = true, ?Throwable $previous = null)
    {
        parent::__construct($message, 0, $previous);
    }
}
