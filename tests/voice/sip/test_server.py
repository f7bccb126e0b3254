"""What an endpoint does with requests outside of calls: strangers, floods, loops, and what it does not know."""

from random import Random

import pytest
import structlog

from nokyc_voice.sip import uas
from nokyc_voice.sip.admission import ANSWERS, WINDOW_SEC
from nokyc_voice.sip.endpoint import Address, Endpoint, Invitation, Outgoing, Target
from voice.sip.test_calls import answering, steps_of
from voice.sip.wires import Party, Raw, VirtualTimers, Wire


@pytest.fixture
def raw(wire: Wire) -> Raw:
    return Raw(wire)


def request(
    method: str = "OPTIONS", *lines: str, branch: str = "1", seq: int = 1, to: str = "", uri: str = "sip:b@192.0.2.2"
) -> str:
    """A request of a stranger, as text."""
    head = [
        f"{method} sip:b@192.0.2.2 SIP/2.0",
        f"Via: SIP/2.0/UDP 192.0.2.3:5060;branch=z9hG4bK{branch}",
        "Max-Forwards: 70",
        "From: <sip:raw@192.0.2.3>;tag=raw",
        f"To: <sip:b@192.0.2.2>{to}",
        f"Call-ID: stranger{branch}",
        f"CSeq: {seq} {method}",
    ]
    return "\n".join([*head, *lines, "Content-Length: 0", "", ""])


async def test_options_is_answered_without_state(timers: VirtualTimers, callee: Party, raw: Raw) -> None:
    raw.send(callee, request())
    raw.send(callee, request())
    await timers.run(1)
    assert raw.statuses() == [200, 200]
    assert raw.came[0].to.tag == raw.came[1].to.tag is not None
    assert callee.endpoint.load["transactions"] == 0


async def test_a_stranger_gets_a_few_refusals_and_then_silence(timers: VirtualTimers, callee: Party, raw: Raw) -> None:
    callee.admitting = False
    for number in range(200):
        raw.send(callee, request("INVITE", "Contact: <sip:raw@192.0.2.3>", branch=str(number)))
    await timers.run(1)
    assert raw.statuses() == [403] * ANSWERS
    assert callee.endpoint.load == {"dialogs": 0, "transactions": 0}
    assert callee.endpoint.counters["not_admitted"] == 200
    await timers.run(WINDOW_SEC)
    raw.send(callee, request(branch="later"))
    await timers.run(1)
    assert len(raw.statuses()) == ANSWERS + 1


async def test_malformed_requests_are_not_answered_for_ever(timers: VirtualTimers, callee: Party, raw: Raw) -> None:
    for number in range(100):
        raw.send(callee, request("OPTIONS", "Max-Forwards: 7", branch=str(number)))
    raw.send(callee, request("ACK", "Max-Forwards: 7"))
    raw.send(callee, b"\x00\x01 rubbish")
    await timers.run(1)
    assert raw.statuses() == [400] * ANSWERS
    assert callee.endpoint.counters["malformed"] == 102


