<?php

declare(strict_types=1);

namespace NoKYCNumber\Http;

use NoKYCNumber\Exception\ApiConnectionException;

/**
 * Sends one request, once, without following redirects.
 */
interface Transport
{
    /** @throws ApiConnectionException if no answer comes */
    public function send(Request $request): Response;
}
