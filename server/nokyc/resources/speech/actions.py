"""What an operator does with speech endpoints and customers' own voices."""

import json
import re
from typing import Any

from nokyc.kit import ids
from nokyc.resources.speech.queries import find_endpoint
from nokyc.speech.endpoint.http import EndpointConfig
from nokyc.store.store import Unit

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
MAX_ENDPOINTS = 16
MAX_VOICES = 1_000
"""Of one account."""


async def set_endpoint(unit: Unit, name: str, config: dict[str, Any]) -> None:
    """Add an endpoint, or replace the one of that name. Running processes take it up within a second.

    Raises:
        ValueError: the name or the configuration makes no sense.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"the name {name!r} is not 1 to 32 of a-z, 0-9, - and _")
    EndpointConfig.from_json(config)
    others = await unit.connection.fetchval("SELECT count(*) FROM speech_endpoints WHERE name <> $1", name)
    if others >= MAX_ENDPOINTS:
        raise ValueError(f"there are {MAX_ENDPOINTS} endpoints already")
    await unit.connection.execute(
        "INSERT INTO speech_endpoints (name, config, created_at) VALUES ($1, $2, $3)"
        " ON CONFLICT (name) DO UPDATE SET config = $2",
        name,
        unit.vault.seal(json.dumps(config).encode()),
        unit.wall,
    )
    await unit.touch()


async def remove_endpoint(unit: Unit, name: str) -> None:
    """Forget an endpoint and the voices that it speaks with. Raises ValueError if there is none of that name."""
    if await unit.connection.fetchval("DELETE FROM speech_endpoints WHERE name = $1 RETURNING name", name) is None:
        raise ValueError(f"there is no speech endpoint {name!r}")
    await unit.connection.execute("DELETE FROM voices WHERE endpoint = $1", name)
    await unit.touch()


async def add_voice(unit: Unit, account_id: int, endpoint: str, voice: str) -> int:
    """A voice of an account's own, and of its sandbox: what the endpoint calls `voice`. Returns its id.

    Raises:
        ValueError: there is no such endpoint, it speaks with no model, or the account has too many voices.
    """
    config = await find_endpoint(unit.connection, name=endpoint, unseal=unit.vault.open)
    if config is None:
        raise ValueError(f"there is no speech endpoint {endpoint!r}")
    if not config.get("tts_model"):
        raise ValueError(f"the endpoint {endpoint!r} has no model that speaks")
    count = await unit.connection.fetchval("SELECT count(*) FROM voices WHERE account_id = $1", account_id)
    if count >= MAX_VOICES:
        raise ValueError(f"the account has {MAX_VOICES} voices already")
    voice_id = unit.ids.new()
    await unit.connection.execute(
        "INSERT INTO voices (account_id, id, endpoint, voice, created_at)"
        " SELECT id, $2, $3, $4, $5 FROM accounts WHERE live_id = (SELECT live_id FROM accounts WHERE id = $1)",
        account_id, voice_id, endpoint, voice, unit.wall,
    )  # fmt: skip
    await unit.touch()
    return voice_id


async def remove_voice(unit: Unit, shown: str) -> None:
    """Take a voice away, from its account and the account's sandbox. Raises ValueError if there is none."""
    voice_id = ids.read("voice", shown)
    gone = await unit.connection.fetch("DELETE FROM voices WHERE id = $1 RETURNING account_id", voice_id)
    if not gone:
        raise ValueError(f"there is no voice {shown}")
    await unit.touch()
