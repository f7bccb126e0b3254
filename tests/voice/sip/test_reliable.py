"""Reliable provisionals from the callee's side, and session timers from both (RFC 3262, RFC 4028)."""

import asyncio
import contextlib

from nokyc_voice.sip.endpoint import Final, Invitation
from voice.sip.test_calls import ANSWER, OFFER, answering, connect, place, steps_of
from voice.sip.wires import Party, Raw, VirtualTimers, Wire

INVITE = """INVITE sip:someone@192.0.2.2 SIP/2.0
Via: SIP/2.0/UDP 192.0.2.3:5060;branch=z9hG4bKraw1
Max-Forwards: 70
From: <sip:raw@192.0.2.3>;tag=raw
To: <sip:someone@192.0.2.2>
Call-ID: raw-call
CSeq: 1 INVITE
Contact: <sip:raw@192.0.2.3:5060>
{extra}
Content-Type: application/sdp
Content-Length: 3

v=0"""


async def test_a_183_with_sdp_is_reliable_where_they_can(
    timers: VirtualTimers, wire: Wire, caller: Party, callee: Party
) -> None:
    async def early(invitation: Invitation) -> None:
        invitation.progress(183, ANSWER)

    answers = callee.on_invite = answering(after=early)
    losing = iter([True, True])
    wire.fate = lambda packet: [] if packet.what == "183 INVITE" and next(losing, False) else [0.01]
    steps = await timers.until(steps_of(place(caller, callee)))
    await timers.run(1)

    assert [step.status for step in steps] == [100, 180, 183, 200]
    assert steps[2].body == ANSWER
    whats = wire.whats()
    assert whats.count("183 INVITE") == 3
    assert whats.index("200 PRACK") < whats.index("200 INVITE")
    assert len(answers.sessions) == 1


async def test_without_prack_the_call_is_refused(timers: VirtualTimers, wire: Wire, callee: Party) -> None:
    async def early(invitation: Invitation) -> None:
        invitation.progress(183, ANSWER)
        await invitation.cancelled.wait()

    callee.on_invite = early
    raw = Raw(wire)
    raw.send(callee, INVITE.format(extra="Require: 100rel"))
    await timers.run(40)
    assert 504 in raw.statuses()
    await timers.run(40)
    assert callee.endpoint.load == {"dialogs": 0, "transactions": 0}


async def test_provisionals_go_out_one_by_one(timers: VirtualTimers, wire: Wire, caller: Party, callee: Party) -> None:
    async def ring(invitation: Invitation) -> None:
        for status in (180, 181, 182):
            invitation.progress(status)
        await asyncio.Event().wait()

    callee.on_invite = ring
    place(caller, callee, headers=[("Require", "100rel")])
    await timers.run(1)
    first = [what for what in wire.whats() if what in ("180 INVITE", "181 INVITE", "182 INVITE", "PRACK")]
    assert first == ["180 INVITE", "PRACK", "181 INVITE", "PRACK", "182 INVITE", "PRACK"]


async def test_ringing_is_repeated_every_minute(
    timers: VirtualTimers, wire: Wire, caller: Party, callee: Party
) -> None:
    async def ring(invitation: Invitation) -> None:
        invitation.progress(180)
        await invitation.cancelled.wait()

    callee.on_invite = ring
    attempt = place(caller, callee)
    await timers.run(150)
    assert wire.whats().count("180 INVITE") == 3
    attempt.cancel()
    await timers.run(1)


async def test_update_before_the_answer(timers: VirtualTimers, caller: Party, callee: Party) -> None:
    """RFC 3311 5.1: an early dialog can be changed."""

    async def early(invitation: Invitation) -> None:
        invitation.on_offer = lambda offer: b"early " + (offer or b"")
        invitation.progress(183, ANSWER)
        await invitation.cancelled.wait()

    callee.on_invite = early
    attempt = place(caller, callee)
    await timers.run(1)
    (fork,) = attempt._forks.values()
    response = await timers.until(fork.session.ask("UPDATE", body=b"new", content_type="application/sdp"))
    assert (response.status, response.sdp) == (200, b"early new")
    attempt.cancel()
    await timers.run(1)


