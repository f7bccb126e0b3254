"""`nokyc inventory`: the numbers for sale."""

import sys
from collections import Counter
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import App, Parameter

from nokyc.cli import context
from nokyc.store.store import Store, Unit

MAX_ERRORS_SHOWN = 100

app = App(name="inventory")


@app.command
def add(
    number: str,
    /,
    *,
    country: str,
    kind: Annotated[Literal["mobile", "landline"], Parameter(name="--type")],
    tier: Literal["standard", "premium"] | None = None,
    carrier: str | None = None,
) -> None:
    """Offer one number.

    Args:
        number: In E.164, like +33647112233.
        country: ISO 3166, like fr.
        kind: mobile or landline.
        tier: standard or premium; found from the digits if not given.
        carrier: Name of the carrier that it belongs to; the routes decide if not given.
    """
    from nokyc.resources.numbers import inventory

    item = inventory.item(number, country=country, kind=kind, tier=tier, carrier=carrier)

    async def work(unit: Unit) -> bool:
        await _check_carriers(unit, [item])
        return bool(await inventory.add(unit, [item]))

    if not context.run(lambda store: store.run(work), fresh=True):
        context.refuse(f"{item.number} is in the inventory already")
    words = f"{item.tier} ({item.tier_pattern})" if item.tier_pattern else item.tier
    context.answer(_show(item), f"{item.number} is for sale: {item.country}, {item.type}, {words}.")


@app.command(name="import")
def import_csv(file: Annotated[Path, Parameter(allow_leading_hyphen=True)], /, *, skip_bad: bool = False) -> None:
    """Offer the numbers of a CSV file with the header number,country,type,tier,carrier.

    Nothing is imported if a line is wrong.

    Args:
        file: tier and carrier may be left out; `-` reads standard input.
        skip_bad: Import the good lines although others are wrong.
    """
    from nokyc.resources.numbers import inventory

    try:
        lines = (sys.stdin.read() if str(file) == "-" else file.read_text("utf-8")).removeprefix("\ufeff").splitlines()
    except UnicodeDecodeError as wrong:
        context.refuse(f"{file} is not in UTF-8: {wrong.reason} at byte {wrong.start}")
    items, errors = inventory.read_csv(lines)
    for error in errors[:MAX_ERRORS_SHOWN]:
        print(error, file=sys.stderr)
    if len(errors) > MAX_ERRORS_SHOWN:
        print(f"and {len(errors) - MAX_ERRORS_SHOWN} more", file=sys.stderr)
    if errors and not (skip_bad and items):
        context.refuse(f"{_lines(len(errors))} wrong; nothing was imported")

    async def work(unit: Unit) -> list[Any]:
        await _check_carriers(unit, items)
        return await inventory.add(unit, items)

    added = context.run(lambda store: store.run(work), fresh=True)
    known = len(items) - len(added)
    words = [
        f"{len(added)} imported",
        f"{known} known already" if known else "",
        f"{len(errors)} wrong" if errors else "",
    ]
    context.answer([_show(item) for item in added], ", ".join(filter(None, words)) + ".")


@app.command(name="list")
def list_inventory() -> None:
    """The whole stock, oldest first."""
    from nokyc.resources.numbers import inventory

    async def work(store: Store) -> list[Any]:
        async with store.reading() as connection:
            return await inventory.listed(connection)

    rows = context.run(work)
    shown = [
        {
            "number": row["e164"],
            "country": row["country"],
            "type": row["type"],
            "tier": row["tier"],
            "tier_pattern": row["tier_pattern"],
            "carrier": row["carrier"],
            "leased": row["leased_by"] is not None,
        }
        for row in rows
    ]
    header = ("NUMBER", "COUNTRY", "TYPE", "TIER", "PATTERN", "CARRIER", "STATUS")
    cells = [
        (one["number"], one["country"], one["type"], one["tier"], one["tier_pattern"] or "", one["carrier"] or "",
         "leased" if one["leased"] else "for sale")
        for one in shown
    ]  # fmt: skip
    context.answer(shown, *context.table(header, cells, empty="Nothing is for sale: `nokyc inventory add`."))


async def _check_carriers(unit: Unit, items: list[Any]) -> None:
    """A carrier that does not exist is a typing mistake: messages would silently take another way."""
    from nokyc.carriers.simulated.carrier import NAME as SIMULATED

    rows = await unit.connection.fetch("SELECT name FROM carriers")
    known = {SIMULATED} | {row["name"] for row in rows}
    unknown = Counter(item.carrier for item in items if item.carrier is not None and item.carrier not in known)
    for name, count in unknown.most_common(1):
        context.refuse(f"there is no carrier {name!r} ({count} of the numbers); nothing was imported")


def _show(item: Any) -> dict[str, Any]:
    return {
        "number": item.number,
        "country": item.country,
        "type": item.type,
        "tier": item.tier,
        "tier_pattern": item.tier_pattern,
    }


def _lines(count: int) -> str:
    return "1 line is" if count == 1 else f"{count} lines are"
