"""The commands in the documents: all are understood, and what can be done on this machine is done."""

import re
import shlex
from base64 import b64encode
from pathlib import Path

import pytest

from cli.conftest import Installation
from docs.examples import blocks
from nokyc import cli

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), ROOT / "deploy" / "README.md"]
DONE = ("commands", "carriers", "installing", "money", "panel", "backup")
"""Operating pages whose commands are executed, but for those below."""
LEFT_OUT = {
    "serve": "has a test of its own, and ends only by a signal",
    "listen": "ends only by a signal",
    "trigger": "needs a test key and a receiver: see test_developing.py",
    "events": "needs an event: see test_developing.py",
    "restore": "would replace the data of the other tests: see test_operating.py",
    "doctor": "tells, rightly, that the carriers of the examples are not reached",
}
PUBLIC_KEY = b64encode(bytes(range(32))).decode()
CARRIERS = ("acme", "twilio-eu", "telnyx", "trunk")


def lines(page: Path) -> list[list[str]]:
    """The nokyc commands in a page's blocks of shell, as words."""
    found = []
    for block in blocks(page, "sh"):
        for line in block.text.replace("\\\n", " ").splitlines():
            if line.startswith("nokyc "):
                found.append(shlex.split(re.sub(r"\s#.*|\$\([^)]*\)", "", line))[1:])
    return found


def test_every_command_in_the_documents_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOKYC_API_KEY", "sk_test_0")
    monkeypatch.setenv("NOKYC_CARRIER_PASSWORD", "x")
    count = 0
    for page in PAGES:
        for words in lines(page):
            cli.app.parse_args(words, exit_on_error=False, print_error=False)
            count += 1
    assert count > 40


@pytest.mark.parametrize("name", DONE)
def test_the_commands_of_the_operating_pages_do_what_they_say(
    platform: Installation, tmp_path: Path, name: str
) -> None:
    account = platform.json("accounts", "create")["account_id"]
    stock = tmp_path / "numbers.csv"
    stock.write_text("number,country,type\n+33647189999,fr,mobile\n")
    done = 0
    try:
        for words in lines(ROOT / "docs" / "operating" / f"{name}.md"):
            if words[0] in LEFT_OUT:
                continue
            filled = [_filled(word, account, stock, tmp_path) for word in words]
            answer = platform.call(*filled, NOKYC_CARRIER_PASSWORD="x")
            wanted = 1 if words[:2] == ["carriers", "test"] else 0  # nobody answers for acme.example
            assert answer.returncode == wanted, (words, answer.stderr)
            done += 1
    finally:
        for carrier in CARRIERS:
            platform.call("carriers", "remove", carrier)
        platform.json("routes", "add", "default", "simulated")
    assert done


def _filled(word: str, account: str, stock: Path, folder: Path) -> str:
    if word.startswith("/srv/backup/"):
        return str(folder / "backup.dump")
    if word == "…":  # a carrier's public key
        return PUBLIC_KEY
    return word.replace("acct_…", account).replace("numbers.csv", str(stock)).replace("…", "0")
