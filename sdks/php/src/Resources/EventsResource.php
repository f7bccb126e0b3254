<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Resources;

use DateTimeInterface;
use NoKYCNumber\Core\Requester;
use NoKYCNumber\Models\Event;
use NoKYCNumber\NotGiven;
use NoKYCNumber\Page;
use NoKYCNumber\RequestOptions;

/**
 * The methods of events.
 */
final class EventsResource
{
    public function __construct(private readonly Requester $requester)
    {
    }

    /**
     * List events of the last 30 days.
     *
     * GET /v1/events
     *
     * @param ?string $type One type, or a family such as `sms.*`.
     * @param DateTimeInterface|string|null $createdAfter RFC 3339 with a zone.
     * @param DateTimeInterface|string|null $createdBefore RFC 3339 with a zone.
     * @param ?int $limit How many objects to return.
     * @param ?string $startingAfter The last id of the previous page.
     *
     * @return Page<Event>
     */
    public function list(
        ?string $type = null,
        DateTimeInterface|string|null $createdAfter = null,
        DateTimeInterface|string|null $createdBefore = null,
        ?bool $deliverySuccess = null,
        ?int $limit = null,
        ?string $startingAfter = null,
        ?RequestOptions $options = null,
    ): Page {
        $query = [
            'type' => $type ?? NotGiven::Value,
            'created_after' => $createdAfter ?? NotGiven::Value,
            'created_before' => $createdBefore ?? NotGiven::Value,
            'delivery_success' => $deliverySuccess ?? NotGiven::Value,
            'limit' => $limit ?? NotGiven::Value,
            'starting_after' => $startingAfter ?? NotGiven::Value,
        ];

        return new Page($this->requester, '/v1/events', $query, Event::fromArray(...), $options);
    }

    /**
     * Retrieve an event.
     *
     * GET /v1/events/{id}
     */
    public function get(
        string $id,
        ?RequestOptions $options = null,
    ): Event {
        $response = $this->requester->send('GET', Requester::path('/v1/events/%s', $id), [], null, $options);

        return Event::fromArray($response->content ?? [], $response);
    }

    /**
     * Deliver an event again.
     *
     * POST /v1/events/{id}/resend
     */
    public function resend(
        string $id,
        ?string $endpoint = null,
        ?RequestOptions $options = null,
    ): Event {
        $body = [
            'endpoint' => $endpoint ?? NotGiven::Value,
        ];
        $response = $this->requester->send('POST', Requester::path('/v1/events/%s/resend', $id), [], $body, $options);

        return Event::fromArray($response->content ?? [], $response);
    }
}
