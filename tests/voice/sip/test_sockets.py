"""Real sockets on loopback: UDP, TCP, TLS and WebSocket; connections kept, reused, refused and lost."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Subprotocol

from nokyc.torture.ports import free_port
from nokyc_voice.platform import Transport
from nokyc_voice.sip.endpoint import (
    Address,
    Connection,
    Final,
    Invitation,
    Listener,
    Outgoing,
    Response,
    ServerTls,
    Session,
    Target,
    TlsVerify,
)
from nokyc_voice.sip.message import parse
from nokyc_voice.sip.streams import MAX_UNSENT
from nokyc_voice.sip.transport import MAX_CONNECTIONS_PER_HOST
from voice.peers.agent import SDP, Agent, running, until
from voice.sip.test_server import request as text_of


def listener(transport: Transport, tls: ServerTls) -> Listener:
    return Listener(transport, "127.0.0.1", tls=tls if transport == "tls" else None)


@pytest.fixture(params=["udp", "tcp", "tls"])
async def pair(request: pytest.FixtureRequest, tls: ServerTls) -> AsyncIterator[tuple[Agent, Agent]]:
    async with running(listener(request.param, tls)) as one, running(listener(request.param, tls)) as other:
        yield one, other


def target_of(agent: Agent, tls: ServerTls, **more: object) -> Target:
    to = agent.endpoint.listening[0]
    verify = TlsVerify(ca_file=tls.certificate)
    return Target(f"sip:b@127.0.0.1:{to.port}", to.transport, tls=verify, **more)  # type: ignore[arg-type]


def message_to(target: Target) -> Outgoing:
    return Outgoing(Address("sip:a@127.0.0.1"), Address(target.uri))


async def ask(one: Agent, target: Target) -> Response:
    async with asyncio.timeout(20):
        return await one.endpoint.request(target, "OPTIONS", message_to(target))


async def test_a_call_over_each_transport(pair: tuple[Agent, Agent], tls: ServerTls) -> None:
    one, other = pair
    sessions: list[Session] = []

    async def answer(invitation: Invitation) -> None:
        invitation.progress(183, SDP)
        sessions.append(await invitation.answer(SDP))

    other.on_invite = answer
    target = target_of(other, tls)
    async with asyncio.timeout(20):
        attempt = one.endpoint.invite(target, message_to(target), SDP)
        final = [step async for step in attempt.progress()][-1]
        assert isinstance(final, Final)
        assert final.session is not None
        await until(lambda: bool(sessions))
        sessions[0].on_offer = lambda offer: SDP
        assert await final.session.reinvite(b"v=0\r\nhold") == SDP
        sessions[0].bye(16)
        assert (await final.session.ended()).cause == 16


async def test_connections_are_reused(tls: ServerTls) -> None:
    async with running(Listener("tcp", "127.0.0.1")) as one, running(Listener("tcp", "127.0.0.1")) as other:
        target = target_of(other, tls)
        assert [(await ask(one, target)).status for _ in range(3)] == [200] * 3
        network = other.endpoint._network
        assert len(network._connections) == 1  # type: ignore[attr-defined]


async def test_no_way_there_is_a_503(tls: ServerTls) -> None:
    async with running(listener("tls", tls)) as other:
        target = target_of(other, tls)
        async with running(Listener("tcp", "127.0.0.1"), Listener("udp", "127.0.0.1")) as one:
            untrusted = Target(target.uri, "tls")
            assert (await ask(one, untrusted)).status == 503, "nobody vouches for its certificate"
            assert (await ask(one, Target(target.uri, "tls", tls=TlsVerify(verify=False)))).status == 200
            assert (await ask(one, Target("sip:127.0.0.1:9", "tcp"))).status == 503, "nobody listens there"
            assert (await ask(one, Target("sip:nowhere.invalid", "tcp"))).status == 503, "the name does not resolve"
            assert (await ask(one, Target("sip:[::1]", "udp"))).status == 503, "no listener of that family"
            assert (await ask(one, Target("sip:127.0.0.1", "ws"))).status == 503, "browsers come to us"


async def test_a_lost_connection_fails_what_waits(tls: ServerTls) -> None:
    connections: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda reader, writer: connections.append(writer), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    closed: list[Connection] = []
    async with running(Listener("tcp", "127.0.0.1")) as one:
        one.endpoint.on_closed(closed.append)
        task = asyncio.ensure_future(ask(one, Target(f"sip:127.0.0.1:{port}", "tcp")))
        await until(lambda: bool(connections))
        connections[0].close()
        assert (await task).status == 503
        assert len(closed) == 1
    server.close()
    await server.wait_closed()


class Device:
    """It calls over a connection of its own, and says that it is at home somewhere else: where nobody may be sent."""

    def __init__(self) -> None:
        self.visits = 0

    async def open(self, house: Agent) -> None:
        self._elsewhere = await asyncio.start_server(self._visited, "127.0.0.1", 0)
        port = self._elsewhere.sockets[0].getsockname()[1]
        self.contact = f"Contact: <sip:x@127.0.0.1:{port};transport=tcp>"
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", house.port)

    def say(self, text: str) -> None:
        self.writer.write(text.replace("\n", "\r\n").encode())

    async def close(self) -> None:
        self._elsewhere.close()
        await self._elsewhere.wait_closed()

    def _visited(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.visits += 1
        writer.close()


@pytest.mark.parametrize("calls", [True, False], ids=["it calls", "it is called"])
async def test_a_device_that_hangs_up_its_connection_leads_nowhere(calls: bool) -> None:
    """Who is no carrier cannot have us connect to a place of their choice by a Contact."""
    device, sessions, closed, flows = Device(), list[Session](), list[Connection](), list[Connection]()
    async with running(Listener("tcp", "127.0.0.1")) as house:
        await device.open(house)
        house.endpoint.on_closed(closed.append)

        async def answer(invitation: Invitation) -> None:
            flows.append(invitation.connection)
            if calls:
                invitation.pin()
                sessions.append(await invitation.answer(SDP))
            else:
                invitation.refuse(480)

        house.on_invite = answer
        device.say(text_of("INVITE", device.contact).replace("UDP", "TCP"))
        await until(lambda: bool(flows))
        if not calls:
            target = Target("sip:x@127.0.0.1", "tcp", flows[0])
            attempt = house.endpoint.invite(target, message_to(target), SDP)
            asked = await heard(device.reader, "INVITE sip:x@127.0.0.1")
            device.say(answer_to(asked, device.contact))
            final = [step async for step in attempt.progress()][-1]
            assert isinstance(final, Final)
            assert final.session is not None
            sessions.append(final.session)
        else:
            said = await heard(device.reader, "SIP/2.0 200")
            tag = said.partition("To: <sip:b@192.0.2.2>")[2].partition("\r\n")[0]
            device.say(text_of("ACK", branch="ack", to=tag).replace("strangerack", "stranger1").replace("UDP", "TCP"))
            await until(lambda: bool(sessions))
        device.writer.close()
        await until(lambda: bool(closed))
        sessions[0].bye(16)
        await until(lambda: house.endpoint.load["dialogs"] == 0)
        assert device.visits == 0
    await device.close()


async def heard(reader: asyncio.StreamReader, first_line: str) -> str:
    """The head of the first message that begins so."""
    async with asyncio.timeout(20):
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            if length := head.lower().partition("content-length: ")[2].partition("\r\n")[0]:
                await reader.readexactly(int(length))
            if head.startswith(first_line):
                return head


def answer_to(asked: str, *lines: str) -> str:
    """A 200 with SDP."""
    kept = [line for line in asked.split("\r\n") if line.startswith(("Via", "From", "Call-ID", "CSeq"))]
    to = next(line for line in asked.split("\r\n") if line.startswith("To:"))
    head = ["SIP/2.0 200 OK", *kept, f"{to};tag=device", *lines, "Content-Type: application/sdp"]
    body = SDP.decode().replace("\r\n", "\n")
    return "\n".join([*head, f"Content-Length: {len(SDP)}", "", body])


async def test_large_requests_go_over_tcp(tls: ServerTls) -> None:
    port = free_port()
    udp, tcp = Listener("udp", "127.0.0.1"), Listener("tcp", "127.0.0.1")
    async with (
        running(Listener("udp", "127.0.0.1", port), tcp) as one,
        running(udp, Listener("tcp", "127.0.0.1", port)) as other,
    ):
        came: list[str] = []
        other.admits = lambda source, request: came.append(source.transport) or True  # type: ignore[assignment, func-returns-value]
        padding = [("X-Padding", "x" * 1300)]
        uri = f"sip:b@127.0.0.1:{port}"
        for allow, where in ((True, port), (False, other.port)):
            target = Target(uri, "udp", next_hop=("127.0.0.1", where), allow_tcp=allow)
            outgoing = Outgoing(Address("sip:a@127.0.0.1"), Address(uri), padding)
            assert (await one.endpoint.request(target, "OPTIONS", outgoing)).status == 200
        assert came == ["tcp", "udp"]


async def test_keep_alives_and_rubbish_in_a_stream(tls: ServerTls) -> None:
    async with running(Listener("tcp", "127.0.0.1")) as one, asyncio.timeout(10):
        reader, writer = await asyncio.open_connection("127.0.0.1", one.port)
        writer.write(b"\r\n\r\n")
        assert await reader.readexactly(2) == b"\r\n"
        writer.write(text_of().replace("\n", "\r\n").encode())
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"SIP/2.0 200")
        writer.write(b"x" * 70_000)
        assert await reader.read() == b""
        writer.close()


async def test_who_does_not_read_is_cut_off() -> None:
    async with running(Listener("tcp", "127.0.0.1")) as one, asyncio.timeout(20):
        _, writer = await asyncio.open_connection("127.0.0.1", one.port, limit=1)
        network = one.endpoint._network
        await until(lambda: bool(network._connections))  # type: ignore[attr-defined]
        (connection,) = network._connections  # type: ignore[attr-defined]
        for _ in range(MAX_UNSENT // 65_536 * 64):
            connection.send(b"x" * 65_536)
        assert not connection.is_open
        writer.close()


async def test_one_host_gets_only_so_many_connections() -> None:
    async with running(Listener("tcp", "127.0.0.1")) as one, asyncio.timeout(30):
        opened = [await asyncio.open_connection("127.0.0.1", one.port) for _ in range(MAX_CONNECTIONS_PER_HOST + 3)]
        assert await opened[-1][0].read() == b""
        network = one.endpoint._network
        assert len(network._connections) == MAX_CONNECTIONS_PER_HOST  # type: ignore[attr-defined]
        for _, writer in opened:
            writer.close()


async def test_the_subject_of_a_client_certificate(tls: ServerTls) -> None:
    mutual = Listener("tls", "127.0.0.1", tls=ServerTls(tls.certificate, tls.key, client_ca=tls.certificate))
    async with running(mutual) as other, running(Listener("tcp", "127.0.0.1")) as one:
        assert (await ask(one, target_of(other, tls))).status == 503, "we show no certificate of ours"
        subjects: list[str | None] = []
        other.admits = lambda source, request: bool(subjects.append(source.subject)) or True  # type: ignore[assignment, func-returns-value]
        context = ssl.create_default_context(cafile=str(tls.certificate))
        context.load_cert_chain(tls.certificate, tls.key)
        reader, writer = await asyncio.open_connection("127.0.0.1", other.port, ssl=context)
        writer.write(text_of().replace("\n", "\r\n").encode())
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"SIP/2.0 200")
        writer.close()
        assert subjects == ["sip.example"]


async def test_a_browser_calls_and_is_called(tls: ServerTls) -> None:
    """RFC 7118: requests both ways over one WebSocket, whose Contact leads nowhere else."""
    async with running(Listener("ws", "127.0.0.1")) as agent, asyncio.timeout(20):
        connections: list[Connection] = []

        async def ring(invitation: Invitation) -> None:
            connections.append(invitation.connection)
            invitation.refuse(486)

        agent.on_invite = ring
        url = f"ws://127.0.0.1:{agent.port}"
        async with connect(url, subprotocols=[Subprotocol("sip")]) as browser:
            invite = text_of("INVITE", "Contact: <sip:x@abc.invalid;transport=ws>").replace("\n", "\r\n")
            await browser.send(invite.replace("SIP/2.0/UDP 192.0.2.3:5060", "SIP/2.0/WS abc.invalid"))
            statuses = [parse(bytes(await browser.recv(decode=False))) for _ in range(2)]
            assert [each.status for each in statuses if isinstance(each, Response)] == [100, 486]
            target = Target("sip:x@abc.invalid;transport=ws", "ws", next_hop=connections[0])
            attempt = agent.endpoint.invite(target, message_to(target), SDP)
            called = parse(bytes(await browser.recv(decode=False)))
            assert called.via.transport == "WS"
            assert f"<sip:a@127.0.0.1:{agent.port};transport=ws>" in called.headers.all("Contact")
            await browser.send(bytes(called.reply(603, to_tag="b")))  # type: ignore[union-attr]
            final = [step async for step in attempt.progress()][-1]
            assert final.status == 603
        await until(lambda: not connections[0].is_open)
        response = await agent.endpoint.request(target, "OPTIONS", message_to(target))
        assert response.status == 503, "the browser has gone"


async def test_a_websocket_that_speaks_something_else(tls: ServerTls) -> None:
    async with running(Listener("ws", "127.0.0.1")) as agent:
        with pytest.raises(InvalidStatus):
            await connect(f"ws://127.0.0.1:{agent.port}")
        assert agent.endpoint.counters["requests"] == 0


async def test_a_listener_for_all_addresses_states_the_one_that_is_seen(tmp_path: Path, tls: ServerTls) -> None:
    async with running(Listener("udp", "0.0.0.0")) as one, running() as other:
        seen: list[str] = []
        other.admits = lambda source, request: seen.append(request.via.host) or True  # type: ignore[assignment, func-returns-value]
        assert (await ask(one, target_of(other, tls))).status == 200
        assert seen == ["127.0.0.1"]
