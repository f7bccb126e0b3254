"""Objects of the API: attributes with types, and everything else as it came."""

from __future__ import annotations

import copy
import re
from datetime import datetime
from decimal import Decimal, InvalidOperation
from keyword import kwlist
from typing import TYPE_CHECKING, Any, Callable, ClassVar, Generic, Mapping, TypeVar

from . import _json
from ._response import Response

Decode = Callable[[Any], Any]
_KEYWORDS = frozenset(kwlist)
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)", re.IGNORECASE)


class Model:
    """An object that the API answered with.

    Fields that this version does not know are attributes too (if Python can spell them), and in `to_dict()`. A field
    that an older server leaves out is None. Objects do not change.
    """

    _decoders: ClassVar[Mapping[str, Decode]] = {}
    """How the fields that are not plain JSON are read, by wire name."""
    _known: ClassVar[frozenset[str]] = frozenset()
    """Attributes that are fields of the contract."""

    def __init__(self, data: Mapping[str, Any], response: Response | None = None) -> None:
        decoders, values = self._decoders, self.__dict__
        values["_data"] = data
        values["last_response"] = response
        for name in data:
            attribute = f"{name}_" if name in _KEYWORDS else name
            if attribute in self._known:
                value = data[name]
                if name in decoders and value is not None:
                    value = decoders[name](value)
                values[attribute] = value

    if TYPE_CHECKING:
        last_response: Response | None
        """The raw answer that brought this object; None inside another object."""
    else:

        def __getattr__(self, name: str) -> Any:
            if name in self._known:
                return None
            if not name.startswith("_") and name in self._data:
                return plain(self._data[name])
            raise AttributeError(f"{type(self).__name__} has no field {name!r}")

        def __setattr__(self, name: str, value: Any) -> None:
            raise AttributeError(f"{type(self).__name__} is what the API answered and does not change")

    def to_dict(self) -> dict[str, Any]:
        """The JSON as it came, with fractions as Decimal."""
        return dict(copy.deepcopy(self._data))

    def to_json(self) -> str:
        """The same as text, to the digit."""
        return _json.dumps(self._data)

    def __getitem__(self, name: str) -> Any:
        """A field by its name on the wire, as it came."""
        return self._data[name]

    def __contains__(self, name: object) -> bool:
        return name in self._data

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other._data == self._data

    def __hash__(self) -> int:
        return hash((type(self), str(self._data.get("id"))))

    def __repr__(self) -> str:
        # Bodies, phone numbers and secrets do not end up in logs through a representation.
        shown = self._data.get("id")
        return f"{type(self).__name__}(id={shown!r})" if isinstance(shown, str) else f"{type(self).__name__}(…)"

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self._data, self.last_response))

    _data: Mapping[str, Any]


T_co = TypeVar("T_co", covariant=True)


class EventData(Model, Generic[T_co]):
    """What an event is about: `object` as it was then; more fields by their name, as in `data["reason"]`."""

    object: T_co

    _known = frozenset({"object"})

    def __init__(self, data: Mapping[str, Any], subject: Decode) -> None:
        super().__init__(data)
        self.__dict__["object"] = subject(data.get("object"))

    def __reduce__(self) -> tuple[Any, ...]:
        subject = self.object
        return (type(self), (self._data, type(subject) if isinstance(subject, Model) else plain))


def nested(kind: Callable[[Mapping[str, Any]], Model]) -> Decode:
    """An object inside an object."""
    return lambda value: kind(value) if isinstance(value, Mapping) else value


def listed(decode: Decode) -> Decode:
    """A list."""
    return lambda value: (
        [item if item is None else decode(item) for item in value] if isinstance(value, list) else value
    )


def decimal(value: Any) -> Any:
    """Money to the digit; what is no number stays as it is."""
    try:
        return value if isinstance(value, (bool, Decimal)) else Decimal(str(value))
    except InvalidOperation:
        return value


def instant(value: Any) -> Any:
    """An aware datetime; what is no RFC 3339 timestamp stays as it is."""
    match = _INSTANT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return value
    text, fraction, zone = match.groups()
    offset = "+00:00" if zone in "Zz" else zone
    try:
        return datetime.fromisoformat(f"{text}.{(fraction or '').ljust(6, '0')[:6]}{offset}")
    except ValueError:
        return value


def plain(value: Any) -> Any:
    """Free-form JSON as the standard library would give it: fractions are floats."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value
