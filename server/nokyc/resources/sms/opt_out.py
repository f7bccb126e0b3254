"""STOP and START: a recipient's word on whether a number may write to them (decision M2)."""

import unicodedata
from datetime import datetime
from typing import Any

from nokyc.store.store import Unit

STOP_WORDS = frozenset(
    {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"}
    | {"stop all", "opt out", "opt-out"}
    | {"arret", "arrêt", "arreter", "arrêter", "parar", "alto", "baja", "stopp", "halt"}
)
START_WORDS = frozenset({"start", "unstop", "yes", "iniciar", "empezar", "commencer", "reprendre"})
AROUND = " \t\r\n\u00a0\u202f.!…\"'“”„‘’«»"
"""What people write around the word: quotes as they read them, a space before the exclamation mark in French."""
DEFAULT_COUNTRIES = frozenset({"us", "ca"})
"""Where carriers demand it, so it is on without asking."""


async def apply_keyword(unit: Unit, number: Any, sender: str, text: str, now: datetime) -> None:
    """Opt the pair (number, sender) out or in, if the whole message is such a word."""
    if not (number["opt_out_everywhere"] or number["country"] in DEFAULT_COUNTRIES):
        return
    word = unicodedata.normalize("NFC", text).strip(AROUND).casefold()
    if word in STOP_WORDS:
        await unit.connection.execute(
            "INSERT INTO opt_outs (account_id, number_id, peer, created_at) VALUES ($1, $2, $3, $4)"
            " ON CONFLICT DO NOTHING",
            number["account_id"],
            number["id"],
            sender,
            now,
        )
    elif word in START_WORDS:
        await unit.connection.execute(
            "DELETE FROM opt_outs WHERE account_id = $1 AND number_id = $2 AND peer = $3",
            number["account_id"],
            number["id"],
            sender,
        )
