"""Lets atheris (libFuzzer) look for inputs that a target does not bear, led by what they reach in our code.

    PYTHONPATH=tests python -m fuzz.run --minutes 15 [smpp sip media http text]

What it found new is kept in tests/fuzz/corpora. An input that breaks something is left in the current folder, and the
exit code is 1; `python -m fuzz.run --replay FILE TARGET` tries it alone.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from fuzz import corpora

NAMES = ("smpp", "sip", "media", "http", "text")
MAX_LENGTH = 4_096
SECONDS_FOR_ONE = 5
"""An input that takes longer is a finding too."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--minutes", type=float, default=15.0, help="for each target")
    options.add_argument("--replay", type=Path)
    options.add_argument("--engine", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    options.add_argument("targets", nargs="*", default=NAMES)
    given = options.parse_args()
    if given.engine:
        engine(given.targets[0], given.engine)
    elif given.replay:
        from fuzz.targets import TARGETS

        TARGETS[given.targets[0]](given.replay.read_bytes())
    else:
        broken = [target for target in given.targets if not fuzz(target, given.minutes * 60)]
        sys.exit(f"broken: {', '.join(broken)}" if broken else 0)


def fuzz(target: str, seconds: float) -> bool:
    """Search from the kept corpus on, and keep what reached something new; False if something broke."""
    with tempfile.TemporaryDirectory() as scratch:
        for number, each in enumerate(corpora.read(target)):
            (Path(scratch) / f"{number:04}").write_bytes(each)
        limits = [f"-max_len={MAX_LENGTH}", f"-timeout={SECONDS_FOR_ONE}", "-rss_limit_mb=2048"]
        said = spawn(target, [scratch, f"-max_total_time={seconds:.0f}", "-print_final_stats=1", *limits])
        count = corpora.write(target, [path.read_bytes() for path in Path(scratch).iterdir()])
    done = [line for line in said.splitlines() if line.startswith("#") and "DONE" in line]
    sys.stdout.write(f"{target}: {' '.join(done) or said[-4_000:]}; {count} inputs are kept\n")
    sys.stdout.flush()
    return bool(done)


def spawn(target: str, arguments: list[str]) -> str:
    command = [sys.executable, "-m", "fuzz.run", target, "--engine", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    return done.stderr + (f"exit code {done.returncode}" if done.returncode else "")


def engine(target: str, arguments: list[str]) -> None:
    """One process of libFuzzer's; it ends here."""
    import atheris

    with atheris.instrument_imports(include=["nokyc", "nokyc_voice"]):
        from fuzz.targets import TARGETS

    atheris.Setup([sys.argv[0], *arguments], TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