@pytest.mark.parametrize("method", ["INVITE", "REGISTER"])
async def test_overload_is_a_503(
    timers: VirtualTimers, callee: Party, raw: Raw, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    monkeypatch.setattr(uas, "MAX_TRANSACTIONS", 3)
    for number in range(5):
        raw.send(callee, request(method, "Contact: <sip:raw@192.0.2.3>", branch=str(number)))
    await timers.run(0.1)
    overloaded = [each for each in raw.came if each.headers.get("Retry-After")]
    assert len(overloaded) == 2
    assert callee.endpoint.counters["overloaded"] == 2


async def test_too_many_dialogs_are_a_503(
    timers: VirtualTimers, callee: Party, raw: Raw, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uas, "MAX_DIALOGS", 2)
    callee.on_invite = lambda invitation: invitation.cancelled.wait()  # type: ignore[assignment, return-value]
    for number in range(4):
        raw.send(callee, request("INVITE", "Contact: <sip:raw@192.0.2.3>", branch=str(number)))
    await timers.run(0.1)
    assert sorted(raw.statuses()) == [100, 100, 503, 503]


@pytest.mark.parametrize(
    ("method", "lines", "status"),
    [
        ("BREW", [], 501),
        ("MESSAGE", [], 405),
        ("SUBSCRIBE", [], 405),
        ("BYE", [], 481),
        ("UPDATE", [], 481),
        ("INVITE", [], 400),
        ("INVITE", ["Contact: <sip:raw@192.0.2.3>", "Require: teleport"], 420),
        ("INVITE", ["Contact: <sip:raw@192.0.2.3>", "Supported: timer", "Session-Expires: 20"], 422),
        ("CANCEL", [], 481),
        ("REGISTER", ["Contact: *"], 400),
        ("REGISTER", ["Contact: <sip:a@h>;expires=soon"], 400),
    ],
)
async def test_what_nobody_has_to_be_asked_about(
    timers: VirtualTimers, callee: Party, raw: Raw, method: str, lines: list[str], status: int
) -> None:
    raw.send(callee, request(method, *lines))
    await timers.run(0.1)
    assert raw.statuses() == [status]


async def test_an_unknown_dialog_is_a_481_and_a_stray_ack_is_nothing(
    timers: VirtualTimers, callee: Party, raw: Raw
) -> None:
    raw.send(callee, request("BYE", to=";tag=gone"))
    raw.send(callee, request("ACK", to=";tag=gone"))
    raw.send(callee, "SIP/2.0 200 OK\n" + request().partition("\n")[2])
    await timers.run(0.1)
    assert raw.statuses() == [481]
    assert callee.endpoint.counters["stray_responses"] == 1


async def test_the_same_invite_by_another_way_is_a_loop(timers: VirtualTimers, callee: Party, raw: Raw) -> None:
    """RFC 3261 8.2.2.2."""
    callee.on_invite = lambda invitation: invitation.cancelled.wait()  # type: ignore[assignment, return-value]
    invite = request("INVITE", "Contact: <sip:raw@192.0.2.3>")
    raw.send(callee, invite)
    raw.send(callee, invite.replace("z9hG4bK1", "z9hG4bKother"))
    await timers.run(0.1)
    assert sorted(raw.statuses()) == [100, 482]


async def test_answers_go_where_the_request_came_from(
    timers: VirtualTimers, wire: Wire, callee: Party, raw: Raw
) -> None:
    """RFC 3581, and RFC 3261 18.2.2: never to another host, whatever Via says."""
    raw.send(callee, request().replace("192.0.2.3:5060", "10.1.1.1:7777;rport"))
    raw.send(callee, request().replace("192.0.2.3:5060", "198.51.100.7:7777;maddr=198.51.100.8"))
    await timers.run(0.1)
    assert [packet.target for packet in wire.log[2:]] == [("192.0.2.3", 5060), ("192.0.2.3", 7777)]
    assert raw.came[0].via.params["received"] == "192.0.2.3"
    assert raw.came[0].via.params["rport"] == "5060"


async def test_old_requests_of_a_dialog_are_refused(timers: VirtualTimers, callee: Party, raw: Raw) -> None:
    """RFC 3261 12.2.2: CSeq only grows."""
    callee.on_invite = answering()
    raw.send(callee, request("INVITE", "Contact: <sip:raw@192.0.2.3>", seq=5))
    await timers.run(0.1)
    tag = raw.came[-1].to.tag
    raw.send(callee, request("ACK", to=f";tag={tag}", seq=5))
    raw.send(callee, request("OPTIONS", to=f";tag={tag}", seq=4).replace("z9hG4bK1", "z9hG4bKold"))
    raw.send(callee, request("OPTIONS", to=f";tag={tag}", seq=6).replace("z9hG4bK1", "z9hG4bKnew"))
    await timers.run(0.1)
    assert raw.statuses() == [100, 180, 200, 500, 200]


async def test_request_gives_408_and_503_as_values(
    timers: VirtualTimers, wire: Wire, caller: Party, callee: Party
) -> None:
    message = Outgoing(Address("sip:me@192.0.2.1"), Address(callee.uri))
    response = await timers.until(caller.endpoint.request(Target(callee.uri), "OPTIONS", message))
    assert (response.status, response.is_ours) == (200, False)
    wire.fate = lambda packet: []
    response = await timers.until(caller.endpoint.request(Target(callee.uri), "OPTIONS", message))
    assert (response.status, response.is_ours) == (408, True)
    response = await timers.until(caller.endpoint.request(Target("tel:+1"), "OPTIONS", message))
    assert (response.status, response.is_ours) == (503, True)


@pytest.mark.parametrize("pinned", [True, False])
async def test_a_device_cannot_have_us_talk_to_whom_it_likes(
    timers: VirtualTimers, wire: Wire, callee: Party, raw: Raw, pinned: bool
) -> None:
    async def answer(invitation: Invitation) -> None:
        if pinned:
            invitation.pin()
        (await invitation.answer(b"v=0")).bye()

    callee.on_invite = answer
    raw.send(callee, request("INVITE", "Contact: <sip:x@10.0.0.5:22>"))
    await timers.run(0.1)
    raw.send(callee, request("ACK", to=f";tag={raw.came[-1].to.tag}"))
    await timers.run(0.1)
    (bye,) = [packet for packet in wire.log if packet.what == "BYE"]
    assert bye.target == (("192.0.2.3", 5060) if pinned else ("10.0.0.5", 22))


async def test_names_are_looked_up(timers: VirtualTimers, wire: Wire, callee: Party) -> None:
    asked: list[str] = []

    async def resolve(name: str) -> str:
        asked.append(name)
        if name != "carrier.example":
            raise OSError(name)
        return "192.0.2.2"

    host = wire.host("192.0.2.8")
    endpoint = Endpoint([], callee, timers=timers, random=Random(3), network=host, resolver=resolve)
    await endpoint.start()
    callee.on_invite = answering()
    for name, status in (("carrier.example", 200), ("nowhere.example", 503)):
        message = Outgoing(Address("sip:me@192.0.2.8"), Address(f"sip:you@{name}"))
        attempt = endpoint.invite(Target(f"sip:you@{name}"), message, b"v=0")
        final = (await timers.until(steps_of(attempt)))[-1]
        assert final.status == status
    assert asked == ["carrier.example", "nowhere.example"], "in a dialog, Contact says the address"
    cancelled = endpoint.invite(Target("sip:you@carrier.example"), message, b"v=0")
    cancelled.cancel()
    assert (await timers.until(steps_of(cancelled)))[-1].status == 487
    await timers.until(endpoint.stop())
    assert [packet.what for packet in wire.log].count("INVITE") == 1


async def test_what_breaks_inside_is_counted_and_goes_no_further(
    timers: VirtualTimers, callee: Party, raw: Raw, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(source: object, request: object) -> bool:
        raise ZeroDivisionError

    monkeypatch.setattr(callee, "admits", fail)
    for number in range(50):
        raw.send(callee, request(branch=str(number)))
    with structlog.testing.capture_logs() as logs:
        await timers.run(1)
    assert callee.endpoint.counters["internal_errors"] == 50
    assert len(logs) == ANSWERS
    assert {line["error"] for line in logs} == {"ZeroDivisionError"}


async def test_nobody_has_answers_sent_to_somebody_else(
    timers: VirtualTimers, wire: Wire, callee: Party, raw: Raw
) -> None:
    """What a Via itself says that it was received from counts for nothing."""
    victim = Raw(wire, "192.0.2.66")
    raw.send(callee, request().replace("branch", "received=192.0.2.66;branch"))
    await timers.run(1)
    assert (raw.statuses(), victim.statuses()) == ([200], [])
