"""Hiding what people said, and to whom, until somebody asks to see it."""

import json
import re
from typing import Any

HIDDEN = frozenset(
    {"body", "to", "from", "from_e164", "number", "contains", "display", "text", "script", "metadata", "media_urls",
     "transcript", "secret", "webhook_secret", "audio_url", "recording_url", "email_hash", "allow", "deny", "name",
     "reason", "callback_number", "audio_base64", "callerid", "callerid_mask", "say", "parameters"}
)  # fmt: skip
"""Names of fields whose values are hidden."""
MASK = "••••••"
_ID = re.compile(r"(?:num|sms|call|vm|whk|evt|navail|key)_[0-9a-z]{12}")
_IN_QUERY = re.compile(r"([?&](?:number|contains|to|from)=)[^&]*")


def masked(text: str) -> str:
    """JSON with hidden values; what is no JSON (it may have been cut) is hidden as a whole."""
    if not text:
        return ""
    try:
        value = json.loads(text)
    except ValueError:
        return MASK
    return json.dumps(_masked(value), ensure_ascii=False, indent=2)


def masked_path(path: str) -> str:
    """A path whose query tells no numbers."""
    return _IN_QUERY.sub(rf"\1{MASK}", path)


def _masked(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _hide(inner) if name in HIDDEN else _masked(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_masked(inner) for inner in value]
    return value


def _hide(value: Any) -> Any:
    """Ids and nothing stay: they tell nobody anything."""
    if value is None or value == [] or (isinstance(value, str) and _ID.fullmatch(value)):
        return value
    return MASK
