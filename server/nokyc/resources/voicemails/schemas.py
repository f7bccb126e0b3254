"""Voicemails and greetings as the API shows them."""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from nokyc.http.filters import Instant
from nokyc.http.schema import Body, ListQuery, Voice
from nokyc.kit import audio, ids
from nokyc.kit.clock import format_instant
from nokyc.resources.files.links import Links
from nokyc.resources.numbers.schemas import Addon
from nokyc_voice.platform import AgentEnd

MAX_AUDIO_BYTES = 700_000
MAX_BASE64_CHARS = -(-MAX_AUDIO_BYTES // 3) * 4
MAX_GREETING_CHARS = 1_000

Sentiment = Literal["positive", "neutral", "negative"]


class Transcript(Struct, frozen=True, kw_only=True):
    """What was said (decision F117)."""

    text: str
    language: str
    translation_en: str | None
    summary: str | None
    sentiment: Sentiment | None


class VoicemailAi(Struct, frozen=True, kw_only=True):
    """What an agent learned from the caller. Names and numbers stand in what was said, or they are null."""

    addon: Addon
    name: str | None
    reason: str | None
    callback_number: str | None
    number_confirmed: bool
    """The caller said that it was read back correctly."""
    turns: int
    language: str
    ended_by: AgentEnd


class Voicemail(Struct, frozen=True, kw_only=True):
    """A message that a caller left."""

    id: str
    object: Literal["voicemail"] = "voicemail"
    number_id: str
    call_id: str
    from_e164: str | None
    received_at: str
    duration_sec: int
    audio_url: str
    transcript: Transcript | None
    ai: VoicemailAi | None
    """Null if no agent had the caller."""


class VoicemailQuery(ListQuery, frozen=True, kw_only=True):
    """Filters of GET /v1/voicemails."""

    number: str | None = None
    created_after: Instant | None = None
    created_before: Instant | None = None


class GreetingSet(Body, frozen=True, kw_only=True):
    """Body of POST /v1/numbers/{id}/voicemail_greeting: a text, or audio."""

    text: Annotated[str, Meta(min_length=1, max_length=MAX_GREETING_CHARS)] | None = None
    voice: Voice | None = None
    audio_base64: Annotated[str, Meta(min_length=1, max_length=MAX_BASE64_CHARS)] | None = None
    """A WAV or MP3 file of up to 700 KB and 60 seconds."""


class Greeting(Struct, frozen=True, kw_only=True):
    """What callers hear before the tone."""

    object: Literal["voicemail_greeting"] = "voicemail_greeting"
    number_id: str
    type: Literal["default", "text", "audio"]
    text: str | None
    voice: str | None
    audio_sec: int | None
    updated_at: str | None


def show_voicemail(row: Any, links: Links, now: datetime) -> Voicemail:
    return Voicemail(
        id=ids.show("vm", row["id"]),
        number_id=ids.show("num", row["number_id"]),
        call_id=ids.show("call", row["call_id"]),
        from_e164=row["caller"],
        received_at=format_instant(row["received_at"]),
        duration_sec=row["duration_sec"],
        audio_url=links.sign("vm", row["id"], row["file"], now),
        transcript=None if row["transcript"] is None else Transcript(**row["transcript"]),
        ai=None if row["ai"] is None else VoicemailAi(**row["ai"]),
    )


def show_greeting(number_id: int, row: Any) -> Greeting:
    sound = None if row is None else row["audio"]
    return Greeting(
        number_id=ids.show("num", number_id),
        type="default" if row is None else "text" if sound is None else "audio",
        text=None if row is None else row["text"],
        voice=None if row is None else row["voice"],
        audio_sec=None if sound is None else -(-audio.duration_ms(sound) // 1_000),
        updated_at=None if row is None else format_instant(row["updated_at"]),
    )
