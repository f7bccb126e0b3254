<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Resources;

use NoKYCNumber\Core\Json;
use NoKYCNumber\Core\Requester;
use NoKYCNumber\Models\AiConfig;
use NoKYCNumber\NotGiven;
use NoKYCNumber\RequestOptions;

/**
 * The methods of ai.
 */
final class AiResource
{
    public function __construct(private readonly Requester $requester)
    {
    }

    /**
     * Retrieve what a number's AI does.
     *
     * GET /v1/numbers/{id}/ai
     */
    public function get(
        string $id,
        ?RequestOptions $options = null,
    ): AiConfig {
        $response = $this->requester->send('GET', Requester::path('/v1/numbers/%s/ai', $id), [], null, $options);

        return AiConfig::fromArray($response->content ?? [], $response);
    }

    /**
     * Change what a number's AI does.
     *
     * PATCH /v1/numbers/{id}/ai
     *
     * @param array{enabled?: bool|null, after_rings?: int|null, script?: string|null, language?: string|null, voice?: string|null}|NotGiven|null $autoPickup
     * @param array{enabled?: bool|null, allow?: list<string>|null, deny?: list<string>|null}|NotGiven|null $screening
     * @param array{enabled?: bool|null, target_language?: string|null}|NotGiven|null $translator
     * @param array{enabled?: bool|null, include_sentiment?: bool|null}|NotGiven|null $voicemailSummary
     */
    public function update(
        string $id,
        array|NotGiven|null $autoPickup = NotGiven::Value,
        array|NotGiven|null $screening = NotGiven::Value,
        array|NotGiven|null $translator = NotGiven::Value,
        array|NotGiven|null $voicemailSummary = NotGiven::Value,
        ?RequestOptions $options = null,
    ): AiConfig {
        $body = [
            'auto_pickup' => Json::object($autoPickup),
            'screening' => Json::object($screening),
            'translator' => Json::object($translator),
            'voicemail_summary' => Json::object($voicemailSummary),
        ];
        $response = $this->requester->send('PATCH', Requester::path('/v1/numbers/%s/ai', $id), [], $body, $options);

        return AiConfig::fromArray($response->content ?? [], $response);
    }
}
