"""Calling one party: over the trunks in turn, or all devices of a number at once."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nokyc_voice.call import causes
from nokyc_voice.call.call import Call, End
from nokyc_voice.call.callerid import stating
from nokyc_voice.call.causes import Verdict
from nokyc_voice.call.destinations import Destination
from nokyc_voice.call.party import Leg, Party
from nokyc_voice.media.errors import MediaRefusedError
from nokyc_voice.media.rtp_leg import RtpLeg
from nokyc_voice.sip.endpoint import Final, Progress

NO_ANSWER = Verdict("no_answer", "no_answer")
NO_WAY = Verdict("failed", "unreachable")


@dataclass(frozen=True, slots=True)
class Dialling:
    """Who is called, by whom, and for how long."""

    name: str
    """As in the ladder."""
    to: str
    caller: str | None
    """E.164: who is stated, or at least asserted; None if nobody told us."""
    shown: bool
    ring_sec: float
    ringing: Callable[[Destination, Leg | None], None] = lambda destination, leg: None
    """Told at each sign of ringing; the leg if it has early media to listen to."""
    display: str = ""
    """What the telephone shows beside the number."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Nobody answered, and why."""

    verdict: Verdict
    status: int | None = None
    cause: int | None = None

    @property
    def end(self) -> End:
        return End(self.verdict.reason, self.verdict.outcome, self.status, self.cause)


async def in_turn(call: Call, destinations: Sequence[Destination], dialling: Dialling) -> Party | Refusal:
    """Ask one destination after the other until one decides, whichever way."""
    result: Party | Refusal = Refusal(NO_WAY)
    for destination in destinations:
        result = await dial(call, destination, dialling)
        if isinstance(result, Party) or not result.verdict.next_trunk:
            return result
    return result


async def at_once(call: Call, destinations: Sequence[Destination], dialling: Dialling) -> Party | Refusal:
    """Ring all destinations; the first that answers is taken, the others are told that somebody was quicker."""
    waiting = {asyncio.create_task(dial(call, destination, dialling)) for destination in destinations}
    refusal = Refusal(NO_WAY)
    try:
        while waiting:
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            answered = [task.result() for task in done if isinstance(task.result(), Party)]
            for late in answered[1:]:
                assert isinstance(late, Party)
                late.hang_up("canceled")
            if answered:
                return answered[0]
            refusal = next(r for task in done if isinstance(r := task.result(), Refusal))
            if refusal.verdict.reason == "declined":
                return refusal  # who declines on one device does not want to be rung on another
        return refusal
    finally:
        for task in waiting:
            task.cancel()
        for result in await asyncio.gather(*waiting, return_exceptions=True):
            if isinstance(result, Party):
                result.hang_up("canceled")


async def dial(call: Call, destination: Destination, dialling: Dialling) -> Party | Refusal:
    """One INVITE, from the offer to the answer. Cancelled, it cancels the INVITE."""
    services = call.services
    leg: Leg
    if destination.browser:
        leg, offer = await services.webrtc.offering()
    else:
        leg, offer = services.audio.offering(codecs=destination.codecs, srtp=destination.srtp)
    said = stating(
        dialling.to, destination.host, caller=dialling.caller, shown=dialling.shown, identity=destination.identity,
        display=dialling.display,
    )  # fmt: skip
    attempt = services.endpoint.invite(destination.target, said, offer)
    attempt.trace = call.trace(dialling.name)
    taken = False
    try:
        async with asyncio.timeout(dialling.ring_sec):
            async for progress in attempt.progress():
                if isinstance(progress, Final):
                    party = await _settled(progress, leg, dialling.name)
                    taken = isinstance(party, Party)
                    return party
                await _note(progress, leg, destination, dialling)
        raise AssertionError("an attempt ends with a Final")
    except TimeoutError:
        return Refusal(NO_ANSWER)
    finally:
        if not taken:
            attempt.cancel(causes.NORMAL)
            leg.close()


async def _settled(final: Final, leg: Leg, name: str) -> Party | Refusal:
    if final.session is None:
        return Refusal(causes.verdict(final.status, final.cause), final.status, final.cause)
    try:
        await _answer(leg, final.body or b"")
    except MediaRefusedError:
        final.session.bye(causes.cause_of("no_media"))
        return Refusal(Verdict("failed", "no_media"), final.status)
    except asyncio.CancelledError:
        final.session.bye(causes.NORMAL)
        raise
    return Party(name, final.session, leg)


async def _note(progress: Progress, leg: Leg, destination: Destination, dialling: Dialling) -> None:
    if progress.status < 180:
        return
    early = None
    if progress.body:
        try:
            await _answer(leg, progress.body)
            early = leg
        except MediaRefusedError:
            pass  # the 200 may bring something better
    dialling.ringing(destination, early)


async def _answer(leg: Leg, answer: bytes) -> None:
    if isinstance(leg, RtpLeg):
        leg.answered(answer)
    else:
        await leg.answered(answer)
