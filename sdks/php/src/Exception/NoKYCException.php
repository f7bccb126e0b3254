<?php

declare(strict_types=1);

namespace NoKYCNumber\Exception;

use RuntimeException;

/**
 * The base of all of this library's exceptions.
 */
abstract class NoKYCException extends RuntimeException implements ExceptionInterface
{
}
