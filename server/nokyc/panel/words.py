"""How values read on a page: money, times, numbers, sizes."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from nokyc.kit import e164
from nokyc.kit.clock import format_instant
from nokyc.kit.money import usd


def money(amount: Decimal | float | None) -> str:
    """Dollars with at least two decimals and no more than there are: $1,234.50, $0.012, −$3.00; – for none."""
    if amount is None:
        return "–"
    value = Decimal(str(amount))
    text = f"{abs(value):,f}"
    whole, _, fraction = text.partition(".")
    return f"{'−' if value < 0 else ''}${whole}.{fraction.rstrip('0').ljust(2, '0')}"


def micro(amount: int | None) -> str:
    """The same for micro-dollars."""
    return "–" if amount is None else money(usd(amount))


def when(instant: datetime | str | None) -> Markup | str:
    """A time that the browser shows in its own zone."""
    if instant is None:
        return "–"
    at = _read(instant)
    text = f"{at.astimezone(UTC):%-d %b %Y, %H:%M} UTC"
    return Markup('<time datetime="{}">{}</time>').format(format_instant(at), text)


def moment(instant: datetime | str) -> Markup:
    """A time to the second, for what follows one another closely."""
    at = _read(instant)
    text = f"{at.astimezone(UTC):%-d %b %Y, %H:%M:%S} UTC"
    return Markup('<time datetime="{}" data-second>{}</time>').format(format_instant(at), text)


def day(instant: datetime | str | None) -> Markup | str:
    """The date alone."""
    if instant is None:
        return "–"
    at = _read(instant)
    return Markup('<time datetime="{}" data-day>{:%-d %b %Y}</time>').format(format_instant(at), at.astimezone(UTC))


def count(number: int) -> str:
    """12,345"""
    return f"{number:,}"


def pretty(value: Any) -> str:
    """JSON for reading; text that is none stays as it is."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return str(value)
    return json.dumps(value, ensure_ascii=False, indent=2, default=_plain)


def words(name: str) -> str:
    """A code in words: no_answer is "no answer"."""
    return name.replace("_", " ").replace(".", " ")


def lasted(seconds: int | None) -> str:
    """1:05, 1:02:03."""
    hours, rest = divmod(seconds or 0, 3_600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def elapsed(instant: datetime | str, now: datetime) -> Markup:
    """How long something goes on already; the browser counts on."""
    at = _read(instant)
    seconds = max(0, int((now - at).total_seconds()))
    return Markup('<span data-elapsed="{}">{}</span>').format(seconds, lasted(seconds))


def clock(instant: str) -> str:
    """A time to the second, in UTC: 20:40:07."""
    return f"{datetime.fromisoformat(instant).astimezone(UTC):%H:%M:%S}"


def party(number: str | None) -> str:
    """Somebody's number, who may have withheld it."""
    return "Withheld" if number is None else e164.display(number)


def plural(number: int, word: str) -> str:
    """1 message, 2 messages."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _read(instant: datetime | str) -> datetime:
    return datetime.fromisoformat(instant) if isinstance(instant, str) else instant


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    return str(value)


FILTERS: dict[str, Callable[..., Any]] = {
    "money": money, "micro": micro, "phone": e164.display, "when": when, "moment": moment, "day": day, "count": count,
    "pretty": pretty, "words": words, "plural": plural, "lasted": lasted, "party": party, "elapsed": elapsed,
    "clock": clock,
}  # fmt: skip
