<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Resources;

use NoKYCNumber\Core\Json;
use NoKYCNumber\Core\Requester;
use NoKYCNumber\Enums\NumberAddon;
use NoKYCNumber\Enums\NumberBillingPeriod;
use NoKYCNumber\Enums\NumberStatus;
use NoKYCNumber\Enums\NumberTier;
use NoKYCNumber\Enums\NumberType;
use NoKYCNumber\Models\AvailableNumber;
use NoKYCNumber\Models\Number;
use NoKYCNumber\NotGiven;
use NoKYCNumber\Page;
use NoKYCNumber\RequestOptions;

/**
 * The methods of numbers.
 */
final class NumbersResource
{
    public function __construct(private readonly Requester $requester)
    {
    }

    /**
     * Find numbers for sale.
     *
     * GET /v1/numbers/available
     *
     * @param ?int $limit How many objects to return.
     * @param ?string $startingAfter The last id of the previous page.
     *
     * @return Page<AvailableNumber>
     */
    public function available(
        string $country,
        NumberType|string|null $type = null,
        NumberTier|string|null $tier = null,
        ?string $tierPattern = null,
        ?string $contains = null,
        ?int $limit = null,
        ?string $startingAfter = null,
        ?RequestOptions $options = null,
    ): Page {
        $query = [
            'country' => $country,
            'type' => $type ?? NotGiven::Value,
            'tier' => $tier ?? NotGiven::Value,
            'tier_pattern' => $tierPattern ?? NotGiven::Value,
            'contains' => $contains ?? NotGiven::Value,
            'limit' => $limit ?? NotGiven::Value,
            'starting_after' => $startingAfter ?? NotGiven::Value,
        ];

        return new Page($this->requester, '/v1/numbers/available', $query, AvailableNumber::fromArray(...), $options);
    }

    /**
     * Activate a number.
     *
     * POST /v1/numbers
     *
     * @param list<NumberAddon|string>|null $addons
     * @param array<string, mixed>|null $metadata
     */
    public function create(
        string $availableId,
        NumberBillingPeriod|string $billingPeriod,
        ?array $addons = null,
        ?string $webhookUrl = null,
        ?bool $autoRenew = null,
        ?array $metadata = null,
        ?RequestOptions $options = null,
    ): Number {
        $body = [
            'available_id' => $availableId,
            'billing_period' => $billingPeriod,
            'addons' => $addons ?? NotGiven::Value,
            'webhook_url' => $webhookUrl ?? NotGiven::Value,
            'auto_renew' => $autoRenew ?? NotGiven::Value,
            'metadata' => Json::object($metadata) ?? NotGiven::Value,
        ];
        $response = $this->requester->send('POST', '/v1/numbers', [], $body, $options);

        return Number::fromArray($response->content ?? [], $response);
    }

    /**
     * List your numbers.
     *
     * GET /v1/numbers
     *
     * @param ?int $limit How many objects to return.
     * @param ?string $startingAfter The last id of the previous page.
     *
     * @return Page<Number>
     */
    public function list(
        ?string $country = null,
        NumberType|string|null $type = null,
        NumberStatus|string|null $status = null,
        ?int $limit = null,
        ?string $startingAfter = null,
        ?RequestOptions $options = null,
    ): Page {
        $query = [
            'country' => $country ?? NotGiven::Value,
            'type' => $type ?? NotGiven::Value,
            'status' => $status ?? NotGiven::Value,
            'limit' => $limit ?? NotGiven::Value,
            'starting_after' => $startingAfter ?? NotGiven::Value,
        ];

        return new Page($this->requester, '/v1/numbers', $query, Number::fromArray(...), $options);
    }

    /**
     * Retrieve a number.
     *
     * GET /v1/numbers/{id}
     */
    public function get(
        string $id,
        ?RequestOptions $options = null,
    ): Number {
        $response = $this->requester->send('GET', Requester::path('/v1/numbers/%s', $id), [], null, $options);

        return Number::fromArray($response->content ?? [], $response);
    }

    /**
     * Update a number.
     *
     * PATCH /v1/numbers/{id}
     *
     * @param list<NumberAddon|string>|null $addons
     * @param array<string, mixed>|NotGiven|null $onOff
     * @param array<string, mixed>|NotGiven|null $metadata
     */
    public function update(
        string $id,
        ?bool $autoRenew = null,
        string|NotGiven|null $webhookUrl = NotGiven::Value,
        ?array $addons = null,
        array|NotGiven|null $onOff = NotGiven::Value,
        NumberStatus|string|null $status = null,
        array|NotGiven|null $metadata = NotGiven::Value,
        ?RequestOptions $options = null,
    ): Number {
        $body = [
            'auto_renew' => $autoRenew ?? NotGiven::Value,
            'webhook_url' => $webhookUrl,
            'addons' => $addons ?? NotGiven::Value,
            'on_off' => Json::object($onOff),
            'status' => $status ?? NotGiven::Value,
            'metadata' => Json::object($metadata),
        ];
        $response = $this->requester->send('PATCH', Requester::path('/v1/numbers/%s', $id), [], $body, $options);

        return Number::fromArray($response->content ?? [], $response);
    }

    /**
     * Release a number.
     *
     * DELETE /v1/numbers/{id}
     */
    public function delete(
        string $id,
        ?RequestOptions $options = null,
    ): void {
        $this->requester->send('DELETE', Requester::path('/v1/numbers/%s', $id), [], null, $options);
    }

    /**
     * Pay one more period.
     *
     * POST /v1/numbers/{id}/renew
     */
    public function renew(
        string $id,
        NumberBillingPeriod|string|null $billingPeriod = null,
        ?RequestOptions $options = null,
    ): Number {
        $body = [
            'billing_period' => $billingPeriod ?? NotGiven::Value,
        ];
        $response = $this->requester->send('POST', Requester::path('/v1/numbers/%s/renew', $id), [], $body, $options);

        return Number::fromArray($response->content ?? [], $response);
    }
}
