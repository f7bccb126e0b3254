"""Packets that are lost, repeated and reordered: calls come about all the same, and nothing stays behind."""

import asyncio
from random import Random

import pytest

from nokyc_voice.sip.endpoint import Address, Final, Outgoing, Session, Target
from voice.sip.test_calls import ANSWER, OFFER, answering, steps_of
from voice.sip.wires import Packet, Party, VirtualTimers, Wire

SEEDS = range(24)


def bad_weather(random: Random, loss: float) -> object:
    def fate(packet: Packet) -> list[float]:
        if random.random() < loss:
            return []
        copies = 2 if random.random() < 0.2 else 1
        return [0.01 + random.random() ** 3 * 2.0 for _ in range(copies)]

    return fate


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_call_converges(timers: VirtualTimers, wire: Wire, caller: Party, callee: Party, seed: int) -> None:
    """A call that is answered, changed by both sides at once, and hung up by either, at 25 % loss both ways."""
    random = Random(seed)
    wire.fate = bad_weather(random, 0.25)  # type: ignore[assignment]
    answers = callee.on_invite = answering()
    message = Outgoing(Address("sip:me@192.0.2.1"), Address(callee.uri))
    attempt = caller.endpoint.invite(Target(callee.uri), message, OFFER)
    final = (await timers.until(steps_of(attempt)))[-1]
    assert isinstance(final, Final)
    assert final.session is not None
    await timers.run(10)
    sessions: list[Session] = [final.session, *answers.sessions]
    for session in sessions:
        session.on_offer = lambda offer: ANSWER
    await timers.until(asyncio.gather(*(session.reinvite(b"new") for session in sessions)), within=2000)
    random.choice(sessions).bye(16)
    await timers.until(asyncio.gather(*(session.ended() for session in sessions)), within=2000)
    wire.fate = lambda packet: [0.01]
    await timers.run(140)
    assert caller.endpoint.load == callee.endpoint.load == {"dialogs": 0, "transactions": 0}


@pytest.mark.parametrize("seed", SEEDS)
async def test_cancel_at_any_moment(timers: VirtualTimers, wire: Wire, caller: Party, callee: Party, seed: int) -> None:
    """A CANCEL that races with the answer, at 15 % loss: both sides agree that there is no call."""
    random = Random(seed)
    wire.fate = bad_weather(random, 0.15)  # type: ignore[assignment]
    answers = callee.on_invite = answering()
    message = Outgoing(Address("sip:me@192.0.2.1"), Address(callee.uri))
    attempt = caller.endpoint.invite(Target(callee.uri), message, OFFER)
    await timers.run(random.random())
    attempt.cancel(16)
    final = (await timers.until(steps_of(attempt)))[-1]
    assert isinstance(final, Final)
    if final.session is not None:  # it was answered before we gave up
        final.session.bye()
    wire.fate = lambda packet: [0.01]
    await timers.run(140)
    for session in answers.sessions:
        assert session.is_over
    assert caller.endpoint.load == callee.endpoint.load == {"dialogs": 0, "transactions": 0}


async def test_many_calls_leave_nothing(timers: VirtualTimers, wire: Wire, caller: Party, callee: Party) -> None:
    random = Random(7)
    wire.fate = bad_weather(random, 0.1)  # type: ignore[assignment]
    answers = callee.on_invite = answering()
    message = Outgoing(Address("sip:me@192.0.2.1"), Address(callee.uri))

    async def one() -> None:
        attempt = caller.endpoint.invite(Target(callee.uri), message, OFFER)
        final = (await steps_of(attempt))[-1]
        if isinstance(final, Final) and final.session is not None:
            final.session.bye()

    await timers.until(asyncio.gather(*(one() for _ in range(100))), within=2000)
    await timers.run(140)
    assert len(answers.sessions) + answers.lost >= 95
    assert caller.endpoint.load == callee.endpoint.load == {"dialogs": 0, "transactions": 0}
    assert timers.pending == 0
