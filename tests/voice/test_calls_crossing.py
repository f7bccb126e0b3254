"""Calls between the engine and our own user agent: early media, late offers, who was quicker, and why it ended."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from nokyc_voice.call.callerid import caller_of
from nokyc_voice.media.rtp_leg import Audio, RtpLeg
from nokyc_voice.media.ticker import Ticker
from nokyc_voice.platform import Announce, Answered
from nokyc_voice.sip.endpoint import Address, Attempt, Credentials, Final, Invitation, Outgoing, Session, Target
from nokyc_voice.sip.message import Request, parse
from voice.peers.agent import SDP, Agent, running, until
from voice.peers.baresip import NUMBER
from voice.plans import OWN, place, take, to
from voice.rig import Rig, device, rig

CODECS = ("PCMA",)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Rig]:
    async with rig(tmp_path) as made:
        yield made


@pytest.fixture
async def audio() -> AsyncIterator[Audio]:
    ticker = Ticker()
    made = Audio(host="127.0.0.1", ports=range(36_000, 37_000), ticker=ticker)
    ticking = asyncio.create_task(ticker.run())
    yield made
    made.close()
    ticking.cancel()


class Carrier:
    """Gives early media, and answers when it is told to."""

    def __init__(self, agent: Agent, audio: Audio) -> None:
        self.digits: list[str] = []
        self.pick_up = asyncio.Event()
        self.session: Session | None = None
        self._audio = audio
        agent.on_invite = self._invited

    async def _invited(self, invitation: Invitation) -> None:
        leg, answer = self._audio.answering(invitation.offer or b"", codecs=CODECS)
        leg.on_digit(self.digits.append)
        invitation.progress(183, answer)
        await self.pick_up.wait()
        self.session = await invitation.answer(answer)


async def answered(attempt: Attempt) -> Final:
    *_, final = [step async for step in attempt.progress()]
    assert isinstance(final, Final)
    return final


def dial(desk: Rig, agent: Agent, audio: Audio, user: str) -> tuple[Attempt, RtpLeg]:
    leg, offer = audio.offering(codecs=CODECS, srtp=False)
    said = Outgoing(Address(f"sip:{user}@127.0.0.1"), Address(desk.uri(NUMBER)))
    return agent.endpoint.invite(Target(desk.uri(NUMBER), credentials=Credentials(user, "secret")), said, offer), leg


async def test_a_key_is_passed_on_once_after_early_media(desk: Rig, audio: Audio) -> None:
    ours = device(desk, 7, "secret")
    async with running() as phone, running() as far:
        carrier = Carrier(far, audio)
        desk.platform.on_dialled = place(to(far.port))
        attempt, leg = dial(desk, phone, audio, ours.username)
        async for step in attempt.progress():
            if step.status == 183:
                carrier.pick_up.set()
            if step.body:
                leg.answered(step.body)
        leg.send_digits("5#")
        await until(lambda: "#" in carrier.digits)
        assert carrier.session is not None
        carrier.session.bye()
        await desk.platform.ended(1)

    assert carrier.digits == ["5", "#"]


async def test_a_late_answer_that_is_no_good_is_hung_up(desk: Rig) -> None:
    async with running() as far:
        await desk.use_trunks(to(far.port))
        desk.platform.on_incoming = take(Announce("goodbye", "en"))
        said = Outgoing(Address(f"sip:{NUMBER}@127.0.0.1"), Address(desk.uri(OWN)))
        attempt = far.endpoint.invite(Target(desk.uri(OWN)), said, None)
        attempt.on_offer = lambda offer: SDP.replace(b"RTP/AVP 8", b"RTP/AVP 99").replace(b"8 PCMA", b"99 opus")
        final = await answered(attempt)
        assert final.session is not None
        async with asyncio.timeout(20):
            ending = await final.session.ended()
        ended = await desk.platform.ended(1)

    assert (ending.by, ended.reason) == ("far", "no_media")


@pytest.mark.parametrize(("said", "told"), [(None, 16), (31, 31)])
async def test_every_call_has_a_cause_of_its_end(desk: Rig, audio: Audio, said: int | None, told: int) -> None:
    async with running() as far:
        carrier = Carrier(far, audio)
        carrier.pick_up.set()
        await desk.engine.place(place(to(far.port)))
        await desk.platform.told(Answered)
        assert carrier.session is not None
        carrier.session.bye(said)
        ended = await desk.platform.ended(1)

    assert (ended.reason, ended.cause) == ("callee_hangup", told)


async def test_a_withheld_caller_stays_withheld_whatever_else_is_asked_for() -> None:
    lines = (
        f"INVITE sip:{OWN}@127.0.0.1 SIP/2.0", "Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK1",
        f"From: <sip:{NUMBER}@h>;tag=1",
        f"To: <sip:{OWN}@h>", "Call-ID: 1", "CSeq: 1 INVITE", "Privacy: header; id", "Content-Length: 0", "", "",
    )  # fmt: skip
    request = parse("\r\n".join(lines).encode())
    assert isinstance(request, Request)
    assert caller_of(request) is None
