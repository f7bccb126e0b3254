"""Reading speech endpoints and customers' own voices."""

import json
from collections.abc import Callable
from typing import Any

from nokyc.http.errors import ApiError
from nokyc.kit import ids
from nokyc.kit.languages import VOICES
from nokyc.store.store import Connection

Unseal = Callable[[bytes], bytes]


async def endpoints(connection: Connection, unseal: Unseal) -> list[tuple[str, dict[str, Any]]]:
    """Every endpoint's name and configuration, the oldest first: that is the order in which they are asked."""
    rows = await connection.fetch("SELECT name, config FROM speech_endpoints ORDER BY created_at, name")
    return [(row["name"], json.loads(unseal(row["config"]))) for row in rows]


async def find_endpoint(connection: Connection, *, name: str, unseal: Unseal) -> dict[str, Any] | None:
    """One endpoint's configuration, or None."""
    sealed = await connection.fetchval("SELECT config FROM speech_endpoints WHERE name = $1", name)
    return None if sealed is None else json.loads(unseal(sealed))


async def list_voices(connection: Connection) -> list[Any]:
    """The voices of all accounts, for the operator and the engines."""
    rows = await connection.fetch(
        "SELECT v.account_id, v.id, v.endpoint, v.voice FROM voices v JOIN accounts a ON a.id = v.account_id"
        " WHERE a.livemode ORDER BY v.id"
    )
    return list(rows)


async def check_voice(connection: Connection, account_id: int, voice: str | None, *, param: str) -> None:
    """A voice that everybody has, or one of the account's own. Raises ApiError 400 (decision F124)."""
    if voice is None or voice in VOICES:
        return
    voice_id = ids.read("voice", voice)
    known = "SELECT 1 FROM voices WHERE account_id = $1 AND id = $2"
    if voice_id is None or not await connection.fetchval(known, account_id, voice_id):
        message = f"A voice is one of {', '.join(VOICES)}, or a voice_… of your own."
        raise ApiError("voice_invalid", message, param=param)
