<?php

// Made by sdks/generator from the API's contract. Do not edit.

declare(strict_types=1);

namespace NoKYCNumber\Resources;

use DateTimeInterface;
use NoKYCNumber\Core\Requester;
use NoKYCNumber\Models\Voicemail;
use NoKYCNumber\NotGiven;
use NoKYCNumber\Page;
use NoKYCNumber\RequestOptions;

/**
 * The methods of voicemails.
 */
final class VoicemailsResource
{
    public function __construct(private readonly Requester $requester)
    {
    }

    /**
     * List voicemails.
     *
     * GET /v1/voicemails
     *
     * @param DateTimeInterface|string|null $createdAfter RFC 3339 with a zone.
     * @param DateTimeInterface|string|null $createdBefore RFC 3339 with a zone.
     * @param ?int $limit How many objects to return.
     * @param ?string $startingAfter The last id of the previous page.
     *
     * @return Page<Voicemail>
     */
    public function list(
        ?string $number = null,
        DateTimeInterface|string|null $createdAfter = null,
        DateTimeInterface|string|null $createdBefore = null,
        ?int $limit = null,
        ?string $startingAfter = null,
        ?RequestOptions $options = null,
    ): Page {
        $query = [
            'number' => $number ?? NotGiven::Value,
            'created_after' => $createdAfter ?? NotGiven::Value,
            'created_before' => $createdBefore ?? NotGiven::Value,
            'limit' => $limit ?? NotGiven::Value,
            'starting_after' => $startingAfter ?? NotGiven::Value,
        ];

        return new Page($this->requester, '/v1/voicemails', $query, Voicemail::fromArray(...), $options);
    }

    /**
     * Retrieve a voicemail.
     *
     * GET /v1/voicemails/{id}
     */
    public function get(
        string $id,
        ?RequestOptions $options = null,
    ): Voicemail {
        $response = $this->requester->send('GET', Requester::path('/v1/voicemails/%s', $id), [], null, $options);

        return Voicemail::fromArray($response->content ?? [], $response);
    }

    /**
     * Delete a voicemail and its audio.
     *
     * DELETE /v1/voicemails/{id}
     */
    public function delete(
        string $id,
        ?RequestOptions $options = null,
    ): void {
        $this->requester->send('DELETE', Requester::path('/v1/voicemails/%s', $id), [], null, $options);
    }
}
