<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Resources;

use NoKYCNumber\Core\Requester;
use NoKYCNumber\Models\SipCredentials;
use NoKYCNumber\RequestOptions;

/**
 * The methods of sip_credentials.
 */
final class SipCredentialsResource
{
    public function __construct(private readonly Requester $requester)
    {
    }

    /**
     * Make a number's SIP credentials, or a new password.
     *
     * POST /v1/numbers/{id}/sip_credentials
     */
    public function create(
        string $id,
        ?RequestOptions $options = null,
    ): SipCredentials {
        $response = $this->requester->send('POST', Requester::path('/v1/numbers/%s/sip_credentials', $id), [], null, $options);

        return SipCredentials::fromArray($response->content ?? [], $response);
    }

    /**
     * Retrieve a number's SIP credentials and devices.
     *
     * GET /v1/numbers/{id}/sip_credentials
     */
    public function get(
        string $id,
        ?RequestOptions $options = null,
    ): SipCredentials {
        $response = $this->requester->send('GET', Requester::path('/v1/numbers/%s/sip_credentials', $id), [], null, $options);

        return SipCredentials::fromArray($response->content ?? [], $response);
    }

    /**
     * Let no device sign in any more.
     *
     * DELETE /v1/numbers/{id}/sip_credentials
     */
    public function delete(
        string $id,
        ?RequestOptions $options = null,
    ): void {
        $this->requester->send('DELETE', Requester::path('/v1/numbers/%s/sip_credentials', $id), [], null, $options);
    }
}
