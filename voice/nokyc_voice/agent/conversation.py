"""One conversation of an agent with a party, as a state machine: told what happened, it says what to do.

    opening ──▶ asking, once for each thing that is missing ──▶ reading the number back ──▶ goodbye
       └──────────────┴── any limit of the leash, silence, a key, a machine ──▶ the end, with its reason

The party may speak at any time, and we never speak while it does. It is a function of what it is told: no clock, no
audio, nothing random.
"""

from typing import Literal

from nokyc.kit import languages
from nokyc.speech.port import BYTES_PER_SEC, SpeechStarted, TurnEnded
from nokyc_voice.agent import bounds
from nokyc_voice.agent.facts import Facts, Wanted
from nokyc_voice.agent.leash import REPLY_MS, SILENCE_MS, SILENCE_PROMPTS, THINKING_MS, Leash
from nokyc_voice.agent.loops import Loops
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
from nokyc_voice.agent.phrases import PHRASES, Phrases, phrases, read_back, says, spell
from nokyc_voice.agents import Agent, AgentEnd, AgentResult

WANTED: dict[str, tuple[Wanted, ...]] = {
    "ai-pickup": ("name", "reason", "number"),
    "ai-screen": ("name", "reason"),
}
READ_BACKS = 2
HANDED_OVER: frozenset[AgentEnd] = frozenset({"digit", "silence", "max_sec", "max_turns", "cost", "unavailable"})
"""After these ends the party may still leave a message; after the others there is nobody to leave one."""
LEAVE_A_MESSAGE, DONE = "0", "#"

Step = Literal["opening", "asking", "read_back", "goodbye"]


