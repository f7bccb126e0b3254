"""Filters that several lists share."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from msgspec import Meta

from nokyc.http.errors import ApiError

Instant = Annotated[datetime, Meta(tz=True, description="RFC 3339 with a zone.")]


class Where:
    """A WHERE clause that grows; the account's condition is its first, always."""

    def __init__(self, account_id: int) -> None:
        self._clauses = ["account_id = $1"]
        self.values: list[Any] = [account_id]

    def add(self, clause: str, value: Any) -> None:
        """Add a condition with one `{}` for the value; nothing if the value is None."""
        if value is not None:
            self.values.append(value)
            self._clauses.append(clause.format(f"${len(self.values)}"))

    def add_range(self, column: str, after: datetime | None, before: datetime | None) -> None:
        """`after` is inclusive and `before` exclusive, so that ranges tile (decision F91).

        Raises:
            ApiError: 400 if they are the wrong way round.
        """
        if after is not None and before is not None and after > before:
            raise ApiError(
                "parameter_invalid", "`created_after` is later than `created_before`.", param="created_after"
            )
        # Timestamps are shown without their fraction; what is compared is what was shown.
        self.add(f"{column} >= {{}}", _ceil(after))
        self.add(f"{column} < {{}}", _ceil(before))

    def __str__(self) -> str:
        return " AND ".join(self._clauses)


def _ceil(instant: datetime | None) -> datetime | None:
    if instant is None or not instant.microsecond:
        return instant
    return instant.replace(microsecond=0) + timedelta(seconds=1)
