"""What every preset is made of: one foreign HTTP protocol as pure functions, without sockets and clocks."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal, Protocol
from urllib.parse import parse_qsl

from nokyc.carriers.port import FailureCode, NotSent, Refused, Report, Submission, Throttled, Unknown, Verdict
from nokyc.http.outbound import Answer
from nokyc.kit.jsontext import storable

MAX_REPORT_BYTES = 256 * 1024
MAX_FIELDS = 200
MAX_CODE_CHARS = 40
MAX_MEDIA = 10
THROTTLED_RETRY_SEC = 1.0
UNAVAILABLE_RETRY_SEC = 5.0
MIN_RETRY_SEC = 0.01
MAX_RETRY_SEC = 3_600.0
LONGEST_SEC = 1e9
"""Larger figures are no waits but instants: Unix times, as many write them."""
REPORT_TOLERANCE_SEC = 300

PathKind = Literal["inbound", "status"]
Outcome = FailureCode | Literal["throttled", "account"]
"""What a carrier's error code means: a final no, come again, or a trouble of our account there (the message may go
to another carrier)."""


class BadSignature(Exception):  # noqa: N818 - a short name for one of two answers: 403
    """The report does not prove that the carrier sent it."""


class BadRequest(Exception):  # noqa: N818 - the other answer: 400
    """The carrier proved itself, but we cannot read what it says."""


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """One HTTP request of the carrier, as it reached us."""

    method: str
    path_kind: PathKind
    url: str
    """The whole public URL with its query, as the carrier wrote it."""
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes


class Preset(Protocol):
    """One foreign protocol."""

    supports_media: bool

    def request(self, submission: Submission) -> Request: ...

    def verdict(self, answer: Answer) -> Verdict: ...

    def probe(self) -> Request:
        """Something harmless to ask."""
        ...

    def knows_us(self, answer: Answer) -> bool:
        """Whether that is the probe's answer to a customer in good standing."""
        ...

    def reports(self, incoming: Incoming, now: datetime) -> list[Report]:
        """What the carrier tells us, empty for what is of no interest. Raises BadSignature or BadRequest."""
        ...

    def acknowledgement(self) -> tuple[str, str]:
        """Content type and body of the 200 that follows our commit."""
        ...

    def media_headers(self, url: str) -> dict[str, str]:
        """What to send along when inbound media is fetched from this URL."""
        ...


def refusal(answer: Answer, outcome: Outcome | None, code: str = "") -> Verdict:
    """The verdict of an answer that is no acceptance; `outcome` is what the preset knows of the carrier's code."""
    raw = f"HTTP {answer.status}" + (f", code {_harmless(code)}" if code else "")
    match outcome:
        case "throttled":
            return Throttled(retry_after_sec(answer), raw)
        case "account":
            return NotSent(raw)
        case None:
            return _by_status(answer, raw)
        case final:
            return Refused(final, raw)


def failure(outcome: Outcome) -> FailureCode:
    """The same table read for a receipt: a message that died of the carrier's own reasons was rejected there."""
    if outcome == "throttled" or outcome == "account":
        return "carrier_rejected"
    return outcome


def retry_after_sec(answer: Answer) -> float:
    """Retry-After (RFC 9110 §10.2.3) or X-RateLimit-Reset, in seconds or against the answer's own Date; else a
    default."""
    given = answer.headers.get("retry-after") or answer.headers.get("x-ratelimit-reset") or ""
    try:
        seconds = _seconds(given, answer.headers.get("date", ""))
    except (ValueError, TypeError):
        seconds = UNAVAILABLE_RETRY_SEC if answer.status == 503 else THROTTLED_RETRY_SEC
    # A nan compares with nothing, so it ends as the lower bound.
    return max(MIN_RETRY_SEC, min(seconds, MAX_RETRY_SEC))


def parse_json(body: bytes) -> Any:
    """The JSON of a body, or None if it is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def at(value: Any, path: str) -> Any:
    """What stands at a dotted path of parsed JSON, or None."""
    for step in path.split("."):
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def parse_form(text: bytes | str) -> list[tuple[str, str]]:
    """Form fields in their order. Raises BadRequest."""
    try:
        plain = text.decode() if isinstance(text, bytes) else text
        return parse_qsl(plain, keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict")
    except ValueError as error:
        raise BadRequest("the form cannot be read") from error


def require_size(incoming: Incoming) -> None:
    if len(incoming.body) > MAX_REPORT_BYTES:
        raise BadRequest("the report is too large")


def clean(value: Any) -> str:
    """Text that every store can keep; anything else than text is empty."""
    return storable(value) if isinstance(value, str) else ""


def e164(value: Any) -> str:
    """A number with its plus, also for 00, if it is one; short codes and names stay. Raises BadRequest if empty."""
    text = clean(str(value) if isinstance(value, int) else value).strip()
    if not text:
        raise BadRequest("a number is missing")
    digits = _DIGITS.fullmatch(text)
    return f"+{digits[1]}" if digits else text


def instant(value: Any) -> datetime | None:
    """An aware ISO 8601 instant, or None for anything else."""
    try:
        parsed = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return parsed if parsed.tzinfo is not None else None


_DIGITS = re.compile(r"(?:00)?([1-9][0-9]{7,14})")
_LONG_NUMBER = re.compile(r"\+?[0-9]{7,}")
_OUR_MISTAKE = frozenset({401, 402, 403, 404, 405, 407})
"""The carrier did not look at the message: our address, account or credit there is wrong."""


def _seconds(given: str, date: str) -> float:
    """Seconds until an instant, or as they stand. ValueError or TypeError if it is neither."""
    try:
        seconds = float(given)
    except ValueError:
        return (parsedate_to_datetime(given) - parsedate_to_datetime(date)).total_seconds()
    return seconds - parsedate_to_datetime(date).timestamp() if seconds > LONGEST_SEC else seconds


def _by_status(answer: Answer, raw: str) -> Verdict:
    status = answer.status
    if status in (408, 425, 429, 503):
        return Throttled(retry_after_sec(answer), raw)
    if 300 <= status < 400 or status in _OUR_MISTAKE:
        return NotSent(raw)
    if 400 <= status < 500:
        return Refused("carrier_rejected", raw)
    return Unknown(raw)


def _harmless(code: str) -> str:
    """A foreign code as it may stand in a log: short, printable, without a phone number."""
    printable = "".join(each for each in code if each.isprintable())
    return _LONG_NUMBER.sub("…", printable)[:MAX_CODE_CHARS]
