<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Resources;

use NoKYCNumber\Core\Requester;
use NoKYCNumber\Models\TestClock;
use NoKYCNumber\RequestOptions;

/**
 * The methods of test.clock.
 */
final class TestClockResource
{
    public function __construct(private readonly Requester $requester)
    {
    }

    /**
     * Move the sandbox's clock.
     *
     * POST /v1/test/clock/advance
     */
    public function advance(
        int $seconds,
        ?RequestOptions $options = null,
    ): TestClock {
        $body = [
            'seconds' => $seconds,
        ];
        $response = $this->requester->send('POST', '/v1/test/clock/advance', [], $body, $options);

        return TestClock::fromArray($response->content ?? [], $response);
    }
}
