<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Resources;

use NoKYCNumber\Core\Requester;
use NoKYCNumber\Models\BrowserSession;
use NoKYCNumber\RequestOptions;

/**
 * The methods of browser_sessions.
 */
final class BrowserSessionsResource
{
    public function __construct(private readonly Requester $requester)
    {
    }

    /**
     * Let a browser be a number's softphone for some hours.
     *
     * POST /v1/numbers/{id}/browser_sessions
     */
    public function create(
        string $id,
        ?RequestOptions $options = null,
    ): BrowserSession {
        $response = $this->requester->send('POST', Requester::path('/v1/numbers/%s/browser_sessions', $id), [], null, $options);

        return BrowserSession::fromArray($response->content ?? [], $response);
    }
}
