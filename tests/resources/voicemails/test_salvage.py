"""Messages in bad times: the voice process died, or the database was away."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from nokyc.kit import ids
from nokyc.resources.files.links import Links
from nokyc.settings import Settings
from nokyc.store.files import open_files
from nokyc.store.store import Store, Unit
from nokyc.workers.reports import Reports
from nokyc.workers.salvage import Salvage
from nokyc_voice.platform import MessageLeft
from resources.calls.desk import later, ring_in
from support import Client, Drain
from voice.audio import tone, write_wav


async def test_what_an_agent_was_told_is_a_message_and_comes_before_what_was_said_after_it(
    store: Store, settings: Settings, api: Client, number: Any, drain: Drain, tmp_path: Path
) -> None:
    folder = tmp_path / "dead"
    folder.mkdir()
    calls = []
    for kinds in (["agent"], ["agent", "voicemail"]):
        call = (await ring_in(api, number, voicemail=False))["id"]
        await later(api, drain, 60)
        for kind in kinds:
            write_wav(folder / f"{call}.{kind}.wav", tone(300, 2))
        calls.append(call)
    reports = Reports(store, open_files(settings), Links(store.vault, settings.public_url), speech=False)

    async with asyncio.timeout(20):
        assert await Salvage(store, reports, tmp_path).run() == 2

    found = (await api.get(f"/v1/voicemails?number={number['id']}")).json()["data"]
    assert {each["call_id"]: each["duration_sec"] for each in found} == {calls[0]: 2, calls[1]: 4}
    assert not folder.exists()
    reports.close()


class Restless:
    """A store that is away at first, and then loses an answer."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.tries = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def run(self, work: Callable[[Unit], Awaitable[Any]]) -> Any:
        self.tries += 1
        if self.tries == 1:
            raise ConnectionResetError
        kept = await self._store.run(work)
        if self.tries == 2:
            raise ConnectionResetError
        return kept


async def test_a_message_that_is_written_down_in_several_tries_has_one_file(
    store: Store, settings: Settings, api: Client, anonymous: Client, number: Any, drain: Drain, tmp_path: Path
) -> None:
    call = (await ring_in(api, number, voicemail=False))["id"]
    await later(api, drain, 60)
    write_wav(tmp_path / "message.wav", tone(300, 2))
    folder = settings.data_dir / "files" / "vm"
    before = set(folder.iterdir()) if folder.exists() else set()
    restless = Restless(store)
    links = Links(store.vault, settings.public_url)
    reports = Reports(cast(Store, restless), open_files(settings), links, speech=False)
    call_id = ids.read("call", call)
    assert call_id is not None
    await reports.record(
        MessageLeft(call_id, ids.read("num", number["id"]) or 0, datetime.now(UTC), tmp_path / "message.wav", 2_000)
    )
    reports.close()

    assert restless.tries == 3
    (left,) = (await api.get(f"/v1/voicemails?number={number['id']}")).json()["data"]
    assert {path.stem for path in set(folder.iterdir()) - before} == {left["id"]}
    assert (await anonymous.get(left["audio_url"].removeprefix(settings.public_url))).status_code == 200
