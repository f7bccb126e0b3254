<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Exception;

/**
 * The request contradicts another one.
 */
class ConflictException extends ApiStatusException
{
}
