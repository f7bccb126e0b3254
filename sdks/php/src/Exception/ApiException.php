<?php

declare(strict_types=1);

namespace NoKYCNumber\Exception;

/**
 * 5xx: the server failed.
 */
class ApiException extends ApiStatusException
{
}
