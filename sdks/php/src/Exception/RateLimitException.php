<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Exception;

/**
 * More requests in a minute than the key allows.
 */
class RateLimitException extends ApiStatusException
{
}
