"""Two voice workers behind the edge that `deploy/` describes: Kamailio before them, rtpengine between."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

from nokyc.torture.ports import free_port
from nokyc_voice.platform import Announce, Answered, Ended, Recorded, Say
from voice.audio import heard_ms, read_wav
from voice.peers.agent import until
from voice.peers.edge import Edge, edge
from voice.peers.robot import Robot, lacking, robot
from voice.peers.scenarios import absent
from voice.plans import CALLER_HZ, OWN, place, take, to
from voice.rig import PROMPT_HZ, Rig, rig

TALK = Say("word " * 40, "neutral_en")
SOON_SEC = 10.0

pytestmark = [absent("kamailio", "rtpengine"), lacking("baresip")]


async def call(border: Edge, phone: Robot, *desks: Rig, call_id: int) -> Rig:
    """The carrier calls a number of ours and hangs up; the worker that had the call."""
    for desk in desks:
        desk.platform.on_incoming = take(TALK, call_id=call_id, recording=True)
    phone.order("dial", uri=f"sip:{OWN}@127.0.0.1:{border.port}")
    await phone.event("established", SOON_SEC)
    await asyncio.sleep(0.6)
    having = [desk for desk in desks if any(plan_of(report) == call_id for report in desk.platform.reports)]
    phone.order("hang_up")
    await phone.event("closed")
    (desk,) = having
    assert (await desk.platform.ended(call_id)).reason == "caller_hangup"
    return desk


def plan_of(report: object) -> int | None:
    return report.call_id if isinstance(report, Answered | Ended) else None


async def test_two_workers_behind_an_edge(tmp_path: Path) -> None:
    port = free_port()
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        folder.mkdir()
    async with AsyncExitStack() as stack:
        phone = await stack.enter_async_context(robot("baresip_phone", tmp_path / "phone", CALLER_HZ))
        first = await stack.enter_async_context(rig(folders[0]))
        doomed = AsyncExitStack()
        second = await doomed.enter_async_context(rig(folders[1]))
        stack.push_async_callback(doomed.aclose)
        for desk in (first, second):
            await desk.use_trunks(to(port, name="edge"))
        border = await stack.enter_async_context(
            edge(tmp_path, port, workers=[first.port(), second.port()], gateways=[phone.port])
        )

        # Calls in go to both, and their BYEs find the worker that has them.
        took = [await call(border, phone, first, second, call_id=number) for number in range(1, 5)]
        assert took.count(first) == took.count(second) == 2
        assert heard_ms(phone.heard(), 700) >= 300
        left, _ = read_wav((await took[3].platform.told(Recorded, 4)).path)
        assert heard_ms(left, CALLER_HZ) >= 400

        # Calls out reach the carrier.
        await first.engine.place(place(to(port, name="edge"), call_id=9, near=Announce("goodbye", "en")))
        ended = await first.platform.ended(9)
        await phone.event("established")
        await phone.event("closed")
        assert (ended.outcome, ended.reason) == ("completed", "script_done")
        assert heard_ms(phone.heard(), PROMPT_HZ) >= 600
        await until(lambda: border.streams == 5)

        # A worker is gone: the other one has all new calls.
        await doomed.aclose()
        took = [await call(border, phone, first, call_id=number) for number in range(11, 14)]
        assert took == [first] * 3
