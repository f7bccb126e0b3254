"""A voice process dies with calls in progress, and another one ends in good order."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from nokyc.kit import ids
from nokyc.store import audit
from nokyc.voice import SPOOL
from nokyc_voice.sip.endpoint import Invitation, Session
from support import events_of
from voice.peers.agent import SDP, Agent, running
from voice.processes import Company, open_company

FAR, OTHER = "+33612345678", "+33612345679"


@pytest.fixture(scope="module")
async def company() -> AsyncIterator[Company]:
    async with open_company() as made:
        yield made
        async with made.store.reading() as connection:
            found = await audit.verify(connection)
        assert found.problems == []


class Carrier:
    """The trunk's other side: it answers every call."""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent
        self.sessions: list[Session] = []
        agent.on_invite = self._answer

    async def _answer(self, invitation: Invitation) -> None:
        session = await invitation.answer(SDP)
        self.sessions.append(session)
        await session.ended()


@pytest.fixture
async def carrier() -> AsyncIterator[Carrier]:
    async with running() as agent:
        yield Carrier(agent)


async def test_calls_of_a_killed_process_end_and_those_of_others_go_on(company: Company, carrier: Carrier) -> None:
    await company.connect(carrier.agent.port)
    unknown = company.folder / SPOOL / "dead" / "call_000000000000.recording.wav"
    async with company.voice() as dying:
        async with company.voice() as living:
            lost, going = await share(company, dying.name)
            unknown.parent.mkdir()
            unknown.write_bytes(b"RIFF")
            await asyncio.sleep(3)  # long enough for a block of the recordings to reach the disk
            killed_at = datetime.now().astimezone()
            await dying.end(lambda process: process.kill())
            await company.until(lambda: all_are(company, lost, "failed"))
            assert await all_are(company, going, "in_progress")
            assert not any(session.is_over for session in carrier.sessions)
            for call in lost:
                await check_lost(company, call, killed_at)
            async with company.voice():
                await company.until(lambda: are_recorded(company, lost))
            assert not unknown.parent.exists()
            await living.end(lambda process: process.terminate())
        ended = [session for session in carrier.sessions if session.is_over]
        assert [(await session.ended()).cause for session in ended] == [41] * 2 * len(going)
    for call in going:
        now = await company.shown(call)
        assert (now["status"], now["end_reason"]) == ("failed", "shutdown")
    await company.until(lambda: are_recorded(company, going))
    for call in [*lost, *going]:
        events = [each for each in await events_of(company.api, call["id"]) if each != "call.quality_alert"]
        # Not in order: the worker that told of some of them is ahead in time.
        assert sorted(events) == ["call.answered", "call.completed", "call.initiated", "call.recorded"]
    assert list((company.folder / SPOOL).iterdir()) == []


async def share(company: Company, name: str) -> tuple[list[Any], list[Any]]:
    """Calls in progress: those of one process, and those of the other; each has two at least."""
    ours: list[Any] = []
    others: list[Any] = []
    while min(len(ours), len(others)) < 2:
        call = await place(company)
        await company.until(lambda call=call: all_are(company, [call], "in_progress"))  # type: ignore[misc]
        async with company.store.reading() as connection:
            worker = await connection.fetchval("SELECT worker FROM calls WHERE id = $1", ids.read("call", call["id"]))
        (ours if worker == name else others).append(call)
    return ours, others


async def place(company: Company) -> Any:
    body = {
        "from": company.number["id"], "to": FAR, "recording_enabled": True, "connect": {"type": "number", "to": OTHER},
    }  # fmt: skip
    answer = await company.api.post("/v1/calls", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def check_lost(company: Company, call: Any, killed_at: datetime) -> None:
    """It ended at its last sign of life, and cost what it lasted until then."""
    now = await company.shown(call)
    assert (now["status"], now["end_reason"]) == ("failed", "worker_lost")
    assert datetime.fromisoformat(now["ended_at"]) <= killed_at + timedelta(seconds=1)
    assert now["cost_usd"] == pytest.approx(now["duration_sec"] * 0.12 / 60, abs=1e-6)


async def all_are(company: Company, calls: list[Any], status: str) -> bool:
    return all([(await company.shown(call))["status"] == status for call in calls])


async def are_recorded(company: Company, calls: list[Any]) -> bool:
    return all([(await company.shown(call))["recording_url"] is not None for call in calls])
