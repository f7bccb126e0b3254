"""Endpoints and customers' voices as running processes take them up, and who may use a voice."""

import asyncio
from pathlib import Path
from typing import Any, cast

from nokyc.engines import ConfiguredEngines, endpoint_client
from nokyc.kit import ids
from nokyc.resources.speech import actions
from nokyc.speech import remote
from nokyc.speech.server import SpeechServer
from nokyc.store.store import Store
from speech.peer import KEY, serving
from speech.small import FRENCH, SECOND, LoudnessVad, small_engines, tone
from support import Client, activate, open_folder


async def test_running_processes_take_up_endpoints_and_voices(
    store: Store, live_api: Client, customer: Any, tmp_path: Path
) -> None:
    client = endpoint_client()
    configured = ConfiguredEngines(store, small_engines(), client)
    async with serving() as peer:
        peer.pcm = tone(200)
        with open_folder() as folder:
            server = SpeechServer(await configured.read(), folder / "speech.sock")
            there = remote.attach(folder / "speech.sock", LoudnessVad())
            assert (there.tts.voices(), there.can_chat) == (frozenset(), False)
            running = [asyncio.create_task(each) for each in (server.run(), configured.follow(server.use))]
            await _until(lambda: there.tts.voices() == {"neutral_en"})

            config = {"base_url": peer.url, "api_key": KEY, "stt_model": "e", "tts_model": "m", "chat_model": "c"}
            await store.run(lambda unit: actions.set_endpoint(unit, "rack", config))
            await _until(lambda: there.can_chat)
            heard = await there.stt.transcribe(SECOND)
            assert heard is not None
            assert heard.text == FRENCH

            voice_id = await store.run(lambda unit: actions.add_voice(unit, customer.live_id, "rack", "clone-7"))
            own = ids.show("voice", voice_id)
            await _until(lambda: own in there.tts.voices())
            assert b"".join([piece async for piece in there.tts.say("Hello there.", voice=own)])
            assert peer.asked[-1]["voice"] == "clone-7"
            await _only_its_owner_may_use(own, store, live_api)

            await store.run(lambda unit: actions.remove_endpoint(unit, "rack"))
            await _until(lambda: there.tts.voices() == {"neutral_en"} and not there.can_chat)
            await cast(remote.RemoteEngines, there.stt).close()
            for task in running:
                task.cancel()
            await asyncio.wait(running)
    await client.close()


async def _only_its_owner_may_use(own: str, store: Store, api: Client) -> None:
    number = await activate(store, api, addons=["ai-pickup"])
    path = f"/v1/numbers/{number['id']}/ai"
    assert (await api.patch(path, json={"auto_pickup": {"voice": own}})).json()["auto_pickup"]["voice"] == own
    answer = await api.patch(path, json={"auto_pickup": {"voice": "voice_5p3w8x4t9k2m"}})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "voice_invalid")
    greeting = {"text": "Hello", "voice": "voice_5p3w8x4t9k2m"}
    answer = await api.post(f"/v1/numbers/{number['id']}/voicemail_greeting", json=greeting)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "voice")


async def test_the_key_lies_sealed(store: Store) -> None:
    config = {"base_url": "https://example.com/v1", "api_key": "sk-very-secret"}
    await store.run(lambda unit: actions.set_endpoint(unit, "sealed", config))
    async with store.reading() as connection:
        sealed = await connection.fetchval("SELECT config FROM speech_endpoints WHERE name = 'sealed'")
    await store.run(lambda unit: actions.remove_endpoint(unit, "sealed"))
    assert b"very-secret" not in sealed


async def _until(true: Any) -> None:
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110  # nothing tells
            await asyncio.sleep(0.02)
