"""JSON with exact decimals."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any


def object_of(text: bytes) -> dict[str, Any] | None:
    """Numbers with a fraction become Decimal. None if the text is no JSON object."""
    try:
        content = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):  # nested too deep
        return None
    return content if isinstance(content, dict) else None


def dumps(value: Any) -> str:
    """Decimals keep their digits; moments with a zone become UTC. Raises TypeError or ValueError for anything else."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{_key(name)}:{dumps(item)}" for name, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(dumps, value)) + "]"
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError("a number in JSON is finite")
        return format(value, "f")
    if isinstance(value, datetime):
        return f'"{instant(value)}"'
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def instant(moment: datetime) -> str:
    """RFC 3339 in UTC. Raises ValueError for a moment without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a datetime needs a time zone, such as datetime.now(timezone.utc)")
    return moment.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")


def _key(name: Any) -> str:
    if not isinstance(name, str):
        raise TypeError(f"a name in a JSON object is a string, not {type(name).__name__}")
    return json.dumps(name, ensure_ascii=False)
