"""Whatever a party does: the agent ends within its limits, is silent while the party speaks, and invents nothing."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from nokyc.speech.port import BYTES_PER_SEC, Intent, SpeechStarted, TurnEnded
from nokyc.speech.rules.numbers import digits_of
from nokyc_voice.agent.conversation import Conversation
from nokyc_voice.agent.moves import (
    Ask,
    Begun,
    Detected,
    Digit,
    Finish,
    Heard,
    Hush,
    Input,
    Move,
    Replied,
    Speak,
    Spoken,
    Tick,
)
from nokyc_voice.agents import Agent

BARGE_IN_MS = 0
"""The agent is told of speech after 96 ms of it, and falls silent with that very event."""
WORDS = st.sampled_from(
    ["hello", "my name is", "Marc", "Ann Lee", "yes", "no", "wrong", "bye", "06 12 34", "56 78 90", "one two three",
     "+33 612345678", "c'est", "Rappelez-moi", "calling about", "the flat", "this number", "zéro six", "?", "What is",
     "Your call is important to us, please hold the line", "Dupont", "7"]
)  # fmt: skip
TEXTS = st.one_of(st.none(), st.lists(WORDS, min_size=1, max_size=8).map(" ".join))
INTENTS = st.builds(
    Intent,
    name=st.one_of(st.none(), st.sampled_from(["Marc", "Bob", "Ann Lee"])),
    reason=st.one_of(st.none(), st.sampled_from(["the flat", "a pony"])),
    callback_number=st.one_of(st.none(), st.sampled_from(["+33612345678", "0999999999"])),
)
STEPS = st.one_of(
    st.tuples(st.just("wait"), st.integers(100, 9_000)),
    st.tuples(st.just("listen"), st.none()),
    st.tuples(
        st.just("turn"), st.tuples(TEXTS, INTENTS, st.integers(200, 12_000), st.sampled_from(["en", "fr", "xx"]))
    ),
    st.tuples(st.just("start"), st.none()),
    st.tuples(st.just("digit"), st.sampled_from("0123456789*#")),
    st.tuples(st.just("reply"), st.sampled_from([None, "Who is calling?", "We will call you back.", "Call 12345678."])),
    st.tuples(st.just("detected"), st.sampled_from(["hold_music", "machine"])),
)
PLANS = st.builds(
    Agent,
    number_id=st.just(1),
    script=st.sampled_from([None, "Speak after the tone."]),
    language=st.sampled_from(["en", "fr", "it"]),
    voice=st.sampled_from(["neutral_en", "warm_fr", "voice_5p3w8x4t9k2m"]),
    follow=st.booleans(),
    addon=st.sampled_from(["ai-pickup", "ai-screen"]),
    max_sec=st.integers(5, 120),
    max_turns=st.integers(1, 12),
    max_cost_micro=st.integers(2_000, 60_000),
)


class Watcher:
    """Tells a conversation what happens, and looks at each move."""

    def __init__(self, plan: Agent, *, chat: bool) -> None:
        self.plan = plan
        self.conversation = Conversation(plan, caller="+33699999999", chat=chat)
        self.now = 0
        self.speaks_since: int | None = None
        """The party."""
        self.speaking: Speak | None = None
        """We."""
        self.asked = 0
        self.heard: list[str] = []
        self.turns = 0
        self.finish: Finish | None = None
        self.tell(Begun(0))

    def tell(self, event: Input) -> None:
        if self.finish is None:
            for move in self.conversation.take(event):
                self.look(move)

    def look(self, move: Move) -> None:
        assert self.finish is None
        match move:
            case Speak():
                assert self.speaks_since is None or self.now - self.speaks_since <= BARGE_IN_MS
                assert self.speaking is None, "one thing at a time"
                assert move.text
                self.speaking = move
            case Hush():
                self.speaking = None
            case Ask(n):
                self.asked = n
            case Finish():
                assert self.speaking is None
                self.finish = move

    def wait(self, milliseconds: int) -> None:
        for _ in range(milliseconds // 100):
            self.now += 100
            self.tell(Tick(self.now))
            if self.finish is None and self.speaks_since is not None and self.now - self.speaks_since > BARGE_IN_MS:
                assert self.speaking is None

    def step(self, kind: str, what: object) -> None:
        match kind, what:
            case "wait", int():
                self.wait(what)
            case "listen", _ if self.speaking is not None:
                n = self.speaking.n
                self.wait(1_500)
                if self.speaking is not None and self.speaking.n == n:
                    self.speaking = None
                    self.tell(Spoken(self.now, n))
            case "start", _ if self.speaks_since is None:
                self.speaks_since = self.now
                self.tell(SpeechStarted(self.now))
            case "turn", (text, intent, length, language):
                self.turn(text, intent, length, language)
            case "digit", str():
                self.tell(Digit(self.now, what))
            case "reply", _:
                self.tell(Replied(self.now, self.asked, what))  # type: ignore[arg-type]
            case "detected", _:
                self.tell(Detected(self.now, what))  # type: ignore[arg-type]

    def turn(self, text: str | None, intent: Intent, length: int, language: str) -> None:
        self.step("start", None)
        self.wait(length)
        if self.finish is not None:
            return
        self.speaks_since = None
        self.turns += 1
        self.tell(TurnEnded(self.now, bytes(length * BYTES_PER_SEC // 1_000)))
        self.wait(300)
        if self.finish is None:
            if text is not None:
                self.heard.append(text)
            self.tell(Heard(self.now, text, language, intent))


@settings(max_examples=300, deadline=None)
@given(PLANS, st.lists(STEPS, max_size=25), st.booleans())
def test_it_ends_in_time_is_polite_and_invents_nothing(
    plan: Agent, steps: list[tuple[str, object]], chat: bool
) -> None:
    watcher = Watcher(plan, chat=chat)
    for kind, what in steps:
        watcher.step(kind, what)
    watcher.wait(plan.max_sec * 1_000 + 100)

    assert watcher.finish is not None, "its seconds are up"
    result = watcher.finish.result
    assert result.turns <= plan.max_turns + 1
    assert result.turns <= watcher.turns
    said = " ".join(watcher.heard).lower()
    words = set(re.findall(r"[\w'-]+", said))
    assert result.name is None or set(re.findall(r"[\w'-]+", result.name.lower())) <= words
    assert result.reason is None or result.reason.lower() in said
    digits = "".join(map(digits_of, watcher.heard))
    number = result.callback_number
    assert number is None or number.removeprefix("+") in digits or (number == "+33699999999" and "this number" in said)
    if watcher.now > plan.max_sec * 1_000 + 100:
        assert result.ended_by != "caller_hangup"


@settings(max_examples=100, deadline=None)
@given(PLANS)
def test_it_ends_by_itself_with_a_party_that_says_nothing(plan: Agent) -> None:
    watcher = Watcher(plan, chat=False)
    for _ in range(60):
        watcher.step("listen", None)
        watcher.wait(6_000)
    assert watcher.finish is not None
    assert watcher.finish.result.ended_by in ("silence", "max_sec", "cost")
