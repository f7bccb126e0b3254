<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Exception;

/**
 * The request is malformed or asks for something impossible.
 */
class InvalidRequestException extends ApiStatusException
{
}
