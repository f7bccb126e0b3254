<?php

declare(strict_types=1);

namespace NoKYCNumber;

use Closure;
use Countable;
use Generator;
use IteratorAggregate;
use NoKYCNumber\Core\Requester;
use NoKYCNumber\Http\Response;

/**
 * One answer of a list endpoint. Iterating over it gives its own items; autoPagingIterator() goes on over all pages.
 *
 * @template T of object
 * @implements IteratorAggregate<int, T>
 */
final class Page implements IteratorAggregate, Countable
{
    /** @var list<T> */
    public readonly array $data;
    public readonly bool $hasMore;
    public readonly ?string $nextCursor;
    /** @var array<string, mixed> the answer as it came */
    public readonly array $raw;

    public readonly Response $response;

    /**
     * @internal
     * @param array<string, mixed> $query
     * @param Closure(array<string, mixed>): T $item
     */
    public function __construct(
        private readonly Requester $requester,
        private readonly string $path,
        private readonly array $query,
        private readonly Closure $item,
        private readonly ?RequestOptions $options,
    ) {
        $this->response = $requester->send('GET', $path, $query, null, $options);
        $this->raw = $answer = $this->response->content ?? [];
        $this->data = array_map($item, array_values($answer['data'] ?? []));
        $this->hasMore = ($answer['has_more'] ?? false) === true;
        $this->nextCursor = $answer['next_cursor'] ?? null;
    }

    /**
     * The page after this one, with the same filters; null if this is the last.
     *
     * @return self<T>|null
     */
    public function nextPage(): ?self
    {
        $cursor = $this->nextCursor ?? $this->raw['data'][count($this->data) - 1]['id'] ?? null;
        if (!$this->hasMore || $this->data === [] || $cursor === null) {
            return null;
        }
        $query = ['starting_after' => $cursor] + $this->query;

        return new self($this->requester, $this->path, $query, $this->item, $this->options);
    }

    /**
     * This page's items and then those of the pages after it, each fetched when it is needed.
     *
     * @return Generator<int, T>
     */
    public function autoPagingIterator(): Generator
    {
        for ($page = $this; $page !== null; $page = $page->nextPage()) {
            foreach ($page->data as $item) {
                yield $item;
            }
        }
    }

    /** @return Generator<int, T> */
    public function getIterator(): Generator
    {
        yield from $this->data;
    }

    public function count(): int
    {
        return count($this->data);
    }
}
