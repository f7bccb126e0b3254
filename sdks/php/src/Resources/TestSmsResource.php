<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Resources;

use NoKYCNumber\Core\Requester;
use NoKYCNumber\Models\Sms;
use NoKYCNumber\NotGiven;
use NoKYCNumber\RequestOptions;

/**
 * The methods of test.sms.
 */
final class TestSmsResource
{
    public function __construct(private readonly Requester $requester)
    {
    }

    /**
     * Receive an SMS from the outside world (test mode).
     *
     * POST /v1/test/sms
     *
     * @param list<string>|null $mediaUrls
     */
    public function create(
        string $from,
        string $to,
        string $body,
        ?array $mediaUrls = null,
        ?RequestOptions $options = null,
    ): Sms {
        $body = [
            'from' => $from,
            'to' => $to,
            'body' => $body,
            'media_urls' => $mediaUrls ?? NotGiven::Value,
        ];
        $response = $this->requester->send('POST', '/v1/test/sms', [], $body, $options);

        return Sms::fromArray($response->content ?? [], $response);
    }
}
