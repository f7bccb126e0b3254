"""Running the API's operations, whichever way the call came: over the wire, or from a page of the panel."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any

from nokyc.http import idempotency
from nokyc.http.call import ENCODER, Answer, Call, Route
from nokyc.http.errors import ApiError
from nokyc.store.store import Store, Unit

Also = Callable[[Unit], Awaitable[None]]
"""What else belongs to the unit of work in which an operation changes something."""


class Operations:
    """The routes by the contract's names, and the one way to run them."""

    def __init__(self, routes: Sequence[Route], store: Store) -> None:
        self.routes = routes
        self._store = store
        self._by_name = {route.operation: route for route in routes}

    def find(self, operation: str) -> Route:
        """A route by its operationId."""
        return self._by_name[operation]

    async def run(self, route: Route, call: Call, prepare: Callable[[], None], also: Also | None = None) -> Answer:
        """The answer with its JSON. `prepare` fills in the call's body and query, and may refuse them; `also` is
        committed together with what the operation changes.

        Raises:
            ApiError: the operation refuses.
        """
        handler: Any = route.handler
        if route.direct:
            return await self._run_direct(handler, call, prepare)
        if route.method == "GET" and not route.acts:
            prepare()
            async with self._store.reading() as connection:
                return _finished(await handler(call, connection), call)

        if route.ahead is not None:
            with suppress(ApiError):  # which the unit of work comes upon again
                prepare()
                await route.ahead(call)

        async def work(unit: Unit) -> Answer:
            key = call.idempotency_key
            if key is not None:
                stored = await idempotency.begin(unit, call.account_id, key, call.fingerprint, call.now)
                if stored is not None:
                    return stored
            if call.query is None:  # else it was read ahead, or before the unit of work had to run again
                prepare()
            answer = _finished(await handler(call, unit), call)
            if key is not None:
                await idempotency.remember(
                    unit, call.account_id, key, call.fingerprint, call.now, status=answer.status,
                    response=answer.text or b"", secret=route.secret, request_id=call.request_id,
                    subject_id=answer.subject_id,
                )  # fmt: skip
            if also is not None:
                await also(unit)
            return answer

        return await self._store.run(work)

    async def _run_direct(self, handler: Any, call: Call, prepare: Callable[[], None]) -> Answer:
        """A handler that checks its key while it commits; only if it refuses, the key is looked at here, because a
        repetition gets its stored answer even if the same request would be refused by now."""
        try:
            prepare()
            return _finished(await handler(call), call)
        except ApiError as error:
            if call.idempotency_key is None or error.status == 409:
                raise
            async with self._store.reading() as connection:
                stored = await idempotency.find(
                    connection,
                    self._store.vault.open,
                    call.account_id,
                    call.idempotency_key,
                    call.fingerprint,
                    call.now,
                )
            if stored is None:
                raise
            return stored


def _finished(answer: Answer, call: Call) -> Answer:
    """The answer with its JSON in the caller's version."""
    if answer.content is None:
        return answer
    text = call.render(ENCODER.encode(answer.content))
    return Answer(answer.status, text=text, headers=answer.headers, subject_id=answer.subject_id)
