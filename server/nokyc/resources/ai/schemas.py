"""A number's AI configuration as the API shows and takes it."""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from nokyc.http.schema import Body
from nokyc.kit import ids
from nokyc.kit.languages import VOICES
from nokyc.resources.numbers.assistant import Assistant
from nokyc.resources.numbers.schemas import Addon

MAX_SCRIPT_CHARS = 2_000
MAX_LISTED = 500
"""Numbers on an allow or deny list."""

Script = Annotated[str, Meta(min_length=1, max_length=MAX_SCRIPT_CHARS)]
Rings = Annotated[int, Meta(ge=1, le=10)]
Language = Annotated[str, Meta(pattern=r"^(auto|[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*)$", max_length=35)]
"""`auto`, or a BCP 47 tag."""
TargetLanguage = Annotated[str, Meta(pattern=r"^[a-z]{2}$", description="ISO 639-1.")]
VoiceName = Annotated[str, Meta(examples=list(VOICES), description="Or a `voice_…` of your own.")]
PhoneList = Annotated[list[str], Meta(max_length=MAX_LISTED, description="In E.164.")]


class AutoPickup(Struct, frozen=True, kw_only=True):
    """An agent that answers after some rings (add-on `ai-pickup`)."""

    enabled: bool
    after_rings: int
    script: str
    language: str
    voice: str


class Screening(Struct, frozen=True, kw_only=True):
    """Unknown callers are asked who they are before you are rung (add-on `ai-screen`)."""

    enabled: bool
    allow: list[str]
    """Ring you at once."""
    deny: list[str]
    """Are refused; they win over `allow`."""


class Translator(Struct, frozen=True, kw_only=True):
    """Calls are translated live (add-on `ai-trans`)."""

    enabled: bool
    target_language: str


class VoicemailSummary(Struct, frozen=True, kw_only=True):
    """Voicemails get a translation and a summary (add-on `ai-summary`)."""

    enabled: bool
    include_sentiment: bool


class AiConfig(Struct, frozen=True, kw_only=True):
    """What a number's AI does."""

    object: Literal["ai_config"] = "ai_config"
    number_id: str
    addons: list[Addon]
    auto_pickup: AutoPickup
    screening: Screening
    translator: Translator
    voicemail_summary: VoicemailSummary
    on_off: dict[str, Any] | None


class AutoPickupUpdate(Body, frozen=True, kw_only=True):
    """Changes of `auto_pickup`; null brings a default back."""

    enabled: bool | UnsetType | None = UNSET
    after_rings: Rings | UnsetType | None = UNSET
    script: Script | UnsetType | None = UNSET
    language: Language | UnsetType | None = UNSET
    voice: VoiceName | UnsetType | None = UNSET


class ScreeningUpdate(Body, frozen=True, kw_only=True):
    """Changes of `screening`; a list is replaced as a whole."""

    enabled: bool | UnsetType | None = UNSET
    allow: PhoneList | UnsetType | None = UNSET
    deny: PhoneList | UnsetType | None = UNSET


class TranslatorUpdate(Body, frozen=True, kw_only=True):
    """Changes of `translator`."""

    enabled: bool | UnsetType | None = UNSET
    target_language: TargetLanguage | UnsetType | None = UNSET


class VoicemailSummaryUpdate(Body, frozen=True, kw_only=True):
    """Changes of `voicemail_summary`."""

    enabled: bool | UnsetType | None = UNSET
    include_sentiment: bool | UnsetType | None = UNSET


class AiConfigUpdate(Body, frozen=True, kw_only=True):
    """Body of PATCH /v1/numbers/{id}/ai: a merge patch (RFC 7396), so null brings a block's defaults back."""

    auto_pickup: AutoPickupUpdate | UnsetType | None = UNSET
    screening: ScreeningUpdate | UnsetType | None = UNSET
    translator: TranslatorUpdate | UnsetType | None = UNSET
    voicemail_summary: VoicemailSummaryUpdate | UnsetType | None = UNSET


def show_config(number: Any, assistant: Assistant) -> AiConfig:
    """A number's row and its configuration in force."""
    pickup, screening = assistant.auto_pickup, assistant.screening
    translator, summary = assistant.translator, assistant.voicemail_summary
    return AiConfig(
        number_id=ids.show("num", number["id"]),
        addons=number["addons"],
        auto_pickup=AutoPickup(
            enabled=pickup.enabled,
            after_rings=pickup.after_rings,
            script=pickup.script,
            language=pickup.language,
            voice=pickup.voice,
        ),
        screening=Screening(enabled=screening.enabled, allow=screening.allow, deny=screening.deny),
        translator=Translator(enabled=translator.enabled, target_language=translator.target_language),
        voicemail_summary=VoicemailSummary(enabled=summary.enabled, include_sentiment=summary.include_sentiment),
        on_off=number["on_off"],
    )
