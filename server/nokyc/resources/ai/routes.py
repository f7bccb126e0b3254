"""/v1/numbers/{id}/ai."""

from typing import Any

from msgspec import UNSET, Struct

from nokyc.http.call import Answer, Call, Route
from nokyc.http.errors import ApiError
from nokyc.http.schema import Phone, Voice, require_spoken
from nokyc.kit import languages
from nokyc.resources.ai import actions
from nokyc.resources.ai.schemas import AiConfig, AiConfigUpdate, show_config
from nokyc.resources.numbers import queries as numbers
from nokyc.resources.numbers.assistant import find_assistant
from nokyc.store.store import Connection, Unit

PATH = "/v1/numbers/{id}/ai"


async def get(call: Call, connection: Connection) -> Answer:
    number = await numbers.get(connection, call.account_id, _id(call))
    return Answer(content=show_config(number, await find_assistant(connection, number)))


async def update(call: Call, unit: Unit) -> Answer:
    changes = _changes(call.body)
    number = await numbers.get(unit.connection, call.account_id, _id(call), lock=True)
    assistant = await actions.configure(unit, number, changes, call.now)
    return Answer(content=show_config(number, assistant))


ROUTES = [
    Route("GET", PATH, "ai.get", "Retrieve what a number's AI does", get, answers=AiConfig),
    Route("PATCH", PATH, "ai.update", "Change what a number's AI does", update, body=AiConfigUpdate, answers=AiConfig,
          errors=("voice_invalid", "phone_number_invalid", "number_released", "addon_required",
                  "translation_unsupported"),
          example={"auto_pickup": {"after_rings": 3, "voice": "warm_en"}}),
]  # fmt: skip


def _id(call: Call) -> int:
    return call.id("num", "number")


def _changes(body: AiConfigUpdate) -> dict[str, Any]:
    """What was sent, checked further than its shape. Raises ApiError 400."""
    changes = {block: _sent(value) for block, value in _sent(body).items()}
    pickup, screening = changes.get("auto_pickup") or {}, changes.get("screening") or {}
    if pickup.get("script") is not None:
        require_spoken(pickup["script"], "auto_pickup.script")
    if pickup.get("voice") is not None:
        _checked(Voice.parse, pickup["voice"], "auto_pickup.voice")
    for name in ("allow", "deny"):
        listed = screening.get(name)
        if listed is not None:
            for n, phone in enumerate(listed):
                _checked(Phone.parse, phone, f"screening.{name}[{n}]")
            screening[name] = list(dict.fromkeys(listed))
    target = (changes.get("translator") or {}).get("target_language")
    if target is not None and target not in languages.CODES:
        message = f"{target!r} is no language of ISO 639-1."
        raise ApiError("parameter_invalid", message, param="translator.target_language")
    return changes


def _sent(value: Any) -> Any:
    """The fields of a struct that were sent."""
    if not isinstance(value, Struct):
        return value
    return {name: each for name in value.__struct_fields__ if (each := getattr(value, name)) is not UNSET}


def _checked(parse: Any, value: str, param: str) -> None:
    try:
        parse(value)
    except ApiError as error:
        raise ApiError(error.code, error.message, param=param) from None
