"""Every process is killed under load and the carrier misbehaves; nothing may be lost, charged twice or told twice."""

import json
import os
import subprocess
import sys
from collections import Counter
from typing import Any

import pytest

from nokyc.torture import count
from nokyc.torture.faults import CARRIER, KILLS
from nokyc.torture.load import Promises

SECONDS = "1"
SEED = "2630"
"""No other fault mends the half open links, which take longest to be noticed, and some come after."""


def test_nothing_is_lost_whatever_breaks() -> None:
    """Each fault once; `nokyc torture` goes on for half an hour."""
    command = [sys.executable, "-m", "nokyc", "torture", "--json", "--seconds", SECONDS, "--seed", SEED]
    installation = {"NOKYC_SECRET_KEY": "ab" * 32, "NOKYC_LOOPBACK_HTTP": "0", "NOKYC_FILES": "s3://customers"}
    done = subprocess.run(
        command, env=os.environ | installation, capture_output=True, text=True, timeout=900, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads(done.stdout)
    assert [line["invariant"] for line in result["invariants"] if line["broken"] or not line["looked_at"]] == []
    assert (result["ok"], result["lost"], result["duplicated"], result["charged_twice"]) == (True, 0, 0, 0)
    assert result["accepted"] == result["delivered"] + result["failed"] > result["failed"] > 0
    assert set(result["faults"]) == {*KILLS, *CARRIER}
    assert 0 not in result["faults"].values()


SENT = {
    "status": "delivered", "failure_code": None, "terminal_events": 1, "charged": 12, "price_micro": 12, "live": True,
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "taken", "broken"),
    [
        ({}, {"aa": 1}, set()),
        ({"status": "sent", "terminal_events": 0}, {"aa": 1}, {"comes to an end", "one end", "receipt is applied"}),
        ({"terminal_events": 2}, {"aa": 1}, {"one end"}),
        ({"charged": 24}, {"aa": 3}, {"charged once"}),
        ({"charged": 0}, {"aa": 1}, {"charged once"}),
        ({}, {"aa": 4}, {"more than 3 times"}),
        ({}, {}, {"is paid for"}),
        ({"status": "failed", "charged": 0}, {"aa": 1}, {"not given up", "receipt is applied"}),
        ({"status": "failed", "charged": 0, "failure_code": "carrier_timeout"}, {"aa": 1}, set()),
        (None, {"aa": 1}, {"accepted message is there", "not given up", "receipt is applied"}),
    ],
)
def test_it_finds_what_is_broken(change: dict[str, Any] | None, taken: dict[str, int], broken: set[str]) -> None:
    rows = {} if change is None else {"aa": SENT | change}
    seen = {"taken": Counter(taken), "told": {"aa": "DELIVRD"}, "replies": ["bb"]}
    lines = [*count.of_messages(rows, Promises({"aa": "sms_1"}), 0), *count.of_carrier(rows, seen, {"bb"})]
    found = [line.invariant for line in lines if line.broken]
    assert all(any(words in each for each in found) for words in broken)
    assert len(found) == len(broken)
