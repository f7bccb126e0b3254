"""The Python SDK: the conformance suite, a scenario against a real server, its types, and its package."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from sdks.programs import SDKS, SUITES, conform, run

FOLDER = SDKS / "python"
SOURCE = {"PYTHONPATH": str(FOLDER / "src")}
EXAMPLES = ("send_sms.py", "list_messages.py", "async_client.py", "idempotency_and_errors.py")
PYRIGHT = SDKS / "toolchain" / "node_modules" / ".bin" / "pyright"


@pytest.mark.parametrize("suite", SUITES)
def test_conformance(suite: str, fault_server: str) -> None:
    conform([sys.executable, "conformance.py"], suite, fault_server, folder=FOLDER, **SOURCE)


def test_end_to_end(real_account: dict[str, str]) -> None:
    run([sys.executable, "end_to_end.py"], folder=FOLDER, **SOURCE, **real_account)


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples(name: str, real_account: dict[str, str]) -> None:
    assert run([sys.executable, FOLDER / "examples" / name], folder=FOLDER, **SOURCE, **real_account)


def test_types() -> None:
    """As its users' checkers see it, strictly, down to the oldest Python that it supports."""
    run([sys.executable, "-m", "mypy", "--strict", "-p", "nokycnumber"], folder=FOLDER, MYPYPATH="src")
    run([sys.executable, "-m", "mypy", "--strict", "examples"], folder=FOLDER, MYPYPATH="src")
    run([PYRIGHT, "-p", FOLDER, "--pythonpath", sys.executable], folder=FOLDER)


def test_style() -> None:
    run([sys.executable, "-m", "ruff", "check", "."], folder=FOLDER)
    run([sys.executable, "-m", "ruff", "format", "--check", "."], folder=FOLDER)


def test_package(tmp_path: Path) -> None:
    """The wheel holds what it should, and works where it is installed."""
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "--no-index", "-w"]
    run([*build, tmp_path, FOLDER], folder=tmp_path)
    (wheel,) = tmp_path.glob("nokycnumber-*.whl")
    with zipfile.ZipFile(wheel) as package:
        names = set(package.namelist())
        package.extractall(tmp_path / "site")
    assert {"nokycnumber/py.typed", "nokycnumber/models.py", "nokycnumber/testing.py"} <= names
    assert not [name for name in names if name.startswith(("conformance", "examples", "tests"))]
    program = (
        "from nokycnumber.testing import Replies; replies = Replies(); replies.add(200, {'object': 'account',"
        " 'balance_usd': 0.1}); print(replies.client().account.get().balance_usd)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path, env={"PYTHONPATH": str(tmp_path / "site")}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "0.1\n"
