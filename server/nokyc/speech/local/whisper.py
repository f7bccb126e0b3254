"""Ears and translation into English: Whisper base, int8, on CTranslate2 (Radford et al. 2022).

Only the decoder is Whisper's own; the cutting of long recordings, the gate before silence and the choice of language
are ours, because Whisper alone invents words where nobody speaks and languages that nobody asked for.
"""

import asyncio
import math
import re
import threading
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from nokyc.speech.local.gate import Gate
from nokyc.speech.local.packages import require
from nokyc.speech.local.threads import think, thinker
from nokyc.speech.local.weights import Weights
from nokyc.speech.port import BYTES_PER_SEC, Pair, PairUnsupported, SpeechFailed, Transcript

MAX_CHUNK_SEC = 28.0
"""Whisper hears 30 s at a time."""
WINDOWS_SEC = (15.0, 30.0)
"""A window half as long costs half as much at the same error rate."""
SHORT_WINDOWS_SEC = (7.0, 10.0, *WINDOWS_SEC)
"""A third less again, and once more, of which callers wait. In so short a window Whisper says some sentences again and
again (2 of 180 prompts of up to 5 s in that of 7 s), so what repeats is heard once more in the usual one."""
MAX_AUDIO_SEC = 600.0
BEAM = 5
TOKENS_PER_SEC = 12
"""Nobody speaks so fast: what goes on for longer is a decoder in a loop."""
SPARE_TOKENS = 16
MAX_COMPRESSION = 2.4
"""Text that packs better than this repeats itself (section 4.5)."""
MIN_CONFIDENCE = 0.22
"""Mean probability of a token; below, it is guessing."""
TRANSLATED = ("fr", "es")
"""Languages that it translates well enough from, and only into English."""


