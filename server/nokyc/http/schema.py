"""From JSON and query strings to typed structs, the first error in documentation order (decisions F21–F23, F31)."""

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, ClassVar, TypeVar, get_args, get_type_hints

import msgspec
from msgspec import NODEFAULT, UNSET, Meta, Struct, ValidationError
from msgspec.structs import FieldInfo

from nokyc.http.errors import ApiError
from nokyc.kit import e164
from nokyc.kit.languages import VOICES

S = TypeVar("S", bound=Struct)

MAX_METADATA_BYTES = 16_384
MAX_METADATA_DEPTH = 5
CUSTOM_VOICE = re.compile(r"voice_[0-9a-z]{12}")
INTEGER = re.compile(r"-?[0-9]{1,18}")


class Phone(str):
    """A phone number in E.164 with a leading +."""

    __slots__ = ()
    json_schema: ClassVar = {"type": "string", "pattern": r"^\+[1-9]\d{6,14}$", "examples": ["+33612345678"]}

    @classmethod
    def parse(cls, value: object) -> "Phone":
        try:
            return cls(e164.parse(value if isinstance(value, str) else ""))
        except ValueError:
            raise ApiError(
                "phone_number_invalid", "A phone number must be E.164 with a leading +, such as +33612345678."
            ) from None


class Country(str):
    """An ISO 3166-1 alpha-2 code, in any case; lower-case inside."""

    __slots__ = ()
    json_schema: ClassVar = {"type": "string", "pattern": "^[A-Za-z]{2}$", "examples": ["fr"]}

    @classmethod
    def parse(cls, value: object) -> "Country":
        code = value.lower() if isinstance(value, str) else ""
        if code not in e164.COUNTRIES:
            raise ValueError("Expected an ISO 3166 country code of two letters")
        return cls(code)


class Voice(str):
    """One of the voices that speak: the documented ones, or one that was made for the account (decision F124)."""

    __slots__ = ()
    json_schema: ClassVar = {"type": "string", "examples": list(VOICES)}

    @classmethod
    def parse(cls, value: object) -> "Voice":
        if not isinstance(value, str) or not (value in VOICES or CUSTOM_VOICE.fullmatch(value)):
            raise ApiError("voice_invalid", f"A voice is one of {', '.join(VOICES)}, or a voice_… of your own.")
        return cls(value)


class Metadata(bytes):
    """Any JSON object up to 16 KB and five levels deep, kept as canonical text (semantics A5)."""

    __slots__ = ()
    json_schema: ClassVar = {"type": "object", "additionalProperties": True}

    @classmethod
    def parse(cls, value: object) -> "Metadata":
        if not isinstance(value, dict):
            raise ValueError("Expected an object")
        if _depth(value) > MAX_METADATA_DEPTH:
            raise ValueError(f"Expected at most {MAX_METADATA_DEPTH} levels of nesting")
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        if len(text) > MAX_METADATA_BYTES:
            raise ValueError(f"Expected at most {MAX_METADATA_BYTES} bytes of JSON")
        return cls(text)


