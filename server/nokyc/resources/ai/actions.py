"""What can happen to a number's AI configuration."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from nokyc.http.errors import ApiError
from nokyc.resources.ai.queries import translation_pairs
from nokyc.resources.numbers.assistant import ADDONS, Assistant, find_settings, in_force
from nokyc.resources.speech.queries import check_voice
from nokyc.store.store import Unit

Changes = Mapping[str, Mapping[str, Any] | None]
"""Block to field to value; None as a value brings the default back, and as a block all of its defaults."""


async def configure(unit: Unit, number: Any, changes: Changes, now: datetime) -> Assistant:
    """Merge checked changes into what was set (RFC 7396); returns the configuration in force. The number's row must
    be locked.

    Raises:
        ApiError: 422 `number_released`, `addon_required`, `translation_unsupported`, 400 `voice_invalid`.
    """
    account_id, number_id = number["account_id"], number["id"]
    settings = await find_settings(unit.connection, account_id, number_id)
    if not changes:
        return in_force(number, settings)
    if number["status"] == "released":
        raise ApiError("number_released")
    for block, fields in changes.items():
        if fields is not None and fields.get("enabled") is True and ADDONS[block] not in number["addons"]:
            message = f"The number does not have the add-on {ADDONS[block]}."
            raise ApiError("addon_required", message, param=f"{block}.enabled")
    voice = (changes.get("auto_pickup") or {}).get("voice")
    await check_voice(unit.connection, account_id, voice, param="auto_pickup.voice")
    merged = _merged(settings, changes)
    assistant = in_force(number, merged)
    if changes.get("translator") and assistant.translator.enabled:
        await _check_translation(unit, assistant.translator.target_language)
    await unit.connection.execute(
        "INSERT INTO ai_configs (account_id, number_id, settings, updated_at) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (account_id, number_id) DO UPDATE SET settings = $3, updated_at = $4",
        account_id,
        number_id,
        merged,
        now,
    )
    return assistant


async def record_pairs(unit: Unit, pairs: Iterable[tuple[str, str]]) -> None:
    """A speech process says what it can translate."""
    await unit.connection.executemany(
        "INSERT INTO translation_pairs (source, target, seen_at) VALUES ($1, $2, $3)"
        " ON CONFLICT (source, target) DO UPDATE SET seen_at = $3",
        [(source, target, unit.wall) for source, target in sorted(pairs)],
    )


def _merged(settings: Mapping[str, Mapping[str, Any]], changes: Changes) -> dict[str, dict[str, Any]]:
    merged = {block: dict(fields) for block, fields in settings.items()}
    for block, fields in changes.items():
        if fields is None:
            merged.pop(block, None)
            continue
        kept = {**merged.get(block, {}), **fields}
        merged[block] = {name: value for name, value in kept.items() if value is not None}
    return merged


async def _check_translation(unit: Unit, target: str) -> None:
    """Whoever can translate must be able to translate into this language. As long as no engine ever said what it can
    do, the setting is kept for one that will."""
    pairs = await translation_pairs(unit.connection, unit.wall)
    if pairs and not any(each == target for _, each in pairs):
        shown = ", ".join(f"{source} → {each}" for source, each in pairs)
        message = f"Nobody here translates into {target!r}. The pairs are: {shown} (* is any language)."
        raise ApiError("translation_unsupported", message, param="translator.target_language")
