<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Exception;

/**
 * The balance, or a cap of the account's own, does not cover this.
 */
class PaymentRequiredException extends ResourceException
{
}
