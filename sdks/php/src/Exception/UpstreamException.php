<?php

declare(strict_types=1);

namespace NoKYCNumber\Exception;

/**
 * A carrier or partner failed or took too long.
 */
class UpstreamException extends ApiStatusException
{
}
