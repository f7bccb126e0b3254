<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Resources;

use DateTimeInterface;
use NoKYCNumber\Core\Json;
use NoKYCNumber\Core\Requester;
use NoKYCNumber\Enums\CallDirection;
use NoKYCNumber\Enums\CallStatus;
use NoKYCNumber\Enums\ToAgentType;
use NoKYCNumber\Enums\ToNumberType;
use NoKYCNumber\Enums\ToSoftphoneType;
use NoKYCNumber\Enums\ToSpeechType;
use NoKYCNumber\Enums\ToStreamType;
use NoKYCNumber\Models\Call;
use NoKYCNumber\Models\CallTimeline;
use NoKYCNumber\NotGiven;
use NoKYCNumber\Page;
use NoKYCNumber\RequestOptions;

/**
 * The methods of calls.
 */
final class CallsResource
{
    public function __construct(private readonly Requester $requester)
    {
    }

    /**
     * Place a call.
     *
     * POST /v1/calls
     *
     * @param ?string $calleridMask "hide", "rotate", or a number of yours in E.164.
     * @param array<string, mixed>|null $metadata
     * @param array{type: ToSoftphoneType|string}|array{type: ToAgentType|string}|array{type: ToSpeechType|string, text: string, voice?: string}|array{type: ToNumberType|string, to: string}|array{type: ToStreamType|string, url: string, parameters?: array<string, mixed>}|null $connect
     */
    public function create(
        string $from,
        string $to,
        ?bool $recordingEnabled = null,
        ?string $calleridMask = null,
        ?array $metadata = null,
        ?array $connect = null,
        ?RequestOptions $options = null,
    ): Call {
        $body = [
            'from' => $from,
            'to' => $to,
            'recording_enabled' => $recordingEnabled ?? NotGiven::Value,
            'callerid_mask' => $calleridMask ?? NotGiven::Value,
            'metadata' => Json::object($metadata) ?? NotGiven::Value,
            'connect' => Json::object($connect) ?? NotGiven::Value,
        ];
        $response = $this->requester->send('POST', '/v1/calls', [], $body, $options);

        return Call::fromArray($response->content ?? [], $response);
    }

    /**
     * List calls.
     *
     * GET /v1/calls
     *
     * @param DateTimeInterface|string|null $createdAfter RFC 3339 with a zone.
     * @param DateTimeInterface|string|null $createdBefore RFC 3339 with a zone.
     * @param ?int $limit How many objects to return.
     * @param ?string $startingAfter The last id of the previous page.
     *
     * @return Page<Call>
     */
    public function list(
        ?string $number = null,
        CallDirection|string|null $direction = null,
        CallStatus|string|null $status = null,
        DateTimeInterface|string|null $createdAfter = null,
        DateTimeInterface|string|null $createdBefore = null,
        ?int $limit = null,
        ?string $startingAfter = null,
        ?RequestOptions $options = null,
    ): Page {
        $query = [
            'number' => $number ?? NotGiven::Value,
            'direction' => $direction ?? NotGiven::Value,
            'status' => $status ?? NotGiven::Value,
            'created_after' => $createdAfter ?? NotGiven::Value,
            'created_before' => $createdBefore ?? NotGiven::Value,
            'limit' => $limit ?? NotGiven::Value,
            'starting_after' => $startingAfter ?? NotGiven::Value,
        ];

        return new Page($this->requester, '/v1/calls', $query, Call::fromArray(...), $options);
    }

    /**
     * Retrieve a call.
     *
     * GET /v1/calls/{id}
     */
    public function get(
        string $id,
        ?RequestOptions $options = null,
    ): Call {
        $response = $this->requester->send('GET', Requester::path('/v1/calls/%s', $id), [], null, $options);

        return Call::fromArray($response->content ?? [], $response);
    }

    /**
     * Everything that happened to a call.
     *
     * GET /v1/calls/{id}/timeline
     */
    public function timeline(
        string $id,
        ?RequestOptions $options = null,
    ): CallTimeline {
        $response = $this->requester->send('GET', Requester::path('/v1/calls/%s/timeline', $id), [], null, $options);

        return CallTimeline::fromArray($response->content ?? [], $response);
    }

    /**
     * End a call.
     *
     * POST /v1/calls/{id}/hangup
     */
    public function hangup(
        string $id,
        ?RequestOptions $options = null,
    ): Call {
        $response = $this->requester->send('POST', Requester::path('/v1/calls/%s/hangup', $id), [], null, $options);

        return Call::fromArray($response->content ?? [], $response);
    }
}
