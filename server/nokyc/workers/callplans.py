"""From rows to what the voice engine is to do: `nokyc_voice.platform`'s plans."""

import json
from typing import Any

import structlog

from nokyc.carriers.sip.config import SipConfig
from nokyc.resources.calls.inbound import Step, Taken
from nokyc.resources.calls.intake import DEFAULT_VOICE, HIDDEN
from nokyc.resources.carriers.actions import configured
from nokyc.resources.carriers.routing import VOICE_KIND, Routing
from nokyc.resources.numbers import queries as numbers
from nokyc.resources.voicemails.queries import find_greeting
from nokyc.store.store import Store, Unit
from nokyc_voice.platform import (
    Agent,
    Announce,
    Bridge,
    Device,
    Near,
    Place,
    Prompt,
    Ring,
    Say,
    Stream,
    Take,
    Trunk,
    Voicemail,
)

ANNOUNCEMENT: Prompt = "unavailable"
"""The shipped announcement for a call that nothing is configured for (decision F100)."""
DEFAULT_SCRIPT = "I'm unavailable right now. Leave your name, the reason for the call, and a callback number."
"""The API document's own."""
LANGUAGES = {
    "fr": "fr", "be": "fr", "lu": "fr", "mc": "fr", "de": "de", "at": "de", "ch": "de", "es": "es", "mx": "es",
    "ar": "es", "co": "es", "cl": "es", "pe": "es", "jp": "ja",
}  # fmt: skip
"""What is spoken where a number is from, if we speak it; English elsewhere."""

log = structlog.get_logger("nokyc.voice")


class Plans:
    """Makes plans for one voice process."""

    def __init__(self, store: Store, routing: Routing, *, max_call_sec: int) -> None:
        self._store = store
        self._routing = routing
        self._max_sec = max_call_sec
        self._trunks: list[Trunk] | None = None
        self._forgotten = 0
        store.on_change(self._forget)

    async def trunks(self) -> list[Trunk]:
        """Every SIP carrier; one whose configuration makes no sense is left out, and the operator told."""
        if self._trunks is not None:
            return self._trunks
        forgotten = self._forgotten
        found = await self._read_trunks()
        if forgotten == self._forgotten:  # else something changed while we read
            self._trunks = found
        return found

    def _forget(self) -> None:
        self._trunks = None
        self._forgotten += 1

    async def _read_trunks(self) -> list[Trunk]:
        async with self._store.reading() as connection:
            carriers = await configured(connection, self._store.vault.open)
        found = []
        for name, kind, config in carriers:
            if kind == VOICE_KIND:
                try:
                    found.append(SipConfig.from_json(config | {"name": name}).trunk())
                except ValueError as error:
                    log.error("trunk not started", carrier=name, error=type(error).__name__)
        return found

    async def place(self, row: Any, *, near: Near | None = None) -> Place | None:
        """The plan for an outbound call's row; `near` if it is there already. None if no trunk leads there."""
        async with self._store.reading() as connection:
            number = await numbers.find(connection, row["account_id"], row["number_id"])
        trunks = await self._towards(row["callee"], number)
        if near is None:
            near = await self._near(row, number)
        if not trunks or near is None:
            return None
        return Place(
            call_id=row["id"],
            account_id=row["account_id"],
            to=row["callee"],
            caller=row["caller"],
            caller_id=None if row["callerid"] == HIDDEN else row["callerid"],
            trunks=trunks,
            near=near,
            recording=row["recording_enabled"],
            allowed_sec=row["allowed_sec"],
            max_sec=self._max_sec,
        )

    async def take(self, unit: Unit, taken: Taken) -> Take:
        """The plan for an inbound call that was written down."""
        steps = [await self._step(unit, step, taken.number) for step in taken.steps]
        return Take(
            call_id=taken.row["id"],
            account_id=taken.row["account_id"],
            steps=tuple(steps),
            recording=taken.row["recording_enabled"],
            allowed_sec=taken.row["allowed_sec"],
            max_sec=self._max_sec,
        )

    def device(self, row: Any) -> Device:
        """A device by its credentials' row."""
        digests: dict[str, str] = json.loads(self._store.vault.open(row["ha1"]))
        return Device(row["number_id"], row["account_id"], row["username"], digests)

    async def _towards(self, callee: str, number: Any) -> tuple[Trunk, ...]:
        choice = await self._routing.choose_voice(callee, number_carrier=number["carrier"], livemode=number["livemode"])
        known = {trunk.name: trunk for trunk in await self.trunks()}
        return tuple(known[name] for name in choice.carriers if name in known)

    async def _near(self, row: Any, number: Any) -> Near | None:
        connect: dict[str, Any] = row["connect"]
        match connect["type"]:
            case "say":
                return Say(connect["text"], connect["voice"], language=_language(number))
            case "number":
                trunks = await self._towards(connect["to"], number)
                return Bridge(connect["to"], trunks) if trunks else None
            case "stream":
                return Stream(connect["url"], connect.get("parameters", {}))
            case "softphone":
                return Ring(number["id"])
            case "agent":
                return _agent(number)
            case _:
                return Announce(ANNOUNCEMENT, _language(number))

    async def _step(self, unit: Unit, step: Step, number: Any) -> Near:
        match step:
            case "devices":
                return Ring(number["id"])
            case "agent":
                return _agent(number)
            case "voicemail":
                greeting = await find_greeting(unit.connection, number["account_id"], number["id"])
                return _voicemail(number, greeting)


def _voicemail(number: Any, greeting: Any) -> Voicemail:
    language = _language(number)
    if greeting is None:
        return Voicemail(number["id"], language=language)
    return Voicemail(
        number["id"],
        greeting_text=greeting["text"],
        greeting_voice=greeting["voice"] or DEFAULT_VOICE,
        greeting_audio=greeting["audio"],
        language=language,
    )


def _agent(number: Any) -> Agent:
    language = _language(number)
    voice = {"fr": "neutral_fr", "de": "neutral_de", "es": "neutral_es", "ja": "neutral_jp"}.get(language)
    return Agent(number["id"], DEFAULT_SCRIPT, "auto", voice or DEFAULT_VOICE)


def _language(number: Any) -> str:
    return LANGUAGES.get(number["country"], "en")
