"""An agent in a call: ears, mouth and memory around the conversation, which decides."""

import asyncio
from collections import deque
from collections.abc import Coroutine
from contextlib import aclosing
from dataclasses import dataclass

import structlog

from nokyc.kit import ids
from nokyc.kit.faults import where
from nokyc.speech.port import Paused, Resumed, SpeechError, SpeechStarted, TurnEnded, TurnEvent
from nokyc.speech.rules.analyst import analyse
from nokyc.speech.turns import TurnDetector, TurnRules
from nokyc_voice.agent.bounds import MAX_CHARS
from nokyc_voice.agent.conversation import Conversation
from nokyc_voice.agent.finished import sounds_finished
from nokyc_voice.agent.leash import REPLY_MS
from nokyc_voice.agent.moves import (
    Ask,
    Begun,
    Detected,
    Digit,
    Failed,
    Finish,
    Heard,
    HungUp,
    Hush,
    Input,
    Move,
    Replied,
    Speak,
    Spoken,
    Tick,
)
from nokyc_voice.agent.repertoire import opening
from nokyc_voice.agents import Agent, AgentEnd, AgentResult
from nokyc_voice.call.call import Call
from nokyc_voice.call.speaking import LEAD_IN_SEC
from nokyc_voice.media.machines import HoldMusic, Machine
from nokyc_voice.media.port import FRAME_BYTES, FRAME_MS, AudioLeg
from nokyc_voice.media.sources import BYTES_PER_MS, Player
from nokyc_voice.media.spool import SpoolFile
from nokyc_voice.platform import EndReason, MessageLeft

TICK_SEC = 0.1
MAX_FRAMES = 250
"""That wait to be listened to: 5 s; then the oldest are not heard."""
RULES = TurnRules(pause_ms=128)
"""Ears begin early: what they hear decides how long the silence has to be."""
EARS_SEC = 7.0
"""For one turn; the conversation gives up on them a second later."""
MAX_EARLY_MS = 30_000
"""Of one turn that is listened to before it is over, all its pauses together: who stops at each word costs no more."""
BEFORE_FRAMES = 20
"""Kept from before a turn that the party does not finish."""
GAP_MS = 300
"""Of silence between two turns in the message."""

REASONS: dict[AgentEnd, EndReason] = {
    "done": "agent_done",
    "digit": "agent_done",
    "caller_hangup": "caller_hangup",
    "silence": "agent_silence",
    "max_sec": "agent_max_sec",
    "max_turns": "agent_max_turns",
    "cost": "agent_cost",
    "hold_music": "agent_hold_music",
    "machine": "agent_machine",
    "loop": "agent_loop",
    "unavailable": "agent_unavailable",
}
"""Why the call ends if nobody takes it over from the agent."""

log = structlog.get_logger("nokyc.voice")


@dataclass(frozen=True, slots=True)
class Talked:
    """A conversation that is over."""

    result: AgentResult
    hand_over: bool
    message: MessageLeft | None
    """What the party said, if it said anything; not reported yet."""


async def talk(call: Call, leg: AudioLeg, plan: Agent, *, caller: str | None) -> Talked:
    """Let an agent talk to a party. If the call ends meanwhile, what was said is reported as a message."""
    session = _Session(call, leg, plan, caller)
    try:
        finish = await session.run()
        return Talked(finish.result, finish.hand_over, await session.close(finish.result))
    except asyncio.CancelledError:
        message = await session.close(session.hung_up())
        if message is not None:
            call.leave(message)
        raise


def warm(call: Call, plan: Agent) -> None:
    """Let the agent's first sentence be made while the caller hears it ring."""
    text, voice, language = opening(plan)
    call.services.sentences.warm(text, voice=voice, language=language)


