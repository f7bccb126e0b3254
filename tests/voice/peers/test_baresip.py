"""Signalling against baresip, as a softphone: it registers, is called, calls, and hangs up or is hung up on."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest

from nokyc_voice.platform import Device, Transport
from nokyc_voice.sip.digest import Authenticator, compute_ha1
from nokyc_voice.sip.endpoint import Address, Final, Invitation, Listener, Outgoing, ServerTls, Session, Target
from nokyc_voice.sip.registrar import Binding, Registrar
from voice.peers.agent import SDP, Agent, running, until

pytestmark = pytest.mark.skipif(shutil.which("baresip") is None, reason="Debian's baresip-core is not installed")

CONFIG = """
sip_listen 127.0.0.1:0
audio_player aubridge,nil
audio_source aubridge,nil
module_path /usr/lib/baresip/modules
module g711.so
module aubridge.so
module_tmp account.so
module_app menu.so
"""
HA1 = {"MD5": compute_ha1("MD5", "alice", "nokyc", "secret")}


@asynccontextmanager
async def baresip(folder: Path, agent: Agent, *commands: str, transport: str = "udp") -> AsyncIterator[None]:
    """One softphone with one account, which takes every call at once."""
    (folder / "config").write_text(CONFIG)
    (folder / "accounts").write_text(
        f"<sip:alice@127.0.0.1:{agent.port};transport={transport}>;auth_user=alice;auth_pass=secret;regint=60;"
        "answermode=auto;audio_codecs=pcma;\n"
    )
    options = [word for command in commands for word in ("-e", command)]
    process = await asyncio.create_subprocess_exec(
        "baresip", "-f", folder, *options, stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


class House:
    """A registrar in front of the agent."""

    def __init__(self, agent: Agent) -> None:
        authenticator = Authenticator("nokyc", b"k" * 32, timers=agent.timers, random=Random(5), algorithms=["MD5"])
        self.registrar = Registrar(authenticator, self.find, agent.timers, lambda binding, is_there: None)
        agent.on_register = self.registrar.handle

    async def find(self, username: str) -> Device | None:
        return Device(1, 1, "alice", HA1) if username == "alice" else None

    async def binding(self) -> Binding:
        await until(lambda: self.registrar.count > 0)
        return self.registrar.bindings(1)[0]


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
async def test_it_registers_and_is_called(tmp_path: Path, transport: Transport, tls: ServerTls) -> None:
    async with running(Listener(transport, "127.0.0.1", tls=tls if transport == "tls" else None)) as agent:
        house = House(agent)
        async with baresip(tmp_path, agent, transport=transport):
            binding = await house.binding()
            target = Target(binding.contact, binding.connection.transport, next_hop=binding.connection)
            message = Outgoing(Address("sip:+33612345678@127.0.0.1"), Address(binding.contact))
            attempt = agent.endpoint.invite(target, message, SDP)
            final = [step async for step in attempt.progress()][-1]
            assert isinstance(final, Final)
            assert final.session is not None
            assert b"PCMA" in (final.session.remote_body or b"")
            held = await final.session.reinvite(SDP.replace(b"1 1 IN", b"1 2 IN") + b"a=sendonly\r\n")
            assert held is not None
            final.session.bye(16)
        await until(lambda: house.registrar.count == 0)


async def test_it_calls_and_hangs_up_when_it_ends(tmp_path: Path) -> None:
    sessions: list[Session] = []

    async def answer(invitation: Invitation) -> None:
        invitation.progress(180)
        sessions.append(await invitation.answer(SDP))

    async with running() as agent:
        agent.on_invite = answer
        House(agent)
        async with baresip(tmp_path, agent, f"/dial sip:+33612345678@127.0.0.1:{agent.port}"):
            await until(lambda: bool(sessions))
        ending = await asyncio.wait_for(sessions[0].ended(), 20)
        assert ending.by == "far"


async def test_it_calls_and_is_refused(tmp_path: Path) -> None:
    came: list[str] = []

    async def refuse(invitation: Invitation) -> None:
        came.append(invitation.request.uri)
        invitation.refuse(404, cause=1)

    async with running() as agent:
        agent.on_invite = refuse
        House(agent)
        async with baresip(tmp_path, agent, f"/dial sip:+33612345678@127.0.0.1:{agent.port}"):
            await until(lambda: bool(came))
        assert agent.endpoint.load["dialogs"] == 0
