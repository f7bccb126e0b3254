"""Who is asked to take a message, in which order and for how much; and that processes hear of changes."""

import asyncio
import json
from contextlib import suppress
from functools import partial
from typing import Any

import pytest

from nokyc import main
from nokyc.carriers.port import Accepted, LinkState, NotSent, ReportSink, Submission, Unknown, Verdict
from nokyc.kit.clock import ManualClock
from nokyc.resources.carriers import actions as carriers
from nokyc.resources.carriers.routing import Routing
from nokyc.settings import Settings
from nokyc.store.store import Store
from nokyc.store.watch import watch
from resources.sms.desk import HANDSET, Fleet, refused, send, state
from support import Client, activate


class Taker:
    """Takes everything."""

    unit = "segment"
    supports_media = False

    def __init__(self, name: str) -> None:
        self.name = name
        self.taken: list[str] = []
        self.up = True

    async def start(self, sink: ReportSink) -> None: ...

    async def stop(self) -> None: ...

    def capacity(self) -> int:
        return 10 if self.up else 0

    async def submit(self, submission: Submission) -> Verdict:
        self.taken.append(submission.text)
        return Accepted(submission.id)

    def links(self) -> list[LinkState]:
        return [LinkState(self.name, self.up, "fine")]

    async def probe(self) -> LinkState:
        return self.links()[0]


async def add_route(store: Store, prefix: str, carrier: str, price: int | None = None) -> None:
    await store.run(lambda unit: carriers.add_route(unit, prefix, carrier, sms=True, voice=False, price_micro=price))


@pytest.fixture
async def three(fleet: Fleet) -> dict[str, Taker]:
    takers = {name: Taker(name) for name in ("any", "france", "mobile")}
    for name, prefix in (("any", ""), ("france", "33"), ("mobile", "336")):
        await fleet.add_fake(name, takers[name], prefix)  # type: ignore[arg-type]
    return takers


async def test_the_longest_prefix_wins(
    fleet: Fleet, three: dict[str, Taker], live_api: Client, live_number: Any
) -> None:
    for to in (HANDSET, "+33144556677", "+12025550123"):
        await send(live_api, live_number, to, to)
    await fleet.work()
    assert [taker.taken for taker in three.values()] == [["+12025550123"], ["+33144556677"], [HANDSET]]


async def test_satellites_want_a_route_with_a_price_of_its_own(store: Store, settings: Settings) -> None:
    """A minute costs dollars there: neither the route for all the world nor the number's own carrier leads there."""
    routing = Routing(store, settings.default_sms_price_micro, settings.default_call_price_micro)
    satellite, dear = "+881612345678", 9_000_000

    async def chosen(number_carrier: str | None, *, livemode: bool = True) -> list[tuple[str, ...]]:
        routing._forget()
        ways = [
            await choose(satellite, number_carrier=number_carrier, livemode=livemode)
            for choose in (routing.choose, routing.choose_voice)
        ]
        return [way.carriers for way in ways]

    async def add(prefix: str, price: int | None) -> None:
        for name, sms in (("space", True), ("orbit", False)):
            await store.run(
                partial(carriers.add_route, prefix=prefix, carrier=name, sms=sms, voice=not sms, price_micro=price)
            )

    smsc = {"host": "127.0.0.1", "port": 9, "system_id": "us", "password": "secret"}
    await store.run(lambda unit: carriers.add_carrier(unit, "space", "smpp", smsc))
    await store.run(lambda unit: carriers.add_carrier(unit, "orbit", "sip", {"host": "127.0.0.1"}))
    for prefix, price in (("", None), ("8", 5), ("88", 5), ("8816", None)):
        await add(prefix, price)
    assert await chosen(None) == await chosen("space") == [(), ()]
    assert await chosen(None, livemode=False) == await chosen("simulated") == [("simulated",)] * 2
    await add("881", dear)
    assert await chosen(None) == await chosen("space") == await chosen("orbit") == [("space",), ("orbit",)]
    assert (await routing.choose_voice(satellite, number_carrier=None, livemode=True)).price_micro == dear


async def test_then_the_next_best(fleet: Fleet, three: dict[str, Taker], live_api: Client, live_number: Any) -> None:
    three["mobile"].up = False
    await send(live_api, live_number, body="1")
    await fleet.work()
    three["france"].up = False
    await send(live_api, live_number, body="2")
    await fleet.work()
    three["mobile"].up = True
    await send(live_api, live_number, body="3")
    await fleet.work()
    assert [taker.taken for taker in three.values()] == [["2"], ["1"], ["3"]]


async def test_what_may_have_arrived_is_not_given_to_another_at_once(
    fleet: Fleet, three: dict[str, Taker], live_api: Client, live_number: Any, clock: ManualClock
) -> None:
    """No answer, and then nobody there: the second carrier would send it a second time."""
    verdicts: list[Verdict] = [Unknown("no answer"), NotSent("no connection"), Accepted("1")]

    async def submit(submission: Submission) -> Verdict:
        return verdicts.pop(0)

    three["mobile"].submit = submit  # type: ignore[method-assign]
    sms = await send(live_api, live_number)
    for _ in range(3):
        await fleet.work()
        clock.advance(5)
    assert [taker.taken for taker in three.values()] == [[], [], []]
    assert (verdicts, await state(live_api, sms)) == ([], ("sent", None))


