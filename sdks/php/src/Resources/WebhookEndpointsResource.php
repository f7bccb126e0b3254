<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Resources;

use NoKYCNumber\Core\Requester;
use NoKYCNumber\Enums\EndpointStatus;
use NoKYCNumber\Models\Delivery;
use NoKYCNumber\Models\Endpoint;
use NoKYCNumber\Models\Event;
use NoKYCNumber\NotGiven;
use NoKYCNumber\Page;
use NoKYCNumber\RequestOptions;

/**
 * The methods of webhook_endpoints.
 */
final class WebhookEndpointsResource
{
    public function __construct(private readonly Requester $requester)
    {
    }

    /**
     * Register a webhook endpoint.
     *
     * POST /v1/webhook_endpoints
     *
     * @param list<string> $enabledEvents
     * @param ?string $numberId Only this number's events.
     */
    public function create(
        string $url,
        array $enabledEvents,
        ?string $description = null,
        ?string $numberId = null,
        ?RequestOptions $options = null,
    ): Endpoint {
        $body = [
            'url' => $url,
            'enabled_events' => $enabledEvents,
            'description' => $description ?? NotGiven::Value,
            'number_id' => $numberId ?? NotGiven::Value,
        ];
        $response = $this->requester->send('POST', '/v1/webhook_endpoints', [], $body, $options);

        return Endpoint::fromArray($response->content ?? [], $response);
    }

    /**
     * List webhook endpoints.
     *
     * GET /v1/webhook_endpoints
     *
     * @param ?int $limit How many objects to return.
     * @param ?string $startingAfter The last id of the previous page.
     *
     * @return Page<Endpoint>
     */
    public function list(
        ?int $limit = null,
        ?string $startingAfter = null,
        ?RequestOptions $options = null,
    ): Page {
        $query = [
            'limit' => $limit ?? NotGiven::Value,
            'starting_after' => $startingAfter ?? NotGiven::Value,
        ];

        return new Page($this->requester, '/v1/webhook_endpoints', $query, Endpoint::fromArray(...), $options);
    }

    /**
     * Retrieve a webhook endpoint.
     *
     * GET /v1/webhook_endpoints/{id}
     */
    public function get(
        string $id,
        ?RequestOptions $options = null,
    ): Endpoint {
        $response = $this->requester->send('GET', Requester::path('/v1/webhook_endpoints/%s', $id), [], null, $options);

        return Endpoint::fromArray($response->content ?? [], $response);
    }

    /**
     * Update a webhook endpoint.
     *
     * PATCH /v1/webhook_endpoints/{id}
     *
     * @param list<string>|null $enabledEvents
     */
    public function update(
        string $id,
        ?string $url = null,
        ?array $enabledEvents = null,
        string|NotGiven|null $description = NotGiven::Value,
        EndpointStatus|string|null $status = null,
        ?RequestOptions $options = null,
    ): Endpoint {
        $body = [
            'url' => $url ?? NotGiven::Value,
            'enabled_events' => $enabledEvents ?? NotGiven::Value,
            'description' => $description,
            'status' => $status ?? NotGiven::Value,
        ];
        $response = $this->requester->send('PATCH', Requester::path('/v1/webhook_endpoints/%s', $id), [], $body, $options);

        return Endpoint::fromArray($response->content ?? [], $response);
    }

    /**
     * Remove a webhook endpoint.
     *
     * DELETE /v1/webhook_endpoints/{id}
     */
    public function delete(
        string $id,
        ?RequestOptions $options = null,
    ): void {
        $this->requester->send('DELETE', Requester::path('/v1/webhook_endpoints/%s', $id), [], null, $options);
    }

    /**
     * Give a webhook endpoint a new signing secret.
     *
     * POST /v1/webhook_endpoints/{id}/rotate_secret
     *
     * @param ?int $expiresIn Seconds for which the old secret signs too.
     */
    public function rotateSecret(
        string $id,
        ?int $expiresIn = null,
        ?RequestOptions $options = null,
    ): Endpoint {
        $body = [
            'expires_in' => $expiresIn ?? NotGiven::Value,
        ];
        $response = $this->requester->send('POST', Requester::path('/v1/webhook_endpoints/%s/rotate_secret', $id), [], $body, $options);

        return Endpoint::fromArray($response->content ?? [], $response);
    }

    /**
     * Send a test event.
     *
     * POST /v1/webhook_endpoints/{id}/test
     */
    public function test(
        string $id,
        ?RequestOptions $options = null,
    ): Event {
        $response = $this->requester->send('POST', Requester::path('/v1/webhook_endpoints/%s/test', $id), [], null, $options);

        return Event::fromArray($response->content ?? [], $response);
    }

    /**
     * List an endpoint's deliveries with their attempts.
     *
     * GET /v1/webhook_endpoints/{id}/deliveries
     *
     * @param ?int $limit How many objects to return.
     * @param ?string $startingAfter The last id of the previous page.
     *
     * @return Page<Delivery>
     */
    public function deliveries(
        string $id,
        ?int $limit = null,
        ?string $startingAfter = null,
        ?RequestOptions $options = null,
    ): Page {
        $query = [
            'limit' => $limit ?? NotGiven::Value,
            'starting_after' => $startingAfter ?? NotGiven::Value,
        ];

        return new Page($this->requester, Requester::path('/v1/webhook_endpoints/%s/deliveries', $id), $query, Delivery::fromArray(...), $options);
    }
}
