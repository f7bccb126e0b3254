<?php

declare(strict_types=1);

namespace NoKYCNumber\Exception;

/**
 * 403: the key's scope does not allow it.
 */
class PermissionDeniedException extends ApiStatusException
{
}
