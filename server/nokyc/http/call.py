"""What a handler is given, what it gives back, and how it is declared."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import msgspec
from msgspec import Struct

from nokyc.http.auth import Caller
from nokyc.http.errors import missing
from nokyc.kit import ids
from nokyc.store.store import Connection, Store, Unit


@dataclass(slots=True)
class Call:
    """One authenticated request that passed all checks of the plumbing."""

    request_id: str
    caller: Caller
    wall: datetime
    version: str
    path: dict[str, str]
    store: Store
    render: Callable[[bytes], bytes]
    """JSON of the newest shape in the caller's version."""
    body: Any = None
    """The struct that the route declared, or None."""
    query: Any = None
    ahead: dict[str, Any] = field(default_factory=dict)
    """What the route found out before (`Route.ahead`)."""
    idempotency_key: str | None = None
    fingerprint: bytes = b""

    @property
    def account_id(self) -> int:
        return self.caller.account_id

    @property
    def now(self) -> datetime:
        """Account time."""
        return self.caller.now(self.wall)

    def id(self, prefix: str, what: str) -> int:
        """The id in the path. Raises ApiError 404 for anything that is no id of this kind (decisions F12)."""
        value = ids.read(prefix, self.path["id"])
        if value is None:
            raise missing(what)
        return value


@dataclass(frozen=True, slots=True)
class Answer:
    """What a handler answers; `text` instead of `content` when the JSON exists already."""

    status: int = 200
    content: Struct | None = None
    text: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    subject_id: int | None = None
    """What a POST made, so that its timeline finds the idempotency key."""


ReadHandler = Callable[[Call, Connection], Awaitable[Answer]]
ActHandler = Callable[[Call, Unit], Awaitable[Answer]]
DirectHandler = Callable[[Call], Awaitable[Answer]]
Ahead = Callable[[Call], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Route:
    """One operation of the API, as the pipeline runs it and the contract describes it."""

    method: Literal["GET", "POST", "PATCH", "DELETE"]
    path: str
    """With `{id}` for one segment."""
    operation: str
    """The contract's operationId, such as `sms.create`."""
    summary: str
    handler: ReadHandler | ActHandler | DirectHandler
    body: type[Struct] | None = None
    query: type[Struct] | None = None
    answers: type[Struct] | None = None
    """The struct of the success body; None for 204."""
    items: type[Struct] | None = None
    """What a list holds, where `answers` is Page."""
    status: int = 200
    errors: tuple[str, ...] = ()
    """Codes of the catalogue beyond those that every operation can answer with."""
    acts: bool = False
    """A GET that leaves rows behind (quotes), so it runs in a unit of work like the others."""
    direct: bool = False
    """The handler commits by itself (micro-batches) and does its own idempotency."""
    ahead: Ahead | None = None
    """What takes long: done before a unit of work begins, which holds a connection to the database, and locks that
    others wait for. It keeps its findings in the call and refuses nothing: the handler does, when it is its turn."""
    mutates: bool = True
    """False for a POST that changes nothing: it has no use for an idempotency key."""
    secret: bool = False
    """The answer holds a secret: it is stored encrypted for replays."""
    test_mode_only: bool = False
    example: Any = None
    """A request body for the docs."""


class Page(Struct, frozen=True, kw_only=True):
    """A list answer; `data` holds at most `limit` objects, newest first."""

    object: Literal["list"] = "list"
    url: str
    data: list[Any]
    has_more: bool
    next_cursor: str | None


ENCODER = msgspec.json.Encoder(decimal_format="number", enc_hook=str)
"""The API's JSON: money as exact numbers."""
