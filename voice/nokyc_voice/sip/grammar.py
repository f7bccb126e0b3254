"""The pieces that all of SIP is written in (RFC 3261 25): tokens, quoted strings, lists, parameters."""

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nokyc_voice.sip.headers import Headers

Params = Mapping[str, str | None]
"""By name in lower case, values as on the wire (quoted strings keep their quotes); None: no value."""

MAX_PARAMS = 64
"""Parameters of one value."""

_WORD = r"[A-Za-z0-9\-.!%*_+`'~]+"
TOKEN = re.compile(_WORD)
_QUOTED = r'"(?:[^"\\]|\\.)*"'
QUOTED = re.compile(_QUOTED, re.DOTALL)
_PARAM = re.compile(rf"[ \t]*;[ \t]*({_WORD})(?:[ \t]*=[ \t]*({_QUOTED}|[!#-+\--:=?-~]*))?", re.DOTALL)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_LIST_PIECE = re.compile(rf'{_QUOTED}|<[^>]*>|[^,"<]+|,', re.DOTALL)


class SipSyntaxError(ValueError):
    """What arrived is no SIP that we can answer properly. `status` is what a request gets for it."""

    def __init__(self, why: str, status: int = 400) -> None:
        super().__init__(why)
        self.status = status
        self.method = ""
        self.headers: Headers | None = None
        """What could be read of a request, for the refusal; None: nothing to answer to."""


def is_token(text: str) -> bool:
    return TOKEN.fullmatch(text) is not None


def quote(text: str) -> str:
    """As a quoted-string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def unquote(text: str) -> str:
    """What a quoted-string means; anything else is itself."""
    if len(text) >= 2 and text[0] == '"' == text[-1]:
        return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)
    return text


def split_list(text: str) -> list[str]:
    """The elements of a comma-separated list, stripped. Commas in quotes and in <> do not count."""
    parts: list[str] = []
    current: list[str] = []
    at = 0
    while at < len(text):
        piece = _LIST_PIECE.match(text, at)
        if piece is None:
            raise SipSyntaxError("unbalanced quotes or brackets")
        at = piece.end()
        if piece[0] == ",":
            parts.append("".join(current).strip())
            current.clear()
        else:
            current.append(piece[0])
    parts.append("".join(current).strip())
    if not all(parts):
        raise SipSyntaxError("empty element in a list")
    return parts


def parse_params(text: str) -> dict[str, str | None]:
    """`;a=b;c="d"`; the whole of the text, or SipSyntaxError. A name may not come twice."""
    params: dict[str, str | None] = {}
    at = 0
    while at < len(text):
        match = _PARAM.match(text, at)
        if match is None:
            if not text[at:].strip(" \t"):
                break
            raise SipSyntaxError("malformed parameters")
        name = match[1].lower()
        if name in params or len(params) >= MAX_PARAMS:
            raise SipSyntaxError("repeated or too many parameters")
        params[name] = match[2]
        at = match.end()
    return params


def format_params(params: Params) -> str:
    return "".join(f";{name}" if value is None else f";{name}={value}" for name, value in params.items())


def readable(text: str) -> str:
    """For people, JSON and databases: no control characters, and U+FFFD for what is no UTF-8 (inside, such bytes are
    kept as surrogates)."""
    if not text.isascii():
        text = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return _CONTROLS.sub("", text)


def number(text: str, limit: int, what: str) -> int:
    """A non-negative decimal number up to `limit`."""
    if not (text.isascii() and text.isdigit()) or len(text) > 20 or int(text) > limit:
        raise SipSyntaxError(f"{what} is no number up to {limit}")
    return int(text)


def tokens(values: Iterable[str]) -> set[str]:
    """All elements of a header that lists tokens (Supported, Require, Allow), in lower case; lenient."""
    return {part.strip().lower() for value in values for part in value.split(",") if part.strip()}
