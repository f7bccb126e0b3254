"""From an empty folder to a count."""

import asyncio
import random
from pathlib import Path

from nokyc.torture.count import Result, count, settle
from nokyc.torture.faults import break_things
from nokyc.torture.load import Account, Load, Receiver
from nokyc.torture.platform import Carrier, Platform

BALANCE, LITTLE = "1000000.00", "10.00"
RATE_LIMIT = "1000000"
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
        await carrier.start()
        await platform.start()
        live, poor, sandbox, number = await _set_up(platform, carrier, load, await receiver.start())
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


async def _set_up(platform: Platform, carrier: Carrier, load: Load, url: str) -> tuple[Account, Account, Account, str]:
    """A live account, one with little money, and the sandbox of the first; and the live number."""
    for kind, more in (("smpp", ["--system-id", SYSTEM_ID, "--password", PASSWORD, "--binds", "2"]), ("sip", [])):
        reach = ["--host", "127.0.0.1", "--port", str(carrier.ports[kind])]
        await platform.command("carriers", "add", kind, kind, *reach, *more)
    await platform.command("routes", "add", "default", "smpp", "--sms")
    await platform.command("routes", "add", "default", "sip", "--voice")
    for number in NUMBERS:
        await platform.command("inventory", "add", number, "--country", "fr", "--type", "mobile")

    async def open_account(balance: str) -> str:
        account: str = (await platform.command("accounts", "create", "--balance", balance))["account_id"]
        return account

    async def make_key(account: str, mode: str) -> str:
        key = await platform.command("keys", "create", account, "--rate-limit", RATE_LIMIT, "--mode", mode)
        secret: str = key["secret"]
        return secret

    rich, little = await open_account(BALANCE), await open_account(LITTLE)
    live, number = await load.activate(await make_key(rich, "live"))
    poor, _ = await load.activate(await make_key(little, "live"))
    sandbox, _ = await load.activate(await make_key(rich, "test"))
    await load.ask(live.key, "POST", "/v1/webhook_endpoints", {"url": url, "enabled_events": EVENTS})
    return live, poor, sandbox, number
