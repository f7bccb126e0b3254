<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Resources;

use NoKYCNumber\Core\Json;
use NoKYCNumber\Core\Requester;
use NoKYCNumber\Decimal;
use NoKYCNumber\Enums\UsagePeriod;
use NoKYCNumber\Models\Account;
use NoKYCNumber\Models\Usage;
use NoKYCNumber\NotGiven;
use NoKYCNumber\RequestOptions;

/**
 * The methods of account.
 */
final class AccountResource
{
    public function __construct(private readonly Requester $requester)
    {
    }

    /**
     * Retrieve your account.
     *
     * GET /v1/account
     */
    public function get(
        ?RequestOptions $options = null,
    ): Account {
        $response = $this->requester->send('GET', '/v1/account', [], null, $options);

        return Account::fromArray($response->content ?? [], $response);
    }

    /**
     * Update your account.
     *
     * PATCH /v1/account
     *
     * @param Decimal|string|int|float|NotGiven|null $dailySpendCapUsd What a day (UTC) may cost; renewals that the account agreed to are paid all the same.
     * @param list<string>|NotGiven|null $allowedCountries Where messages and calls may go; null is anywhere.
     * @param int|NotGiven|null $destinationVelocityPerHour Messages in an hour to destinations that share their first six digits.
     * @param ?bool $optOutEverywhere Whether stop words count on all numbers, not only where carriers demand it.
     */
    public function update(
        Decimal|string|int|float|NotGiven|null $balanceLowThresholdUsd = NotGiven::Value,
        string|NotGiven|null $defaultCountry = NotGiven::Value,
        Decimal|string|int|float|NotGiven|null $dailySpendCapUsd = NotGiven::Value,
        array|NotGiven|null $allowedCountries = NotGiven::Value,
        int|NotGiven|null $destinationVelocityPerHour = NotGiven::Value,
        ?bool $optOutEverywhere = null,
        ?int $maxSegments = null,
        ?RequestOptions $options = null,
    ): Account {
        $body = [
            'balance_low_threshold_usd' => Json::decimal($balanceLowThresholdUsd),
            'default_country' => $defaultCountry,
            'daily_spend_cap_usd' => Json::decimal($dailySpendCapUsd),
            'allowed_countries' => $allowedCountries,
            'destination_velocity_per_hour' => $destinationVelocityPerHour,
            'opt_out_everywhere' => $optOutEverywhere ?? NotGiven::Value,
            'max_segments' => $maxSegments ?? NotGiven::Value,
        ];
        $response = $this->requester->send('PATCH', '/v1/account', [], $body, $options);

        return Account::fromArray($response->content ?? [], $response);
    }

    /**
     * Usage by kind and day.
     *
     * GET /v1/account/usage
     */
    public function usage(
        UsagePeriod|string|null $period = null,
        ?RequestOptions $options = null,
    ): Usage {
        $query = [
            'period' => $period ?? NotGiven::Value,
        ];
        $response = $this->requester->send('GET', '/v1/account/usage', $query, null, $options);

        return Usage::fromArray($response->content ?? [], $response);
    }
}
