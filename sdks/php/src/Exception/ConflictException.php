<?php

declare(strict_types=1);

namespace NoKYCNumber\Exception;

/**
 * 409.
 */
class ConflictException extends ApiStatusException
{
}
