"""Calls that the platform places: the far end first, then what it is joined with; or our own device first."""

from collections.abc import Callable

from nokyc.kit import e164
from nokyc_voice.call import dial, near
from nokyc_voice.call.call import Call, End
from nokyc_voice.call.destinations import Destination, of_trunk
from nokyc_voice.call.dial import Dialling, Refusal
from nokyc_voice.call.party import Leg, Party
from nokyc_voice.call.translating import joined
from nokyc_voice.media.sources import joiner
from nokyc_voice.media.tones import ToneSource
from nokyc_voice.platform import Place, Ring

DEFAULT_COUNTRY = "us"

Heard = Callable[[Leg | None], None]
"""Told that the far end rings; its leg if there is early media to be heard on it."""


async def follow(call: Call, place: Place) -> End:
    """The story of one placed call."""
    if isinstance(place.near, Ring):
        return await _from_device(call, place, place.near)
    far = await call_far_end(call, place)
    if isinstance(far, Refusal):
        return far.end
    country = e164.country(place.caller) or DEFAULT_COUNTRY
    return await near.run(
        call,
        far,
        place.near,
        caller=place.caller_id or place.caller,
        shown=place.caller_id is not None,
        country=country,
    )


async def call_far_end(call: Call, place: Place, heard: Heard = lambda leg: None) -> Party | Refusal:
    """Call the destination over its trunks; answered, the money runs."""

    def ringing(destination: Destination, leg: Leg | None) -> None:
        call.rung(destination.carrier)
        heard(leg)

    dialling = Dialling(
        "callee",
        place.to,
        place.caller_id or place.caller,
        shown=place.caller_id is not None,
        ring_sec=place.ring_sec,
        ringing=ringing,
    )
    destinations = [each for trunk in place.trunks for each in of_trunk(trunk, place.to)]
    far = await dial.in_turn(call, destinations, dialling)
    if isinstance(far, Party):
        call.join(far)
        call.answered("party")
        call.record(far)
    return far


async def _from_device(call: Call, place: Place, plan: Ring) -> End:
    """Ring the number's own devices first: whoever wants to talk is there before the callee is disturbed."""
    dialling = Dialling("device", place.caller, place.to, shown=True, ring_sec=plan.ring_sec)
    device = await dial.at_once(call, await call.services.devices(plan.number_id), dialling)
    if isinstance(device, Refusal):
        return device.end
    device.is_caller = True
    call.join(device)
    device.leg.play(ToneSource.ringback(e164.country(place.to) or DEFAULT_COUNTRY))

    early = joiner(device.leg)
    far = await call_far_end(call, place, lambda leg: None if leg is None else early(leg))
    if isinstance(far, Refusal):
        return far.end
    early(None)
    return await joined(call, far, device, translate=plan.translate)