class Whisper:
    """SpeechToText and Translator in one, because both need the same model. One thread for each request, as a second
    one would slow the decoder down: 23 ms a token after 16, and it hears two at a time in the time of one."""

    name = "whisper-base-int8"

    def __init__(self, weights: Weights, gate: Gate, *, threads: int = 2, idle: bool = False) -> None:
        self._weights = weights
        self._gate = gate
        self._threads = threads
        self._model: Any = None
        self._languages: frozenset[str] = frozenset()
        self._lock = threading.Lock()
        self._executor = thinker("whisper", threads, idle=idle)

    async def transcribe(self, pcm: bytes, *, languages: Sequence[str] = ()) -> Transcript | None:
        return await self._run(_Request(pcm, tuple(languages), "transcribe"))

    def pairs(self) -> frozenset[Pair]:
        return frozenset((source, "en") for source in TRANSLATED)

    async def translate(self, text: str, *, source: str, target: str, pcm: bytes = b"") -> str:
        """The speech in `pcm` in English; without the audio there is nothing that it could translate."""
        if (source, target) not in self.pairs() or not pcm:
            raise PairUnsupported((source, target), self.pairs())
        heard = await self._run(_Request(pcm, (source,), "translate"))
        if heard is None:
            raise SpeechFailed(self.name, "it heard no speech to translate", retryable=False)
        return heard.text

    def load(self) -> None:
        """Load the model now rather than at the first request. Raises SpeechUnavailable."""
        with self._lock:
            if self._model is None:
                folder = self._weights.folder("whisper")
                ctranslate2 = require("ctranslate2", self.name)
                names = _LANGUAGE.findall((folder / "vocabulary.txt").read_text("utf-8"))
                self._languages = frozenset(names)
                self._model = ctranslate2.models.Whisper(
                    str(folder), device="cpu", compute_type="int8", intra_threads=1, inter_threads=self._threads
                )

    async def _run(self, request: "_Request") -> Transcript | None:
        given_up = threading.Event()
        try:
            return await think(self._executor, self.name, self._do, request, given_up)
        except asyncio.CancelledError:
            given_up.set()  # it cannot be stopped, but it need not go on to its end while others wait
            raise

    def _do(self, request: "_Request", given_up: threading.Event) -> Transcript | None:
        if len(request.pcm) > MAX_AUDIO_SEC * BYTES_PER_SEC:
            raise SpeechFailed(self.name, f"the audio is longer than {MAX_AUDIO_SEC:.0f} s", retryable=False)
        self.load()
        language, heard = "", []
        for chunk in self._gate.chunks(request.pcm, MAX_CHUNK_SEC):
            encoded = self._encode(chunk, SHORT_WINDOWS_SEC)
            if given_up.is_set():
                return None
            language = language or self._identify(encoded, request.languages)
            seconds = len(chunk) / BYTES_PER_SEC
            piece = self._decode(encoded, language, request, seconds)
            if says_again(piece):
                piece = self._decode(self._encode(chunk, WINDOWS_SEC), language, request, seconds)
            heard.append(piece)
        text = " ".join(filter(None, heard))
        return Transcript(text, language) if text else None

    def _encode(self, chunk: bytes, windows_sec: Sequence[float]) -> Any:
        from nokyc.speech.local import mel

        ctranslate2 = require("ctranslate2", self.name)
        seconds = len(chunk) / BYTES_PER_SEC
        window = next(window for window in windows_sec if seconds <= window - 1 or window == windows_sec[-1])
        bands = mel.log_mel(mel.doubled(mel.samples(chunk)), window)
        return self._model.encode(ctranslate2.StorageView.from_array(bands[None]))

    def _identify(self, encoded: Any, languages: Sequence[str]) -> str:
        """The likeliest of those that may be; one that Whisper does not know cannot be."""
        known = [language for language in languages if language in self._languages]
        if len(known) == 1:
            return known[0]
        likely = {token[2:-2]: chance for token, chance in self._model.detect_language(encoded)[0]}
        return max(known or likely, key=likely.__getitem__)

    def _decode(self, encoded: Any, language: str, request: "_Request", seconds: float) -> str:
        """What is said in a piece; nothing if it would be a guess."""
        prompt = ["<|startoftranscript|>", f"<|{language}|>", f"<|{request.task}|>", "<|notimestamps|>"]
        for temperature in (0.0, 0.4):  # the second only for what went round in circles
            [result] = self._model.generate(
                encoded,
                [prompt],
                beam_size=1 if temperature else BEAM,
                sampling_temperature=temperature or 1.0,
                sampling_topk=1 if not temperature else 10,
                max_length=len(prompt) + min(220, SPARE_TOKENS + round(TOKENS_PER_SEC * seconds)),
                return_scores=True,
            )
            text = _text(result.sequences[0])
            if not _goes_round(text):
                break
        text = _REPEATED.sub(r"\1\1", text)  # perhaps somebody did say it again and again
        return text if math.exp(result.scores[0]) >= MIN_CONFIDENCE else ""


def says_again(text: str) -> bool:
    """Whether what it begins with is said a second time, as the beginning of a clause."""
    return _AGAIN.match(text) is not None


@dataclass(frozen=True, slots=True)
class _Request:
    pcm: bytes
    languages: tuple[str, ...]
    task: str


def _text(tokens: Sequence[str]) -> str:
    """Tokens are bytes in disguise (the byte-level BPE of GPT-2)."""
    letters = "".join(token for token in tokens if not token.startswith("<|"))
    return bytes(_bytes()[letter] for letter in letters).decode("utf-8", "ignore").strip()


@cache
def _bytes() -> dict[str, int]:
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    disguised = [byte for byte in range(256) if byte not in plain]
    return {chr(byte): byte for byte in plain} | {chr(256 + at): byte for at, byte in enumerate(disguised)}


_LANGUAGE = re.compile(r"^<\|([a-z]{2,3})\|>$", re.MULTILINE)
_REPEATED = re.compile(r"(.{2,80}?)\1{2,}")
_AGAIN = re.compile(r"(.{12}).*[.,;!?] ?\1", re.IGNORECASE | re.DOTALL)


def _goes_round(text: str) -> bool:
    data = text.encode()
    return len(data) > 40 and len(data) / len(zlib.compress(data)) > MAX_COMPRESSION
