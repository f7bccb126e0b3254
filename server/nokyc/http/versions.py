"""Dated versions: the code builds only the newest shape; each breaking change is a module that can undo it.

A `VersionChange` says since which version something is different, and turns the newer shape of a response into the
older one, and the older shape of a request into the newer. A response walks the changes from newest to oldest until
it has the caller's version.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from email.utils import format_datetime
from itertools import groupby
from typing import Any

import msgspec

from nokyc.http.call import ENCODER
from nokyc.http.errors import ApiError
from nokyc.kit.periods import add

SUPPORT_MONTHS = 24
"""A version is served this long after the next one came out."""

Json = dict[str, Any]
_DECODER = msgspec.json.Decoder(float_hook=Decimal)
"""Numbers keep every digit on their way through a change."""


def _same(value: Json) -> Json:
    return value


@dataclass(frozen=True, slots=True)
class VersionChange:
    """One breaking change, introduced by `version`."""

    version: str
    description: str
    """A sentence for the changelog."""
    objects: frozenset[str]
    """The `object` constants whose shape changed."""
    downgrade_response: Callable[[Json], Json] = _same
    """The newer object as the version before had it."""
    upgrade_request: Callable[[Json], Json] = _same
    """A request body of the version before as the newer version takes it."""
    operations: frozenset[str] = frozenset()
    """The operations whose request changed."""


class Versions:
    """All versions that are served, oldest first, and the changes between them."""

    def __init__(self, versions: Sequence[str], changes: Sequence[VersionChange] = ()) -> None:
        self._versions = sorted(versions)
        self._changes = sorted(changes, key=lambda change: change.version, reverse=True)

    @property
    def newest(self) -> str:
        return self._versions[-1]

    def choose(self, header: str | None, pin: str, today: date) -> str:
        """The version of a request: its header, else the account's pin.

        Raises:
            ApiError: 400 for a version that is unknown or past its sunset.
        """
        version = pin if header is None else header
        if version not in self._versions:
            known = ", ".join(self._versions)
            raise ApiError("version_invalid", f"Unknown version {version[:40]!r}. Known versions: {known}.")
        sunset = self.sunset(version)
        if sunset is not None and today >= sunset:
            raise ApiError("version_sunset", f"Version {version} was served until {sunset}. Use {self.newest}.")
        return version

    def sunset(self, version: str) -> date | None:
        """The first day on which a version is no longer served; None for the newest."""
        if version == self.newest:
            return None
        following = date.fromisoformat(self._versions[self._versions.index(version) + 1])
        return add(datetime(following.year, following.month, following.day, tzinfo=UTC), SUPPORT_MONTHS).date()

    def history(self) -> list[tuple[str, date | None, list[VersionChange]]]:
        """Each version, newest first, with its sunset and what it changed."""
        return [
            (version, self.sunset(version), [change for change in self._changes if change.version == version])
            for version in reversed(self._versions)
        ]

    def headers(self, version: str, public_url: str) -> list[tuple[bytes, bytes]]:
        """The version's echo, and warnings on one that is not the newest (RFC 9745, RFC 8594)."""
        headers = [(b"nokyc-version", version.encode())]
        sunset = self.sunset(version) if version in self._versions else None
        if sunset is not None:
            successor = self._versions[self._versions.index(version) + 1]
            deprecated = datetime.fromisoformat(successor).replace(tzinfo=UTC)
            ends = datetime(sunset.year, sunset.month, sunset.day, tzinfo=UTC)
            links = f'<{public_url}/docs/changelog>; rel="deprecation", <{public_url}/docs/changelog>; rel="sunset"'
            warning = f'version="{version}"; sunset="{sunset}"; successor="{successor}"'
            headers += [
                (b"nokyc-deprecation", warning.encode()),
                (b"deprecation", b"@%d" % int(deprecated.timestamp())),
                (b"sunset", format_datetime(ends, usegmt=True).encode()),
                (b"link", links.encode()),
            ]
        return headers

    def upgrade(self, operation: str, body: Json, version: str) -> Json:
        """A request body as the newest version takes it."""
        for change in reversed(self._changes):
            if change.version > version and operation in change.operations:
                body = change.upgrade_request(body)
        return body

    def downgrade(self, text: bytes, version: str) -> bytes:
        """JSON of the newest shape as `version` shows it. An event's data has the shape of its own `api_version`."""
        changes = [change for change in self._changes if change.version > version]
        if not changes:
            return text
        value = _DECODER.decode(text)
        steps = [(since, list(group)) for since, group in groupby(changes, lambda change: change.version)]
        for n, (since, group) in enumerate(steps):
            before = version if n == len(steps) - 1 else self._before(since)
            value = _walk(value, group, since, before)
        return ENCODER.encode(value)

    def _before(self, version: str) -> str:
        return self._versions[self._versions.index(version) - 1]


def _walk(value: Any, changes: Sequence[VersionChange], since: str, before: str) -> Any:
    """The value without the changes that came with the version `since`; then it has the shape of `before`."""
    if isinstance(value, list):
        return [_walk(item, changes, since, before) for item in value]
    if not isinstance(value, dict):
        return value
    kind = value.get("object")  # the name of a kind, or in an event's data the object itself
    is_event = kind == "event"
    if is_event and value["api_version"] < since:
        return value  # its data were frozen in an older shape
    value = {name: item if name == "metadata" else _walk(item, changes, since, before) for name, item in value.items()}
    for change in changes:
        if isinstance(kind, str) and kind in change.objects:
            value = change.downgrade_response(value)
    return value | {"api_version": before} if is_event else value
