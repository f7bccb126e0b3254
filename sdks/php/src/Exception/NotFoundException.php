<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Exception;

/**
 * There is no such object or path, or it is another account's.
 */
class NotFoundException extends InvalidRequestException
{
}
