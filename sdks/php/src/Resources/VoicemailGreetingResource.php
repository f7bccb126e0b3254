<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Resources;

use NoKYCNumber\Core\Requester;
use NoKYCNumber\Models\Greeting;
use NoKYCNumber\NotGiven;
use NoKYCNumber\RequestOptions;

/**
 * The methods of voicemail_greeting.
 */
final class VoicemailGreetingResource
{
    public function __construct(private readonly Requester $requester)
    {
    }

    /**
     * Set what callers hear before the tone.
     *
     * POST /v1/numbers/{id}/voicemail_greeting
     *
     * @param ?string $audioBase64 A WAV or MP3 file of up to 700 KB and 60 seconds.
     */
    public function set(
        string $id,
        ?string $text = null,
        ?string $voice = null,
        ?string $audioBase64 = null,
        ?RequestOptions $options = null,
    ): Greeting {
        $body = [
            'text' => $text ?? NotGiven::Value,
            'voice' => $voice ?? NotGiven::Value,
            'audio_base64' => $audioBase64 ?? NotGiven::Value,
        ];
        $response = $this->requester->send('POST', Requester::path('/v1/numbers/%s/voicemail_greeting', $id), [], $body, $options);

        return Greeting::fromArray($response->content ?? [], $response);
    }

    /**
     * Retrieve what callers hear before the tone.
     *
     * GET /v1/numbers/{id}/voicemail_greeting
     */
    public function get(
        string $id,
        ?RequestOptions $options = null,
    ): Greeting {
        $response = $this->requester->send('GET', Requester::path('/v1/numbers/%s/voicemail_greeting', $id), [], null, $options);

        return Greeting::fromArray($response->content ?? [], $response);
    }

    /**
     * Back to the shipped greeting.
     *
     * DELETE /v1/numbers/{id}/voicemail_greeting
     */
    public function delete(
        string $id,
        ?RequestOptions $options = null,
    ): void {
        $this->requester->send('DELETE', Requester::path('/v1/numbers/%s/voicemail_greeting', $id), [], null, $options);
    }
}
