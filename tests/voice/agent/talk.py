"""A party that talks to an agent: what is said on both sides, without audio and without waiting."""

from dataclasses import replace

from nokyc.speech.port import BYTES_PER_SEC, SpeechStarted, TurnEnded
from nokyc.speech.rules.analyst import analyse
from nokyc_voice.agent.conversation import Conversation
from nokyc_voice.agent.moves import Ask, Begun, Digit, Finish, Heard, Hush, Input, Move, Replied, Speak, Spoken, Tick
from nokyc_voice.agents import Agent, AgentResult

PLAN = Agent(number_id=1, script=None, language="en", voice="neutral_en", follow=True)
TICK_MS = 100


class Talk:
    """Drives one conversation; each method lets time pass as it would."""

    def __init__(self, plan: Agent = PLAN, *, caller: str | None = None, chat: bool = False) -> None:
        self.conversation = Conversation(plan, caller=caller, chat=chat)
        self.now = 0
        self.said: list[str] = []
        self.moves: list[Move] = []
        self.finish: Finish | None = None
        self.asked: Ask | None = None
        self._speaking: Speak | None = None
        self.tell(Begun(0))

    @property
    def result(self) -> AgentResult:
        assert self.finish is not None
        return self.finish.result

    @property
    def last(self) -> str:
        return self.said[-1]

    def tell(self, event: Input) -> None:
        for move in self.conversation.take(event):
            assert self.finish is None, "nothing comes after the end"
            self.moves.append(move)
            match move:
                case Speak():
                    self.said.append(move.text)
                    self._speaking = move
                case Hush():
                    self._speaking = None
                case Ask():
                    self.asked = move
                case Finish():
                    self.finish = move

    def wait(self, milliseconds: int) -> None:
        for _ in range(milliseconds // TICK_MS):
            self.now += TICK_MS
            self.tell(Tick(self.now))

    def listen(self) -> None:
        """Hear the agent out."""
        if self._speaking is not None:
            speech, self._speaking = self._speaking, None
            self.wait(60 * len(speech.text))
            self.tell(Spoken(self.now, speech.n))

    def say(self, text: str | None, *, language: str = "en", seconds: float = 2.0, interrupt: bool = False) -> None:
        """One turn, after the agent's or into it."""
        if not interrupt:
            self.listen()
        self.tell(SpeechStarted(self.now))
        self.wait(round(seconds * 1_000))
        self.tell(TurnEnded(self.now, bytes(round(seconds * BYTES_PER_SEC))))
        self.wait(300)
        heard = Heard(self.now, text, language)
        if text is not None:
            heard = replace(heard, intent=analyse(text, language).intent)
        self.tell(heard)

    def press(self, digit: str) -> None:
        self.tell(Digit(self.now, digit))

    def reply(self, text: str | None) -> None:
        assert self.asked is not None
        self.tell(Replied(self.now, self.asked.n, text))
