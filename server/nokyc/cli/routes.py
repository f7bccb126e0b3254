"""`nokyc routes`: which carrier takes what, by longest prefix."""

from typing import Annotated, Any

from cyclopts import App, Parameter

from nokyc.cli import context
from nokyc.cli.values import Usd
from nokyc.kit.money import usd
from nokyc.store.store import Store, Unit

DEFAULT = "default"
"""How people write the empty prefix, which matches everything."""

Flag = Annotated[bool, Parameter(negative="")]

app = App(name="routes")


@app.command
def add(prefix: str, carrier: str, /, *, sms: Flag = False, voice: Flag = False, price: Usd | None = None) -> None:
    """Send what begins with a prefix to a carrier; the same prefix and carrier again replaces the route.

    Args:
        prefix: Digits with or without +, like +33; `default` matches everything.
        carrier: The carrier's name.
        sms: Only SMS; without --sms and --voice, everything that the carrier takes.
        voice: Only calls.
        price: Dollars for a segment or a minute; the default price if not given.
    """
    from nokyc.resources.carriers import actions

    digits = _digits(prefix)

    async def work(unit: Unit) -> dict[str, Any]:
        kind = await unit.connection.fetchval("SELECT kind FROM carriers WHERE name = $1", carrier)
        takes_sms = sms or (not voice and kind != "sip")
        takes_voice = voice or not sms
        await actions.add_route(unit, digits, carrier, sms=takes_sms, voice=takes_voice, price_micro=price)
        return _show(
            {"prefix": digits, "carrier": carrier, "sms": takes_sms, "voice": takes_voice, "price_micro": price}
        )

    made = context.run(lambda store: store.run(work), fresh=True)
    what = " and ".join(word for word, taken in (("SMS", made["sms"]), ("calls", made["voice"])) if taken)
    context.answer(made, f"{what} to {prefix_words(made['prefix'])} go to {carrier}.")


@app.command(name="list")
def list_routes() -> None:
    """Every route, in the order in which they are tried: longest prefix first, then older first."""

    async def work(store: Store) -> list[Any]:
        async with store.reading() as connection:
            return list(await connection.fetch("SELECT * FROM routes ORDER BY length(prefix) DESC, prefix, id"))

    shown = [_show(row) for row in context.run(work)]
    header = ("PREFIX", "CARRIER", "SMS", "VOICE", "PRICE USD")
    cells = [
        (
            f"+{one['prefix']}" if one["prefix"] else DEFAULT,
            one["carrier"],
            "yes" if one["sms"] else "no",
            "yes" if one["voice"] else "no",
            "default" if one["price_usd"] is None else one["price_usd"],
        )
        for one in shown
    ]
    context.answer(shown, *context.table(header, cells, empty="There is no route: nothing can be sent."))


@app.command
def remove(prefix: str, carrier: str, /) -> None:
    """Take a route away.

    Args:
        prefix: As it was added.
        carrier: The carrier's name.
    """
    from nokyc.resources.carriers import actions

    digits = _digits(prefix)

    async def work(unit: Unit) -> None:
        if not await actions.remove_route(unit, digits, carrier):
            context.refuse(f"there is no route for {prefix_words(digits)} to {carrier!r}")

    context.run(lambda store: store.run(work))
    context.answer({"prefix": digits, "carrier": carrier, "removed": True}, "The route is removed.")


def prefix_words(digits: str) -> str:
    """A prefix for people."""
    return f"+{digits}…" if digits else "all destinations"


def _digits(prefix: str) -> str:
    return "" if prefix in ("", "+", DEFAULT) else prefix.removeprefix("+")


def _show(row: Any) -> dict[str, Any]:
    price = row["price_micro"]
    return {
        "prefix": row["prefix"],
        "carrier": row["carrier"],
        "sms": row["sms"],
        "voice": row["voice"],
        "price_usd": None if price is None else usd(price),
    }
