"""Stock: the numbers for sale, as the operator adds them."""

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from nokyc.kit import e164, tiers
from nokyc.store.store import Connection, Unit

HEADER = ["number", "country", "type", "tier", "carrier"]
BATCH = 1_000


@dataclass(frozen=True, slots=True)
class StockItem:
    """A number about to be offered."""

    number: str
    country: str
    type: str
    tier: str
    tier_pattern: str | None
    carrier: str | None


def item(number: str, *, country: str, kind: str, tier: str | None = None, carrier: str | None = None) -> StockItem:
    """A checked item. The tier comes from the digits unless given.

    Raises:
        ValueError: says what is wrong, for the operator.
    """
    checked = e164.parse(number)
    code = country.lower()
    if code not in e164.COUNTRIES:
        raise ValueError(f"{country!r} is not an ISO 3166 country code")
    actual = e164.country(checked)
    if actual is not None and actual != code:
        raise ValueError(f"{checked} belongs to {actual!r}, not to {code!r}")
    if kind not in ("mobile", "landline"):
        raise ValueError(f"type is mobile or landline, not {kind!r}")
    if tier not in (None, "", "standard", "premium"):
        raise ValueError(f"tier is standard or premium, not {tier!r}")
    by_digits, pattern = tiers.tier(checked)
    chosen = tier or by_digits
    return StockItem(checked, code, kind, chosen, pattern if chosen == "premium" else None, carrier or None)


def read_csv(lines: Iterable[str]) -> tuple[list[StockItem], list[str]]:
    """The items of a CSV file, and a sentence for each line that is wrong (with its number)."""
    items, errors, seen = [], [], set()
    reader = csv.reader(lines)
    try:
        header = [name.strip() for name in next(reader, [])]
        if not {"number", "country", "type"} <= set(header):
            return [], [f"line 1: the header must be {','.join(HEADER)}"]
        for cells in filter(None, reader):
            row = defaultdict(str, zip(header, map(str.strip, cells), strict=False))
            try:
                found = item(
                    row["number"], country=row["country"], kind=row["type"], tier=row["tier"], carrier=row["carrier"]
                )
                if found.number in seen:
                    raise ValueError(f"{found.number} stands in the file twice")
            except ValueError as error:
                errors.append(f"line {reader.line_num}: {error}")
            else:
                seen.add(found.number)
                items.append(found)
    except csv.Error as error:  # a quote that never ends, or U+0000: what comes after it cannot be told apart
        errors.append(f"line {reader.line_num}: {error}")
    return items, errors


async def add(unit: Unit, items: list[StockItem]) -> list[StockItem]:
    """Offer numbers; returns those that were new (a number that is there already is left as it is)."""
    new: set[str] = set()
    for start in range(0, len(items), BATCH):
        batch = items[start : start + BATCH]
        rows = await unit.connection.fetch(
            "INSERT INTO inventory (id, e164, country, type, tier, tier_pattern, carrier, created_at)"
            " SELECT *, $8 FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],"
            " $7::text[]) ON CONFLICT (e164) DO NOTHING RETURNING e164",
            [unit.ids.new() for _ in batch],
            [one.number for one in batch],
            [one.country for one in batch],
            [one.type for one in batch],
            [one.tier for one in batch],
            [one.tier_pattern for one in batch],
            [one.carrier for one in batch],
            unit.wall,
        )
        new.update(row["e164"] for row in rows)
    return [one for one in items if one.number in new]


async def listed(connection: Connection) -> list[Any]:
    """The whole stock, oldest first."""
    return list(await connection.fetch("SELECT * FROM inventory ORDER BY id"))
