<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Resources;

use NoKYCNumber\Core\Requester;
use NoKYCNumber\Models\Call;
use NoKYCNumber\NotGiven;
use NoKYCNumber\RequestOptions;

/**
 * The methods of test.calls.
 */
final class TestCallsResource
{
    public function __construct(private readonly Requester $requester)
    {
    }

    /**
     * Receive a call from the outside world (test mode).
     *
     * POST /v1/test/calls
     *
     * @param ?string $say What the caller says.
     * @param ?bool $voicemail Whether the caller leaves a message where there is a voicemail; if not, nobody speaks.
     */
    public function create(
        string $from,
        string $to,
        ?string $say = null,
        ?string $language = null,
        ?bool $voicemail = null,
        ?RequestOptions $options = null,
    ): Call {
        $body = [
            'from' => $from,
            'to' => $to,
            'say' => $say ?? NotGiven::Value,
            'language' => $language ?? NotGiven::Value,
            'voicemail' => $voicemail ?? NotGiven::Value,
        ];
        $response = $this->requester->send('POST', '/v1/test/calls', [], $body, $options);

        return Call::fromArray($response->content ?? [], $response);
    }
}
