<?php

declare(strict_types=1);

namespace NoKYCNumber\Exception;

/**
 * The library was used wrongly; nothing was sent.
 */
class InvalidArgumentException extends \InvalidArgumentException implements ExceptionInterface
{
}
