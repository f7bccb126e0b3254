"""Inputs that reach different places of a target: one file for each target, one input a line, in base64."""

import base64
from pathlib import Path

FOLDER = Path(__file__).parent / "corpora"
MAX_INPUTS = 300
MAX_BYTES = 600
"""Longer ones are not kept: what they reach, short ones mostly do."""


def read(target: str) -> list[bytes]:
    path = FOLDER / f"{target}.txt"
    return [base64.b64decode(line) for line in path.read_text().split()] if path.exists() else []


def write(target: str, inputs: list[bytes]) -> int:
    """Keep the shortest; returns how many."""
    kept = sorted({each for each in inputs if len(each) <= MAX_BYTES}, key=lambda each: (len(each), each))[:MAX_INPUTS]
    lines = [base64.b64encode(each).decode() for each in kept if each]
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{target}.txt").write_text("\n".join(lines) + "\n")
    return len(lines)
