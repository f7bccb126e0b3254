<?php

declare(strict_types=1);

namespace NoKYCNumber;

/**
 * The default of optional parameters: what is not given is not sent, while null is sent as null.
 */
enum NotGiven
{
    case Value;
}
