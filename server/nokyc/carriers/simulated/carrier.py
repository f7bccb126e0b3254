"""A carrier that delivers everything within a second, save to the destinations that have an outcome of their own.

It keeps nothing in memory: what it will report later goes into the store with the verdict, so that a killed worker
loses no receipt and a sandbox's clock moves its reports too. A message to a number of this platform arrives there.
"""

from typing import Literal

from nokyc.carriers.port import (
    Accepted,
    FailureCode,
    Inbound,
    Later,
    LinkState,
    NotSent,
    Receipt,
    Refused,
    ReportSink,
    Submission,
    Throttled,
    Verdict,
)

NAME = "simulated"
RECEIPT_AFTER_SEC = 0.2
WINDOW = 1_000

INVALID = "+15005550001"
UNREACHABLE = "+15005550002"
BLOCKED = "+15005550003"
THROTTLED_ONCE = "+15005550004"
SILENT = "+15005550005"
SECOND_SEGMENT_LOST = "+15005550006"

REFUSED: dict[str, FailureCode] = {INVALID: "invalid_destination", BLOCKED: "blocked"}


class SimulatedCarrier:
    """Implements `port.SmsCarrier` (outcomes: decisions S3)."""

    name = NAME
    unit: Literal["segment", "message"] = "segment"
    supports_media = True

    def __init__(self) -> None:
        self._running = False

    async def start(self, sink: ReportSink) -> None:
        """Nothing to connect to; reports travel with the verdicts."""
        self._running = True

    async def stop(self) -> None:
        self._running = False

    def capacity(self) -> int:
        return WINDOW if self._running else 0

    async def submit(self, submission: Submission) -> Verdict:
        if not self._running:
            return NotSent("stopped")
        recipient = submission.recipient
        if recipient in REFUSED:
            return Refused(REFUSED[recipient], f"simulated {REFUSED[recipient]}")
        if recipient == THROTTLED_ONCE and submission.attempt == 1:
            return Throttled(0.3, "simulated throttling")
        ref = f"sim-{submission.id}"
        if recipient == SILENT:
            return Accepted(ref, "simulated, no receipt will come")
        lost = recipient == UNREACHABLE or (recipient == SECOND_SEGMENT_LOST and submission.index == 2)
        if lost:
            receipt = Receipt(ref, "undelivered", "unreachable", raw="simulated UNDELIV")
            return Accepted(ref, "simulated", (Later(RECEIPT_AFTER_SEC, receipt),))
        later = [Later(RECEIPT_AFTER_SEC, Receipt(ref, "delivered", raw="simulated DELIVRD"))]
        if submission.index == submission.total:
            # Platform numbers reach each other; for any other recipient nobody is there to take this in.
            arrival = Inbound(
                submission.sender, recipient, submission.text, media_urls=submission.media_urls, carrier_ref=ref
            )
            later.append(Later(RECEIPT_AFTER_SEC, arrival))
        return Accepted(ref, "simulated", tuple(later))

    def links(self) -> list[LinkState]:
        return [LinkState(NAME, self._running, "always up" if self._running else "stopped")]

    async def probe(self) -> LinkState:
        return self.links()[0]
