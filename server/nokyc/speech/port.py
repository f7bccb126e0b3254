"""What the platform asks of a speech engine, whichever it is: a local model, a program, an endpoint, another process.

Audio is always 8 kHz, mono, signed 16 bit little endian PCM; adapters resample. Languages are ISO 639-1 (`fr`), in
lower case. An engine that is missing raises SpeechUnavailable, one that fails now raises SpeechFailed; neither guesses.
"""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from nokyc.kit.resampling import RATE_HZ as RATE_HZ

BYTES_PER_SEC = 2 * RATE_HZ
FRAME_MS = 20
FRAME_BYTES = BYTES_PER_SEC * FRAME_MS // 1000


Sentiment = Literal["positive", "neutral", "negative"]
Pair = tuple[str, str]
"""Source and target language."""
ANY = "*"
"""Every language, as a source."""


# --- what goes wrong ---------------------------------------------------------------------------------------


class SpeechError(Exception):
    """An engine did not do what was asked; the message is fit for an operator."""


class SpeechUnavailable(SpeechError):  # noqa: N818 (it is a state of the installation, not a fault of the call)
    """An engine is not installed or not configured. It will not help to try again."""

    def __init__(self, engine: str, how_to_get_it: str) -> None:
        super().__init__(f"{engine} is not available: {how_to_get_it}")
        self.engine = engine
        self.how_to_get_it = how_to_get_it


class SpeechFailed(SpeechError):  # noqa: N818 (reads as a verdict, beside SpeechUnavailable)
    """An engine is there and failed this time; `retryable` says whether the same may work later."""

    def __init__(self, engine: str, reason: str, *, retryable: bool = True) -> None:
        super().__init__(f"{engine}: {reason}")
        self.engine = engine
        self.reason = reason
        self.retryable = retryable


class VoiceUnknown(SpeechError):  # noqa: N818 (reads as a verdict, beside SpeechUnavailable)
    """No engine here has this voice."""

    def __init__(self, voice: str) -> None:
        super().__init__(f"no engine has the voice {voice}")
        self.voice = voice


class PairUnsupported(SpeechError):  # noqa: N818 (reads as a verdict, beside SpeechUnavailable)
    """This translator cannot do this pair of languages; `pairs` are those that it can."""

    def __init__(self, pair: Pair, pairs: frozenset[Pair]) -> None:
        super().__init__(f"no translation from {pair[0]} to {pair[1]}")
        self.pair = pair
        self.pairs = pairs


# --- what engines give -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said. `text` is never empty: where nobody said anything there is no transcript."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Intent:
    """Why somebody calls. Names and numbers stand in the transcript, or they are None."""

    name: str | None = None
    reason: str | None = None
    """In the caller's own words and language."""
    callback_number: str | None = None
    """Digits as they were said, with a leading + if that was said."""
    wants_callback: bool = False


@dataclass(frozen=True, slots=True)
class Analysis:
    """What can be said about a transcript without inventing anything."""

    summary: str
    """One English sentence: `Marc asks for a callback.`"""
    sentiment: Sentiment
    intent: Intent


@dataclass(frozen=True, slots=True)
class Message:
    """One line of a conversation with a language model."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class EngineState:
    """One engine as an operator sees it."""

    name: str
    ok: bool
    detail: str
    """In words: what is there, or what is missing."""
    cure: str | None = None


# --- the ports ---------------------------------------------------------------------------------------------


class SpeechToText(Protocol):
    """Ears."""

    @property
    def name(self) -> str: ...

    async def transcribe(self, pcm: bytes, *, languages: Sequence[str] = ()) -> Transcript | None:
        """The words in `pcm`, or None if nobody spoke (silence, noise, music).

        `languages` restricts the identification of the language, the likeliest first; empty means any.
        """
        ...


class TextToSpeech(Protocol):
    """Mouth."""

    @property
    def name(self) -> str:
        """Goes into the key of cached prompts: it changes whenever the sound does."""
        ...

    def voices(self) -> frozenset[str]: ...

    def say(self, text: str, *, voice: str, language: str | None = None) -> AsyncGenerator[bytes, None]:
        """Audio clause by clause, so that the first sound leaves early; `language` None is the voice's own.

        Closing the iterator (`aclose`, or leaving `aclosing`) stops the work: that is how barge-in is done. Raises
        VoiceUnknown at the first step.
        """
        ...


class Translator(Protocol):
    """From one language into another."""

    def pairs(self) -> frozenset[Pair]:
        """What it can do now; `*` as a source means any language."""
        ...

    async def translate(self, text: str, *, source: str, target: str, pcm: bytes = b"") -> str:
        """`pcm` is the speech that `text` came from: some engines translate audio only. Raises PairUnsupported."""
        ...


class Analyst(Protocol):
    """Summary, sentiment and intent."""

    async def analyse(self, text: str, *, language: str) -> Analysis: ...


class Chat(Protocol):
    """A language model, for an agent's free conversation."""

    def ready(self) -> bool:
        """Whether there is one now."""
        ...

    def reply(self, messages: Sequence[Message], *, max_tokens: int = 120) -> AsyncGenerator[str, None]:
        """Pieces of text as they come; closing the iterator stops the request."""
        ...


class Vad(Protocol):
    """Speech or not."""

    def open(self) -> "VadStream":
        """The detector for one direction of one call. Raises SpeechUnavailable."""
        ...


class VadStream(Protocol):
    """Keeps what it heard before: one for each party, fed in order, under a millisecond a window."""

    window_bytes: int

    def probability(self, window: bytes) -> float:
        """How likely the next `window_bytes` are speech, 0 to 1."""
        ...


# --- turns of a live call (see `turns.py`) -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """The party began to speak: whoever is talking to it should stop (barge-in)."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class Paused:
    """A short silence: perhaps the end. Begin to transcribe `pcm` now; Resumed makes that void."""

    at_ms: int
    pcm: bytes


@dataclass(frozen=True, slots=True)
class Resumed:
    """It was no end: the party goes on."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class TurnEnded:
    """The party has finished. `pcm` is the turn from its first sound to the pause, equal to that of `Paused`."""

    at_ms: int
    pcm: bytes = field(repr=False)


TurnEvent = SpeechStarted | Paused | Resumed | TurnEnded


# --- all together ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Engines:
    """The engines of one process: every one answers, if only by SpeechUnavailable. `chat` needs an endpoint."""

    stt: SpeechToText
    tts: TextToSpeech
    translator: Translator
    analyst: Analyst
    vad: Vad
    chat: Chat | None = None

    @property
    def can_chat(self) -> bool:
        """Whether a language model can be asked now."""
        return self.chat is not None and self.chat.ready()
