"""What a party that is in gets to hear, and with whom it is joined: one function for each kind of plan."""

import asyncio

from nokyc_voice.call import dial
from nokyc_voice.call.agent import REASONS, talk
from nokyc_voice.call.call import Call, End
from nokyc_voice.call.destinations import of_trunk
from nokyc_voice.call.dial import Dialling, Refusal
from nokyc_voice.call.party import Party
from nokyc_voice.call.speaking import UNAVAILABLE, announce, say
from nokyc_voice.call.stream import MediaStream, StreamError
from nokyc_voice.call.translating import joined
from nokyc_voice.call.voicemail import take_message
from nokyc_voice.media.tones import ToneSource
from nokyc_voice.platform import Agent, Announce, Bridge, Near, Ring, Say, Stream, Voicemail

CONNECT_SEC = 10.0
"""How long a customer's program may take to open its socket."""


async def run(call: Call, party: Party, near: Near, *, caller: str, country: str, shown: bool = True) -> End:
    """Follow one plan with a party that is in. `caller` is our number, in whose name others are called, who are `shown`
    it or not; the ringing tone is that of `country`."""
    match near:
        case Say():
            spoken = await say(call, party, near.text, near.voice, None if near.language == "auto" else near.language)
            if not spoken:
                await announce(call, party, UNAVAILABLE, near.language)
            return End("script_done")
        case Announce():
            await announce(call, party, near.prompt, near.language)
            return End("script_done")
        case Bridge():
            party.leg.play(ToneSource.ringback(country))
            return await _bridge(call, party, near, caller, shown)
        case Ring():
            party.leg.play(ToneSource.ringback(country))
            dialling = Dialling("device", caller, caller, shown=True, ring_sec=near.ring_sec)
            device = await dial.at_once(call, await call.services.devices(near.number_id), dialling)
            return await _joined(call, party, device, near.translate)
        case Stream():
            return await _stream(call, party, near)
        case Voicemail():
            return await take_message(call, party, near)
        case Agent():
            talked = await talk(call, party.leg, near, caller=None)
            if talked.message is not None:
                call.leave(talked.message)
            return End(REASONS[talked.result.ended_by])


async def _bridge(call: Call, party: Party, plan: Bridge, caller: str, shown: bool) -> End:
    destinations = [each for trunk in plan.trunks for each in of_trunk(trunk, plan.to)]
    dialling = Dialling("bridged", plan.to, caller, shown=shown, ring_sec=plan.ring_sec)
    return await _joined(call, party, await dial.in_turn(call, destinations, dialling), plan.translate)


async def _joined(call: Call, party: Party, other: Party | Refusal, translate: str | None) -> End:
    if isinstance(other, Refusal):
        await announce(call, party, UNAVAILABLE, "en")
        return other.end
    call.join(other)
    return await joined(call, party, other, translate=translate)


async def _stream(call: Call, party: Party, plan: Stream) -> End:
    try:
        async with asyncio.timeout(CONNECT_SEC):
            socket = await call.services.open_stream(plan.url)
    except (ConnectionError, TimeoutError):
        await announce(call, party, UNAVAILABLE, "en")
        return End("unreachable")
    media = MediaStream(socket, party.leg, plan, call_id=call.id, account_id=call.account_id)
    try:
        await media.run()
    except (StreamError, ConnectionError):
        return End("unreachable")
    finally:
        await media.stop()
    return End("script_done")
