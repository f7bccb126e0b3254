"""How well the local engines hear telephone audio: word error rate, language, speed, and words out of nothing.

    make bench-speech

The speech is Asterisk's prompts (Debian's asterisk-core-sounds-*), 8 kHz, with their texts. They are halved by the
hash of their names: the engines' settings were chosen on the odd half, and this draws 60 per language from the even
one. Texts and transcripts are compared without case, accents, punctuation and the spelling of small numbers.
"""

import argparse
import asyncio
import gzip
import hashlib
import math
import os
import random
import re
import resource
import time
import unicodedata
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nokyc.speech.engines import local_engines
from nokyc.speech.port import BYTES_PER_SEC, RATE_HZ, Engines
from report import keep

SOUNDS = Path("/usr/share/asterisk/sounds")
TEXTS = "/usr/share/doc/asterisk-core-sounds-{0}/core-sounds-{0}.txt.gz"
MUSIC = Path("/usr/share/asterisk/moh")
LANGUAGES = ("en", "fr", "es")
CONFIGURED = ("en", "fr", "es", "de")
"""What the identification of the language may choose from."""
TARGET_WER = {"en": 5.0, "fr": 21.0, "es": 19.0}
MIN_WORDS = 4
SEED = 20_260_401
CLIP_SEC = 6
NUMBERS = [
    "zero cero", "one un une uno una", "two deux dos", "three trois tres", "four quatre cuatro", "five cinq cinco",
    "six seis", "seven sept siete", "eight huit ocho", "nine neuf nueve", "ten dix diez",
]  # fmt: skip
DIGITS = {word: str(number) for number, words in enumerate(NUMBERS) for word in words.split()}


@dataclass(frozen=True, slots=True)
class Row:
    """One language's result."""

    language: str
    prompts: int
    words: int
    wer: float
    identified: float
    rtf: float
    cpu: float


def prompts(language: str, count: int) -> list[tuple[str, bytes]]:
    """Texts and audio of a fixed random sample that nothing was tuned on."""
    found = []
    with gzip.open(TEXTS.format(language), "rt", encoding="utf-8") as lines:
        for line in lines:
            name, _, text = line.strip().partition(": ")
            even = hashlib.sha256(name.encode()).digest()[0] % 2 == 0
            path = SOUNDS / language / f"{name}.wav"
            if even and not re.search(r"[\[(<;]", text) and len(text.split()) >= MIN_WORDS and path.is_file():
                found.append((text, path))
    chosen = random.Random(SEED).sample(sorted(found), min(count, len(found)))
    return [(text, read(path)) for text, path in chosen]


def read(path: Path) -> bytes:
    with wave.open(str(path)) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (RATE_HZ, 1, 2), path
        return sound.readframes(sound.getnframes())


def words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFD", text.lower())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return [DIGITS.get(word, word) for word in re.findall(r"[a-z0-9]+", plain)]


def errors(said: list[str], heard: list[str]) -> int:
    """Levenshtein distance in words."""
    row = list(range(len(heard) + 1))
    for at, word in enumerate(said, start=1):
        diagonal, row[0] = row[0], at
        for column, other in enumerate(heard, start=1):
            diagonal, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, diagonal + (word != other))
    return row[-1]


async def hear(engines: Engines, language: str, count: int) -> Row:
    wrong = total = identified = 0
    sample = prompts(language, count)
    seconds = sum(len(pcm) for _, pcm in sample) / BYTES_PER_SEC
    started, cpu = time.monotonic(), _cpu()
    for text, pcm in sample:
        heard = await engines.stt.transcribe(pcm, languages=CONFIGURED)
        wrong += errors(words(text), words(heard.text if heard else ""))
        total += len(words(text))
        identified += heard is not None and heard.language == language
    elapsed, used = time.monotonic() - started, _cpu() - cpu
    return Row(
        language, len(sample), total, 100 * wrong / total, 100 * identified / len(sample), elapsed / seconds,
        used / seconds,
    )  # fmt: skip


def clips() -> Iterator[tuple[str, bytes]]:
    """Fifty clips in which nobody speaks."""
    chance = random.Random(SEED)
    for number in range(5):
        yield "silence", bytes(CLIP_SEC * BYTES_PER_SEC)
        yield "line noise", _pcm([chance.gauss(0, 20 * (number + 1)) for _ in range(CLIP_SEC * RATE_HZ)])
        yield "white noise", _pcm([chance.gauss(0, 800 * (number + 1)) for _ in range(CLIP_SEC * RATE_HZ)])
        yield "brown noise", _pcm(_brown(chance, 300 * (number + 1)))
        yield "hum", _tones([50 + 10 * number, 150, 250], chance)
    for tones in ([440, 480], [425], [350, 440], [697, 1209], [1100]):
        yield "telephone tone", _tones(tones, chance)
    pieces = sorted(MUSIC.glob("*.wav"))
    for number in range(20):
        pcm = read(pieces[number % len(pieces)])
        at = chance.randrange(0, len(pcm) // 2 - CLIP_SEC * RATE_HZ) * 2
        yield "music", pcm[at : at + CLIP_SEC * BYTES_PER_SEC]


def _brown(chance: random.Random, step: int) -> list[float]:
    level, made = 0.0, []
    for _ in range(CLIP_SEC * RATE_HZ):
        level = 0.98 * level + chance.gauss(0, step)
        made.append(level)
    return made


def _tones(hertz: list[int], chance: random.Random) -> bytes:
    gate = chance.choice([RATE_HZ // 2, 2 * RATE_HZ])
    return _pcm(
        [
            6000 * sum(math.sin(2 * math.pi * each * at / RATE_HZ) for each in hertz) * (at // gate % 2 == 0)
            for at in range(CLIP_SEC * RATE_HZ)
        ]
    )


def _pcm(samples: list[float]) -> bytes:
    return b"".join(max(-32768, min(32767, round(each))).to_bytes(2, "little", signed=True) for each in samples)


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


async def measure(data_dir: Path, count: int) -> list[str]:
    engines = local_engines(data_dir)
    await engines.stt.transcribe(prompts("en", 1)[0][1], languages=["en"])  # loads the models
    lines = [
        "| Language | Prompts | Words | WER % | Target % | Language found % | Real-time factor | CPU s per s |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for language in LANGUAGES:
        row = await hear(engines, language, count)
        lines.append(
            f"| {row.language} | {row.prompts} | {row.words} | {row.wer:.1f} | ≤ {TARGET_WER[language]:.0f} |"
            f" {row.identified:.0f} | {row.rtf:.2f} | {row.cpu:.2f} |"
        )
        print(lines[-1], flush=True)
    invented = []
    made = list(clips())
    for kind, pcm in made:
        heard = await engines.stt.transcribe(pcm, languages=CONFIGURED)
        if heard is not None:
            invented.append(f"{kind}: {heard.text}")
    lines += ["", f"Words out of silence, noise, tones and music: {len(invented)} of {len(made)} clips.", *invented]
    return lines


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data-dir", type=Path, default=Path(os.environ.get("DATA_DIR", ".data")))
    parser.add_argument("--count", type=int, default=60)
    arguments = parser.parse_args()
    load = os.getloadavg()[0]
    lines = asyncio.run(measure(arguments.data_dir, arguments.count))
    about = (
        f"`make bench-speech` on {os.cpu_count()} cores whose load was {load:.1f} at the start: the real-time factor"
        " includes whatever else ran. Voicemails and turns of a call are heard alike."
    )
    keep("speech", "Speech to text", about, lines)


if __name__ == "__main__":
    main()
