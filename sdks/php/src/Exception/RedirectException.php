<?php

declare(strict_types=1);

namespace NoKYCNumber\Exception;

/**
 * 3xx: redirects are not followed, since they would take the key elsewhere.
 */
class RedirectException extends ApiStatusException
{
}
