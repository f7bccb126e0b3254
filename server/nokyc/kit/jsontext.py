"""Strict JSON in, canonical JSON out (decisions F5, F49)."""

import json
import math
from typing import Any, NoReturn

import msgspec

MAX_DEPTH = 64
"""Levels of nesting: far more than any request needs, far fewer than our own recursion bears."""


class JsonError(ValueError):
    """The text is not one strict JSON object."""


def parse_object(raw: bytes) -> dict[str, Any]:
    """One JSON object: UTF-8, no duplicate keys, no NaN or Infinity, no lone surrogates, no U+0000.

    Raises:
        JsonError: with a sentence that says what is wrong.
    """
    try:
        text = raw.decode("utf-8")
        value = _DECODER.decode(text)
    except UnicodeDecodeError:
        raise JsonError("The request body is not valid UTF-8.") from None
    except JsonError:
        raise
    except RecursionError:
        raise JsonError("The request body is nested too deeply.") from None
    except ValueError as error:
        raise JsonError(f"The request body is not valid JSON: {error}.") from None
    if not isinstance(value, dict):
        raise JsonError("The request body must be a JSON object.")
    if raw.count(b"{") + raw.count(b"[") > MAX_DEPTH and _depth(value) > MAX_DEPTH:
        raise JsonError("The request body is nested too deeply.")
    if "\\u" in text:
        _refuse_unstorable(value)
    return value


def canonical(value: Any) -> bytes:
    """The same bytes for the same JSON value, whatever its key order and white space; 1 and 1.0 differ."""
    return _CANONICAL.encode(value)


def storable(text: str) -> str:
    """Somebody else's text without what no database text can hold: U+0000 and lone surrogates read as U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\0", "\ufffd")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise JsonError(f"The request body has the key {key!r} twice.")
            seen.add(key)
    return value


def _depth(value: Any) -> int:
    """Levels of nesting, counted without recursion."""
    depth, level = 0, [value]
    while level:
        depth += 1
        inner: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                inner += item.values()
            elif isinstance(item, list):
                inner += item
        level = inner
    return depth


def _refuse_constant(name: str) -> NoReturn:
    raise JsonError(f"{name} is not valid JSON.")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise JsonError(f"The number {text[:40]} is too large.")
    return value


def _refuse_unstorable(value: dict[str, Any]) -> None:
    try:
        text = canonical(value)
    except UnicodeEncodeError:
        raise JsonError("The request body has a lone UTF-16 surrogate.") from None
    if b"\\u0000" in text:
        raise JsonError("The request body has the character U+0000.")


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse_constant, parse_float=_finite)
_CANONICAL = msgspec.json.Encoder(order="sorted")