class Body(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Base of request bodies. Optional on create: `T | None = None`; on PATCH: `T | UnsetType = UNSET`, with `None`
    in the type where null clears the field."""


class Query(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Base of query strings."""


Limit = Annotated[int, Meta(ge=1, le=100, description="How many objects to return.")]
Cursor = Annotated[str, Meta(max_length=255, description="The last id of the previous page.")]

CUSTOM_TYPES = (Phone, Country, Voice, Metadata)


class ListQuery(Query, frozen=True, kw_only=True):
    """What every list endpoint takes."""

    limit: Limit = 25
    starting_after: Cursor | None = None


def body_of(kind: type[S], values: Mapping[str, Any]) -> S:
    """A request body as a struct.

    Raises:
        ApiError: 400 for the first field, in the struct's order, that is missing or wrong; then for unknown fields.
    """
    try:
        return msgspec.convert(values, kind, dec_hook=_decode)
    except ValidationError:
        return _field_by_field(kind, values)


def query_of(kind: type[S], pairs: list[tuple[str, str]]) -> S:
    """A query string as a struct; numbers and booleans are parsed from their text.

    Raises:
        ApiError: 400 as `body_of`; also for a parameter that is given twice.
    """
    values: dict[str, str] = {}
    for name, value in pairs:
        if name in values:
            raise ApiError("parameter_invalid", f"The parameter `{name}` is given twice.", param=name)
        values[name] = value
    if "ending_before" in values:
        message = "Backwards pagination via `ending_before` is not supported; use `starting_after`."
        raise ApiError("parameter_unknown", message, param="ending_before")
    return _field_by_field(kind, {name: _parsed(kind, name, text) for name, text in values.items()})


def require_spoken(text: str, param: str) -> None:
    """Raises ApiError 400 for a text of which nothing can be said aloud, such as spaces alone: callers would hear
    nothing."""
    if not any(map(str.isalnum, text)):
        raise ApiError("parameter_invalid", f"`{param}` has no letter and no digit to be spoken.", param=param)


def _parsed(kind: type[Struct], name: str, text: str) -> Any:
    """The value that a query string's text stands for: a number or a boolean where the field is one."""
    hint = next((hint for known, _, hint in _fields(kind) if known == name), str)
    if text in ("true", "false") and _mentions(hint, bool):
        return text == "true"
    if INTEGER.fullmatch(text) and _mentions(hint, int):
        return int(text)
    return text


def _mentions(hint: Any, kind: type) -> bool:
    return hint is kind or any(_mentions(part, kind) for part in get_args(hint))


def _field_by_field(kind: type[S], values: Mapping[str, Any]) -> S:
    known = _fields(kind)
    arguments: dict[str, Any] = {}
    for name, info, hint in known:
        required = info.default is NODEFAULT and info.default_factory is NODEFAULT
        nullable = info.default is not UNSET
        if name not in values or (nullable and values[name] is None):
            if required:
                raise ApiError("parameter_missing", f"Required parameter `{name}` is missing.", param=name)
            continue
        arguments[info.name] = _convert(name, hint, values[name])
    names = {name for name, _, _ in known}
    for name in values:
        if name not in names:
            raise ApiError("parameter_unknown", f"Received unknown parameter `{name[:80]}`.", param=name[:80])
    return kind(**arguments)


def _convert(name: str, hint: Any, value: Any) -> Any:
    try:
        return msgspec.convert(value, hint, dec_hook=_decode)
    except ValidationError as error:
        text, _, path = str(error).partition(" - at `$")
        param = name + re.sub(r"\[\.\.\.\]", "", path.rstrip("`"))
        if (refusal := _refusal(error)) is not None:
            raise ApiError(refusal.code, refusal.message, param=param) from None
        if "unknown field" in text:
            param = f"{param}.{text.split('`')[-2]}"
            raise ApiError("parameter_unknown", f"Received unknown parameter `{param}`.", param=param) from None
        if "missing required field" in text:
            param = f"{param}.{text.split('`')[-2]}"
            raise ApiError("parameter_missing", f"Required parameter `{param}` is missing.", param=param) from None
        raise ApiError("parameter_invalid", f"Invalid value for `{param}`: {text}.", param=param) from None


def _decode(kind: type, value: Any) -> Any:
    try:
        return kind.parse(value)  # type: ignore[attr-defined]  # only CUSTOM_TYPES get here
    except ApiError as error:
        raise ValueError(error.message) from error  # so that msgspec adds where in the body it was


def _refusal(error: ValidationError) -> ApiError | None:
    """What a custom type refused with a code of its own."""
    cause = error.__cause__ and error.__cause__.__cause__
    return cause if isinstance(cause, ApiError) else None


@cache
def _fields(kind: type[Struct]) -> list[tuple[str, FieldInfo, Any]]:
    hints = get_type_hints(kind, include_extras=True)
    return [(info.encode_name, info, hints[info.name]) for info in msgspec.structs.fields(kind)]


def _depth(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(_depth, value), default=0)
    return 0
