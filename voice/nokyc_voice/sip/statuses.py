"""Reason phrases of responses (RFC 3261 21 and the registrations since), and Q.850 causes in Reason (RFC 3326)."""

import re

REASONS = {
    100: "Trying", 180: "Ringing", 181: "Call Is Being Forwarded", 182: "Queued", 183: "Session Progress",
    199: "Early Dialog Terminated",
    200: "OK", 202: "Accepted", 204: "No Notification",
    300: "Multiple Choices", 301: "Moved Permanently", 302: "Moved Temporarily", 305: "Use Proxy",
    380: "Alternative Service",
    400: "Bad Request", 401: "Unauthorized", 402: "Payment Required", 403: "Forbidden", 404: "Not Found",
    405: "Method Not Allowed", 406: "Not Acceptable", 407: "Proxy Authentication Required", 408: "Request Timeout",
    410: "Gone", 412: "Conditional Request Failed", 413: "Request Entity Too Large", 414: "Request-URI Too Long",
    415: "Unsupported Media Type", 416: "Unsupported URI Scheme", 417: "Unknown Resource-Priority",
    420: "Bad Extension", 421: "Extension Required", 422: "Session Interval Too Small", 423: "Interval Too Brief",
    424: "Bad Location Information", 428: "Use Identity Header", 429: "Provide Referrer Identity", 430: "Flow Failed",
    433: "Anonymity Disallowed", 436: "Bad Identity-Info", 437: "Unsupported Certificate",
    438: "Invalid Identity Header", 439: "First Hop Lacks Outbound Support", 440: "Max-Breadth Exceeded",
    469: "Bad Info Package", 470: "Consent Needed", 480: "Temporarily Unavailable",
    481: "Call/Transaction Does Not Exist", 482: "Loop Detected", 483: "Too Many Hops", 484: "Address Incomplete",
    485: "Ambiguous", 486: "Busy Here", 487: "Request Terminated", 488: "Not Acceptable Here", 489: "Bad Event",
    491: "Request Pending", 493: "Undecipherable", 494: "Security Agreement Required",
    500: "Server Internal Error", 501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable",
    504: "Server Time-out", 505: "Version Not Supported", 513: "Message Too Large", 580: "Precondition Failure",
    600: "Busy Everywhere", 603: "Decline", 604: "Does Not Exist Anywhere", 606: "Not Acceptable", 607: "Unwanted",
    608: "Rejected",
}  # fmt: skip

MAX_REASON = 256
"""Characters of a Reason line that are read."""

_CLASSES = ("", "Progress", "OK", "Redirection", "Request Failure", "Server Failure", "Global Failure")
_CAUSE = re.compile(r"Q\.850[ \t]*;(?:[^,]*;)?[ \t]*cause[ \t]*=[ \t]*([0-9]{1,3})(?![0-9])", re.IGNORECASE)


def reason_of(status: int) -> str:
    """The phrase of a status; its class's for one that we do not know."""
    return REASONS.get(status) or _CLASSES[status // 100]


def read_cause(reasons: list[str]) -> int | None:
    """The Q.850 cause in the lines of Reason, if any, 0–127."""
    for value in reasons:
        if match := _CAUSE.search(value[:MAX_REASON]):
            return int(match[1]) if int(match[1]) < 128 else None
    return None


def write_cause(cause: int) -> tuple[str, str]:
    """Reason, as a header."""
    return "Reason", f"Q.850;cause={cause}"
