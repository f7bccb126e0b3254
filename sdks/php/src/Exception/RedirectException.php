<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Exception;

/**
 * The address leads elsewhere; not followed, since the key would go along.
 */
class RedirectException extends ApiStatusException
{
}
