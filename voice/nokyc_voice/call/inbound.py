"""Calls that come in: from a carrier, through the steps of their plan, or from one of our own devices."""

import asyncio
from collections.abc import Coroutine

from nokyc_voice.call import causes
from nokyc_voice.call.call import Call, End
from nokyc_voice.call.destinations import DEVICE_CODECS
from nokyc_voice.call.dial import Refusal
from nokyc_voice.call.outbound import call_far_end
from nokyc_voice.call.party import Leg, Party
from nokyc_voice.call.steps import Steps
from nokyc_voice.call.translating import joined
from nokyc_voice.media.errors import MediaRefusedError
from nokyc_voice.media.rtp_leg import RtpLeg
from nokyc_voice.media.sources import joiner
from nokyc_voice.platform import Incoming, Place, Ring, Take, Trunk
from nokyc_voice.sip.endpoint import Invitation


async def take(call: Call, invitation: Invitation, plan: Take, incoming: Incoming, trunk: Trunk) -> None:
    """Go through the steps until one of them has had the call."""
    caller = _Caller(call, invitation, trunk)
    await _attend(call, invitation, Steps(call, caller, incoming).follow(plan))


async def connect(call: Call, invitation: Invitation, place: Place) -> None:
    """One of our devices calls somebody."""
    await _attend(call, invitation, _from_device(call, invitation, place))


async def _attend(call: Call, invitation: Invitation, story: Coroutine[None, None, End]) -> None:
    """Follow a story whose caller may give up before it is answered."""

    async def give_up() -> None:
        await invitation.cancelled.wait()
        call.end("canceled", invitation.cause)

    watching = asyncio.create_task(give_up())
    try:
        await call.run(story)
    finally:
        watching.cancel()
    end = await call.over()
    invitation.refuse(end.status or causes.status_of(end.reason), cause=causes.cause_of(end.reason))


class _Caller:
    """Implements `steps.Caller`."""

    def __init__(self, call: Call, invitation: Invitation, trunk: Trunk) -> None:
        self._call = call
        self._invitation = invitation
        self._trunk = trunk
        invitation.trace = call.trace("caller")

    def ringing(self) -> None:
        self._invitation.progress(180)

    async def let_in(self) -> Party:
        audio, offer = self._call.services.audio, self._invitation.offer
        if offer is None:
            leg, body = audio.offering(codecs=self._trunk.codecs, srtp=self._trunk.srtp)
        else:
            leg, body = audio.answering(offer, codecs=self._trunk.codecs, srtp_required=self._trunk.srtp)
        party = await _answered(self._call, self._invitation, "caller", leg, body)
        self._call.record(party)
        return party


async def _from_device(call: Call, invitation: Invitation, place: Place) -> End:
    invitation.trace = call.trace("device")
    leg, body = await _device_leg(call, invitation)
    early = joiner(leg)

    def heard(far: Leg | None) -> None:
        if far is None:
            invitation.progress(180)
        else:
            invitation.progress(183, body)
            early(far)

    far: Party | Refusal | None = None
    try:
        far = await call_far_end(call, place, heard)
    finally:
        if not isinstance(far, Party):
            leg.close()
    if isinstance(far, Refusal):
        return far.end
    device = await _answered(call, invitation, "device", leg, body)
    early(None)
    return await joined(call, far, device, translate=place.near.translate if isinstance(place.near, Ring) else None)


async def _device_leg(call: Call, invitation: Invitation) -> tuple[Leg, bytes]:
    """Audio for a device's INVITE. One without an offer is refused: no device of ours makes one."""
    if invitation.offer is None:
        raise MediaRefusedError("an INVITE of a device without an offer")
    if invitation.source.transport == "ws":
        return await call.services.webrtc.answering(invitation.offer)
    return call.services.audio.answering(invitation.offer, codecs=DEVICE_CODECS)


async def _answered(call: Call, invitation: Invitation, name: str, leg: Leg, body: bytes) -> Party:
    try:
        session = await invitation.answer(body)
    except BaseException:
        leg.close()
        raise
    party = Party(name, session, leg, is_caller=True)
    call.join(party)
    if invitation.offer is None and isinstance(leg, RtpLeg) and session.remote_body is not None:
        leg.answered(session.remote_body)
    return party
