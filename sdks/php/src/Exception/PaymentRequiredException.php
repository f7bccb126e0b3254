<?php

declare(strict_types=1);

namespace NoKYCNumber\Exception;

/**
 * 402: the balance does not cover it.
 */
class PaymentRequiredException extends ResourceException
{
}
