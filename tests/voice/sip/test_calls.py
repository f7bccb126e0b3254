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
from voice.sip.wires import Party, VirtualTimers, Wire, settle

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
