"""Starting gateways in turn before one SMSC."""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gateways.gateway import PASSWORD, SYSTEM_ID, Gateway
from gateways.jasmin import Jasmin
from gateways.kannel import Kannel, KannelWithFiles
from gateways.load import Generator, Target
from gateways.ours import Ours
from gateways.smsc import SmscProcess

GATEWAYS: dict[str, type[Gateway]] = {
    "ours": Ours, "kannel": Kannel, "jasmin": Jasmin, "kannel-files": KannelWithFiles,
}  # fmt: skip
WARM_UP = 200
"""Messages before every measurement, that are not counted."""
WARM_UP_SEC = 60.0
WARM_UP_QUIET_SEC = 10.0
"""Kannel with receipts in files misses some that come at once, before it has written what it waits for."""

__all__ = ["GATEWAYS", "PASSWORD", "SYSTEM_ID", "running", "settle"]


@contextmanager
def running(name: str, smsc: SmscProcess, generator: Generator) -> Iterator[tuple[Gateway, Target]]:
    """A gateway in a fresh folder, bound and warm; ended and removed after."""
    folder = Path(tempfile.mkdtemp(prefix="nokyc-bench-"))
    smsc.reset()
    gateway = GATEWAYS[name](folder, smsc.port, smsc.customer_port)
    try:
        target = gateway.start()
        taken = len(generator.run(target, WARM_UP_SEC, most=WARM_UP).taken)
        settle(smsc, taken, WARM_UP_SEC, WARM_UP_QUIET_SEC)
        if smsc.counts()[0] < taken:
            sys.exit(f"{name} does not deliver: {smsc.counts()} of {taken}")
        smsc.reset()
        yield gateway, target
    finally:
        gateway.stop()
        if not os.environ.get("BENCH_KEEP"):
            shutil.rmtree(folder, ignore_errors=True)


def settle(smsc: SmscProcess, wanted: int, patience_sec: float, quiet_sec: float) -> None:
    """Wait until the customer knows the end of so many messages, nothing moves any more, or patience ends."""
    deadline, last, moved_at = time.monotonic() + patience_sec, (0, 0, 0), time.monotonic()
    while (counts := smsc.counts())[2] < wanted and time.monotonic() < deadline:
        if counts != last:
            last, moved_at = counts, time.monotonic()
        if time.monotonic() - moved_at > quiet_sec:
            return
        time.sleep(0.1)
