"""Filters that several lists share."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from msgspec import Meta

from nokyc.http.errors import ApiError
from nokyc.kit.ids import first_id_at

Instant = Annotated[datetime, Meta(tz=True, description="RFC 3339 with a zone.")]


LATENESS = timedelta(hours=1)
"""How far a row's id and its time may be apart, at most by far, where it is written as it happens; test mode's clock
is another."""


class Where:
    """A WHERE clause that grows; the account's condition is its first, always."""

    def __init__(self, account_id: int, table: str | None = None) -> None:
        self._clauses = ["account_id = $1" if table is None else f"{table}.account_id = $1"]
        self.values: list[Any] = [account_id]

    def add(self, clause: str, value: Any) -> None:
        """Add a condition with one `{}` for the value; nothing if the value is None."""
        if value is not None:
            self.values.append(value)
            self._clauses.append(clause.format(f"${len(self.values)}"))

    def add_range(self, column: str, after: datetime | None, before: datetime | None) -> None:
        """`after` is inclusive and `before` exclusive, so that ranges tile (decision F91).

        Raises:
            ApiError: 400 if they are the wrong way round, or so far off that no clock can show them.
        """
        after, before = _shown(after, "created_after"), _shown(before, "created_before")
        if after is not None and before is not None and after > before:
            raise ApiError(
                "parameter_invalid", "`created_after` is later than `created_before`.", param="created_after"
            )
        self.add(f"{column} >= {{}}", after)
        self.add(f"{column} < {{}}", before)

    def add_ids(
        self, column: str, after: datetime | None, before: datetime | None, lateness: timedelta = LATENESS
    ) -> None:
        """The same range by ids that were made within `lateness` of it: what is far from it is not even looked at."""
        with suppress(OverflowError):
            self.add(f"{column} >= {{}}", None if after is None else first_id_at(after - lateness))
            self.add(f"{column} < {{}}", None if before is None else first_id_at(before + lateness))

    def __str__(self) -> str:
        return " AND ".join(self._clauses)


def _shown(instant: datetime | None, param: str) -> datetime | None:
    """In UTC, up to the next second: timestamps are shown without their fraction, and what was shown is compared."""
    if instant is None:
        return None
    try:
        up = timedelta(seconds=1) if instant.microsecond else timedelta(0)
        return instant.astimezone(UTC).replace(microsecond=0) + up
    except OverflowError:
        raise ApiError("parameter_invalid", f"`{param}` is out of range.", param=param) from None