async def test_a_session_is_refreshed_by_update(
    timers: VirtualTimers, wire: Wire, caller: Party, callee: Party
) -> None:
    ours, theirs = await connect(timers, caller, callee, session_expires=200)
    wire.log.clear()
    await timers.run(1000)
    assert not ours.is_over
    assert not theirs.is_over
    assert wire.whats().count("UPDATE") == wire.whats().count("200 UPDATE") == 10, "every half interval"


async def test_a_session_is_refreshed_by_reinvite_where_update_is_unknown(
    timers: VirtualTimers, wire: Wire, caller: Party, callee: Party
) -> None:
    ours, theirs = await connect(timers, caller, callee, session_expires=200)
    ours.offers.far_updates = theirs.offers.far_updates = False
    theirs.on_offer = ours.on_offer = lambda offer: ANSWER if offer == OFFER else None
    wire.log.clear()
    await timers.run(1000)
    assert not ours.is_over
    assert wire.whats().count("INVITE") == wire.whats().count("ACK") == 10


async def test_a_session_that_nobody_refreshes_expires(
    timers: VirtualTimers, wire: Wire, caller: Party, callee: Party
) -> None:
    ours, theirs = await connect(timers, caller, callee, session_expires=200)
    wire.fate = lambda packet: []
    both = await timers.until(asyncio.gather(ours.ended(), theirs.ended()))
    assert {ending.by for ending in both} == {"lost", "expired"}, "who asked got no answer; who waited heard nothing"


async def test_too_short_an_interval_is_a_422(timers: VirtualTimers, wire: Wire, callee: Party) -> None:
    raw = Raw(wire)
    raw.send(callee, INVITE.format(extra="Supported: timer\nSession-Expires: 30"))
    await timers.run(1)
    (response,) = raw.came
    assert (raw.statuses(), response.headers.get("Min-SE")) == ([422], "90")


async def test_they_refresh_if_they_say_so(timers: VirtualTimers, wire: Wire, callee: Party) -> None:
    callee.on_invite = answering()
    raw = Raw(wire)
    raw.send(callee, INVITE.format(extra="Supported: timer\nSession-Expires: 300;refresher=uac"))
    await timers.run(1)
    final = raw.came[-1]
    assert final.headers.get("Session-Expires") == "300;refresher=uac"
    assert "timer" in final.listed("Require")


async def test_no_timer_for_who_does_not_know_it(timers: VirtualTimers, wire: Wire, callee: Party) -> None:
    callee.on_invite = answering()
    raw = Raw(wire)
    raw.send(callee, INVITE.format(extra="Subject: old"))
    await timers.run(1)
    assert raw.came[-1].headers.get("Session-Expires") is None


async def test_no_session_timer_when_not_wanted(
    timers: VirtualTimers, wire: Wire, caller: Party, callee: Party
) -> None:
    callee.on_invite = answering()
    final = (await timers.until(steps_of(place(caller, callee, session_expires=None))))[-1]
    assert isinstance(final, Final)
    assert "Session-Expires" not in wire.log[0].data.decode()


async def test_who_stops_waiting_for_the_prack_can_refuse(
    timers: VirtualTimers, wire: Wire, caller: Party, callee: Party
) -> None:
    async def answer(invitation: Invitation) -> None:
        invitation.progress(183, ANSWER)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0):
                await invitation.answer(ANSWER)
        invitation.refuse(480)

    callee.on_invite = answer
    assert (await timers.until(steps_of(place(caller, callee))))[-1].status == 480
    await timers.run(40)
    assert callee.endpoint.load == {"dialogs": 0, "transactions": 0}
