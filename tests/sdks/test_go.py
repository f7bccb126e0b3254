"""The Go SDK: the conformance suite, a scenario against a real server, its own tests, and its form."""

from pathlib import Path

import pytest

from sdks.programs import GO_BIN, GO_CACHE, SDKS, SUITES, conform, go, run

FOLDER = SDKS / "go"
EXAMPLES = ("send_sms", "list_messages", "idempotency_and_errors")


@pytest.fixture(scope="session")
def programs() -> Path:
    """All programs of the module, built with the race detector."""
    folder = GO_CACHE / "programs"
    go("build", "-race", "-o", f"{folder}/", "./internal/...", "./examples/...")
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
    go("test", "-race", ".", "./nokyctest")
    go("vet", "-race", "./...")


def test_form() -> None:
    assert run([GO_BIN / "gofmt", "-l", "."], folder=FOLDER) == ""
    assert "require" not in (FOLDER / "go.mod").read_text("utf-8")
