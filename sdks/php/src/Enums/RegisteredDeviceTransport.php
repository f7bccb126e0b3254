<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Enums;

/**
 * Values that are not listed here are kept as strings.
 */
enum RegisteredDeviceTransport: string
{
    case Tcp = 'tcp';
    case Tls = 'tls';
    case Udp = 'udp';
    case Ws = 'ws';
}
