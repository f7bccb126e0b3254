<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Exception;

/**
 * The idempotency key was used with another request, or is in use.
 */
class IdempotencyException extends ConflictException
{
}