class Conversation:
    """`take` what happens, in order; nothing comes any more after a Finish."""

    def __init__(self, plan: Agent, *, caller: str | None = None, chat: bool = False) -> None:
        """`caller` is the number that calls, if it is shown; `chat`: a language model may be asked."""
        self._plan = plan
        self._chat = chat
        self._leash = Leash(plan)
        self._facts = Facts(caller)
        self._loops = Loops(each for words in PHRASES.values() for each in words.lasting)
        self._language, self._voice = plan.language, plan.voice
        self._step: Step = "opening"
        self._asked: Wanted | None = None
        """What we wait for."""
        self._asked_for: set[Wanted] = set()
        self._asks_again = False
        """For a number of which a part was understood; once."""
        self._read_backs = 0
        self._goodbyes = 0
        self._history: list[tuple[bool, str]] = []
        """What was said; True is us."""
        self._party_speaks = False
        self._speaking: Speak | None = None
        self._cut: str | None = None
        """What we were saying when the party began to speak."""
        self._n = 0
        self._ask: tuple[int, str] | None = None
        """The question to the model that is open, and the script's own sentence in its place."""
        self._waits_since: int | None = None
        """When an open question, or the transcript of a turn, became due."""
        self._thinking = False
        self._quiet_since: int | None = None
        self._prompts = 0
        self._over = False

    def take(self, event: Input) -> list[Move]:
        """What to do about it."""
        if self._over:
            return []
        if not isinstance(event, HungUp | Detected) and (limit := self._leash.exceeded(event.at_ms)) is not None:
            return self._finish(limit)
        match event:
            case Begun(at_ms):
                return self._say(at_ms, self._opening(), "opening")
            case SpeechStarted():
                return self._party_began()
            case TurnEnded(at_ms, pcm):
                return self._turn_ended(at_ms, len(pcm) * 1_000 // BYTES_PER_SEC)
            case Heard():
                return self._heard(event)
            case Replied(at_ms, n, text):
                return self._replied(at_ms, n, text)
            case Spoken(at_ms, n):
                return self._spoken(at_ms, n)
            case Digit(at_ms, digit):
                return self._pressed(at_ms, digit)
            case Detected(_, what):
                return self._finish(what)
            case Failed():
                return self._finish("unavailable")
            case HungUp():
                return self._finish("caller_hangup")
            case Tick(at_ms):
                return self._ticked(at_ms)

    @property
    def hears(self) -> list[str]:
        """What the party may speak, the likeliest first: any language we have words for, until its first words."""
        if not self._plan.follow or any(not ours for ours, _ in self._history):
            return [self._language]
        return [self._language, *(each for each in PHRASES if each != self._language)]

    # --- what happens ---

    def _party_began(self) -> list[Move]:
        self._party_speaks = True
        self._quiet_since = self._ask = None
        if self._speaking is None:
            return []
        self._cut, self._speaking = self._speaking.text, None
        return [Hush()]

    def _turn_ended(self, at_ms: int, length_ms: int) -> list[Move]:
        self._party_speaks = False
        self._leash.heard(length_ms)
        self._thinking, self._waits_since = True, at_ms
        return self._limit(at_ms)

    def _heard(self, event: Heard) -> list[Move]:
        self._thinking, self._waits_since = False, None
        at_ms = event.at_ms
        cut, self._cut = self._cut, None
        if event.text is None:
            return self._misheard(at_ms, cut)
        self._prompts = 0
        self._history.append((False, event.text))
        self._follow(event.language)
        if self._loops.hear(event.text):
            return self._finish("loop")
        confirming = self._step == "read_back"
        had = self._facts.number
        self._facts.add(event.text, event.intent, self._language, asked="number" if confirming else self._asked)
        if confirming and self._facts.number == had:
            self._take_answer(event.text)
        if self._asked == "number" and self._facts.has_part_of_number and not self._asks_again:
            self._asked_for.discard("number")
        if self._party_speaks:
            return []  # it has gone on already: what it says now decides
        return self._go_on(at_ms, event.text)

    def _misheard(self, at_ms: int, cut: str | None) -> list[Move]:
        """Noise. What it drowned is said again; otherwise it counts as silence."""
        if self._prompts >= SILENCE_PROMPTS:
            return self._finish("silence")
        self._prompts += 1
        if cut is not None:
            return self._say(at_ms, cut, self._step)
        return self._say(at_ms, self._words.unclear, self._step)

    def _replied(self, at_ms: int, n: int, text: str | None) -> list[Move]:
        if self._ask is None or self._ask[0] != n:
            return []  # too late: the party has gone on speaking, or we have
        own, self._ask, self._waits_since = self._ask[1], None, None
        heard = " ".join(line for ours, line in self._history if not ours)
        said = [line for ours, line in self._history if ours]
        return self._say(at_ms, bounds.admitted(text, script=self._script, heard=heard, said=said) or own, self._step)

    def _spoken(self, at_ms: int, n: int) -> list[Move]:
        if self._speaking is None or self._speaking.n != n:
            return []
        self._speaking = None
        if self._step == "goodbye":
            return self._finish("done")
        if self._asked == "number" and self._facts.has_part_of_number:
            self._facts.forget_number()  # it has heard that it should begin again
        self._quiet_since = at_ms
        return []

    def _pressed(self, at_ms: int, digit: str) -> list[Move]:
        if digit == LEAVE_A_MESSAGE:
            return self._finish("digit")
        return self._end_politely(at_ms) if digit == DONE else []

    def _ticked(self, at_ms: int) -> list[Move]:
        if self._thinking and self._waits_since is not None and at_ms - self._waits_since >= THINKING_MS:
            return self._finish("unavailable")
        if self._ask is not None and self._waits_since is not None and at_ms - self._waits_since >= REPLY_MS:
            return self._replied(at_ms, self._ask[0], None)
        if self._quiet_since is None or at_ms - self._quiet_since < SILENCE_MS:
            return []
        if self._prompts >= SILENCE_PROMPTS:
            return self._finish("silence")
        self._prompts += 1
        words = self._words
        return self._say(at_ms, words.still_there if self._prompts == 1 else words.cannot_hear, self._step)

    # --- what comes next ---

    def _go_on(self, at_ms: int, text: str) -> list[Move]:
        facts, words = self._facts, self._words
        if self._step == "goodbye" or says(words.bye, text):
            return self._end_politely(at_ms)
        wanted = [each for each in WANTED[self._plan.addon] if facts.missing(each) and each not in self._asked_for]
        if wanted:
            self._asks_again = self._asks_again or facts.has_part_of_number
            self._asked = wanted[0]
            self._asked_for.add(wanted[0])
            own = {"name": words.ask_name, "reason": words.ask_reason, "number": words.ask_number}[wanted[0]]
            if wanted[0] == "number" and (self._read_backs or self._asks_again):
                own = words.number_again
            return self._ask_model(at_ms, own) if self._chat else self._say(at_ms, own, "asking")
        self._asked = None
        if (
            facts.number is not None
            and not facts.confirmed
            and self._read_backs < READ_BACKS
            and "number" in (WANTED[self._plan.addon])
        ):
            self._read_backs += 1
            text = words.read_back.format(number=spell(facts.number))
            return self._say(at_ms, text, "read_back", pieces=read_back(words, facts.number))
        return self._end_politely(at_ms)

    def _take_answer(self, text: str) -> None:
        """Whether the number was read back correctly. No clear answer: it is kept, but not as confirmed."""
        if says(self._words.no, text):
            self._facts.forget_number()
            if self._read_backs < READ_BACKS:
                self._asked_for.discard("number")
            return
        self._facts.confirmed = says(self._words.yes, text)
        self._read_backs = READ_BACKS

    def _ask_model(self, at_ms: int, own: str) -> list[Move]:
        if self._party_speaks:
            return []
        messages = bounds.messages(self._script, self._language, self._asked, self._history)
        self._leash.asked(sum(len(message.content) for message in messages))
        self._n += 1
        self._step = "asking"
        self._ask, self._waits_since = (self._n, own), at_ms
        return self._limit(at_ms) or [Ask(self._n, messages)]

    def _end_politely(self, at_ms: int) -> list[Move]:
        self._goodbyes += 1
        if self._party_speaks or self._goodbyes > 2:
            return self._finish("done")
        screening = self._plan.addon == "ai-screen"
        return self._say(at_ms, self._words.one_moment if screening else self._words.goodbye, "goodbye")

    def _say(self, at_ms: int, text: str, step: Step, *, pieces: tuple[str, ...] = ()) -> list[Move]:
        """Speak, unless the party does: then its turn decides what comes next."""
        self._step = step
        self._quiet_since = self._ask = None
        if self._party_speaks:
            return []
        hush: list[Move] = [] if self._speaking is None else [Hush()]
        self._leash.spoken(text)
        if limit := self._limit(at_ms):
            return [*hush, *limit]
        if self._loops.say(text):
            return [*hush, *self._finish("loop")]
        self._n += 1
        self._history.append((True, text))
        lasting = text == self._plan.script or text in self._words.lasting
        self._speaking = Speak(self._n, text, self._voice, self._language, lasting, pieces)
        return [*hush, self._speaking]

    def _limit(self, at_ms: int) -> list[Move]:
        limit = self._leash.exceeded(at_ms)
        return [] if limit is None else self._finish(limit)

    def _finish(self, why: AgentEnd) -> list[Move]:
        self._over = True
        hush: list[Move] = [] if self._speaking is None else [Hush()]
        facts = self._facts
        result = AgentResult(
            addon=self._plan.addon,
            ended_by=why,
            language=self._language,
            turns=self._leash.turns,
            name=facts.name,
            reason=facts.reason,
            callback_number=facts.number,
            number_confirmed=facts.confirmed,
        )
        return [*hush, Finish(result, why in HANDED_OVER)]

    # --- languages ---

    @property
    def _words(self) -> Phrases:
        return phrases(self._language)

    @property
    def _script(self) -> str:
        return self._plan.script or self._words.opening

    def _opening(self) -> str:
        return self._words.who if self._plan.addon == "ai-screen" else self._script

    def _follow(self, language: str) -> None:
        """Go on in the caller's language, from its first words on, if we have words and a voice for it."""
        first = sum(not ours for ours, _ in self._history) == 1
        if not (self._plan.follow and first and language in PHRASES):
            return
        voice = languages.voice_for(language, like=self._plan.voice)
        if languages.of_voice(voice) in (language, None):
            self._language, self._voice = language, voice
