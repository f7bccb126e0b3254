"""Two voice processes behind the edge, with calls in progress on both; one of them is killed."""

from contextlib import AsyncExitStack
from pathlib import Path

from nokyc.torture.ports import free_port
from nokyc_voice.sip.address import Address
from nokyc_voice.sip.attempt import Final
from nokyc_voice.sip.ports import Outgoing, Target
from nokyc_voice.sip.session import Session
from voice.peers.agent import SDP, Agent, running
from voice.peers.edge import edge
from voice.peers.scenarios import absent
from voice.processes import Company, open_company
from voice.test_worker_death import FAR, Carrier, all_are, share

RINGS = 3

pytestmark = absent("kamailio", "rtpengine")


async def test_calls_of_the_other_process_go_on_and_new_ones_go_there(tmp_path: Path) -> None:
    port = free_port()
    async with open_company() as company, running() as agent, AsyncExitStack() as stack:
        carrier = Carrier(agent)
        await company.connect(port)
        dying, living = [await stack.enter_async_context(company.voice()) for _ in range(2)]
        async with edge(tmp_path, port, workers=[dying.port, living.port], gateways=[agent.port]):
            lost, going = await share(company, dying.name)
            answered = len(carrier.sessions)
            await dying.end(lambda process: process.kill())

            rung = [await ring(agent, port, company) for _ in range(RINGS)]
            assert await workers(company, "inbound") == [living.name] * RINGS
            assert await all_are(company, going, "in_progress")
            for session in [*carrier.sessions[:answered], *rung]:
                session.bye()
            await company.until(lambda: all_are(company, going, "completed"))
            await company.until(lambda: all_are(company, lost, "failed"))


async def ring(agent: Agent, port: int, company: Company) -> Session:
    """A call from the carrier, once somebody has taken it."""
    uri = f"sip:{company.number['number']}@127.0.0.1:{port}"
    me = Address(f"sip:{FAR}@127.0.0.1:{agent.port}")
    async for step in agent.endpoint.invite(Target(uri), Outgoing(me, Address(uri)), SDP).progress():
        if isinstance(step, Final):
            assert (step.status, step.session is not None) == (200, True)
            return step.session  # type: ignore[return-value]
    raise AssertionError("unreachable")


async def workers(company: Company, direction: str) -> list[str]:
    """Who has the calls of a direction."""
    async with company.store.reading() as connection:
        rows = await connection.fetch("SELECT worker FROM calls WHERE direction = $1", direction)
    return [row["worker"] for row in rows]
