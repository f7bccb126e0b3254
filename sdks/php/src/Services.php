<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber;

use NoKYCNumber\Core\Requester;

/**
 * The API's resources; a Client has them.
 */
abstract class Services
{
    public readonly Resources\NumbersResource $numbers;
    public readonly Resources\SmsResource $sms;
    public readonly Resources\TestResource $test;
    public readonly Resources\AccountResource $account;
    public readonly Resources\WebhookEndpointsResource $webhookEndpoints;
    public readonly Resources\EventsResource $events;

    protected function __construct(Requester $requester)
    {
        $this->numbers = new Resources\NumbersResource($requester);
        $this->sms = new Resources\SmsResource($requester);
        $this->test = new Resources\TestResource($requester);
        $this->account = new Resources\AccountResource($requester);
        $this->webhookEndpoints = new Resources\WebhookEndpointsResource($requester);
        $this->events = new Resources\EventsResource($requester);
    }
}
