"""Lists: a page, and from there all items, asked for when they are needed."""

from __future__ import annotations

import copy
from typing import Any, AsyncIterator, Awaitable, Callable, Generator, Generic, Iterator, Mapping, TypeVar

from . import _json
from ._model import Model
from ._response import Response

M = TypeVar("M", bound=Model)


class _Page(Generic[M]):
    """Some objects, newest first."""

    def __init__(
        self,
        answer: dict[str, Any],
        response: Response,
        kind: Callable[[Mapping[str, Any]], M],
        more: Callable[[str], Any],
    ) -> None:
        items = answer.get("data")
        self.data: list[M] = [kind(item) for item in items] if isinstance(items, list) else []
        self.url: str | None = answer.get("url")
        self.has_more = answer.get("has_more") is True
        self.next_cursor: str | None = answer.get("next_cursor")
        self.last_response = response
        self._content = answer
        self._more = more

    def to_dict(self) -> dict[str, Any]:
        """The JSON as it came, with fractions as Decimal."""
        return copy.deepcopy(self._content)

    def to_json(self) -> str:
        """The same as text, to the digit."""
        return _json.dumps(self._content)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self.data)} items, has_more={self.has_more})"

    def _following(self) -> Any:
        """What brings the next page; None after the last."""
        if not self.has_more or not self.data:
            return None
        last = self.data[-1]
        cursor = self.next_cursor or (str(last["id"]) if "id" in last else None)
        return None if cursor is None else self._more(cursor)


class Page(_Page[M]):
    """A page; iterating over it gives the items of all pages from here on."""

    def next_page(self) -> Page[M] | None:
        """The page after this one; None if this is the last."""
        page: Page[M] | None = self._following()
        return page

    def __iter__(self) -> Iterator[M]:
        page: Page[M] | None = self
        while page is not None:
            yield from page.data
            page = page.next_page()


class AsyncPage(_Page[M]):
    """The same for the asynchronous client."""

    async def next_page(self) -> AsyncPage[M] | None:
        """The page after this one; None if this is the last."""
        following: Awaitable[AsyncPage[M]] | None = self._following()
        return None if following is None else await following

    async def __aiter__(self) -> AsyncIterator[M]:
        page: AsyncPage[M] | None = self
        while page is not None:
            for item in page.data:
                yield item
            page = await page.next_page()


class AsyncPager(Generic[M]):
    """What an asynchronous list method gives: `await` it for a page, or iterate over all items with `async for`."""

    def __init__(self, first: Callable[[], Awaitable[AsyncPage[M]]]) -> None:
        self._first = first

    def __await__(self) -> Generator[Any, None, AsyncPage[M]]:
        return self._first().__await__()

    async def __aiter__(self) -> AsyncIterator[M]:
        async for item in await self._first():
            yield item
