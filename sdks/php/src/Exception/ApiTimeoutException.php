<?php

declare(strict_types=1);

namespace NoKYCNumber\Exception;

/**
 * An attempt took too long.
 */
class ApiTimeoutException extends ApiConnectionException
{
}
