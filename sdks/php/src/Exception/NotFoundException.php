<?php

declare(strict_types=1);

namespace NoKYCNumber\Exception;

/**
 * 404: no such object on this account, or no such path.
 */
class NotFoundException extends InvalidRequestException
{
}
