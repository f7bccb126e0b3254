<?php

declare(strict_types=1);

namespace NoKYCNumber\Exception;

use Throwable;

/**
 * Everything that this library throws on purpose.
 */
interface ExceptionInterface extends Throwable
{
}
