"""Voicemails: left, listened to, told of once, deleted (decisions F116-F120)."""

import asyncio
import base64
import io
import wave
from typing import Any
from urllib.parse import urlsplit

import pytest

from nokyc.http.errors import ApiError
from nokyc.kit import audio, ids
from nokyc.resources.files.audio import encode_mp3
from nokyc.resources.files.links import Links
from nokyc.resources.voicemails import actions
from nokyc.resources.voicemails.routes import MAX_READING, Reader
from nokyc.resources.voicemails.schemas import Transcript
from nokyc.settings import Settings
from nokyc.store.store import Store
from resources.calls.desk import HANDSET, later, place, ring_in, shown
from support import Client, Customer, Drain, activate, events_of


async def leave(api: Client, number: Any, drain: Drain, **more: Any) -> Any:
    """A voicemail in the sandbox."""
    await ring_in(api, number, **more)
    await later(api, drain, 60)
    return (await api.get("/v1/voicemails")).json()["data"][0]


def local(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


async def test_a_message_is_left_and_told_of(api: Client, number: Any, drain: Drain, anonymous: Client) -> None:
    call = await ring_in(api, number, say="Bonjour, c'est Marc. Rappelez-moi quand vous pouvez.", language="fr")
    await later(api, drain, 60)

    ended = await shown(api, call)
    assert (ended["status"], ended["answered_by"], ended["end_reason"]) == ("completed", "voicemail", "voicemail_done")
    (left,) = (await api.get("/v1/voicemails")).json()["data"]
    assert left == (await api.get(f"/v1/voicemails/{left['id']}")).json()
    assert left == {
        "id": left["id"], "object": "voicemail", "number_id": number["id"], "call_id": call["id"],
        "from_e164": HANDSET, "received_at": left["received_at"], "duration_sec": left["duration_sec"],
        "audio_url": left["audio_url"], "transcript": None, "ai": None,
    }  # fmt: skip
    assert 1 <= left["duration_sec"] <= ended["duration_sec"]
    assert await events_of(api, left["id"]) == ["voicemail.created"]
    heard = await anonymous.get(local(left["audio_url"]))
    assert (heard.status_code, heard.headers["content-type"]) == (200, "audio/mpeg")
    assert len(heard.content) > 1_000 * left["duration_sec"]


async def test_a_caller_who_says_nothing_leaves_nothing(api: Client, number: Any, drain: Drain) -> None:
    call = await ring_in(api, number, voicemail=False)
    await later(api, drain, 60)
    assert (await shown(api, call))["end_reason"] == "caller_hangup"
    assert (await api.get("/v1/voicemails")).json()["data"] == []


async def test_a_caller_can_insist_on_the_voicemail(store: Store, api: Client, drain: Drain) -> None:
    number = await activate(store, api, addons=["ai-pickup"])
    await leave(api, number, drain, voicemail=True)
    assert len((await api.get("/v1/voicemails", params={"number": number["number"]})).json()["data"]) == 1


async def test_lists_are_filtered_and_can_be_continued(store: Store, api: Client, number: Any, drain: Drain) -> None:
    other = await activate(store, api)
    for each in (number, other, number):
        await leave(api, each, drain)
    rows = (await api.get("/v1/voicemails")).json()["data"]
    assert [row["number_id"] for row in rows] == [number["id"], other["id"], number["id"]]
    of_number = (await api.get("/v1/voicemails", params={"number": number["id"]})).json()["data"]
    assert [row["id"] for row in of_number] == [rows[0]["id"], rows[2]["id"]]
    query = {"created_after": rows[2]["received_at"], "created_before": rows[0]["received_at"]}
    between = (await api.get("/v1/voicemails", params=query)).json()["data"]
    assert [row["id"] for row in between] == [rows[1]["id"], rows[2]["id"]]
    first = (await api.get("/v1/voicemails", params={"limit": 1})).json()
    await api.delete(f"/v1/voicemails/{rows[0]['id']}")
    rest = (await api.get("/v1/voicemails", params={"starting_after": first["next_cursor"]})).json()
    assert [row["id"] for row in rest["data"]] == [rows[1]["id"], rows[2]["id"]]


async def test_deletion_is_for_good(
    store: Store, api: Client, number: Any, drain: Drain, anonymous: Client, settings: Settings
) -> None:
    left = await leave(api, number, drain)
    path = f"/v1/voicemails/{left['id']}"
    files = settings.data_dir / "files" / "vm"
    before = len(list(files.iterdir()))
    assert (await api.delete(path)).status_code == 204
    assert (await anonymous.get(local(left["audio_url"]))).status_code == 404
    assert (await api.get(path)).status_code == 404
    assert (await api.delete(path)).status_code == 404
    await drain()
    assert len(list(files.iterdir())) == before - 1


@pytest.mark.parametrize("late", [False, True])
async def test_the_event_waits_for_the_transcript_and_not_for_ever(
    store: Store, api: Client, number: Any, customer: Customer, drain: Drain, settings: Settings, late: bool
) -> None:
    """As if `nokyc speech` were there: the event comes with its word, or after a minute without."""
    call = await ring_in(api, number, voicemail=False)
    await later(api, drain, 60)
    links = Links(store.vault, settings.public_url)
    call_id = ids.read("call", call["id"])
    voicemail_id = store.ids.new()
    assert call_id is not None

    async def left(unit: Any, message_id: int = voicemail_id) -> bool:
        return await actions.leave(
            unit, customer.test_id, call_id, message_id, at=unit.wall, file="vm/x.wav", duration_ms=1_500,
            links=links, speech=True,
        )  # fmt: skip

    assert await store.run(left)
    assert await store.run(left), "it was, though its file is told of twice"
    assert not await store.run(lambda unit: left(unit, store.ids.new())), "a call leaves one"
    shown_id = ids.show("vm", voicemail_id)
    await drain()
    assert await events_of(api, shown_id) == []
    transcript = Transcript(text="Rappelez-moi.", language="fr", translation_en=None, summary=None, sentiment="neutral")

    async def tell(unit: Any) -> None:
        await actions.record_transcript(unit, customer.test_id, voicemail_id, transcript, unit.wall, links)

    if not late:
        await store.run(tell)
    await later(api, drain, 61)
    (event,) = (await api.get("/v1/events", params={"type": "voicemail.created"})).json()["data"]
    told = event["data"]["object"]["transcript"]
    assert told == (None if late else (await api.get(f"/v1/voicemails/{shown_id}")).json()["transcript"])
    await store.run(tell)
    assert await events_of(api, shown_id) == ["voicemail.created"]
    assert (await api.get(f"/v1/voicemails/{shown_id}")).json()["transcript"]["text"] == "Rappelez-moi."


async def test_what_is_shorter_than_a_second_is_dropped(
    store: Store, api: Client, number: Any, customer: Customer, drain: Drain, settings: Settings
) -> None:
    call = await ring_in(api, number, voicemail=False)
    call_id = ids.read("call", call["id"])
    assert call_id is not None
    links = Links(store.vault, settings.public_url)
    for account_id, duration_ms in ((customer.test_id, 999), (customer.live_id, 5_000)):
        stored = await store.run(
            lambda unit, a=account_id, d=duration_ms: actions.leave(
                unit, a, call_id, unit.ids.new(), at=unit.wall, file="vm/y.wav", duration_ms=d, links=links,
                speech=False,
            )
        )  # fmt: skip
        assert not stored
    assert (await api.get("/v1/voicemails")).json()["data"] == []


def sound(seconds: float, *, rate: int = 16_000, channels: int = 2, width: int = 2) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(bytes(int(seconds * rate) * channels * width))
    return buffer.getvalue()


def encoded(data: bytes) -> dict[str, str]:
    return {"audio_base64": base64.b64encode(data).decode()}


async def test_a_greeting_is_a_text_or_a_sound(api: Client, number: Any, tmp_path: Any) -> None:
    path = f"/v1/numbers/{number['id']}/voicemail_greeting"
    default = {
        "object": "voicemail_greeting", "number_id": number["id"], "type": "default", "text": None, "voice": None,
        "audio_sec": None, "updated_at": None,
    }  # fmt: skip
    assert (await api.get(path)).json() == default
    said = (await api.post(path, json={"text": "Leave a message.", "voice": "warm_en"})).json()
    assert (said["type"], said["text"], said["voice"]) == ("text", "Leave a message.", "warm_en")
    for width in (1, 2, 3, 4):
        played = (await api.post(path, json=encoded(sound(1.5, width=width)))).json()
        assert (played["type"], played["audio_sec"], played["text"]) == ("audio", 2, None)
    wav, mp3 = tmp_path / "a.wav", tmp_path / "a.mp3"
    wav.write_bytes(audio.write_wav(audio.tone(3)))
    encode_mp3(wav, mp3)
    answer = await api.post(path, json=encoded(mp3.read_bytes()))
    assert answer.json()["audio_sec"] in (3, 4)
    assert answer.json() == (await api.get(path)).json()
    assert (await api.delete(path)).status_code == 204
    assert (await api.get(path)).json() == default


async def test_sounds_are_read_one_after_the_other_and_not_too_many_wait() -> None:
    """A large one is a second or two of work for the process that answers everybody."""
    sound, reader = base64.b64encode(audio.write_wav(audio.tone(1))).decode(), Reader()
    read = await asyncio.gather(*(reader.read(sound) for _ in range(MAX_READING + 3)), return_exceptions=True)
    assert read[:MAX_READING] == [audio.tone(1)] * MAX_READING
    refused = [one.code for one in read[MAX_READING:] if isinstance(one, ApiError)]
    assert refused == ["service_unavailable"] * 3
    assert await reader.read(sound) == audio.tone(1)


async def test_greetings_that_are_none(api: Client, number: Any) -> None:
    path = f"/v1/numbers/{number['id']}/voicemail_greeting"

    async def refusal(body: Any) -> tuple[int, str, str]:
        answer = await api.post(path, json=body)
        error = answer.json()["error"]
        return answer.status_code, error["code"], error["param"]

    assert await refusal({}) == (400, "parameter_invalid", "text")
    assert await refusal({"text": "Hi", **encoded(sound(1))}) == (400, "parameter_invalid", "text")
    assert await refusal({"voice": "warm_en", **encoded(sound(1))}) == (400, "parameter_invalid", "voice")
    assert await refusal({"text": " . "}) == (400, "parameter_invalid", "text")
    assert await refusal({"text": "Hi", "voice": "loud"}) == (400, "voice_invalid", "voice")
    for nonsense in (b"RIFF", b"nothing", sound(61, rate=8_000, channels=1, width=1), sound(1, rate=4_000)):
        assert await refusal(encoded(nonsense)) == (400, "audio_invalid", "audio_base64")
    for text in ("%%%", "¤"):
        assert await refusal({"audio_base64": text}) == (400, "audio_invalid", "audio_base64")
    await api.delete(f"/v1/numbers/{number['id']}")
    released = await api.post(path, json={"text": "Hi"})
    assert released.json()["error"]["code"] == "number_released"


async def test_calls_of_another_account_are_not_there(api: Client, live_api: Client, number: Any, drain: Drain) -> None:
    left = await leave(api, number, drain)
    call = await place(api, number)
    of_number = f"/v1/numbers/{number['id']}"
    for path in (
        f"/v1/voicemails/{left['id']}",
        f"/v1/calls/{call['id']}",
        f"/v1/calls/{call['id']}/timeline",
        f"{of_number}/voicemail_greeting",
        f"{of_number}/sip_credentials",
    ):
        assert (await live_api.get(path)).status_code == 404
    assert (await live_api.post(f"/v1/calls/{call['id']}/hangup")).status_code == 404
    assert (await live_api.delete(f"/v1/voicemails/{left['id']}")).status_code == 404
