<?php

declare(strict_types=1);

namespace NoKYCNumber\Exception;

/**
 * A 2xx answer, or a webhook's body, that is not a JSON object.
 */
class InvalidResponseException extends NoKYCException
{
}
