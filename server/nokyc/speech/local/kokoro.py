"""Mouth: Kokoro-82M, int8 (Apache-2.0), on ONNX Runtime; 24 kHz inside, 8 kHz at the port."""

import json
import threading
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

from nokyc.speech.audio import faded, silence
from nokyc.speech.clauses import clauses
from nokyc.speech.local.packages import require
from nokyc.speech.local.phonemes import Phonemes
from nokyc.speech.local.threads import think, thinker
from nokyc.speech.local.weights import Weights
from nokyc.speech.port import BYTES_PER_SEC, RATE_HZ, VoiceUnknown

MAX_TOKENS = 500
"""The model takes 510."""
PIECE_BYTES = BYTES_PER_SEC // 5
"""What is yielded at a time: 200 ms, so that barge-in has little to throw away."""
PAUSE_MS = 180
"""Between two clauses."""
QUIET = 0.01
MARGIN_SEC = 0.03
FACTOR = 3
"""24 kHz to 8 kHz."""
PEAK = 0.7
"""3 dB below full scale, as loud as recorded prompts; quieter clauses are raised to it, but at most by MAX_GAIN."""
MAX_GAIN = 2.0

VOICES: dict[str, tuple[str, tuple[str, ...]]] = {
    "neutral_en": ("en", ("am_michael",)),
    "neutral_fr": ("fr", ("ff_siwis",)),
    "neutral_es": ("es", ("ef_dora",)),
    "neutral_de": ("de", ("if_sara", "ff_siwis")),
    "neutral_jp": ("ja", ("jf_alpha",)),
    "warm_en": ("en", ("af_heart",)),
    "warm_fr": ("fr", ("ff_siwis",)),
}
"""Language and style of each voice; of several styles the mean. Kokoro has no German voice: of thirteen
styles and blends that were given German phonemes, this one is understood best, and still worse than the others."""
SPEED = {"warm_fr": 0.92, "neutral_de": 0.88}


class Kokoro:
    """TextToSpeech. One clause at a time."""

    name = "kokoro-82m-int8.1"

    def __init__(self, weights: Weights, *, threads: int = 2, idle: bool = False) -> None:
        self._weights = weights
        self._threads = threads
        self._phonemes = Phonemes()
        self._lock = threading.Lock()
        self._session: Any = None
        self._vocabulary: dict[str, int] = {}
        self._styles: dict[str, Any] = {}
        self._executor = thinker("kokoro", idle=idle)

    def voices(self) -> frozenset[str]:
        return frozenset(VOICES)

    async def say(self, text: str, *, voice: str, language: str | None = None) -> AsyncGenerator[bytes, None]:
        if voice not in VOICES:
            raise VoiceUnknown(voice)
        for number, clause in enumerate(clauses(text)):
            said = await think(self._executor, self.name, self.speak, clause, voice, language)
            if number and said:
                said = silence(PAUSE_MS) + said
            for at in range(0, len(said), PIECE_BYTES):
                yield said[at : at + PIECE_BYTES]

    def load(self) -> None:
        """Load the model now. Raises SpeechUnavailable."""
        with self._lock:
            if self._session is None:
                folder = self._weights.folder("kokoro")
                self._vocabulary = json.loads((folder / "vocab.json").read_text("utf-8"))["vocab"]
                runtime = require("onnxruntime", self.name)
                options = runtime.SessionOptions()
                options.intra_op_num_threads = self._threads
                options.inter_op_num_threads = 1
                options.log_severity_level = 3
                self._session = runtime.InferenceSession(
                    str(folder / "kokoro.onnx"), options, providers=["CPUExecutionProvider"]
                )

    def speak(self, clause: str, voice: str, language: str | None = None) -> bytes:
        """One clause, here and now."""
        self.load()
        own, _ = VOICES[voice]
        phonemes = self._phonemes.of(clause, language or own)
        tokens = [self._vocabulary[letter] for letter in phonemes if letter in self._vocabulary]
        pieces = [self._infer(tokens[at : at + MAX_TOKENS], voice) for at in range(0, len(tokens), MAX_TOKENS)]
        return b"".join(pieces)

    def _infer(self, tokens: list[int], voice: str) -> bytes:
        import numpy as np

        from nokyc.speech.local import mel

        style = self._style(voice)[len(tokens) - 1]
        speed = np.array([SPEED.get(voice, 1.0)], dtype=np.float32)
        given = {"tokens": np.array([[0, *tokens, 0]], dtype=np.int64), "style": style[None], "speed": speed}
        audio = np.asarray(self._session.run(None, given)[0], dtype=np.float32).ravel()
        loud = np.flatnonzero(np.abs(audio) > QUIET)
        if not len(loud):
            return b""
        margin = int(MARGIN_SEC * FACTOR * RATE_HZ)
        audio = audio[max(0, loud[0] - margin) : loud[-1] + margin]
        audio = mel.reduced(audio, FACTOR)
        return faded(mel.pcm(audio * min(MAX_GAIN, PEAK / float(np.abs(audio).max()))))

    def _style(self, voice: str) -> Any:
        """510 rows of 256 numbers: a style for every length of text."""
        with self._lock:
            if voice not in self._styles:
                folder = self._weights.folder("voices")
                styles = [_read(folder / f"{name}.bin") for name in VOICES[voice][1]]
                self._styles[voice] = sum(styles) / len(styles)
            return self._styles[voice]


def _read(path: Path) -> Any:
    import numpy as np

    return np.fromfile(path, dtype="<f4").reshape(-1, 256)
