"""An account with something of everything in it, as pages show it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from nokyc.carriers.simulated.carrier import NAME as SIMULATED
from nokyc.kit import ids
from nokyc.kit.clock import ManualClock
from nokyc.resources.accounts import actions as accounts
from nokyc.resources.carriers import actions as carriers
from nokyc.store.store import Store, Unit
from panel.calls import fill_calls
from support import Client, Customer, Drain, activate, add_stock, fresh_number

DEAD = "http://127.0.0.1:9/hooks"
HOSTILE = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
PEER = "+33612345678"


@dataclass(slots=True)
class World:
    """What is in the sandbox of the account, by id."""

    customer: Customer
    number: Any
    paused: Any
    sms: str
    endpoint: str
    event: str
    request: str
    key: str
    available: str
    call: str
    voicemail: str
    live_call: str


async def fill(store: Store, api: Client, customer: Customer, drain: Drain, clock: ManualClock) -> World:
    """Numbers, conversations, failures, an endpoint that fails, requests, and stock to choose from."""
    await add_stock(store, *(fresh_number() for _ in range(8)))
    await add_stock(store, *(fresh_number("us") for _ in range(3)), country="us")
    number = await activate(store, api)
    paused = await activate(store, api)
    ended = await activate(store, api)
    await api.patch(f"/v1/numbers/{paused['id']}", json={"status": "paused"})
    await api.delete(f"/v1/numbers/{ended['id']}")
    body = {"on_off": _hours_far_from(clock.now()), "metadata": {"team": HOSTILE}, "auto_renew": False}
    await api.patch(f"/v1/numbers/{number['id']}", json=body)
    await api.post(f"/v1/numbers/{number['id']}/sip_credentials")
    await api.patch(f"/v1/numbers/{number['id']}", json={"addons": ["ai-pickup", "ai-screen"]})
    assistant = {"auto_pickup": {"script": HOSTILE, "after_rings": 2}, "screening": {"deny": [PEER]}}
    await api.patch(f"/v1/numbers/{number['id']}/ai", json=assistant)
    clock.advance(1)  # the log keeps so many requests of a second, and this one is looked for
    hook = {"url": DEAD, "enabled_events": ["sms.*", "number.*"], "description": HOSTILE}
    endpoint = (await api.post("/v1/webhook_endpoints", json=hook)).json()
    sent = await _talk(api, number["id"], clock)
    await api.post("/v1/sms", json={"from": number["id"], "to": "+1", "body": "To nobody"})
    await drain()
    clock.advance(60)
    events = (await api.get("/v1/events")).json()["data"]
    await store.run(lambda unit: _carriers(unit, customer))
    call, voicemail, live_call = await fill_calls(store, api, customer, number, drain, clock, HOSTILE)
    return World(
        customer,
        number,
        paused,
        sent["id"],
        endpoint["id"],
        events[0]["id"],
        (await api.get("/v1/account")).headers["request-id"],
        await _key(store, customer.test_id),
        await quote(api),
        call,
        voicemail,
        live_call,
    )


async def quote(api: Client) -> str:
    """A number to be had for half an hour, by the clock that all tests move."""
    return str((await api.get("/v1/numbers/available?country=fr&limit=1")).json()["data"][0]["id"])


def _hours_far_from(now: datetime) -> dict[str, Any]:
    """Windows that leave the number on for the hours that the tests take, whatever the hour is."""
    begin, end = (f"{now + timedelta(hours=hours):%H}:00" for hours in (8, 15))
    week, rest = ["mon", "tue", "wed", "thu", "fri"], ["sat", "sun"]
    return {"timezone": "UTC", "windows": [{"days": days, "from": begin, "to": end} for days in (week, rest)]}


async def _key(store: Store, account_id: int) -> str:
    async with store.reading() as connection:
        key_id = await connection.fetchval("SELECT id FROM api_keys WHERE account_id = $1", account_id)
    return ids.show("key", key_id)


async def _talk(api: Client, number: str, clock: ManualClock) -> Any:
    said = [
        ("out", PEER, "Bonjour! Your table for two is booked for 20:00."),
        ("in", PEER, "Merci ! Could we make it 20:30? 🙂"),
        ("out", PEER, "Of course, 20:30 it is. See you tonight."),
        ("out", "+15005550002", "Your parcel is at the door."),
        ("out", "+15005550001", "Your code is 482917."),
        ("in", "+33698765432", HOSTILE),
        ("out", "+33698765432", "Long. " * 60),
    ]
    sent = None
    for way, peer, text in said:
        if way == "out":
            answer = await api.post("/v1/sms", json={"from": number, "to": peer, "body": text})
            sent = sent or answer.json()
        else:
            await api.post("/v1/test/sms", json={"from": peer, "to": number, "body": text})
        clock.advance(30)
    return sent


async def _carriers(unit: Unit, customer: Customer) -> None:
    """A carrier that nobody reaches, and an account with a threshold."""
    await accounts.update(unit, customer.live_id, {"low_threshold_micro": 200_000_000})
    known = await unit.connection.fetchval("SELECT count(*) FROM carriers WHERE name = 'northwind'")
    if not known:
        config = {"preset": "twilio", "account": "AC1", "password": "secret", "base_url": "http://127.0.0.1:9"}
        await carriers.add_carrier(unit, "northwind", "http", config)
        await carriers.add_route(unit, "8816", "northwind", sms=True, voice=False, price_micro=40_000)
        await carriers.add_route(unit, "", SIMULATED, sms=True, voice=True, price_micro=None)
