"""What engine tests let the platform want: calls to a port of this machine, and calls taken."""

from typing import Any

from nokyc_voice.platform import Place, Say, Take, Trunk
from voice.peers.baresip import NUMBER

CALLER_HZ = 440
CALLEE_HZ = 1_000
OWN = "+33647189022"


def to(port: int, **changes: Any) -> Trunk:
    """A carrier at a port of loopback, which is not asked whether it is there."""
    values = {"name": f"acme{port}", "targets": (("127.0.0.1", port),), "ping_sec": 0}
    return Trunk(**(values | changes))


def place(*trunks: Trunk, **changes: Any) -> Place:
    values = {
        "call_id": 1, "account_id": 2, "to": NUMBER, "caller": OWN, "caller_id": OWN, "trunks": trunks,
        "near": Say("one two three", "neutral_en"), "recording": False, "allowed_sec": 600, "max_sec": 3_600,
    }  # fmt: skip
    return Place(**(values | changes))


def take(*steps: Any, **changes: Any) -> Take:
    values = {"call_id": 1, "account_id": 2, "steps": steps, "recording": False, "allowed_sec": 600, "max_sec": 3_600}
    return Take(**(values | changes))
