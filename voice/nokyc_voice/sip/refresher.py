"""Session timers (RFC 4028): what is agreed on, and the clock that refreshes or ends a session."""

from collections.abc import Callable

from nokyc_voice.sip.message import Message, Request, Response
from nokyc_voice.sip.timers import Handle, Timers

MIN_SE = 90
"""Seconds; shorter intervals are refused with 422 (RFC 4028 4)."""
DEFAULT_SE = 1800
MAX_SE = 86_400
GRACE = 32.0
"""Seconds before the end at which the side that waits for a refresh hangs up; at most a third of the interval."""


class Refresher:
    """The running agreement of one session."""

    def __init__(self, timers: Timers, *, refresh: Callable[[], None], expire: Callable[[], None]) -> None:
        self._timers = timers
        self._refresh = refresh
        self._expire = expire
        self._handles: list[Handle] = []
        self.interval: int | None = None
        self.is_ours = False
        """Refreshing is our turn."""

    def agree(self, interval: int | None, *, is_ours: bool) -> None:
        """Begin again; None: no timer."""
        self.stop()
        self.interval, self.is_ours = interval, is_ours
        if interval is None:
            return
        self._handles.append(self._timers.call_later(interval - min(GRACE, interval / 3), self._expire))
        if is_ours:
            self._handles.append(self._timers.call_later(interval / 2, self._ask))

    def stop(self) -> None:
        for handle in self._handles:
            handle.cancel()
        self._handles.clear()

    def _ask(self) -> None:
        """Until a new agreement: a refusal may be for the moment only."""
        self._refresh()
        if self.interval is not None:
            self._handles.append(self._timers.call_later(self.interval / 8, self._ask))


def ask(interval: int | None, *, min_se: int = MIN_SE, refresher: str | None = None) -> list[tuple[str, str]]:
    """The headers of a request that wants a timer."""
    if interval is None:
        return []
    value = str(interval) if refresher is None else f"{interval};refresher={refresher}"
    return [("Session-Expires", value), ("Min-SE", str(min_se))]


def is_too_short(request: Request) -> bool:
    """To be refused with 422 and our Min-SE."""
    asked = request.seconds("Session-Expires")
    return asked is not None and asked < MIN_SE and "timer" in request.listed("Supported")


def settle_as_callee(request: Request, ours: int | None) -> tuple[list[tuple[str, str]], int | None, bool]:
    """The headers of our 2xx, the interval, and whether we refresh (RFC 4028 9)."""
    asked, theirs = request.seconds("Session-Expires"), request.seconds("Min-SE") or MIN_SE
    can = "timer" in request.listed("Supported")
    if asked is None and (ours is None or not can):
        return [], None, False
    interval = min(max(asked or ours or DEFAULT_SE, theirs, MIN_SE), MAX_SE)
    wanted = _refresher(request) if can else "uas"
    if wanted is None:
        wanted = "uac" if asked is not None else "uas"
    headers = [("Session-Expires", f"{interval};refresher={wanted}")]
    if wanted == "uac":
        headers.append(("Require", "timer"))
    return headers, interval, wanted == "uas"


def settle_as_caller(response: Response) -> tuple[int | None, bool]:
    """The interval of their 2xx, and whether we refresh (RFC 4028 7.2)."""
    interval = response.seconds("Session-Expires")
    if interval is None:
        return None, False
    return min(max(interval, MIN_SE), MAX_SE), _refresher(response) != "uas"


def _refresher(message: Message) -> str | None:
    for part in (message.headers.get("Session-Expires") or "").split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "refresher" and value.strip().lower() in ("uac", "uas"):
            return value.strip().lower()
    return None
