<?php

declare(strict_types=1);

namespace NoKYCNumber\Exception;

/**
 * The caller ended the call (RequestOptions::$cancelled).
 */
class CancelledException extends NoKYCException
{
}
