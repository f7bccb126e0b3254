"""`nokyc serve --demo`: what `make run` starts, and the tour that it prints."""

import json
import subprocess
from typing import Any

from cli.conftest import PATIENCE_SEC, Installation, serving
from nokyc.torture.ports import free_port
from support import open_folder


def test_the_three_lines_that_it_prints_work_as_they_stand() -> None:
    with open_folder() as folder:
        installation = Installation(folder, free_port())
        with serving(installation, "--demo", until="Ctrl-C") as said:
            available, number, sms = [_answer(line) for line in said if line.startswith("curl ")]
            keys = [line for line in said if line.startswith(("test key", "live key"))]
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
