"""/v1/voicemails, and what callers hear before they leave one."""

import asyncio
import base64
from typing import Any

from nokyc.http.call import Answer, Call, Page, Route
from nokyc.http.errors import ApiError
from nokyc.http.paging import page
from nokyc.http.schema import require_spoken
from nokyc.kit import ids
from nokyc.kit.audio import AudioError
from nokyc.resources.calls.intake import DEFAULT_VOICE
from nokyc.resources.files.audio import decode
from nokyc.resources.files.links import Links
from nokyc.resources.numbers import queries as numbers
from nokyc.resources.speech.queries import check_voice
from nokyc.resources.voicemails import actions, queries
from nokyc.resources.voicemails.schemas import (
    MAX_AUDIO_BYTES,
    Greeting,
    GreetingSet,
    Voicemail,
    VoicemailQuery,
    show_greeting,
    show_voicemail,
)
from nokyc.store.store import Connection, Unit

GREETING = "/v1/numbers/{id}/voicemail_greeting"
MAX_GREETING_SEC = 60
MAX_READING = 2
"""Sounds that are read, or wait for that. A large one is a second or two of work."""


def routes(links: Links) -> list[Route]:
    """The routes; audio gets its addresses by `links`."""

    async def list_voicemails(call: Call, connection: Connection) -> Answer:
        livemode = call.caller.livemode
        rows = await queries.list_voicemails(connection, call.account_id, call.query, livemode=livemode)

        def show(row: Any) -> Voicemail:
            return show_voicemail(row, links, call.now)

        content = page("/v1/voicemails", rows, call.query.limit, show, lambda row: ids.show("vm", row["id"]))
        return Answer(content=content)

    async def get(call: Call, connection: Connection) -> Answer:
        row = await queries.get(connection, call.account_id, call.id("vm", "voicemail"))
        return Answer(content=show_voicemail(row, links, call.now))

    reader = Reader()

    async def ahead(call: Call) -> None:
        text = call.body.audio_base64
        try:
            call.ahead["audio"] = None if text is None else await reader.read(text)
        except ApiError as error:
            call.ahead["audio"] = error

    async def set_greeting(call: Call, unit: Unit) -> Answer:
        body: GreetingSet = call.body
        audio = call.ahead["audio"]
        if isinstance(audio, ApiError):
            raise audio
        if (body.text is None) == (audio is None):
            raise ApiError("parameter_invalid", "Give either `text` or `audio_base64`.", param="text")
        if audio is not None and body.voice is not None:
            raise ApiError("parameter_invalid", "`voice` goes with `text` only.", param="voice")
        if body.text is not None:
            require_spoken(body.text, "text")
        number = await numbers.get(unit.connection, call.account_id, _number_id(call), lock=True)
        if number["status"] == "released":
            raise ApiError("number_released")
        await check_voice(unit.connection, call.account_id, body.voice, param="voice")
        voice = (body.voice or DEFAULT_VOICE) if body.text is not None else None
        row = await actions.set_greeting(
            unit, call.account_id, number["id"], text=body.text, voice=voice, audio=audio, now=call.now
        )
        return Answer(content=show_greeting(number["id"], row))

    return [
        Route("GET", "/v1/voicemails", "voicemails.list", "List voicemails", list_voicemails,
              query=VoicemailQuery, answers=Page, items=Voicemail),
        Route("GET", "/v1/voicemails/{id}", "voicemails.get", "Retrieve a voicemail", get, answers=Voicemail),
        Route("DELETE", "/v1/voicemails/{id}", "voicemails.delete", "Delete a voicemail and its audio", delete,
              status=204),
        Route("POST", GREETING, "voicemail_greeting.set", "Set what callers hear before the tone", set_greeting,
              body=GreetingSet, answers=Greeting, ahead=ahead,
              errors=("voice_invalid", "audio_invalid", "number_released")),
        Route("GET", GREETING, "voicemail_greeting.get", "Retrieve what callers hear before the tone", get_greeting,
              answers=Greeting),
        Route("DELETE", GREETING, "voicemail_greeting.delete", "Back to the shipped greeting", delete_greeting,
              status=204),
    ]  # fmt: skip


async def delete(call: Call, unit: Unit) -> Answer:
    row = await queries.get(unit.connection, call.account_id, call.id("vm", "voicemail"), lock=True)
    await actions.delete(unit, row, call.now)
    return Answer(204)


async def get_greeting(call: Call, connection: Connection) -> Answer:
    number = await numbers.get(connection, call.account_id, _number_id(call))
    row = await queries.find_greeting(connection, call.account_id, number["id"])
    return Answer(content=show_greeting(number["id"], row))


async def delete_greeting(call: Call, unit: Unit) -> Answer:
    number = await numbers.get(unit.connection, call.account_id, _number_id(call), lock=True)
    await actions.delete_greeting(unit, call.account_id, number["id"])
    return Answer(204)


class Reader:
    """Reads one sound after the other."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._count = 0

    async def read(self, text: str) -> bytes:
        """The audio that was sent as 8 kHz mono 16-bit PCM. Raises ApiError 400, or 503 if too many are read."""
        if self._count >= MAX_READING:
            raise ApiError("service_unavailable", headers={"Retry-After": "2"})
        self._count += 1
        try:
            data = base64.b64decode(text, validate=True)
            if len(data) > MAX_AUDIO_BYTES:
                raise AudioError("it is larger than 700 KB")
            async with self._turn:
                return await asyncio.to_thread(decode, data, max_sec=MAX_GREETING_SEC)
        except ValueError as error:  # no Base64, not even ASCII, or no audio
            raise ApiError("audio_invalid", f"Invalid audio: {error}.", param="audio_base64") from None
        finally:
            self._count -= 1


def _number_id(call: Call) -> int:
    return call.id("num", "number")
