"""The presets of HTTP carriers, as they are configured."""

import json

from nokyc.carriers.http.config import HttpConfig
from nokyc.carriers.http.presets import open_preset
from nokyc.carriers.http.protocol import Preset
from nokyc.store.store import Store
from nokyc.store.vault import Vault


def read_preset(vault: Vault, sealed: bytes) -> Preset:
    """The preset of a stored configuration. Raises ValueError if it makes no sense."""
    return open_preset(HttpConfig.from_json(json.loads(vault.open(sealed))))


async def find_preset(store: Store, name: str) -> Preset | None:
    """The preset of the HTTP carrier of that name; None if there is none."""
    async with store.reading() as connection:
        sealed = await connection.fetchval("SELECT config FROM carriers WHERE name = $1 AND kind = 'http'", name)
    return None if sealed is None else read_preset(store.vault, sealed)
