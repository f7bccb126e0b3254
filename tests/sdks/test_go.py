"""The Go SDK: the conformance suite, a scenario against a real server, its own tests, and its form."""

import sysconfig
from pathlib import Path

import pytest

from sdks.programs import SDKS, SUITES, conform, run

FOLDER = SDKS / "go"
BIN = Path(sysconfig.get_path("purelib")) / "go" / "bin"
CACHE = SDKS.parent / ".venv" / "go"
SETTINGS = {
    "GOPROXY": "off", "GOTOOLCHAIN": "local", "GOFLAGS": "-mod=mod", "GOCACHE": str(CACHE / "cache"),
    "GOPATH": str(CACHE),
}  # fmt: skip
"""Nothing is fetched: the SDK needs the standard library alone."""
EXAMPLES = ("send_sms", "list_messages", "idempotency_and_errors")


def go(*arguments: object, **environment: str) -> str:
    return run([BIN / "go", *arguments], folder=FOLDER, **SETTINGS, **environment)


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All programs of the module, built with the race detector."""
    folder = tmp_path_factory.mktemp("go")
    go("build", "-race", "-o", folder, "./internal/...", "./examples/...")
    return folder


@pytest.mark.parametrize("suite", SUITES)
def test_conformance(suite: str, fault_server: str, programs: Path) -> None:
    conform([programs / "conformance"], suite, fault_server, folder=FOLDER)


def test_end_to_end(real_account: dict[str, str], programs: Path) -> None:
    run([programs / "endtoend"], folder=FOLDER, **real_account)


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples(name: str, real_account: dict[str, str], programs: Path) -> None:
    assert run([programs / name], folder=FOLDER, **real_account)


def test_core() -> None:
    """Its own tests, the examples of its documentation among them, and what vet finds."""
    go("test", "-race", ".")
    go("vet", "-race", "./...")


def test_form() -> None:
    assert run([BIN / "gofmt", "-l", "."], folder=FOLDER) == ""
    assert "require" not in (FOLDER / "go.mod").read_text("utf-8")