async def test_order_among_equals_and_prices(
    store: Store, settings: Settings, fleet: Fleet, three: dict[str, Taker], live_api: Client, live_number: Any
) -> None:
    routing = main.open_routing(store, settings)

    async def choose(to: str, **more: Any) -> tuple[tuple[str, ...], int]:
        choice = await routing.choose(to, **({"number_carrier": None, "livemode": True} | more))
        return choice.carriers, choice.price_micro

    await add_route(store, "336", "any", 7_000)
    assert await choose(HANDSET) == (("mobile", "any", "france"), 7_000)
    await add_route(store, "336", "mobile", 9_000)  # a repeated route is replaced in its place
    assert await choose(HANDSET) == (("mobile", "any", "france"), 9_000)
    assert await choose("+33144556677") == (("france", "any"), 12_000)
    assert await choose("+33144556677", number_carrier="mobile") == (("mobile", "france", "any"), 12_000)
    assert await choose(HANDSET, number_carrier="gone") == (("mobile", "any", "france"), 9_000)
    assert await choose(HANDSET, number_carrier="simulated") == (("simulated",), 9_000)
    assert await choose(HANDSET, livemode=False) == (("simulated",), 9_000)
    assert await choose(HANDSET, media=True) == ((), 9_000)

    sms = await send(live_api, live_number, body="a" * 200)
    assert sms["cost_usd"] == 0.018


async def test_a_numbers_own_carrier(
    store: Store, fleet: Fleet, three: dict[str, Taker], live_api: Client, clock: ManualClock
) -> None:
    own = await activate(store, live_api, carrier="any")
    at_home = await activate(store, live_api, carrier="simulated")
    await send(live_api, own, body="own")
    sms = await send(live_api, at_home, body="never leaves")
    await fleet.work()
    clock.advance(1)
    await fleet.work()
    assert [taker.taken for taker in three.values()] == [["own"], [], []]
    assert await state(live_api, sms) == ("delivered", None)


async def test_the_default_route_goes_with_the_first_real_carrier(
    store: Store, fleet: Fleet, api: Client, live_api: Client, number: Any, live_number: Any
) -> None:
    await send(live_api, live_number)
    await fleet.add_fake("british", Taker("british"), "44")  # type: ignore[arg-type]
    assert await refused(live_api, live_number) == (422, "destination_unsupported")
    await send(live_api, live_number, "+447400123456")
    await send(api, number)  # test mode stays in the house
    for answer in (
        await live_api.post("/v1/sms/preview", json={"to": HANDSET, "body": "Hi"}),
        await live_api.post("/v1/sms/preview", json={"from": live_number["id"], "to": HANDSET, "body": "Hi"}),
    ):
        assert answer.json()["verdict"]["code"] == "destination_unsupported"


async def test_what_operators_cannot_do(store: Store, fleet: Fleet) -> None:
    await fleet.add_fake("acme", Taker("acme"))  # type: ignore[arg-type]
    for name, kind, settings in (
        ("acme", "fake", {}),
        ("simulated", "fake", {}),
        ("Ümläut", "fake", {}),
        ("", "fake", {}),
        ("bad", "smpp", {"host": "localhost"}),
        ("bad", "http", {"preset": "nobody"}),
        ("bad", "http", {"preset": "twilio", "surprise": 1}),
    ):
        with pytest.raises(ValueError, match=r"."):
            await store.run(lambda unit, a=(name, kind, settings): carriers.add_carrier(unit, *a))  # type: ignore[misc]
    for prefix, carrier in (("+33", "acme"), ("3x", "acme"), ("1" * 16, "acme"), ("33", "nobody")):
        with pytest.raises(ValueError, match=r"."):
            await add_route(store, prefix, carrier)
    with pytest.raises(ValueError, match="nobody"):
        await store.run(lambda unit: carriers.remove_carrier(unit, "nobody"))


async def test_a_carrier_that_cannot_be_understood_does_not_stop_the_others(
    store: Store, fleet: Fleet, live_api: Client, live_number: Any
) -> None:
    """It may have been written by an older version."""
    sealed = store.vault.seal(json.dumps({"name": "broken", "surprise": 1}).encode())
    taker = Taker("fine")
    await fleet.add_fake("fine", taker, "33")  # type: ignore[arg-type]
    for kind in ("smpp", "http"):
        await fleet.add_fake(f"broken-{kind}", Taker(""), "336")  # type: ignore[arg-type]
        async with store.reading() as connection:
            statement = "UPDATE carriers SET kind = $2, config = $3 WHERE name = $1"
            await connection.execute(statement, f"broken-{kind}", kind, sealed)
    store.changed()
    sms = await send(live_api, live_number)
    await fleet.work()
    assert await state(live_api, sms) == ("sent", None)
    assert taker.taken == ["Hello"]


async def test_running_processes_hear_of_it_within_a_second(
    store: Store, settings: Settings, postgres_dsn: str, fleet: Fleet
) -> None:
    """Another process's store, with nothing but the database between them."""
    other = await main.open_store(settings, postgres_dsn, clock=store.clock)
    routing = Routing(other, 12_000, 20_000)
    watching = asyncio.create_task(watch(other, postgres_dsn, lambda queue: None))
    try:
        await fleet.add_fake("acme", Taker("acme"))  # type: ignore[arg-type]

        async def hears_of(*expected: str) -> None:
            async with asyncio.timeout(1):
                while True:
                    choice = await routing.choose(HANDSET, number_carrier=None, livemode=True)
                    if choice.carriers == expected:
                        return
                    await asyncio.sleep(0.01)

        await hears_of()
        await add_route(store, "33", "acme")
        await hears_of("acme")
        await fleet.remove("acme")
        await hears_of()
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        await other.close()