class _Session:
    def __init__(self, call: Call, leg: AudioLeg, plan: Agent, caller: str | None) -> None:
        self._call = call
        self._leg = leg
        self._plan = plan
        self._engines = call.services.engines
        self._conversation = Conversation(plan, caller=caller, chat=self._engines.can_chat)
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        self._inbox: asyncio.Queue[Input] = asyncio.Queue()
        self._frames: asyncio.Queue[bytes] = asyncio.Queue(MAX_FRAMES)
        self._player = Player()
        self._tasks: set[asyncio.Task[None]] = set()
        self._speech: asyncio.Task[None] | None = None
        self._ears: asyncio.Task[Heard | Failed] | None = None
        self._early_bytes = 0
        self._file: SpoolFile | None = None
        self._written_ms = 0
        self._turn: bytearray | None = None
        """What the party says just now."""
        self._detector: TurnDetector | None = None
        self._finish: Finish | None = None
        self._closing: asyncio.Task[MessageLeft | None] | None = None

    @property
    def _now_ms(self) -> int:
        return round((self._loop.time() - self._began) * 1_000)

    async def run(self) -> Finish:
        undo = [self._leg.listen(self._take_frame), self._leg.on_digit(self._take_digit)]
        self._leg.play(self._player)
        self._start(self._listen())
        self._start(self._tick())
        try:
            await asyncio.sleep(LEAD_IN_SEC)
            self._inbox.put_nowait(Begun(self._now_ms))
            while True:
                for move in self._conversation.take(await self._inbox.get()):
                    if isinstance(move, Finish):
                        self._finish = move
                        return move
                    self._do(move)
        finally:
            for each in undo:
                each()
            for task in self._tasks | ({self._ears} if self._ears is not None else set()):
                task.cancel()
            self._player.flush()
            self._leg.play(None)

    def hung_up(self) -> AgentResult:
        """The end, from outside; the agent's own if that came before."""
        if self._finish is None:
            (*_, last) = self._conversation.take(HungUp(self._now_ms))
            assert isinstance(last, Finish)
            self._finish = last
        return self._finish.result

    async def close(self, result: AgentResult) -> MessageLeft | None:
        """What the party said, as a message; None if it said nothing. May be called again if it was cancelled."""
        if self._closing is None:
            self._closing = asyncio.ensure_future(self._close(result))
        return await asyncio.shield(self._closing)

    async def _close(self, result: AgentResult) -> MessageLeft | None:
        if self._turn is not None:
            self._keep(bytes(self._turn))
        if self._file is None:
            return None
        await self._file.close()
        path, now = self._call.path("agent"), self._call.services.clock.now()
        return MessageLeft(self._call.id, self._plan.number_id, now, path, self._written_ms, agent=result)

    # --- what the conversation wants ---

    def _do(self, move: Move) -> None:
        match move:
            case Speak():
                self._speech = self._start(self._speak(move))
            case Hush():
                if self._speech is not None:
                    self._speech.cancel()
                self._player.flush()
            case Ask():
                self._start(self._reply(move))

    async def _speak(self, move: Speak) -> None:
        sentences = self._call.services.sentences
        speech = sentences.say(
            move.text, voice=move.voice, language=move.language, lasting=move.lasting, pieces=move.pieces
        )
        try:
            async with aclosing(speech):
                async for pcm in speech:
                    await self._player.feed(pcm)
        except SpeechError:
            self._inbox.put_nowait(Failed(self._now_ms))
            return
        await self._player.drained()
        self._inbox.put_nowait(Spoken(self._now_ms, move.n))

    async def _reply(self, move: Ask) -> None:
        assert self._engines.chat is not None
        text: str | None = ""
        try:
            async with asyncio.timeout(REPLY_MS / 1_000):
                pieces = self._engines.chat.reply(move.messages)
                async with aclosing(pieces):
                    async for piece in pieces:
                        text = (text or "") + piece
                        if len(text) > MAX_CHARS:
                            break
        except (SpeechError, TimeoutError):
            text = None
        self._inbox.put_nowait(Replied(self._now_ms, move.n, text))

    # --- what the party does ---

    def _take_frame(self, frame: bytes) -> None:
        if self._frames.full():
            self._frames.get_nowait()
        self._frames.put_nowait(frame)

    def _take_digit(self, digit: str) -> None:
        self._inbox.put_nowait(Digit(self._now_ms, digit))

    async def _listen(self) -> None:
        try:
            detector = self._detector = TurnDetector(self._engines.vad.open(), RULES)
        except SpeechError:
            self._inbox.put_nowait(Failed(self._now_ms))
            return
        music, machine = HoldMusic(), Machine()
        before: deque[bytes] = deque(maxlen=BEFORE_FRAMES)
        while True:
            frame = await self._frames.get()
            before.append(frame)
            if self._turn is not None:
                self._turn += frame
            for event in detector.feed(frame):
                self._take_turn(event, before)
            if music.hear(frame, speaking=detector.speaking):
                self._inbox.put_nowait(Detected(self._now_ms, "hold_music"))
            if machine.hear(frame, speaking=detector.speaking):
                self._inbox.put_nowait(Detected(self._now_ms, "machine"))

    def _take_turn(self, event: TurnEvent, before: deque[bytes]) -> None:
        match event:
            case SpeechStarted():
                self._turn, self._early_bytes = bytearray(b"".join(before)), 0
                self._inbox.put_nowait(SpeechStarted(self._now_ms))
            case Paused(_, pcm):
                self._early_bytes += len(pcm)
                if self._early_bytes <= MAX_EARLY_MS * BYTES_PER_MS:
                    self._ears = asyncio.create_task(self._understand(pcm))
            case Resumed() if self._ears is not None:
                self._ears.cancel()
                self._ears = None
            case TurnEnded(_, pcm):
                self._turn = None
                self._keep(pcm)
                self._inbox.put_nowait(TurnEnded(self._now_ms, pcm))
                self._start(self._pass_on(self._ears or asyncio.create_task(self._understand(pcm))))
                self._ears = None

    async def _pass_on(self, understanding: "asyncio.Task[Heard | Failed]") -> None:
        self._inbox.put_nowait(await understanding)

    async def _understand(self, pcm: bytes) -> Heard | Failed:
        try:
            async with asyncio.timeout(EARS_SEC):
                heard = await self._engines.stt.transcribe(pcm, languages=self._conversation.hears)
        except (SpeechError, TimeoutError):
            return Failed(self._now_ms)
        if heard is None:
            return Heard(self._now_ms, None)
        if self._detector is not None and sounds_finished(heard.text):
            self._detector.expect_end(pcm)
        # By rules, whoever the engines' analyst is: a model would word a summary for nobody while the party waits.
        return Heard(self._now_ms, heard.text, heard.language, analyse(heard.text, heard.language).intent)

    # --- the rest ---

    def _keep(self, pcm: bytes) -> None:
        if self._file is None:
            self._file = self._call.services.spool.open(self._call.path("agent"), channels=1)
        else:
            pcm = bytes(GAP_MS * BYTES_PER_MS) + pcm
        self._file.write(pcm)
        self._written_ms += len(pcm) * FRAME_MS // FRAME_BYTES

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_SEC)
            self._inbox.put_nowait(Tick(self._now_ms))

    def _start(self, work: Coroutine[None, None, None]) -> "asyncio.Task[None]":
        async def guarded() -> None:
            try:
                await work
            except Exception as error:  # a bug here must not leave the caller in silence
                log.error("agent failed", call=ids.show("call", self._call.id), error=type(error).__name__,
                          where=where(error))  # fmt: skip
                self._inbox.put_nowait(Failed(self._now_ms))

        task = asyncio.create_task(guarded())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _: work.close())  # a task that ends before its first step has not touched it
        return task
