<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Resources;

use DateTimeInterface;
use NoKYCNumber\Core\Json;
use NoKYCNumber\Core\Requester;
use NoKYCNumber\Enums\SmsDirection;
use NoKYCNumber\Enums\SmsStatus;
use NoKYCNumber\Models\Preview;
use NoKYCNumber\Models\Sms;
use NoKYCNumber\Models\SmsDetail;
use NoKYCNumber\Models\Timeline;
use NoKYCNumber\NotGiven;
use NoKYCNumber\Page;
use NoKYCNumber\RequestOptions;

/**
 * The methods of sms.
 */
final class SmsResource
{
    public function __construct(private readonly Requester $requester)
    {
    }

    /**
     * Send an SMS.
     *
     * POST /v1/sms
     *
     * @param DateTimeInterface|string|null $sendAt RFC 3339 with a zone.
     * @param list<string>|null $mediaUrls
     * @param array<string, mixed>|null $metadata
     */
    public function create(
        string $from,
        string $to,
        string $body,
        DateTimeInterface|string|null $sendAt = null,
        ?array $mediaUrls = null,
        ?array $metadata = null,
        ?RequestOptions $options = null,
    ): Sms {
        $body = [
            'from' => $from,
            'to' => $to,
            'body' => $body,
            'send_at' => $sendAt ?? NotGiven::Value,
            'media_urls' => $mediaUrls ?? NotGiven::Value,
            'metadata' => Json::object($metadata) ?? NotGiven::Value,
        ];
        $response = $this->requester->send('POST', '/v1/sms', [], $body, $options);

        return Sms::fromArray($response->content ?? [], $response);
    }

    /**
     * List messages.
     *
     * GET /v1/sms
     *
     * @param DateTimeInterface|string|null $createdAfter RFC 3339 with a zone.
     * @param DateTimeInterface|string|null $createdBefore RFC 3339 with a zone.
     * @param ?int $limit How many objects to return.
     * @param ?string $startingAfter The last id of the previous page.
     *
     * @return Page<Sms>
     */
    public function list(
        ?string $number = null,
        SmsDirection|string|null $direction = null,
        SmsStatus|string|null $status = null,
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

        return new Page($this->requester, '/v1/sms', $query, Sms::fromArray(...), $options);
    }

    /**
     * See encoding, segments and price without sending.
     *
     * POST /v1/sms/preview
     */
    public function preview(
        string $to,
        string $body,
        ?string $from = null,
        ?RequestOptions $options = null,
    ): Preview {
        $body = [
            'to' => $to,
            'body' => $body,
            'from' => $from ?? NotGiven::Value,
        ];
        $response = $this->requester->send('POST', '/v1/sms/preview', [], $body, $options);

        return Preview::fromArray($response->content ?? [], $response);
    }

    /**
     * Retrieve a message with its segments.
     *
     * GET /v1/sms/{id}
     */
    public function get(
        string $id,
        ?RequestOptions $options = null,
    ): SmsDetail {
        $response = $this->requester->send('GET', Requester::path('/v1/sms/%s', $id), [], null, $options);

        return SmsDetail::fromArray($response->content ?? [], $response);
    }

    /**
     * Everything that happened to a message.
     *
     * GET /v1/sms/{id}/timeline
     */
    public function timeline(
        string $id,
        ?RequestOptions $options = null,
    ): Timeline {
        $response = $this->requester->send('GET', Requester::path('/v1/sms/%s/timeline', $id), [], null, $options);

        return Timeline::fromArray($response->content ?? [], $response);
    }

    /**
     * Cancel a scheduled message.
     *
     * POST /v1/sms/{id}/cancel
     */
    public function cancel(
        string $id,
        ?RequestOptions $options = null,
    ): Sms {
        $response = $this->requester->send('POST', Requester::path('/v1/sms/%s/cancel', $id), [], null, $options);

        return Sms::fromArray($response->content ?? [], $response);
    }
}
