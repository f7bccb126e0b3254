"""A whole platform as an operator starts it, and the `nokyc` command beside it. One for all tests here."""

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
import pytest

from nokyc import cli
from nokyc.store.postgres import EmbeddedPostgres
from nokyc.torture.ports import free_port
from support import open_folder

PATIENCE_SEC = 60
Done = subprocess.CompletedProcess[str]
INHERITED = ("PATH", "HOME", "LANG", "VIRTUAL_ENV")


@dataclass(slots=True)
class Installation:
    """A data folder, and what the command says about it."""

    data_dir: Path
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def dsn(self) -> str:
        return EmbeddedPostgres(self.data_dir).dsn

    def environment(self, **more: str) -> dict[str, str]:
        kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
        ports = {"PORT": str(self.port), "NOKYC_SIP_PORT": "0", "NOKYC_SIP_WS_PORT": "0"}
        return kept | {"DATA_DIR": str(self.data_dir)} | ports | more

    def run(self, *arguments: object, stdin: str | None = None, **environment: str) -> Done:
        """The real command, as a process."""
        return subprocess.run(
            [sys.executable, "-m", "nokyc", *map(str, arguments)],
            input=stdin, capture_output=True, text=True, timeout=PATIENCE_SEC, check=False,
            env=self.environment(**environment),
        )  # fmt: skip

    def call(self, *arguments: object, **environment: str) -> Done:
        """The same inside this process, which is quicker."""
        line = [str(argument) for argument in arguments]
        done = Done(line, 0, "", "")

        def work() -> None:
            try:
                cli.main(line)
            except SystemExit as end:
                done.returncode = end.code if isinstance(end.code, int) else 1

        out, err = io.StringIO(), io.StringIO()
        changed = mock.patch.dict(os.environ, self.environment(**environment), clear=True)
        with changed, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            thread = threading.Thread(target=work)  # which has no event loop of pytest's
            thread.start()
            thread.join(PATIENCE_SEC)
        done.stdout, done.stderr = out.getvalue(), err.getvalue()
        return done

    def json(self, *arguments: object, **environment: str) -> Any:
        """What it answers with --json, when it succeeds."""
        done = self.call(*arguments, "--json", **environment)
        assert (done.returncode, done.stderr) == (0, "")
        return json.loads(done.stdout)

    def refusal(self, *arguments: object, **environment: str) -> str:
        """The one line on stderr with exit code 1, and nothing on stdout."""
        done = self.call(*arguments, **environment)
        assert (done.returncode, done.stdout) == (1, ""), done
        assert done.stderr.count("\n") == 1
        return done.stderr.removeprefix("nokyc: ").strip()

    def api(self, key: str) -> httpx.Client:
        return httpx.Client(base_url=f"{self.url}/v1", headers={"Authorization": f"Bearer {key}"}, trust_env=False)


@pytest.fixture(scope="session")
def platform() -> Iterator[Installation]:
    """`nokyc serve` on a port of its own, with a few numbers for sale."""
    with open_folder() as folder:
        yield from served(Installation(folder, free_port()))


def served(installation: Installation) -> Iterator[Installation]:
    """`nokyc serve` with a few numbers for sale, until the caller is done."""
    with serving(installation):
        while not reports(installation):
            time.sleep(0.1)
        stock = "number,country,type\n" + "".join(f"+3364718{n:04d},fr,mobile\n" for n in range(9013, 9033))
        assert installation.run("inventory", "import", "-", stdin=stock).returncode == 0
        yield installation


@contextlib.contextmanager
def serving(
    installation: Installation,
    *arguments: str,
    until: str = "ready ",
    end: signal.Signals = signal.SIGTERM,
    **environment: str,
) -> Iterator[list[str]]:
    """`nokyc serve`, and what it said up to the line that begins so; `end` ends it."""
    command = [sys.executable, "-m", "nokyc", "serve", *arguments]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=installation.environment(**environment),
    ) as server:
        assert server.stdout is not None
        try:
            said = []
            for line in server.stdout:
                said.append(line.rstrip())
                if line.startswith(until):
                    break
            else:
                pytest.fail("\n".join(said))
            yield said
        finally:
            server.send_signal(end)
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.communicate(timeout=PATIENCE_SEC)


def reports(installation: Installation) -> bool:
    """Whether its worker has shown itself."""
    checks = json.loads(installation.call("doctor", "--json").stdout)["checks"]
    return any(check["name"] == "workers" and check["ok"] for check in checks)


@pytest.fixture
def account(platform: Installation) -> Any:
    """A fresh account with 100 dollars in both modes, as `nokyc accounts create` prints it."""
    return platform.json("accounts", "create", "--balance", "100.00", "--country", "fr")
