"""What the tests of all SDKs share: the server that plays the conformance cases, and a real platform."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import Installation, free_port, served
from support import open_folder

PRIVATE_WEBHOOKS = {"NOKYC_WEBHOOK_ALLOW_PRIVATE": "1"}


@pytest.fixture(scope="session")
def fault_server(repository: Path) -> Iterator[str]:
    """The address of sdks/conformance/server.py."""
    command = [sys.executable, str(repository / "sdks" / "conformance" / "server.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.communicate("")


@pytest.fixture(scope="session")
def real_server() -> Iterator[Installation]:
    """`nokyc serve`, which delivers webhooks to this machine."""
    with open_folder() as folder:
        yield from served(Installation(folder, free_port(), PRIVATE_WEBHOOKS))


@pytest.fixture
def real_account(real_server: Installation) -> dict[str, str]:
    """The environment of a program whose key is a fresh sandbox's."""
    account: Any = real_server.json("accounts", "create", "--balance", "100.00", "--country", "fr")
    return {"NOKYC_API_KEY": account["test_api_key"], "NOKYC_BASE_URL": real_server.url}
