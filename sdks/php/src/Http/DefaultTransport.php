<?php

declare(strict_types=1);

namespace NoKYCNumber\Http;

/**
 * curl where PHP has it, streams otherwise.
 */
final class DefaultTransport
{
    public static function make(): Transport
    {
        return extension_loaded('curl') ? new CurlTransport() : new StreamTransport();
    }
}
