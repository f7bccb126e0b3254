"""`nokyc ledger verify` sees what somebody does to calls by hand; reports outlast a store that is away."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nokyc.kit import audio, ids
from nokyc.kit.clock import ManualClock
from nokyc.resources.files.links import Links
from nokyc.settings import Settings
from nokyc.store import audit
from nokyc.store.files import Files, FilesAwayError, open_files
from nokyc.store.store import LOST, Store
from nokyc.workers.reports import Reports
from nokyc_voice.platform import Incoming, MessageLeft, Recorded, Take
from resources.calls.desk import key, later, place
from resources.calls.engine import TRUNK, Exchange
from support import Client, Customer, Drain

TAMPERINGS = {
    "UPDATE calls SET cost_micro = cost_micro + 1 WHERE id = $1": "was not charged what it shows",
    "UPDATE calls SET held_micro = held_micro + 1 WHERE id = $1": "was not held for what it says",
    "UPDATE calls SET ended_at = NULL WHERE id = $1": "is not over, and its hold is gone",
    "UPDATE calls SET answered_at = NULL WHERE id = $1": "was not answered, and cost something",
    "DELETE FROM calls WHERE id = $1": "does not exist, but the ledger has entries for it",
    "DELETE FROM ledger_entries WHERE subject_id = $1 AND move = 'void'": "is over, and its hold is not",
    "DELETE FROM ledger_entries WHERE subject_id = $1 AND move = 'post'": "was not charged what it shows",
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
async def test_tampering_is_found(
    store: Store, api: Client, number: Any, customer: Customer, drain: Drain, tampering: str
) -> None:
    call = await place(api, number)
    await later(api, drain, 20)
    await place(api, number)  # still under way, which is right
    async with store.reading() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(tampering, key(call))
        found = (await audit.examine(connection)).problems
        await transaction.rollback()
    mine = [one for one in found if call["id"] in one]
    assert len(mine) == 1
    assert mine[0].endswith(TAMPERINGS[tampering])
    assert mine[0].startswith(ids.show("acct", customer.test_id))


async def test_the_ledger_refuses_a_second_charge(store: Store, api: Client, number: Any, drain: Drain) -> None:
    call = await place(api, number)
    await later(api, drain, 20)
    for move in ("post", "void"):
        async with store.reading() as connection:
            with pytest.raises(Exception, match="ledger_call_once"):
                await connection.execute(
                    "INSERT INTO ledger_entries"
                    " SELECT account_id, id + 1000003, move, category, amount_micro, subject_id, created_at"
                    " FROM ledger_entries WHERE subject_id = $1 AND move = $2",
                    key(call),
                    move,
                )


class Away:
    """A store of files that cannot be reached at first."""

    def __init__(self, files: Files, refusals: int) -> None:
        self._files = files
        self.refusals = refusals

    async def put(self, key: str, source: Path) -> None:
        if self.refusals:
            self.refusals -= 1
            raise FilesAwayError("not now")
        await self._files.put(key, source)

    async def size(self, key: str) -> int | None:
        return await self._files.size(key)

    def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        return self._files.read(key, start, end)

    async def delete(self, key: str) -> None:
        await self._files.delete(key)


@pytest.mark.parametrize("committed", [False, True])
async def test_a_message_that_is_tried_often_is_one_file(
    store: Store, settings: Settings, live_api: Client, live_number: Any, exchange: Exchange, clock: ManualClock,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, committed: bool,
) -> None:  # fmt: skip
    """The database goes away before it has the message, or before it could say so."""
    taken = await exchange.board.incoming(Incoming(TRUNK, live_number["number"], None))
    assert isinstance(taken, Take)
    files = open_files(replace(settings, data_dir=tmp_path))
    reports = Reports(store, files, Links(store.vault, settings.public_url), speech=False)
    path, run = tmp_path / "message.wav", store.run
    path.write_bytes(audio.write_wav(audio.tone(2)))

    async def away(work: Any) -> None:
        monkeypatch.undo()
        if committed:
            await run(work)
        raise LOST[0]

    monkeypatch.setattr(store, "run", away)
    number_id = ids.read("num", live_number["id"]) or 0
    await reports.record(MessageLeft(taken.call_id, number_id, clock.now(), path, 2_000))
    reports.close()
    (left,) = (await live_api.get("/v1/voicemails")).json()["data"]
    (file,) = [each.stem for each in (tmp_path / "files" / "vm").rglob("*") if each.is_file()]
    assert left["id"] == file


async def test_a_report_is_tried_until_the_store_is_back(
    store: Store, settings: Settings, live_api: Client, live_number: Any, exchange: Exchange, clock: ManualClock,
    tmp_path: Path,
) -> None:  # fmt: skip
    plan = await exchange.take(await place(live_api, live_number, recording_enabled=True))
    await exchange.answered(plan.call_id)
    clock.advance(1)
    await exchange.ended(plan.call_id)
    files = Away(open_files(settings), refusals=2)
    reports = Reports(store, files, Links(store.vault, settings.public_url), speech=False)
    path = tmp_path / "call.wav"
    path.write_bytes(audio.write_wav(audio.tone(1)))
    await reports.record(Recorded(plan.call_id, clock.now(), path, 1_000))
    assert files.refusals == 0
    shown = (await live_api.get("/v1/calls")).json()["data"][0]
    assert shown["recording_url"] is not None
