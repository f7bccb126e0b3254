"""Why calls end, in three languages: SIP status (RFC 3261, 21), Q.850 cause (ITU-T), and ours."""

from dataclasses import dataclass

from nokyc_voice.platform import EndReason, Outcome

NORMAL = 16
"""Q.850: normal call clearing."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a final no to an INVITE means."""

    outcome: Outcome
    reason: EndReason
    next_trunk: bool = False
    """The carrier could not, rather than the callee would not: another carrier may be asked."""


_BY_STATUS: dict[int, Verdict] = {
    401: Verdict("failed", "carrier_refused", next_trunk=True),
    403: Verdict("failed", "forbidden"),
    404: Verdict("failed", "unallocated"),
    407: Verdict("failed", "carrier_refused", next_trunk=True),
    408: Verdict("failed", "carrier_timeout", next_trunk=True),
    410: Verdict("failed", "unallocated"),
    480: Verdict("no_answer", "no_answer"),
    484: Verdict("failed", "unallocated"),
    486: Verdict("busy", "busy"),
    487: Verdict("no_answer", "no_answer"),
    488: Verdict("failed", "no_media"),
    600: Verdict("busy", "busy"),
    603: Verdict("busy", "declined"),
    604: Verdict("failed", "unallocated"),
    606: Verdict("failed", "no_media"),
}
_BY_CAUSE: dict[int, Verdict] = {
    1: Verdict("failed", "unallocated"),
    17: Verdict("busy", "busy"),
    18: Verdict("no_answer", "no_answer"),
    19: Verdict("no_answer", "no_answer"),
    20: Verdict("failed", "unreachable"),
    21: Verdict("busy", "declined"),
    22: Verdict("failed", "unallocated"),
    27: Verdict("failed", "unreachable"),
    28: Verdict("failed", "unallocated"),
}
"""Causes that say more than the status they came with; carriers put most of them behind 480 or 503."""

_CAUSES: dict[EndReason, int] = {
    "busy": 17, "no_answer": 19, "declined": 21, "unallocated": 1, "unreachable": 20, "forbidden": 21,
    "carrier_refused": 21, "carrier_timeout": 102, "media_timeout": 41, "session_expired": 102,
    "no_media": 65, "screened": 21, "number_paused": 31, "unknown_number": 1, "worker_lost": 41,
    "shutdown": 41, "internal_error": 41,
}  # fmt: skip


def verdict(status: int, cause: int | None) -> Verdict:
    """What a final response to our INVITE means; 5xx are the carrier's trouble."""
    if cause in _BY_CAUSE:
        return _BY_CAUSE[cause]
    known = _BY_STATUS.get(status)
    if known is not None:
        return known
    if status >= 600:
        return Verdict("busy", "declined")
    if status >= 500:
        return Verdict("failed", "carrier_refused", next_trunk=True)
    return Verdict("failed", "carrier_refused")  # 3xx too: a redirect is a way to send calls where nobody agreed to


def cause_of(reason: EndReason) -> int:
    """The Q.850 cause to tell the far end."""
    return _CAUSES.get(reason, NORMAL)


_STATUSES: dict[EndReason, int] = {
    "busy": 486, "declined": 603, "unallocated": 404, "unknown_number": 404, "forbidden": 403, "screened": 603,
    "no_media": 488, "shutdown": 503, "internal_error": 500, "carrier_refused": 503, "carrier_timeout": 504,
    "unreachable": 503,
}  # fmt: skip


def status_of(reason: EndReason) -> int:
    """The SIP status that refuses an INVITE for this reason."""
    return _STATUSES.get(reason, 480)
