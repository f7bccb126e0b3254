"""The steps of an inbound call's plan, one after the other, until one of them has had the call."""

import asyncio
from typing import Literal, Protocol

from nokyc.kit import e164
from nokyc_voice.agents import RING_SEC, Addon, Agent, AgentResult
from nokyc_voice.call import dial, near, screening
from nokyc_voice.call.agent import REASONS, Talked, talk, warm
from nokyc_voice.call.call import Call, End
from nokyc_voice.call.dial import Dialling, Refusal
from nokyc_voice.call.outbound import DEFAULT_COUNTRY
from nokyc_voice.call.party import Party
from nokyc_voice.call.speaking import UNAVAILABLE, announce
from nokyc_voice.call.translating import joined
from nokyc_voice.call.voicemail import take_message
from nokyc_voice.media.tones import ToneSource
from nokyc_voice.platform import Incoming, Near, Ring, Take, Voicemail

NOBODY = frozenset({"hold_music", "machine", "loop"})
"""Ends of a screening after which no owner is disturbed."""


class Caller(Protocol):
    """The far end of an inbound call, which is answered when the first step wants it."""

    def ringing(self) -> None: ...

    async def let_in(self) -> Party:
        """Answer. Raises DialogLostError, MediaRefusedError."""
        ...


class Steps:
    def __init__(self, call: Call, caller: Caller, incoming: Incoming) -> None:
        self._call = call
        self._caller = caller
        self._incoming = incoming
        self._country = e164.country(incoming.callee) or DEFAULT_COUNTRY
        self._party: Party | None = None
        self._talked: Talked | None = None
        """What the caller told an agent, as long as nothing became of it."""
        self._last = End("no_answer")
        self._declined = False

    async def follow(self, plan: Take) -> End:
        self._began = asyncio.get_running_loop().time()
        self._caller.ringing()
        try:
            for step in plan.steps:
                end = await self._take(step, is_last=step is plan.steps[-1])
                if end is not None:
                    return end
            return self._last
        finally:
            if self._talked is not None and self._talked.message is not None:
                self._call.leave(self._talked.message)

    async def _take(self, step: Near, *, is_last: bool) -> End | None:
        """None: the call goes on to the next step."""
        match step:
            case Ring():
                return await self._ring(step)
            case Agent():
                return await self._agent(step, is_last=is_last)
            case Voicemail():
                party = await self._let_in("voicemail")
                after, self._talked = self._talked, None
                return await take_message(self._call, party, step, after=after)
            case _:
                party = await self._let_in("party")
                return await near.run(self._call, party, step, caller=self._incoming.callee, country=self._country)

    async def _ring(self, step: Ring) -> End | None:
        call, incoming = self._call, self._incoming
        if step.screen is not None:
            end = await self._screen(step.screen)
            if end is not None:
                return end
        if self._party is not None:
            self._party.leg.play(ToneSource.ringback(self._country))
        who = None if self._talked is None else self._talked.result
        dialling = Dialling(
            "device",
            incoming.callee,
            incoming.caller,
            shown=incoming.caller is not None,
            ring_sec=step.ring_sec,
            display=screening.display(who) if who is not None else "",
        )
        found = await dial.at_once(call, await call.services.devices(step.number_id), dialling)
        if isinstance(found, Refusal):
            self._last, self._declined = found.end, found.verdict.reason == "declined"
            return None
        if step.screen is not None and who is not None:
            verdict = await self._offer(found, who, step.screen)
            if verdict != "accept":
                return await self._turned_away(verdict)
        call.join(found)
        party = await self._let_in("device")
        await self._forget_message()
        return await joined(call, party, found, translate=step.translate)

    async def _screen(self, plan: Agent) -> End | None:
        """Ask who it is. The end of the call if there is nobody."""
        party = await self._let_in("agent", addon=plan.addon)
        talked = self._talked = await talk(self._call, party.leg, plan, caller=self._incoming.caller)
        return End(REASONS[talked.result.ended_by]) if talked.result.ended_by in NOBODY else None

    async def _offer(self, device: Party, who: AgentResult, plan: Agent) -> screening.Verdict:
        verdict: screening.Verdict = "decline"
        try:
            verdict = await screening.offer(self._call, device, who, callee=self._incoming.callee, voice=plan.voice)
        finally:
            if verdict != "accept":
                device.hang_up("declined")
        return verdict

    async def _turned_away(self, verdict: screening.Verdict) -> End | None:
        if verdict == "voicemail":
            return None
        assert self._party is not None
        await announce(self._call, self._party, UNAVAILABLE, "en")
        return End("declined")

    async def _agent(self, step: Agent, *, is_last: bool) -> End | None:
        if not self._declined and self._party is None:
            rung_sec = asyncio.get_running_loop().time() - self._began
            left_sec = step.after_rings * RING_SEC - rung_sec
            if left_sec >= RING_SEC:
                warm(self._call, step)
            await asyncio.sleep(max(0.0, left_sec))
        party = await self._let_in("agent", addon=step.addon)
        talked = self._talked = await talk(self._call, party.leg, step, caller=self._incoming.caller)
        return None if talked.hand_over and not is_last else End(REASONS[talked.result.ended_by])

    async def _let_in(
        self, by: Literal["party", "device", "voicemail", "agent"], *, addon: Addon = "ai-pickup"
    ) -> Party:
        if self._party is None:
            self._party = await self._caller.let_in()
            self._call.answered(by, addon=addon)
        return self._party

    async def _forget_message(self) -> None:
        """The owner talks to the caller: there is no message to be kept."""
        talked, self._talked = self._talked, None
        if talked is not None and talked.message is not None:
            await asyncio.to_thread(talked.message.path.unlink, missing_ok=True)
