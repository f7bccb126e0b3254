<?php

declare(strict_types=1);

namespace NoKYCNumber\Exception;

/**
 * 429: more requests than the key allows.
 */
class RateLimitException extends ApiStatusException
{
}
