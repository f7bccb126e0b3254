"""Every process is killed under load, in turn; nothing acknowledged may be lost, charged twice or told twice."""

import json
import subprocess
import sys

SECONDS = "8"


def test_nothing_is_lost_when_processes_are_killed() -> None:
    """Short here; `nokyc torture` goes on for half an hour."""
    command = [sys.executable, "-m", "nokyc", "torture", "--seconds", SECONDS, "--seed", "1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads(done.stdout)
    assert result["accepted"] == result["delivered"] > 0
    assert (result["lost"], result["duplicated"], result["charged_twice"], result["ledger_problems"]) == (0, 0, 0, 0)
    assert set(result["kills"]) == {"worker", "api", "postgres"}
