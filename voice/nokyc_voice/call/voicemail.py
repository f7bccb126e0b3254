"""Taking a message: greeting, tone, and what the caller says until they are done."""

import asyncio

from nokyc_voice.call.call import Call, End
from nokyc_voice.call.party import Party
from nokyc_voice.call.speaking import announce, play, say
from nokyc_voice.media.recorder import MessageRecorder
from nokyc_voice.media.tones import ToneSource
from nokyc_voice.platform import MessageLeft, Prompt, Voicemail

GREETING: Prompt = "voicemail_greeting"
BEEP_SEC = 0.3


async def take_message(call: Call, party: Party, plan: Voicemail) -> End:
    """Greet, and keep what is said; also of somebody who hangs up in the middle of it."""
    await _greet(call, party, plan)
    party.leg.play(ToneSource.beep())
    await asyncio.sleep(BEEP_SEC)
    party.leg.play(None)
    path = call.path("voicemail")
    recorder = MessageRecorder(party.leg, path, call.services.spool, max_sec=plan.max_sec, silence_sec=plan.silence_sec)
    duration_ms = 0
    try:
        _, duration_ms = await recorder.done()
    except asyncio.CancelledError:
        recorder.hang_up()
        _, duration_ms = await recorder.done()
        raise
    finally:
        if duration_ms:
            call.tell(MessageLeft(call.id, plan.number_id, call.services.clock.now(), path, duration_ms))
    return End("voicemail_done")


async def _greet(call: Call, party: Party, plan: Voicemail) -> None:
    if plan.greeting_audio is not None:
        await play(party, plan.greeting_audio)
    elif plan.greeting_text is None or not await say(call, party, plan.greeting_text, plan.greeting_voice):
        await announce(call, party, GREETING, plan.language)
