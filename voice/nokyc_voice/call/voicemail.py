"""Taking a message: greeting, tone, and what the caller says until they are done."""

import asyncio
from dataclasses import replace

from nokyc_voice.call.agent import Talked
from nokyc_voice.call.call import Call, End
from nokyc_voice.call.party import Party
from nokyc_voice.call.speaking import announce, play, say
from nokyc_voice.media.recorder import MessageRecorder, join_wavs
from nokyc_voice.media.tones import ToneSource
from nokyc_voice.platform import MessageLeft, Prompt, Voicemail

GREETING: Prompt = "voicemail_greeting"
BEEP_SEC = 0.3


async def take_message(call: Call, party: Party, plan: Voicemail, *, after: Talked | None = None) -> End:
    """Greet, and keep what is said; also of somebody who hangs up in the middle of it. `after` an agent, what the
    caller told it comes first, and is left if nothing else is said."""
    path = call.path("voicemail")
    duration_ms = 0
    recorder: MessageRecorder | None = None
    try:
        await _greet(call, party, plan)
        party.leg.play(ToneSource.beep())
        await asyncio.sleep(BEEP_SEC)
        party.leg.play(None)
        recorder = MessageRecorder(
            party.leg, path, call.services.spool, max_sec=plan.max_sec, silence_sec=plan.silence_sec
        )
        _, duration_ms = await recorder.done()
    except asyncio.CancelledError:
        if recorder is not None:
            recorder.hang_up()
            _, duration_ms = await recorder.done()
        raise
    finally:
        message = None
        if duration_ms:
            message = MessageLeft(call.id, plan.number_id, call.services.clock.now(), path, duration_ms)
        if (whole := await _whole(message, after)) is not None:
            call.leave(whole)
    return End("voicemail_done")


async def _whole(message: MessageLeft | None, after: Talked | None) -> MessageLeft | None:
    """What was told to the agent, and then to the voicemail."""
    if after is None:
        return message
    if message is None or after.message is None:
        return after.message if message is None else replace(message, agent=after.result)
    await asyncio.to_thread(join_wavs, after.message.path, message.path)
    duration_ms = after.message.duration_ms + message.duration_ms
    return replace(message, duration_ms=duration_ms, agent=after.result)


async def _greet(call: Call, party: Party, plan: Voicemail) -> None:
    if plan.greeting_audio is not None:
        await play(party, plan.greeting_audio)
    elif plan.greeting_text is None or not await say(call, party, plan.greeting_text, plan.greeting_voice):
        await announce(call, party, GREETING, plan.language)
