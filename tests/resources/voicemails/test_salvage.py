"""What callers said to a voice process that died, told of by the next one."""

import asyncio
from pathlib import Path
from typing import Any

from nokyc.resources.files.links import Links
from nokyc.settings import Settings
from nokyc.store.files import open_files
from nokyc.store.store import Store
from nokyc.workers.reports import Reports
from nokyc.workers.salvage import Salvage
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
