"""The four machines of RFC 3261 17 with RFC 6026, timer by timer."""

import pytest

from nokyc_voice.sip.headers import Headers
from nokyc_voice.sip.message import Request, Response, parse
from nokyc_voice.sip.server_transaction import InviteServer, ServerTransaction
from nokyc_voice.sip.transaction import ClientTransaction, InviteClient, NonInviteClient, within
from voice.sip.wires import VirtualTimers


class Flow:
    """Keeps what was sent, with the time."""

    def __init__(self, timers: VirtualTimers, transport: str) -> None:
        self.transport = transport
        self.sent: list[tuple[float, str]] = []
        self.is_open = True
        self._timers = timers
        self._began = timers.now()

    def send(self, data: bytes) -> None:
        message = parse(data)
        what = message.method if isinstance(message, Request) else str(message.status)
        self.sent.append((round(self._timers.now() - self._began, 3), what))

    def times(self, what: str) -> list[float]:
        return [at for at, sent in self.sent if sent == what]


class Told:
    """What the user of a transaction hears."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.failures: list[int] = []
        self.ends = 0

    def end(self) -> None:
        self.ends += 1


def request(method: str) -> Request:
    return Request(
        method,
        "sip:b@192.0.2.2",
        Headers(
            [
                ("Via", "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1"),
                ("Max-Forwards", "70"),
                ("Route", "<sip:192.0.2.9;lr>"),
                ("From", "<sip:a@192.0.2.1>;tag=a"),
                ("To", "<sip:b@192.0.2.2>"),
                ("Call-ID", "c"),
                ("CSeq", f"7 {method}"),
            ]
        ),
    )


def client(timers: VirtualTimers, flow: Flow, method: str) -> tuple[ClientTransaction, Told]:
    told = Told()
    machine = InviteClient if method == "INVITE" else NonInviteClient
    transaction = machine(
        request(method),
        flow,  # type: ignore[arg-type]
        timers,
        on_response=lambda response: told.statuses.append(response.status),
        on_failure=told.failures.append,
        on_end=told.end,
    )
    transaction.begin()
    return transaction, told


def reply(method: str, status: int) -> Response:
    return request(method).reply(status, to_tag="b")


@pytest.fixture(params=["udp", "tcp"])
def flow(timers: VirtualTimers, request: pytest.FixtureRequest) -> Flow:
    return Flow(timers, request.param)


A = [0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5]
E = [0, 0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5]
G = [0, 0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5]


@pytest.mark.parametrize(("method", "repeats"), [("INVITE", A), ("OPTIONS", E)])
async def test_silence(timers: VirtualTimers, flow: Flow, method: str, repeats: list[float]) -> None:
    """Timers A and B, E and F."""
    transaction, told = client(timers, flow, method)
    await timers.run(31.99)
    assert (told.failures, told.ends) == ([], 0)
    await timers.run(0.02)
    assert flow.times(method) == (repeats if flow.transport == "udp" else [0])
    assert (told.failures, told.ends, transaction.state) == ([408], 1, "terminated")
    assert timers.pending == 0


async def test_invite_that_rings_waits_for_ever(timers: VirtualTimers, flow: Flow) -> None:
    transaction, told = client(timers, flow, "INVITE")
    await timers.run(0.7)
    transaction.receive(reply("INVITE", 180))
    transaction.receive(reply("INVITE", 183))
    await timers.run(1000)
    assert flow.times("INVITE") == ([0, 0.5] if flow.transport == "udp" else [0])
    assert (told.statuses, transaction.state, told.ends) == ([180, 183], "proceeding", 0)
    transaction.abandon()


async def test_refused_invite_acknowledges_each_refusal(timers: VirtualTimers, flow: Flow) -> None:
    """Timer D: 32 s over UDP, none over what is reliable."""
    transaction, told = client(timers, flow, "INVITE")
    transaction.receive(reply("INVITE", 486))
    transaction.receive(reply("INVITE", 486))
    transaction.receive(reply("INVITE", 180))
    assert flow.times("ACK") == [0, 0]
    assert told.statuses == [486]
    await timers.run(0.01)
    assert told.ends == (0 if flow.transport == "udp" else 1)
    await timers.run(32)
    assert (told.ends, timers.pending) == (1, 0)


async def test_accepted_invite_passes_every_2xx(timers: VirtualTimers, flow: Flow) -> None:
    """Timer M, RFC 6026: forks answer for 64*T1; nothing is acknowledged here."""
    transaction, told = client(timers, flow, "INVITE")
    for _ in range(3):
        transaction.receive(reply("INVITE", 200))
    transaction.receive(reply("INVITE", 486))
    await timers.run(31.9)
    assert (told.statuses, flow.times("ACK"), told.ends) == ([200, 200, 200], [], 0)
    await timers.run(0.2)
    assert (told.ends, timers.pending) == (1, 0)


async def test_answered_request_absorbs_repetitions(timers: VirtualTimers, flow: Flow) -> None:
    """Timer K: T4 over UDP."""
    transaction, told = client(timers, flow, "OPTIONS")
    transaction.receive(reply("OPTIONS", 200))
    transaction.receive(reply("OPTIONS", 200))
    await timers.run(0.01)
    assert told.ends == (0 if flow.transport == "udp" else 1)
    await timers.run(5)
    assert (told.statuses, told.ends, flow.times("OPTIONS"), timers.pending) == ([200], 1, [0], 0)


async def test_request_in_progress_is_repeated_every_t2(timers: VirtualTimers) -> None:
    flow = Flow(timers, "udp")
    transaction, told = client(timers, flow, "OPTIONS")
    transaction.receive(reply("OPTIONS", 100))
    await timers.run(33)
    assert flow.times("OPTIONS") == [0, 0.5, 4.5, 8.5, 12.5, 16.5, 20.5, 24.5, 28.5]
    assert (told.statuses, told.failures) == ([100], [408])


@pytest.mark.parametrize("method", ["INVITE", "OPTIONS"])
async def test_a_lost_connection_is_a_503(timers: VirtualTimers, method: str) -> None:
    transaction, told = client(timers, Flow(timers, "tcp"), method)
    transaction.fail()
    transaction.fail()
    assert (told.failures, told.ends, timers.pending) == ([503], 1, 0)


def test_ack_and_cancel_belong_to_their_invite() -> None:
    for method in ("ACK", "CANCEL"):
        made = parse(bytes(within(method, request("INVITE"))))
        assert isinstance(made, Request)
        assert (made.via.branch, made.cseq, made.uri) == ("z9hG4bK1", (7, method), "sip:b@192.0.2.2")
        assert made.headers.all("Route") == ["<sip:192.0.2.9;lr>"]


def server(timers: VirtualTimers, flow: Flow, method: str) -> tuple[ServerTransaction, Told]:
    told = Told()
    machine = InviteServer if method == "INVITE" else ServerTransaction
    return machine(request(method), flow, timers, told.end), told  # type: ignore[arg-type]


async def test_refusal_is_repeated_until_its_ack(timers: VirtualTimers, flow: Flow) -> None:
    """Timers G and H."""
    transaction, told = server(timers, flow, "INVITE")
    transaction.respond(reply("INVITE", 486))
    await timers.run(33)
    assert flow.times("486") == (G if flow.transport == "udp" else [0])
    assert (told.ends, timers.pending) == (1, 0)


async def test_ack_ends_the_repeating(timers: VirtualTimers, flow: Flow) -> None:
    """Timer I: T4 over UDP."""
    transaction, told = server(timers, flow, "INVITE")
    assert isinstance(transaction, InviteServer)
    transaction.respond(reply("INVITE", 486))
    transaction.receive(request("INVITE"))
    assert transaction.acknowledge()
    assert transaction.acknowledge()
    transaction.receive(request("INVITE"))
    await timers.run(0.01)
    assert told.ends == (0 if flow.transport == "udp" else 1)
    await timers.run(5)
    assert (flow.times("486"), told.ends, timers.pending) == ([0, 0], 1, 0)


async def test_accepted_invite_leaves_repeating_to_its_user(timers: VirtualTimers, flow: Flow) -> None:
    """Timer L, RFC 6026: a repeated INVITE is absorbed, and an ACK goes to the dialog."""
    transaction, told = server(timers, flow, "INVITE")
    assert isinstance(transaction, InviteServer)
    transaction.respond(reply("INVITE", 180))
    transaction.receive(request("INVITE"))
    transaction.respond(reply("INVITE", 200))
    transaction.receive(request("INVITE"))
    transaction.respond(reply("INVITE", 200))
    transaction.respond(reply("INVITE", 486))
    assert not transaction.acknowledge()
    await timers.run(31.9)
    assert ([what for _, what in flow.sent], told.ends) == (["180", "180", "200", "200"], 0)
    await timers.run(0.2)
    assert (told.ends, timers.pending) == (1, 0)


async def test_answer_is_repeated_on_request(timers: VirtualTimers, flow: Flow) -> None:
    """Timer J: 64*T1 over UDP."""
    transaction, told = server(timers, flow, "OPTIONS")
    transaction.receive(request("OPTIONS"))
    transaction.respond(reply("OPTIONS", 100))
    transaction.respond(reply("OPTIONS", 200))
    transaction.respond(reply("OPTIONS", 500))
    transaction.receive(request("OPTIONS"))
    assert [what for _, what in flow.sent] == ["100", "200", "200"]
    await timers.run(0.01)
    assert told.ends == (0 if flow.transport == "udp" else 1)
    await timers.run(32)
    assert (told.ends, timers.pending) == (1, 0)
