<?php

declare(strict_types=1);

namespace NoKYCNumber\Exception;

/**
 * The client cannot be made so: no key, or a base URL that is not safe.
 */
class ConfigurationException extends NoKYCException
{
}
