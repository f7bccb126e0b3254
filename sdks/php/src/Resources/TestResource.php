<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Resources;

use NoKYCNumber\Core\Requester;

/**
 * The methods of test.
 */
final class TestResource
{
    public readonly TestCallsResource $calls;
    public readonly TestSmsResource $sms;
    public readonly TestClockResource $clock;

    public function __construct(Requester $requester)
    {
        $this->calls = new TestCallsResource($requester);
        $this->sms = new TestSmsResource($requester);
        $this->clock = new TestClockResource($requester);
    }
}
