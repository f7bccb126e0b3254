"""Two parties that talk to each other, and the interpreter between them where one was asked for.

Each hears the other one's own voice, quieter while the translation of the last turn is spoken over it. What is said is
told as captions, translated or not.
"""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from itertools import count

import structlog

from nokyc.kit import ids, languages
from nokyc.kit.faults import where
from nokyc.speech.port import ANY, Pair, SpeechError, Transcript, TurnEnded
from nokyc.speech.turns import TurnDetector
from nokyc_voice.call.call import Call, End
from nokyc_voice.call.party import Party
from nokyc_voice.media.ducking import Ducked
from nokyc_voice.media.port import Undo
from nokyc_voice.media.sources import join
from nokyc_voice.platform import MAX_CAPTIONS, Caption

MAX_FRAMES = 250
"""That wait to be listened to: 5 s; then the oldest are not heard."""
MAX_TURNS_WAITING = 4
"""Of one party; who talks faster than we can translate loses the oldest."""
EARS_SEC = 15.0
"""For one turn; what takes longer is not translated."""

log = structlog.get_logger("nokyc.voice")


async def joined(call: Call, party: Party, owner: Party, *, translate: str | None) -> End:
    """Let two parties hear each other until the call is over; `translate` is the language of the second one."""
    join(party.leg, owner.leg)
    if translate is None:
        return await call.over()
    shared = _Shared(call, translate)
    ways = [_Way(shared, party, owner, owner=False), _Way(shared, owner, party, owner=True)]
    tasks = [asyncio.create_task(_guarded(call, way)) for way in ways]
    try:
        return await call.over()
    finally:
        for task in tasks:
            task.cancel()


async def _guarded(call: Call, way: "_Way") -> None:
    """An interpreter that fails leaves the two to themselves."""
    try:
        await way.run()
    except SpeechError as error:
        log.warning("no translation", call=ids.show("call", call.id), reason=str(error))
    except Exception as error:
        log.error("translation failed", call=ids.show("call", call.id), error=type(error).__name__, where=where(error))


class _Shared:
    """What both ways know."""

    def __init__(self, call: Call, owner_language: str) -> None:
        self.call = call
        self.owner_language = owner_language
        self.party_language: str | None = None
        """Once it was heard."""
        self._n = count()

    def can(self, pair: Pair) -> bool:
        pairs = self.call.services.engines.translator.pairs()
        return pair in pairs or (ANY, pair[1]) in pairs

    def sources(self) -> list[str]:
        """What the party may speak: every language that can be translated for the owner; none means any."""
        pairs = self.call.services.engines.translator.pairs()
        found = sorted({source for source, target in pairs if target == self.owner_language})
        return [] if ANY in found else [*found, self.owner_language]

    def caption(self, leg: str, heard: Transcript, translation: str | None, target: str | None) -> None:
        n = next(self._n)
        if n < MAX_CAPTIONS:
            now = self.call.services.clock.now()
            told = target if translation is not None else None
            self.call.tell(Caption(self.call.id, now, n, leg, heard.language, heard.text, translation, told))


@dataclass(slots=True)
class _Way:
    """From one party's mouth into the other one's ear."""

    shared: _Shared
    speaker: Party
    listener: Party
    owner: bool
    """Whether the speaker is the one whose language is configured."""

    async def run(self) -> None:
        detector = TurnDetector(self.shared.call.services.engines.vad.open())
        frames: asyncio.Queue[bytes] = asyncio.Queue(MAX_FRAMES)
        turns: asyncio.Queue[bytes] = asyncio.Queue(MAX_TURNS_WAITING)
        ear = Ducked()
        undos: list[Undo] = [self.speaker.leg.listen(ear.put), self.speaker.leg.listen(lambda f: _put(frames, f))]
        self.listener.leg.play(ear)
        interpreting = asyncio.create_task(self._interpret(turns, ear))
        try:
            while not interpreting.done():
                for event in detector.feed(await frames.get()):
                    if isinstance(event, TurnEnded):
                        _put(turns, event.pcm)
            await interpreting
        finally:
            interpreting.cancel()
            for undo in undos:
                undo()

    async def _interpret(self, turns: "asyncio.Queue[bytes]", ear: Ducked) -> None:
        while True:
            pcm = await turns.get()
            try:
                async with asyncio.timeout(EARS_SEC):
                    heard, translation, target = await self._understand(pcm)
            except TimeoutError:
                continue
            if heard is None:
                continue
            self.shared.caption(self.speaker.name, heard, translation, target)
            if translation is not None and target is not None:
                await self._speak(translation, target, ear)

    async def _understand(self, pcm: bytes) -> tuple[Transcript | None, str | None, str | None]:
        """What was said, its translation if there is one, and into what."""
        shared, engines = self.shared, self.shared.call.services.engines
        spoken: Sequence[str] = [shared.owner_language] if self.owner else shared.sources()
        heard = await engines.stt.transcribe(pcm, languages=spoken)
        if heard is None:
            return None, None, None
        if not self.owner and heard.language != shared.owner_language:
            shared.party_language = heard.language
        target = shared.party_language if self.owner else shared.owner_language
        if target is None or target == heard.language or not shared.can((heard.language, target)):
            return heard, None, target
        try:
            said = await engines.translator.translate(heard.text, source=heard.language, target=target, pcm=pcm)
        except SpeechError:
            return heard, None, target
        return heard, said, target

    async def _speak(self, text: str, language: str, ear: Ducked) -> None:
        voice = languages.voice_for(language)
        own = languages.of_voice(voice) == language
        speech = self.shared.call.services.engines.tts.say(text, voice=voice, language=None if own else language)
        try:
            async with aclosing(speech):  # engines are generators; leaving one stops its work
                async for pcm in speech:
                    await ear.speech.feed(pcm)
        except SpeechError:
            return  # the caption has it
        await ear.speech.drained()


def _put(queue: "asyncio.Queue[bytes]", item: bytes) -> None:
    if queue.full():
        queue.get_nowait()
    queue.put_nowait(item)
