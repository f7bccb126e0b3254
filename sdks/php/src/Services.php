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
    public readonly Resources\SipCredentialsResource $sipCredentials;
    public readonly Resources\BrowserSessionsResource $browserSessions;
    public readonly Resources\CallsResource $calls;
    public readonly Resources\TestResource $test;
    public readonly Resources\SmsResource $sms;
    public readonly Resources\VoicemailsResource $voicemails;
    public readonly Resources\VoicemailGreetingResource $voicemailGreeting;
    public readonly Resources\AiResource $ai;
    public readonly Resources\AccountResource $account;
    public readonly Resources\WebhookEndpointsResource $webhookEndpoints;
    public readonly Resources\EventsResource $events;

    protected function __construct(protected readonly Requester $requester)
    {
        $this->numbers = new Resources\NumbersResource($requester);
        $this->sipCredentials = new Resources\SipCredentialsResource($requester);
        $this->browserSessions = new Resources\BrowserSessionsResource($requester);
        $this->calls = new Resources\CallsResource($requester);
        $this->test = new Resources\TestResource($requester);
        $this->sms = new Resources\SmsResource($requester);
        $this->voicemails = new Resources\VoicemailsResource($requester);
        $this->voicemailGreeting = new Resources\VoicemailGreetingResource($requester);
        $this->ai = new Resources\AiResource($requester);
        $this->account = new Resources\AccountResource($requester);
        $this->webhookEndpoints = new Resources\WebhookEndpointsResource($requester);
        $this->events = new Resources\EventsResource($requester);
    }
}
