<?php

declare(strict_types=1);

namespace NoKYCNumber\Exception;

/**
 * 409: the idempotency key was used with another request, or is in use.
 */
class IdempotencyException extends ConflictException
{
}
