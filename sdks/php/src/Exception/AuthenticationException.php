<?php

declare(strict_types=1);

namespace NoKYCNumber\Exception;

/**
 * 401: the key is missing, unknown, expired or revoked.
 */
class AuthenticationException extends ApiStatusException
{
}
