<?php

declare(strict_types=1);

namespace NoKYCNumber\Exception;

/**
 * The state of the resource prevents it.
 */
class ResourceException extends ApiStatusException
{
}
