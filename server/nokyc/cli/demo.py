"""What `nokyc serve --demo` sets up: numbers for sale, an account, and a tour in three lines."""

import json
import random
from typing import Any

from nokyc.cli import context
from nokyc.kit import e164
from nokyc.panel.sessions import make_link
from nokyc.resources.accounts import actions as accounts
from nokyc.resources.keys import actions as keys
from nokyc.resources.logins.queries import OPERATOR
from nokyc.resources.numbers import inventory
from nokyc.settings import Settings
from nokyc.store.store import Store, Unit

BALANCE_MICRO = 100_000_000
NUMBERS_PER_COUNTRY = 25
RATE_LIMIT = 600
STOCK = [
    ("fr", "mobile", "+3364718", 4),
    ("fr", "landline", "+3314200", 4),
    ("us", "mobile", "+1202555", 4),
    ("ca", "mobile", "+1416555", 4),
    ("gb", "mobile", "+4474001", 5),
    ("de", "mobile", "+4915123", 6),
    ("es", "mobile", "+3461234", 4),
]
"""Country, type, prefix, and how many digits follow."""
MEMORABLE = [("fr", "+33647112233"), ("us", "+12025550000"), ("gb", "+447400123456")]


async def set_up_demo(store: Store, settings: Settings) -> list[str]:
    """Idempotent; the keys are kept in the data folder for the next start. Returns the lines to print."""
    path = settings.data_dir / "demo.json"
    if not path.exists():
        context.keep(path, json.dumps(await store.run(_create)))
    demo = json.loads(path.read_text())
    token = await store.run(lambda unit: make_link(unit, demo["account"]))
    operator = await store.run(lambda unit: make_link(unit, OPERATOR))
    doors = [f"{settings.public_url}/panel/sign-in/{each}" for each in (token, operator)]
    return _tour(settings.public_url, demo, *doors)


async def _create(unit: Unit) -> dict[str, Any]:
    await inventory.add(unit, _stock())
    live_id, test_id = await accounts.create(unit, email=None, balance=BALANCE_MICRO, country="fr")
    _, live_key = await keys.create(unit, live_id, scope="admin", mode="live", rate_limit=RATE_LIMIT)
    _, test_key = await keys.create(unit, test_id, scope="admin", mode="test", rate_limit=RATE_LIMIT)
    return {"account": live_id, "live_key": live_key, "test_key": test_key}


def _stock() -> list[inventory.StockItem]:
    dice = random.Random(2026)  # noqa: S311 - the same numbers on every installation
    items = [inventory.item(number, country=country, kind="mobile") for country, number in MEMORABLE]
    for country, kind, prefix, digits in STOCK:
        numbers = {f"{prefix}{dice.randrange(10**digits):0{digits}d}" for _ in range(2 * NUMBERS_PER_COUNTRY)}
        valid = [number for number in sorted(numbers) if e164.kind(number) == "ok"]
        items += [inventory.item(number, country=country, kind=kind) for number in valid[:NUMBERS_PER_COUNTRY]]
    return list({item.number: item for item in items}.values())


def _tour(url: str, demo: dict[str, Any], panel: str, operator: str) -> list[str]:
    available = _first_id(url, demo["test_key"], "numbers/available?country=fr&type=mobile", "navail")
    number = _first_id(url, demo["test_key"], "numbers?status=active", "num")
    order = f'{{"available_id": "{available}", "billing_period": "monthly"}}'
    sms = f'{{"from": "{number}", "to": "+33612345678", "body": "Hello from my own platform."}}'
    return [
        "",
        f"API       {url}/v1",
        f"test key  {demo['test_key']}",
        f"live key  {demo['live_key']}",
        f"panel     {panel}",
        f"operator  {operator}",
        "",
        "Find a number, activate it, send an SMS with it:",
        "",
        _curl(url, demo["test_key"], "numbers/available?country=fr&type=mobile"),
        "",
        _curl(url, demo["test_key"], "numbers", order),
        "",
        _curl(url, demo["test_key"], "sms", sms),
        "",
        "Ctrl-C stops everything; the next start has it all again.",
    ]


def _curl(url: str, key: str, path: str, body: str | None = None) -> str:
    line = f"curl -s '{url}/v1/{path}' -H 'Authorization: Bearer {key}'"
    if body is None:
        return line
    quoted = body.replace('"', '\\"')
    return f"{line} -H 'Content-Type: application/json' -d \"{quoted}\""


def _first_id(url: str, key: str, path: str, prefix: str) -> str:
    """A shell substitution for the first id of a list, so that a line works without copying from the one before."""
    return f"$({_curl(url, key, path)} | grep -o '{prefix}_[0-9a-z]*' | head -n 1)"
