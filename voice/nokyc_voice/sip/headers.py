"""Header fields in their order, found by name in one step."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

COMPACT = {
    "a": "Accept-Contact", "b": "Referred-By", "c": "Content-Type", "d": "Request-Disposition",
    "e": "Content-Encoding", "f": "From", "i": "Call-ID", "j": "Reject-Contact", "k": "Supported",
    "l": "Content-Length", "m": "Contact", "n": "Identity-Info", "o": "Event", "r": "Refer-To", "s": "Subject",
    "t": "To", "u": "Allow-Events", "v": "Via", "x": "Session-Expires", "y": "Identity",
}  # fmt: skip
"""RFC 3261 7.3.3 and the registrations since."""

MAX_NAMES = 1_024
"""Spellings that are remembered."""

_LONG = {short: name.lower() for short, name in COMPACT.items()}


class Headers:
    """Names are the same in any case and in their compact form. Values are one line each, unfolded."""

    __slots__ = ("_fields", "_values")

    def __init__(self, fields: Iterable[tuple[str, str]] = ()) -> None:
        self._fields: list[tuple[str, str]] = []
        self._values: dict[str, list[str]] = {}
        for name, value in fields:
            self.add(name, value)

    def add(self, name: str, value: str) -> None:
        """Behind the others. ValueError for what would break the line."""
        if "\r" in value or "\n" in value:
            raise ValueError(f"a line break in {name}")
        name, key = _names(name)
        self._fields.append((name, value))
        if key in self._values:
            self._values[key].append(value)
        else:
            self._values[key] = [value]

    def set(self, name: str, *values: str) -> None:
        """In place of all of that name, at the place of the first."""
        key = _key(name)
        first = next(
            (index for index, (other, _) in enumerate(self._fields) if other.lower() == key), len(self._fields)
        )
        new = [(COMPACT.get(name.lower(), name), value) for value in values]
        rest = [field for field in self._fields[first:] if field[0].lower() != key]
        self._rebuild([*self._fields[:first], *new, *rest])

    def prepend(self, name: str, value: str) -> None:
        """Before all others, as a proxy puts its Via."""
        self._rebuild([(name, value), *self._fields])

    def remove(self, name: str) -> None:
        key = _key(name)
        if key in self._values:
            self._rebuild([field for field in self._fields if field[0].lower() != key])

    def get(self, name: str) -> str | None:
        """The first value."""
        values = self._values.get(_key(name))
        return values[0] if values else None

    def all(self, name: str) -> list[str]:
        """Every line's value, unsplit."""
        return list(self._values.get(_key(name), ()))

    def count(self, name: str) -> int:
        """How many lines."""
        return len(self._values.get(_key(name), ()))

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._values

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Headers) and self._fields == other._fields

    __hash__ = None  # type: ignore[assignment]  # it can be changed

    def _rebuild(self, fields: list[tuple[str, str]]) -> None:
        self._fields, self._values = [], {}
        for name, value in fields:
            self.add(name, value)


def _key(name: str) -> str:
    return _names(name)[1]


@lru_cache(MAX_NAMES)
def _names(name: str) -> tuple[str, str]:
    """The name in full, as written, and what it is found by."""
    key = name.lower()
    return COMPACT.get(key, name), _LONG.get(key, key)
