"""What a number's AI does: what somebody set, over the defaults, and nothing without its add-on (F122, F125)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nokyc.kit import languages
from nokyc.resources.numbers.schemas import Addon
from nokyc.store.store import Connection

DEFAULT_SCRIPT = "I'm unavailable right now. Leave your name, the reason for the call, and a callback number."
"""The API document's. It is spoken in the call's language; a script of the customer's own as it stands."""
ADDONS: dict[str, Addon] = {
    "auto_pickup": "ai-pickup",
    "screening": "ai-screen",
    "translator": "ai-trans",
    "voicemail_summary": "ai-summary",
}
"""Each block, and the add-on that it needs."""

Settings = Mapping[str, Mapping[str, Any]]
"""Block to field to value."""


@dataclass(frozen=True, slots=True)
class AutoPickup:
    """An agent that answers after some rings."""

    enabled: bool
    after_rings: int
    script: str
    language: str
    """`auto`, or BCP 47."""
    voice: str


@dataclass(frozen=True, slots=True)
class Screening:
    """Callers are asked who they are before a device rings; these lists are in E.164."""

    enabled: bool
    allow: list[str]
    """Ring at once."""
    deny: list[str]
    """Are refused; they win over `allow`."""


@dataclass(frozen=True, slots=True)
class Translator:
    """Calls are translated live into this language and back."""

    enabled: bool
    target_language: str


@dataclass(frozen=True, slots=True)
class VoicemailSummary:
    """Voicemails get a translation and a summary, and perhaps the caller's mood."""

    enabled: bool
    include_sentiment: bool


@dataclass(frozen=True, slots=True)
class Assistant:
    """The whole configuration, as it is in force."""

    auto_pickup: AutoPickup
    screening: Screening
    translator: Translator
    voicemail_summary: VoicemailSummary


async def find_settings(connection: Connection, account_id: int, number_id: int) -> dict[str, dict[str, Any]]:
    """What somebody set; {} if nobody ever did."""
    settings = await connection.fetchval(
        "SELECT settings FROM ai_configs WHERE account_id = $1 AND number_id = $2", account_id, number_id
    )
    return settings or {}


async def find_assistant(connection: Connection, number: Any) -> Assistant:
    """The configuration of a number, given its row."""
    return in_force(number, await find_settings(connection, number["account_id"], number["id"]))


def in_force(number: Any, settings: Settings) -> Assistant:
    """The configuration that follows from a number's row and from what was set."""
    country_language = languages.of_country(number["country"])
    defaults: dict[str, dict[str, Any]] = {
        "auto_pickup": {
            "enabled": True, "after_rings": 4, "script": DEFAULT_SCRIPT, "language": "auto",
            "voice": languages.voice_for(country_language),
        },
        "screening": {"enabled": True, "allow": [], "deny": []},
        "translator": {"enabled": True, "target_language": "en"},
        "voicemail_summary": {"enabled": True, "include_sentiment": True},
    }  # fmt: skip
    blocks = {name: {**defaults[name], **settings.get(name, {})} for name in defaults}
    for name, addon in ADDONS.items():
        blocks[name]["enabled"] = blocks[name]["enabled"] and addon in number["addons"]
    return Assistant(
        auto_pickup=AutoPickup(**blocks["auto_pickup"]),
        screening=Screening(**blocks["screening"]),
        translator=Translator(**blocks["translator"]),
        voicemail_summary=VoicemailSummary(**blocks["voicemail_summary"]),
    )
