"""The engines of one process: the local ones, with the operator's endpoints before them, as they are configured now."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import structlog

from nokyc.http.outbound import OutboundClient
from nokyc.kit import ids
from nokyc.kit.audio import tone
from nokyc.resources.speech import queries
from nokyc.speech.endpoint.chat import EndpointChat
from nokyc.speech.endpoint.http import Endpoint, EndpointConfig
from nokyc.speech.endpoint.stt import EndpointSpeechToText
from nokyc.speech.endpoint.tts import EndpointTextToSpeech
from nokyc.speech.engines import with_endpoint
from nokyc.speech.port import BYTES_PER_SEC, Engines, Message, SpeechError
from nokyc.store.store import LOST, Store

PAUSE_SEC = 1.0
PROBE_TEXT = "Hello."
PROBE_TONE_SEC = 1.0

log = structlog.get_logger("nokyc.speech")


@dataclass(frozen=True, slots=True)
class Probed:
    """One thing that an endpoint has a model for, and what came of asking for it."""

    does: str
    model: str
    ok: bool
    detail: str
    seconds: float


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


async def probe_endpoint(config: dict[str, Any]) -> list[Probed]:
    """Ask for each thing that there is a model for, at the least cost: a tone heard, a word spoken, a word answered."""
    client = endpoint_client()
    try:
        endpoint = open_endpoint(config, client)
        asks = (("hears", "stt_model", _hear), ("speaks", "tts_model", _speak), ("talks", "chat_model", _talk))
        return [await _probe(does, config[model], ask(endpoint)) for does, model, ask in asks if config.get(model)]
    finally:
        await client.close()


async def _probe(does: str, model: str, asked: Awaitable[str]) -> Probed:
    began = time.monotonic()
    try:
        detail, ok = await asked, True
    except SpeechError as error:
        detail, ok = str(error), False
    return Probed(does, model, ok, detail, round(time.monotonic() - began, 2))


async def _hear(endpoint: Endpoint) -> str:
    heard = await EndpointSpeechToText(endpoint).transcribe(tone(PROBE_TONE_SEC))
    return "heard no words in a tone" if heard is None else "heard words in a tone"


async def _speak(endpoint: Endpoint) -> str:
    voices = endpoint.config.voices
    if not voices:
        return "no voice is named, so nothing is asked of it"
    said = [piece async for piece in EndpointTextToSpeech(endpoint).say(PROBE_TEXT, voice=min(voices))]
    return f"spoke {sum(map(len, said)) / BYTES_PER_SEC:.1f} s as {min(voices)}"


async def _talk(endpoint: Endpoint) -> str:
    words = [word async for word in EndpointChat(endpoint).reply([Message("user", "Say yes.")], max_tokens=8)]
    return f"answered with {sum(map(len, words))} letters"
