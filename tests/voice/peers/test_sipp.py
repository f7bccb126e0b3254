"""Signalling against SIPp: refusals, races, lost packets, holds, reliable provisionals, session timers, digest."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random

import pytest

from nokyc.torture.ports import free_port
from nokyc_voice.platform import Device
from nokyc_voice.sip.digest import Authenticator, compute_ha1
from nokyc_voice.sip.endpoint import (
    Address,
    Attempt,
    Credentials,
    Final,
    Invitation,
    Listener,
    Outgoing,
    Session,
    Target,
)
from nokyc_voice.sip.registrar import Registrar
from nokyc_voice.sip.trunk import Registration
from voice.peers.agent import SDP, Agent, running, until
from voice.peers.scenarios import sipp

pytestmark = pytest.mark.skipif(shutil.which("sipp") is None, reason="Debian's sip-tester is not installed")

Decide = Callable[[Invitation], Awaitable[None]]


class Answering:
    """Answers at once; `then` goes on with the session."""

    def __init__(self, *, early: int | None = 180, then: Callable[[Session], None] | None = None) -> None:
        self.early = early
        self.then = then
        self.sessions: list[Session] = []
        self.digits: list[bytes] = []

    async def __call__(self, invitation: Invitation) -> None:
        invitation.on_offer = lambda offer: SDP + b"a=recvonly\r\n"
        if self.early is not None:
            invitation.progress(self.early, SDP if self.early == 183 else None)
        session = await invitation.answer(SDP)
        session.on_info = lambda kind, body: self.digits.append(body)
        self.sessions.append(session)
        if self.then is not None:
            self.then(session)


def refusing(status: int) -> Decide:
    async def refuse(invitation: Invitation) -> None:
        invitation.refuse(status, cause=21)

    return refuse


async def ringing(invitation: Invitation) -> None:
    invitation.progress(180)
    await invitation.cancelled.wait()
    assert invitation.cause == 16


def only_md5(agent: Agent) -> Authenticator:
    """SIPp fails at a first challenge that it does not know."""
    return Authenticator("nokyc", b"k" * 32, timers=agent.timers, random=Random(1), algorithms=["MD5"])


def challenging(agent: Agent) -> Decide:
    authenticator = only_md5(agent)
    ha1 = {name: compute_ha1(name, "alice", "nokyc", "secret") for name in ("MD5", "SHA-256")}

    async def challenge(invitation: Invitation) -> None:
        if authenticator.verify(invitation.request, ha1, proxy=True) != "ok":
            invitation.challenge(authenticator.challenges(proxy=True))
        else:
            await Answering()(invitation)

    return challenge


@pytest.mark.parametrize("status", [302, 403, 404, 480, 486, 488, 500, 503, 603])
async def test_we_refuse(tmp_path: Path, status: int) -> None:
    async with running() as agent:
        agent.on_invite = refusing(status)
        await sipp(tmp_path, "uac_refused", remote=agent.port, status=status)


@pytest.mark.parametrize(
    "scenario",
    [
        "uac_answered", "uac_hold", "uac_update", "uac_late_offer", "uac_session_timer", "uac_session_too_short",
        "uac_options", "uac_info", "uac_no_ack", "uac_extension",
    ],
)  # fmt: skip
async def test_sipp_calls(tmp_path: Path, scenario: str) -> None:
    async with running() as agent:
        answers = agent.on_invite = Answering()
        await sipp(tmp_path, scenario, remote=agent.port)
        for session in answers.sessions:
            assert (await session.ended()).by == "far"
        assert answers.digits == ([b"Signal=5\r\nDuration=160\r\n"] if scenario == "uac_info" else [])
        assert agent.endpoint.load["dialogs"] == 0


async def test_sipp_gives_up(tmp_path: Path) -> None:
    async with running() as agent:
        agent.on_invite = ringing
        await sipp(tmp_path, "uac_cancels", remote=agent.port)
        assert agent.endpoint.load["dialogs"] == 0


async def test_early_media_to_sipp_is_reliable(tmp_path: Path) -> None:
    async with running() as agent:
        agent.on_invite = Answering(early=183)
        await sipp(tmp_path, "uac_prack", remote=agent.port)


@pytest.mark.parametrize("scenario", ["uac_hung_up", "uac_bye_glare"])
async def test_we_hang_up_on_sipp(tmp_path: Path, scenario: str) -> None:
    async with running() as agent:
        agent.on_invite = Answering(then=lambda session: session.bye(16))
        await sipp(tmp_path, scenario, remote=agent.port)


async def test_sipp_proves_itself(tmp_path: Path) -> None:
    async with running() as agent:
        agent.on_invite = challenging(agent)
        await sipp(tmp_path, "uac_challenged", "-auth_uri", f"service@127.0.0.1:{agent.port}", remote=agent.port)


async def test_sipp_registers(tmp_path: Path) -> None:
    async with running() as agent:
        authenticator = only_md5(agent)
        device = Device(1, 1, "alice", {"MD5": compute_ha1("MD5", "alice", "nokyc", "secret")})
        told: list[bool] = []

        async def find(username: str) -> Device | None:
            return device if username == "alice" else None

        registrar = Registrar(authenticator, find, agent.timers, lambda binding, is_there: told.append(is_there))
        agent.on_register = registrar.handle
        await sipp(tmp_path, "uac_registers", "-auth_uri", f"service@127.0.0.1:{agent.port}", remote=agent.port)
        assert told == [True, False]


@pytest.mark.parametrize("transport", ["u1", "t1"])
async def test_many_calls_of_sipp(tmp_path: Path, transport: str) -> None:
    async with running(Listener("tcp" if transport == "t1" else "udp", "127.0.0.1")) as agent:
        agent.on_invite = Answering()
        await sipp(tmp_path, "uac_answered", "-t", transport, "-m", "100", "-r", "50", remote=agent.port)
        await until(lambda: agent.endpoint.load["dialogs"] == 0)


async def test_sipp_loses_packets(tmp_path: Path) -> None:
    async with running() as agent:
        agent.on_invite = Answering()
        await sipp(tmp_path, "uac_answered", "-lost", "10", "-m", "20", "-r", "20", remote=agent.port)


# --- we call


def call(agent: Agent, port: int, offer: bytes | None = SDP, *, transport: str = "udp") -> Attempt:
    uri = f"sip:+33612345678@127.0.0.1:{port}"
    message = Outgoing(Address("sip:+33700000000@127.0.0.1"), Address(uri))
    target = Target(uri, transport, credentials=Credentials("alice", "secret"))  # type: ignore[arg-type]
    return agent.endpoint.invite(target, message, offer)


async def final_of(attempt: Attempt) -> Final:
    steps = [step async for step in attempt.progress()]
    assert isinstance(steps[-1], Final)
    return steps[-1]


@pytest.mark.parametrize("status", [302, 403, 404, 480, 486, 500, 503, 603])
async def test_sipp_refuses(tmp_path: Path, status: int) -> None:
    port = free_port()
    async with running() as agent, asyncio.TaskGroup() as group:
        group.create_task(sipp(tmp_path, "uas_refuses", port=port, status=status))
        final = await final_of(call(agent, port))
        assert (final.status, final.cause, final.session) == (status, 17, None)


@pytest.mark.parametrize(
    "scenario",
    [
        "uas_answers", "uas_early_media", "uas_late_offer", "uas_prack", "uas_challenges_401", "uas_challenges_407",
        "uas_repeats_200", "uas_interval",
    ],
)  # fmt: skip
async def test_we_call_and_hang_up(tmp_path: Path, scenario: str) -> None:
    port = free_port()
    async with running() as agent, asyncio.TaskGroup() as group:
        group.create_task(sipp(tmp_path, scenario, port=port))
        attempt = call(agent, port, None if scenario == "uas_late_offer" else SDP)
        attempt.on_offer = lambda offer: SDP
        final = await final_of(attempt)
        assert final.session is not None
        assert b"m=audio" in (final.session.remote_body or b"")
        if scenario == "uas_repeats_200":
            await asyncio.sleep(0.5)
        final.session.bye(16)


@pytest.mark.parametrize("scenario", ["uas_cancelled", "uas_cancel_crosses"])
async def test_we_give_up(tmp_path: Path, scenario: str) -> None:
    port = free_port()
    async with running() as agent, asyncio.TaskGroup() as group:
        group.create_task(sipp(tmp_path, scenario, port=port))
        attempt = call(agent, port)
        async for step in attempt.progress():
            if step.status == 180:
                attempt.cancel(16)
        assert (step.status, agent.endpoint.load["dialogs"]) == (487, 1 if scenario == "uas_cancel_crosses" else 0)


@pytest.mark.parametrize(("scenario", "cause"), [("uas_holds", None), ("uas_hangs_up", 31)])
async def test_sipp_hangs_up(tmp_path: Path, scenario: str, cause: int | None) -> None:
    port = free_port()
    async with running() as agent, asyncio.TaskGroup() as group:
        group.create_task(sipp(tmp_path, scenario, port=port))
        final = await final_of(call(agent, port))
        assert final.session is not None
        final.session.on_offer = lambda offer: SDP if offer and b"sendonly" in offer else None
        ending = await final.session.ended()
        assert (ending.by, ending.cause) == ("far", cause)


async def test_we_register_at_sipp(tmp_path: Path) -> None:
    port = free_port()
    async with running() as agent, asyncio.TaskGroup() as group:
        group.create_task(sipp(tmp_path, "uas_registrar", port=port, status="MD5"))
        target = Target(f"sip:127.0.0.1:{port}", credentials=Credentials("alice", "secret"))
        registration = Registration(agent.endpoint, target, "alice", timers=agent.timers, random=Random(1))
        task = group.create_task(registration.run())
        await until(lambda: registration.is_up)
        assert registration.state == "registered for 1800 s"
        task.cancel()
