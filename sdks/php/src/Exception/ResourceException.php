<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Exception;

/**
 * The object's state does not allow this.
 */
class ResourceException extends ApiStatusException
{
}
