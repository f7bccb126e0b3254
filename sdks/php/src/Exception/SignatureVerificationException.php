<?php

declare(strict_types=1);

namespace NoKYCNumber\Exception;

/**
 * A webhook that cannot be trusted; $reason is one of no_header, malformed, no_v1, mismatch, too_old, too_new.
 */
class SignatureVerificationException extends NoKYCException
{
    public function __construct(public readonly string $reason, string $message)
    {
        parent::__construct($message);
    }
}
