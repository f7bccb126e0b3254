"""`nokyc serve --demo`: what `make run` starts, and the tour that it prints."""

import json
import signal
import subprocess
from typing import Any

from cli.conftest import PATIENCE_SEC, Installation, serving
from nokyc.store.postgres import EmbeddedPostgres
from nokyc.torture.ports import free_port
from support import open_folder


def test_the_three_lines_that_it_prints_work_as_they_stand() -> None:
    with open_folder() as folder:
        installation = Installation(folder, free_port())
        other = free_port()
        hang_up = signal.SIGHUP  # the terminal is closed
        with serving(installation, "--demo", "--port", str(other), until="Ctrl-C", end=hang_up) as said:
            assert f"ready http://127.0.0.1:{other}" in said
            link = installation.json("panel", "link", "--operator")["panel_url"]
            assert link.startswith(f"http://127.0.0.1:{other}/panel/sign-in/")
            available, number, sms = [_answer(line) for line in said if line.startswith("curl ")]
            keys = [line for line in said if line.startswith(("test key", "live key"))]
        assert EmbeddedPostgres(folder).pid() is None
        assert len(available["data"]) > 0
        assert (number["status"], number["country"], number["type"]) == ("active", "fr", "mobile")
        assert (sms["from"], sms["direction"]) == (number["id"], "outbound")
        # Behind a proxy that speaks https for it, it is as ready as without.
        with serving(installation, "--demo", until="Ctrl-C", PUBLIC_URL="https://sms.example.com") as said:
            assert "ready https://sms.example.com" in said
            assert [line for line in said if line.startswith(("test key", "live key"))] == keys


def _answer(line: str) -> Any:
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=PATIENCE_SEC, check=True)
    return json.loads(done.stdout)
