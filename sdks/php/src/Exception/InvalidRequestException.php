<?php

declare(strict_types=1);

namespace NoKYCNumber\Exception;

/**
 * 400, 405, 413, 415, 422: the request is wrong, or impossible now.
 */
class InvalidRequestException extends ApiStatusException
{
}
