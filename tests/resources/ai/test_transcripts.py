"""From a message on disk to its transcript in the API (decisions F117, F118). The engines are the test's."""

from typing import Any

import pytest

from nokyc import main
from nokyc.kit import ids
from nokyc.kit.clock import ManualClock
from nokyc.resources.files.links import Links
from nokyc.resources.voicemails import actions
from nokyc.resources.voicemails.schemas import VoicemailAi
from nokyc.settings import Settings
from nokyc.store.files import open_files
from nokyc.store.store import Store
from nokyc.workers.audio import store_audio
from nokyc.workers.speech import SpeechWorker
from support import Client, Drain, activate, events_of
from voice.audio import tone, write_wav
from voice.engines import Ears, Mouth, engines

FRENCH = "Bonjour, c'est Marc. Rappelez-moi quand vous pouvez."
PLAIN = {"text": FRENCH, "language": "fr", "translation_en": None, "summary": None, "sentiment": None}


@pytest.fixture
def ears() -> Ears:
    return Ears([(FRENCH, "fr")])


@pytest.fixture
def transcriber(store: Store, settings: Settings, ears: Ears) -> SpeechWorker:
    return main.build_transcriber(store, settings, engines(Mouth(), ears))


async def leave(
    store: Store, settings: Settings, api: Client, number: Any, tmp_path: Any, *, ai: VoicemailAi | None = None
) -> str:
    """A message of two seconds from a call that is over; returns its id."""
    call = (await api.post("/v1/test/calls", json={"from": "+33612345678", "to": number["id"]})).json()
    call_id, account_id = ids.read("call", call["id"]), await _account(store, call["id"])
    assert call_id is not None
    voicemail_id = store.ids.new()
    path = tmp_path / "message.wav"
    write_wav(path, tone(300, 2))
    file = await store_audio(open_files(settings), f"vm/{ids.show('vm', voicemail_id)}", path)
    links = Links(store.vault, settings.public_url)
    kept = await store.run(
        lambda unit: actions.leave(
            unit, account_id, call_id, voicemail_id, at=unit.wall, file=file, duration_ms=2_000, links=links,
            speech=True, ai=ai,
        )
    )  # fmt: skip
    assert kept
    return ids.show("vm", voicemail_id)


async def _account(store: Store, call: str) -> int:
    async with store.reading() as connection:
        account_id: int = await connection.fetchval(
            "SELECT account_id FROM calls WHERE id = $1", ids.read("call", call)
        )
    return account_id


async def shown(api: Client, voicemail: str) -> Any:
    answer = await api.get(f"/v1/voicemails/{voicemail}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_words_and_language_come_without_an_addon(
    store: Store, settings: Settings, api: Client, number: Any, transcriber: SpeechWorker, ears: Ears, tmp_path: Any
) -> None:
    left = await leave(store, settings, api, number, tmp_path)
    assert (await shown(api, left))["transcript"] is None
    assert await events_of(api, left) == []
    await transcriber.once()
    assert (await shown(api, left))["transcript"] == PLAIN
    assert await events_of(api, left) == ["voicemail.created"]
    assert len(ears.heard[0]) >= 31_000


async def test_the_summary_addon_and_its_settings(
    store: Store, settings: Settings, api: Client, transcriber: SpeechWorker, ears: Ears, tmp_path: Any
) -> None:
    number = await activate(store, api, addons=["ai-summary"])
    left = await leave(store, settings, api, number, tmp_path)
    await transcriber.once()
    assert (await shown(api, left))["transcript"] == PLAIN | {
        "translation_en": f"{FRENCH} in en", "summary": "Marc asks for a callback.", "sentiment": "neutral",
    }  # fmt: skip

    path = f"/v1/numbers/{number['id']}/ai"
    for changes, more in (
        ({"include_sentiment": False}, {"translation_en": f"{FRENCH} in en", "summary": "Marc asks for a callback."}),
        ({"enabled": False}, {}),
    ):
        await api.patch(path, json={"voicemail_summary": changes})
        ears.words.append((FRENCH, "fr"))
        left = await leave(store, settings, api, number, tmp_path)
        await transcriber.once()
        assert (await shown(api, left))["transcript"] == PLAIN | more


