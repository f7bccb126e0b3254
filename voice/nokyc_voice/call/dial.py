"""Calling one party: over the trunks in turn, or all devices of a number at once."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from nokyc_voice.call import causes
from nokyc_voice.call.call import Call, End
from nokyc_voice.call.callerid import stating
from nokyc_voice.call.causes import Verdict
from nokyc_voice.call.destinations import Destination
from nokyc_voice.call.party import Leg, Party
from nokyc_voice.media.errors import MediaRefusedError
from nokyc_voice.media.rtp_leg import RtpLeg
from nokyc_voice.sip.endpoint import Final, Progress

SILENCE_SEC = 6.0
"""Whoever has not even said 100 by then, after four tries over UDP, is passed over; RFC 3261 would wait for 32 s."""
NO_ANSWER = Verdict("no_answer", "no_answer")
NO_WAY = Verdict("failed", "unreachable")
NO_MEDIA = Verdict("failed", "no_media")
SILENT = Verdict("failed", "carrier_timeout", next_trunk=True)


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
    ringing = {asyncio.create_task(_ring(call, destination, dialling)) for destination in destinations}
    waiting, refusal = ringing.copy(), Refusal(NO_WAY)
    try:
        while waiting:
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                result = task.result()
                if isinstance(result, Party):
                    ringing.discard(task)
                    return result
                refusal = result
            if refusal.verdict.reason == "declined":
                return refusal  # who declines on one device does not want to be rung on another
        return refusal
    finally:
        # Nothing is waited for here: whoever gives up in that moment would leave an answered device to itself.
        for task in ringing:
            task.cancel()
            task.add_done_callback(_turn_away)


def _turn_away(late: "asyncio.Task[Party | Refusal]") -> None:
    """A device that somebody else was quicker than, even if it answers at this very moment."""
    if not late.cancelled() and late.exception() is None and isinstance(party := late.result(), Party):
        party.hang_up("canceled")


async def _ring(call: Call, destination: Destination, dialling: Dialling) -> Party | Refusal:
    """One device. Where it was offered SRTP and cannot do it, it is asked once more, for plain audio."""
    result = await dial(call, destination, dialling)
    if destination.srtp and isinstance(result, Refusal) and result.verdict.reason == "no_media":
        return await dial(call, replace(destination, srtp=False), dialling)
    return result


async def dial(call: Call, destination: Destination, dialling: Dialling) -> Party | Refusal:
    """One INVITE, from the offer to the answer. Cancelled, it cancels the INVITE."""
    services = call.services
    leg: Leg
    if destination.browser:
        try:
            leg, offer = await services.webrtc.offering()
        except MediaRefusedError:  # the number's other devices ring on
            return Refusal(NO_MEDIA)
    else:
        leg, offer = services.audio.offering(codecs=destination.codecs, srtp=destination.srtp)
    said = stating(
        dialling.to, destination.host, caller=dialling.caller, shown=dialling.shown, identity=destination.identity,
        display=dialling.display,
    )  # fmt: skip
    attempt = services.endpoint.invite(destination.target, said, offer)
    attempt.trace = call.trace(dialling.name)
    taken = heard = False
    until = asyncio.get_running_loop().time() + dialling.ring_sec
    try:
        async with asyncio.timeout(min(dialling.ring_sec, SILENCE_SEC)) as patience:
            async for progress in attempt.progress():
                heard = True
                patience.reschedule(until)
                if isinstance(progress, Final):
                    party = await _settled(progress, leg, dialling.name)
                    taken = isinstance(party, Party)
                    return party
                await _note(progress, leg, destination, dialling)
        raise AssertionError("an attempt ends with a Final")
    except TimeoutError:
        return Refusal(NO_ANSWER) if heard or dialling.ring_sec <= SILENCE_SEC else Refusal(SILENT, 408)
    finally:
        if not taken:
            attempt.cancel(causes.NORMAL)
            leg.close()


async def _settled(final: Final, leg: Leg, name: str) -> Party | Refusal:
    if final.session is None:
        return Refusal(causes.verdict(final.status, final.cause), final.status, final.cause)
    try:
        # Where a reliable provisional brought the answer, the 200 has none (RFC 3262, 5).
        await _answer(leg, final.session.remote_body or b"")
    except MediaRefusedError:
        final.session.bye(causes.cause_of("no_media"))
        return Refusal(NO_MEDIA, final.status)
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
