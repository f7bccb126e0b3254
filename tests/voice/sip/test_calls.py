"""Calls between two user agents: set-up, refusal, cancellation, changes and ends, through the doors that calls use."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from nokyc_voice.sip.endpoint import (
    Address,
    Attempt,
    DialogLostError,
    Final,
    Invitation,
    Outgoing,
    Progress,
    Session,
    Target,
)
from voice.sip.wires import Party, VirtualTimers, Wire

OFFER = b"v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\n"
ANSWER = b"v=0\r\no=- 2 1 IN IP4 192.0.2.2\r\n"


def place(caller: Party, callee: Party, offer: bytes | None = OFFER, **message: object) -> Attempt:
    outgoing = Outgoing(Address("sip:+33612345678@nokyc.example"), Address(callee.uri), **message)  # type: ignore[arg-type]
    return caller.endpoint.invite(Target(callee.uri), outgoing, offer)


async def steps_of(attempt: Attempt) -> list[Progress]:
    return [step async for step in attempt.progress()]


def answering(body: bytes = ANSWER, *, after: Callable[[Invitation], Awaitable[None]] | None = None) -> "Answering":
    return Answering(body, after)


class Answering:
    """Rings, answers, and keeps the session."""

    def __init__(self, body: bytes, after: Callable[[Invitation], Awaitable[None]] | None) -> None:
        self.body = body
        self.after = after
        self.sessions: list[Session] = []
        self.lost = 0

    async def __call__(self, invitation: Invitation) -> None:
        invitation.progress(180)
        if self.after is not None:
            await self.after(invitation)
        try:
            self.sessions.append(await invitation.answer(self.body))
        except DialogLostError:
            self.lost += 1


async def connect(timers: VirtualTimers, caller: Party, callee: Party, **message: object) -> tuple[Session, Session]:
    """A call that goes on: the caller's session, the callee's."""
    answers = callee.on_invite = answering()
    final = (await timers.until(steps_of(place(caller, callee, **message))))[-1]
    assert isinstance(final, Final)
    assert final.session is not None
    await timers.run(1)
    return final.session, answers.sessions[0]


async def test_a_call_rings_is_answered_and_ends(timers: VirtualTimers, caller: Party, callee: Party) -> None:
    answers = callee.on_invite = answering()
    ladder: list[tuple[bool, str]] = []
    attempt = place(caller, callee)
    attempt.trace = lambda sent, what: ladder.append((sent, what))
    steps = await timers.until(steps_of(attempt))
    await timers.run(1)

    assert [step.status for step in steps] == [100, 180, 200]
    final = steps[-1]
    assert isinstance(final, Final)
    assert final.session is not None
    assert final.session.remote_body == ANSWER
    (other,) = answers.sessions
    assert other.remote_body == OFFER
    final.session.bye(16)
    ending = await timers.until(other.ended())
    await timers.run(40)

    assert (ending.by, ending.cause) == ("far", 16)
    assert (await final.session.ended()).by == "us"
    assert caller.endpoint.load == callee.endpoint.load == {"dialogs": 0, "transactions": 0}
    assert ladder == [
        (True, "INVITE"),
        (False, "100 Trying"),
        (False, "180 Ringing"),
        (False, "200 OK"),
        (True, "ACK"),
        (True, "BYE (Q.850 16)"),
        (False, "200 OK"),
    ]


@pytest.mark.parametrize(("status", "cause"), [(404, 1), (480, 20), (486, 17), (488, 127), (603, 21), (302, None)])
async def test_a_refusal_says_why(
    timers: VirtualTimers, caller: Party, callee: Party, status: int, cause: int | None
) -> None:
    async def refuse(invitation: Invitation) -> None:
        invitation.refuse(status, cause=cause)

    callee.on_invite = refuse
    steps = await timers.until(steps_of(place(caller, callee)))
    await timers.run(40)

    assert (steps[-1].status, steps[-1].cause) == (status, cause)
    assert caller.endpoint.load == callee.endpoint.load == {"dialogs": 0, "transactions": 0}


async def test_a_handler_that_fails_is_a_500(timers: VirtualTimers, caller: Party, callee: Party) -> None:
    async def fail(invitation: Invitation) -> None:
        raise RuntimeError

    callee.on_invite = fail
    assert (await timers.until(steps_of(place(caller, callee))))[-1].status == 500


async def test_nobody_there_is_a_408(timers: VirtualTimers, wire: Wire, caller: Party, callee: Party) -> None:
    wire.fate = lambda packet: []
    began = timers.now()
    steps = await timers.until(steps_of(place(caller, callee)))

    assert [step.status for step in steps] == [408]
    assert timers.now() - began == pytest.approx(32)
    assert wire.whats() == ["INVITE"] * 7


async def test_cancel_before_the_answer(timers: VirtualTimers, wire: Wire, caller: Party, callee: Party) -> None:
    async def ring(invitation: Invitation) -> None:
        invitation.progress(180)
        await invitation.cancelled.wait()

    callee.on_invite = ring
    attempt = place(caller, callee)
    await timers.run(2)
    attempt.cancel(16)
    attempt.cancel(16)
    final = (await timers.until(steps_of(attempt)))[-1]
    await timers.run(40)

    assert final.status == 487
    assert callee.invitations[0].cause == 16
    assert wire.whats().count("CANCEL") == 1
    assert caller.endpoint.load == callee.endpoint.load == {"dialogs": 0, "transactions": 0}


async def test_cancel_waits_for_a_first_answer(timers: VirtualTimers, wire: Wire, caller: Party, callee: Party) -> None:
    """RFC 3261 9.1: no CANCEL before a provisional response."""

    async def ring(invitation: Invitation) -> None:
        await invitation.cancelled.wait()

    callee.on_invite = ring
    wire.fate = lambda packet: [3.0] if packet.what == "100 INVITE" else [0.01]
    attempt = place(caller, callee)
    await timers.run(1)
    attempt.cancel()
    await timers.run(1)
    assert "CANCEL" not in wire.whats()
    assert (await timers.until(steps_of(attempt)))[-1].status == 487
    assert "CANCEL" in wire.whats()


async def test_a_2xx_that_crosses_the_cancel_is_hung_up(
    timers: VirtualTimers, wire: Wire, caller: Party, callee: Party
) -> None:
    answers = callee.on_invite = answering()
    wire.fate = lambda packet: [0.5] if packet.what == "200 INVITE" else [0.01]
    attempt = place(caller, callee)
    await timers.run(0.3)
    attempt.cancel()
    final = (await timers.until(steps_of(attempt)))[-1]
    await timers.run(40)

    assert isinstance(final, Final)
    assert (final.status, final.session) == (487, None)
    assert (await answers.sessions[0].ended()).by == "far"
    assert caller.endpoint.load == callee.endpoint.load == {"dialogs": 0, "transactions": 0}


async def test_cancel_that_nobody_answers_still_ends(
    timers: VirtualTimers, wire: Wire, caller: Party, callee: Party
) -> None:
    async def ring(invitation: Invitation) -> None:
        invitation.progress(180)
        wire.fate = lambda packet: []
        await asyncio.Event().wait()

    callee.on_invite = ring
    attempt = place(caller, callee)
    await timers.run(1)
    attempt.cancel()
    assert (await timers.until(steps_of(attempt)))[-1].status == 487


async def test_an_answer_without_ack_is_lost_and_hung_up(
    timers: VirtualTimers, wire: Wire, caller: Party, callee: Party
) -> None:
    answers = callee.on_invite = answering()
    wire.fate = lambda packet: [] if packet.what == "ACK" else [0.01]
    attempt = place(caller, callee)
    final = (await timers.until(steps_of(attempt)))[-1]
    assert isinstance(final, Final)
    assert final.session is not None
    ending = await timers.until(final.session.ended())

    assert ending.by == "far"
    assert (answers.sessions, answers.lost) == ([], 1)
    assert wire.whats().count("200 INVITE") == 11, "T1, doubling to T2, for 64*T1 (RFC 3261 13.3.1.4)"


async def test_late_offer(timers: VirtualTimers, caller: Party, callee: Party) -> None:
    answers = callee.on_invite = answering(OFFER)
    attempt = place(caller, callee, offer=None)
    attempt.on_offer = lambda offer: ANSWER if offer == OFFER else None
    final = (await timers.until(steps_of(attempt)))[-1]
    await timers.run(1)

    assert isinstance(final, Final)
    assert final.session is not None
    assert (final.session.local_body, final.session.remote_body) == (ANSWER, OFFER)
    (session,) = answers.sessions
    assert (session.local_body, session.remote_body) == (OFFER, ANSWER)


async def test_late_offer_that_nobody_answers_is_hung_up(timers: VirtualTimers, caller: Party, callee: Party) -> None:
    answers = callee.on_invite = answering(OFFER)
    final = (await timers.until(steps_of(place(caller, callee, offer=None))))[-1]
    await timers.run(1)
    assert final.status == 488
    assert (await answers.sessions[0].ended()).by == "far"


async def test_bye_glare(timers: VirtualTimers, caller: Party, callee: Party) -> None:
    ours, theirs = await connect(timers, caller, callee)
    ours.bye()
    theirs.bye()
    await timers.run(40)
    assert caller.endpoint.load == callee.endpoint.load == {"dialogs": 0, "transactions": 0}


async def test_reinvite_and_its_refusal(timers: VirtualTimers, caller: Party, callee: Party) -> None:
    ours, theirs = await connect(timers, caller, callee)
    theirs.on_offer = lambda offer: ANSWER + b"a=recvonly\r\n" if offer == b"hold" else None

    assert await timers.until(ours.reinvite(b"hold")) == ANSWER + b"a=recvonly\r\n"
    assert (theirs.remote_body, ours.local_body) == (b"hold", b"hold")
    assert await timers.until(ours.reinvite(b"video")) is None
    assert ours.local_body == b"hold"
    assert not ours.is_over


async def test_reinvite_by_the_callee_without_an_offer(timers: VirtualTimers, caller: Party, callee: Party) -> None:
    ours, theirs = await connect(timers, caller, callee)

    async def decide(offer: bytes | None) -> bytes | None:
        return OFFER if offer is None else None

    answers: list[bytes] = []
    ours.on_offer, ours.on_answer = decide, answers.append
    assert await timers.until(theirs.offers.reinvite(None)) == OFFER
    await timers.run(1)


async def test_glare_is_retried_until_both_got_through(
    timers: VirtualTimers, wire: Wire, caller: Party, callee: Party
) -> None:
    ours, theirs = await connect(timers, caller, callee)
    ours.on_offer = theirs.on_offer = lambda offer: b"yes to " + (offer or b"")
    wire.log.clear()
    both = asyncio.gather(ours.reinvite(b"A"), theirs.reinvite(b"B"))
    assert await timers.until(both) == [b"yes to A", b"yes to B"]
    assert "491 INVITE" in wire.whats()


async def test_info_both_ways(timers: VirtualTimers, caller: Party, callee: Party) -> None:
    ours, theirs = await connect(timers, caller, callee)
    heard: list[tuple[str, bytes]] = []
    ours.on_info = lambda kind, body: heard.append((kind, body))
    dtmf = b"Signal=5\r\nDuration=160\r\n"
    assert await timers.until(theirs.info("application/dtmf-relay", dtmf)) == 200
    assert await timers.until(ours.info("application/dtmf-relay", dtmf)) == 415, "nobody listens there"
    assert await timers.until(ours.info("", b"")) == 200, "an empty one asks whether we are there"
    assert heard == [("application/dtmf-relay", dtmf)]


async def test_a_far_end_that_forgot_the_dialog_ends_it(timers: VirtualTimers, caller: Party, callee: Party) -> None:
    ours, theirs = await connect(timers, caller, callee)
    theirs.drop()
    assert await timers.until(ours.info("application/dtmf-relay", b"Signal=1")) == 481
    ending = await ours.ended()
    assert (ending.by, ending.status) == ("lost", 481)


async def test_options_within_a_dialog(timers: VirtualTimers, caller: Party, callee: Party) -> None:
    ours, _ = await connect(timers, caller, callee)
    response = await timers.until(ours.ask("OPTIONS"))
    assert response.status == 200
    assert "update" in response.listed("Allow")


async def test_other_methods_within_a_dialog_are_not_allowed(
    timers: VirtualTimers, caller: Party, callee: Party
) -> None:
    ours, _ = await connect(timers, caller, callee)
    assert (await timers.until(ours.ask("REFER"))).status == 405


async def test_stop_hangs_up_and_refuses(timers: VirtualTimers, wire: Wire, callee: Party) -> None:
    caller = Party(wire, "192.0.2.9", seed=9)
    await caller.endpoint.start()
    _, theirs = await connect(timers, caller, callee)
    ringing = place(callee, caller)
    caller.on_invite = lambda invitation: invitation.cancelled.wait()  # type: ignore[assignment, return-value]
    await timers.run(1)
    await timers.until(caller.endpoint.stop())

    assert (await timers.until(theirs.ended())).by == "far"
    assert (await timers.until(steps_of(ringing)))[-1].status == 503


async def test_who_stops_waiting_for_the_ack_hangs_up(
    timers: VirtualTimers, wire: Wire, caller: Party, callee: Party
) -> None:
    answers: list[asyncio.Task[Session]] = []

    async def answer(invitation: Invitation) -> None:
        answers.append(asyncio.ensure_future(invitation.answer(ANSWER)))
        await asyncio.wait(answers)

    callee.on_invite = answer
    wire.fate = lambda packet: [3.0] if packet.what == "ACK" else [0.01]
    final = (await timers.until(steps_of(place(caller, callee))))[-1]
    answers[0].cancel()
    await timers.run(1)
    assert "BYE" not in wire.whats(), "a callee says none before the ACK (RFC 3261 15)"
    assert isinstance(final, Final)
    assert final.session is not None
    assert (await timers.until(final.session.ended())).by == "far"