async def test_an_engine_that_is_down_holds_nobody_up_for_long(
    store: Store, settings: Settings, api: Client, number: Any, transcriber: SpeechWorker, ears: Ears, tmp_path: Any,
    clock: ManualClock, drain: Drain,
) -> None:  # fmt: skip
    ears.deaf = True
    left = await leave(store, settings, api, number, tmp_path)
    await transcriber.once()
    assert await events_of(api, left) == []
    clock.advance(60)
    await transcriber.once()
    await drain()
    assert await events_of(api, left) == ["voicemail.created"], "after a minute, without a transcript"
    ears.deaf = False
    clock.advance(60)
    await transcriber.once()
    assert (await shown(api, left))["transcript"] == PLAIN, "and with one, once there is"
    assert await events_of(api, left) == ["voicemail.created"]


async def test_a_message_that_was_deleted_meanwhile_stays_deleted(
    store: Store, settings: Settings, api: Client, number: Any, transcriber: SpeechWorker, ears: Ears, tmp_path: Any
) -> None:
    left = await leave(store, settings, api, number, tmp_path)
    assert (await api.delete(f"/v1/voicemails/{left}")).status_code == 204
    assert await transcriber.once() == 1
    assert await transcriber.once() == 0
    assert (ears.heard, await events_of(api, left)) == ([], [])


async def test_what_an_agent_learned_is_shown_and_its_language_believed(
    store: Store, settings: Settings, api: Client, number: Any, transcriber: SpeechWorker, tmp_path: Any
) -> None:
    learned = VoicemailAi(
        addon="ai-pickup", name="Marc", reason=None, callback_number="0612345678", number_confirmed=True, turns=3,
        language="fr", ended_by="done",
    )  # fmt: skip
    left = await leave(store, settings, api, number, tmp_path, ai=learned)
    await transcriber.once()
    assert (await shown(api, left))["ai"] == {
        "addon": "ai-pickup", "name": "Marc", "reason": None, "callback_number": "0612345678",
        "number_confirmed": True, "turns": 3, "language": "fr", "ended_by": "done",
    }  # fmt: skip


async def test_the_language_of_an_agent_that_understood_nothing_is_not_believed(
    store: Store, settings: Settings, api: Client, number: Any, transcriber: SpeechWorker, ears: Ears, tmp_path: Any
) -> None:
    for name in ("Marc", None):
        learned = VoicemailAi(
            addon="ai-pickup", name=name, reason=None, callback_number=None, number_confirmed=False, turns=1,
            language="fr", ended_by="digit",
        )  # fmt: skip
        await leave(store, settings, api, number, tmp_path, ai=learned)
        await transcriber.once()
    understood, not_understood = ears.asked
    assert understood == ("fr",)
    assert {"fr", "en", "es", "de"} <= set(not_understood)


async def test_a_message_that_nobody_could_hear_is_heard_once_there_are_ears(
    store: Store, settings: Settings, api: Client, number: Any, transcriber: SpeechWorker, ears: Ears, tmp_path: Any
) -> None:
    ears.missing = True
    left = await leave(store, settings, api, number, tmp_path)
    await transcriber.once()
    assert (await shown(api, left))["transcript"] is None
    assert await events_of(api, left) == ["voicemail.created"], "nobody waits for an engine that is not there"
    assert await transcriber.take_up_once() == 0

    ears.missing = False
    ears.words = [(FRENCH, "fr")] * 500
    assert await transcriber.take_up_once() >= 1
    for _ in range(20):  # other tests left messages, too, and so many are taken up at once
        while await transcriber.once():
            pass
        if not await transcriber.take_up_once():
            break
    else:
        pytest.fail("they are taken up again and again")
    assert (await shown(api, left))["transcript"] == PLAIN
    assert await events_of(api, left) == ["voicemail.created"], "told of once"
