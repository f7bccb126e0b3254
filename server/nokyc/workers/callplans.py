"""From rows to what the voice engine is to do: `nokyc_voice.platform`'s plans."""

import json
from datetime import datetime
from typing import Any

import structlog

from nokyc.carriers.sip.config import SipConfig
from nokyc.kit import languages
from nokyc.resources.calls.inbound import Step, Taken
from nokyc.resources.calls.intake import DEFAULT_VOICE, HIDDEN
from nokyc.resources.carriers.actions import configured
from nokyc.resources.carriers.routing import VOICE_KIND, Routing
from nokyc.resources.numbers import queries as numbers
from nokyc.resources.numbers.assistant import DEFAULT_SCRIPT, Assistant, find_assistant
from nokyc.resources.voicemails.queries import find_greeting
from nokyc.store.store import Store, Unit
from nokyc_voice.agents import RING_SEC
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
DEFAULT_RING_SEC = 25
SCREENING_MAX_SEC = 45
SCREENING_MAX_TURNS = 5
"""Somebody who is asked for name and reason is brief, or is left to the voicemail."""

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

    async def place(self, row: Any, *, from_device: bool = False) -> Place | None:
        """The plan for an outbound call's row, which a device dialled or the API placed. None if no trunk leads
        there."""
        async with self._store.reading() as connection:
            number = await numbers.find(connection, row["account_id"], row["number_id"])
            assistant = await find_assistant(connection, number)
        trunks = await self._towards(row["callee"], number)
        near = ring(number, assistant) if from_device else await self._near(row, number, assistant)
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
        steps = [await self._step(unit, step, taken) for step in taken.steps]
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

    def browser(self, row: Any, username: str, now: datetime) -> Device:
        """A device by its browser session's row."""
        digests: dict[str, str] = json.loads(self._store.vault.open(row["ha1"]))
        left = (row["expires_at"] - now).total_seconds()
        return Device(row["number_id"], row["account_id"], username, digests, valid_sec=left)

    async def _towards(self, callee: str, number: Any) -> tuple[Trunk, ...]:
        choice = await self._routing.choose_voice(callee, number_carrier=number["carrier"], livemode=number["livemode"])
        known = {trunk.name: trunk for trunk in await self.trunks()}
        return tuple(known[name] for name in choice.carriers if name in known)

    async def _near(self, row: Any, number: Any, assistant: Assistant) -> Near | None:
        connect: dict[str, Any] = row["connect"]
        match connect["type"]:
            case "say":
                return Say(connect["text"], connect["voice"], language=_language(number))
            case "number":
                trunks = await self._towards(connect["to"], number)
                return Bridge(connect["to"], trunks, translate=_translate(assistant)) if trunks else None
            case "stream":
                return Stream(connect["url"], connect.get("parameters", {}))
            case "softphone":
                return ring(number, assistant)
            case "agent":
                return agent(number, assistant, answers=False)
            case _:
                return Announce(ANNOUNCEMENT, _language(number))

    async def _step(self, unit: Unit, step: Step, taken: Taken) -> Near:
        number, assistant = taken.number, taken.assistant
        match step:
            case "devices":
                screen = screener(number, assistant) if taken.screened else None
                return ring(number, assistant, screen=screen, before_agent="agent" in taken.steps)
            case "agent":
                return agent(number, assistant)
            case "voicemail":
                greeting = await find_greeting(unit.connection, number["account_id"], number["id"])
                return _voicemail(number, greeting)


def agent(number: Any, assistant: Assistant, *, answers: bool = True) -> Agent:
    """The agent that takes messages; it waits its rings where it `answers`, and where nobody is expected to."""
    pickup = assistant.auto_pickup
    auto = pickup.language == "auto"
    return Agent(
        number["id"],
        None if pickup.script == DEFAULT_SCRIPT else pickup.script,
        _language(number) if auto else languages.of_tag(pickup.language),
        pickup.voice,
        follow=auto,
        after_rings=pickup.after_rings if answers and not number["off_now"] else 0,
    )


def screener(number: Any, assistant: Assistant) -> Agent:
    """The agent that asks who it is."""
    voice = assistant.auto_pickup.voice
    return Agent(
        number["id"], None, _language(number), voice, follow=True, addon="ai-screen",
        max_sec=SCREENING_MAX_SEC, max_turns=SCREENING_MAX_TURNS,
    )  # fmt: skip


def ring(number: Any, assistant: Assistant, *, screen: Agent | None = None, before_agent: bool = False) -> Ring:
    """The number's devices; for so many rings if an agent comes after them."""
    ring_sec = assistant.auto_pickup.after_rings * RING_SEC if before_agent else DEFAULT_RING_SEC
    return Ring(number["id"], ring_sec, screen=screen, translate=_translate(assistant))


def _translate(assistant: Assistant) -> str | None:
    return assistant.translator.target_language if assistant.translator.enabled else None


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


def _language(number: Any) -> str:
    return languages.of_country(number["country"])
