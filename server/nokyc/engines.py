"""The engines of one process: the local ones, with the operator's endpoints before them, as they are configured now."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import structlog

from nokyc.http.outbound import OutboundClient
from nokyc.kit import ids
from nokyc.resources.speech import queries
from nokyc.speech.endpoint.http import Endpoint, EndpointConfig
from nokyc.speech.engines import with_endpoint
from nokyc.speech.port import Engines
from nokyc.store.store import LOST, Store

PAUSE_SEC = 1.0

log = structlog.get_logger("nokyc.speech")


class ConfiguredEngines:
    """Follows the store: whenever endpoints or voices change, whoever uses the engines gets new ones."""

    def __init__(self, store: Store, local: Engines, client: OutboundClient) -> None:
        self._store = store
        self._local = local
        self._client = client
        self._known: dict[str, tuple[dict[str, Any], Endpoint]] = {}
        """What each was made from: a breaker that is open stays open when something else changes."""
        self._changed = asyncio.Event()
        store.on_change(self._changed.set)

    async def read(self) -> Engines:
        """As they are configured at this moment."""
        async with self._store.reading() as connection:
            configured = await queries.endpoints(connection, self._store.vault.open)
            voices = await queries.list_voices(connection)
        known, self._known = self._known, {}
        for name, config in configured:
            own = {ids.show("voice", row["id"]): row["voice"] for row in voices if row["endpoint"] == name}
            whole = config | {"voices": config.get("voices", {}) | own}
            if name in known and known[name][0] == whole:
                self._known[name] = known[name]
                continue
            try:
                self._known[name] = whole, open_endpoint(whole, self._client)
            except ValueError as error:  # one that cannot be understood does not stop the others
                log.error("speech endpoint not used", endpoint=name, error=type(error).__name__)
        made = self._local
        for _, endpoint in reversed(self._known.values()):
            made = with_endpoint(made, endpoint)
        return made

    async def follow(self, use: Callable[[Engines], None]) -> None:
        """Hand out new ones whenever something has changed, until cancelled."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            seen = dict(self._known)
            try:
                engines = await self.read()
            except (*LOST, TimeoutError):
                self._changed.set()
                await asyncio.sleep(PAUSE_SEC)
                continue
            if self._known != seen:
                use(engines)


def open_endpoint(config: dict[str, Any], client: OutboundClient) -> Endpoint:
    """Raises ValueError for a configuration that makes no sense."""
    return Endpoint(EndpointConfig.from_json(config), client, monotonic=time.monotonic)


def endpoint_client() -> OutboundClient:
    """For endpoints alone, which may be in the operator's own rack: the operator names them, no customer does."""
    return OutboundClient(allow_private=True)
