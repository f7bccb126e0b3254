"""From an empty folder to a count."""

import asyncio
import random
from pathlib import Path

from nokyc.carriers.sip.config import SipConfig
from nokyc.carriers.smpp.config import SmppConfig
from nokyc.resources.accounts import actions as accounts
from nokyc.resources.carriers import actions as carriers
from nokyc.resources.keys import actions as keys
from nokyc.resources.numbers import inventory
from nokyc.settings import read_settings
from nokyc.store.opening import open_store
from nokyc.store.store import Unit
from nokyc.torture.count import Result, count, settle
from nokyc.torture.faults import break_things
from nokyc.torture.load import Account, Load, Receiver
from nokyc.torture.platform import Carrier, Platform

BALANCE_MICRO, LITTLE_MICRO = 10**12, 10**7
RATE_LIMIT = 1_000_000
HOST = "127.0.0.1"
NUMBERS = ("+33647180001", "+33647189022", "+33647180013")
SYSTEM_ID = PASSWORD = "torture"  # noqa: S105 - of a carrier that we play ourselves
EVENTS = ["sms.delivered", "sms.failed", "sms.received", "call.completed"]
LAST_STEP_SEC = 2 * 86_400
"""After which nothing in the sandbox is to come any more."""


async def torture(folder: Path, seconds: float, dice: random.Random) -> Result:
    """Run a platform in `folder` for so long under load and faults, and count."""
    platform, carrier = Platform(folder), Carrier()
    load = Load(platform.url, dice)
    receiver = Receiver(load.promises)
    try:
        await asyncio.gather(carrier.start(), platform.start())
        live, poor, sandbox, number = await _set_up(platform, carrier, folder, load, await receiver.start())
        carrier.order(number=number.lstrip("+"))
        running = asyncio.create_task(load.run(live, poor, sandbox))
        try:
            faults = await break_things(platform, carrier, seconds, dice)
        except BaseException:
            running.cancel()
            raise
        load.end()
        await running
        carrier.order(number="")
        await load.ask(sandbox.key, "POST", "/v1/test/clock/advance", {"seconds": LAST_STEP_SEC})
        await settle(platform)
        return await count(platform, load.promises, await carrier.seen(), faults)
    finally:
        await load.close()
        await receiver.stop()
        await platform.stop()
        await carrier.stop()


async def _set_up(
    platform: Platform, carrier: Carrier, folder: Path, load: Load, url: str
) -> tuple[Account, Account, Account, str]:
    """A live account, one with little money, and the sandbox of the first; and the live number."""
    store = await open_store(read_settings({}, data_dir=folder), platform.postgres.dsn)
    try:
        secrets = await store.run(lambda unit: _furnish(unit, carrier.ports))
    finally:
        await store.close()
    (live, number), (poor, _), (sandbox, _) = [await load.activate(key) for key in secrets]
    await load.ask(live.key, "POST", "/v1/webhook_endpoints", {"url": url, "enabled_events": EVENTS})
    return live, poor, sandbox, number


async def _furnish(unit: Unit, ports: dict[str, int]) -> list[str]:
    """What an operator does with `nokyc`, in one go; a key for each of the three accounts."""
    smsc = SmppConfig("smpp", HOST, ports["smpp"], SYSTEM_ID, PASSWORD, binds=2)
    gateway = SipConfig("sip", HOST, ports["sip"])
    for kind, config in (("smpp", smsc.to_json()), ("sip", gateway.to_json())):
        await carriers.add_carrier(unit, kind, kind, config)
        await carriers.add_route(unit, "", kind, sms=kind == "smpp", voice=kind == "sip", price_micro=None)
    await inventory.add(unit, [inventory.item(number, country="fr", kind="mobile") for number in NUMBERS])
    rich, sandbox = await accounts.create(unit, email=None, balance=BALANCE_MICRO, country=None)
    little, _ = await accounts.create(unit, email=None, balance=LITTLE_MICRO, country=None)
    made = [
        await keys.create(unit, rich, scope="read_write", mode="live", rate_limit=RATE_LIMIT),
        await keys.create(unit, little, scope="read_write", mode="live", rate_limit=RATE_LIMIT),
        await keys.create(unit, sandbox, scope="read_write", mode="test", rate_limit=RATE_LIMIT),
    ]
    return [secret for _, secret in made]
