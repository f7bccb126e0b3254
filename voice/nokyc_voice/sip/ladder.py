"""The messages of one dialog in their order, without addresses and bodies, for people to read."""

from nokyc_voice.sip.message import Request, Response
from nokyc_voice.sip.ports import Trace
from nokyc_voice.sip.statuses import read_cause, reason_of

MAX_KEPT = 64
"""Steps that are kept until somebody listens."""


class Ladder:
    """Steps taken before `trace` is set are told when it is."""

    def __init__(self) -> None:
        self._trace: Trace | None = None
        self._kept: list[tuple[bool, str]] = []

    @property
    def trace(self) -> Trace | None:
        return self._trace

    @trace.setter
    def trace(self, trace: Trace | None) -> None:
        self._trace = trace
        if trace is not None:
            kept, self._kept = self._kept, []
            for sent, summary in kept:
                trace(sent, summary)

    def note(self, sent: bool, message: Request | Response) -> None:
        summary = summarize(message)
        if self._trace is not None:
            self._trace(sent, summary)
        elif len(self._kept) < MAX_KEPT:
            self._kept.append((sent, summary))


def summarize(message: Request | Response) -> str:
    """`INVITE`, `180 Ringing`, `BYE (Q.850 16)`; the phrase is ours, since theirs may say anything."""
    what = message.method if isinstance(message, Request) else f"{message.status} {reason_of(message.status)}"
    cause = read_cause(message.headers.all("Reason"))
    return what if cause is None else f"{what} (Q.850 {cause})"
