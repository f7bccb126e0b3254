"""GET /v1/sms: filters (decisions F41, F91, F92)."""

from datetime import timedelta
from typing import Any

from nokyc import main
from nokyc.kit.clock import ManualClock, format_instant
from nokyc.store.store import Store
from resources.sms.desk import HANDSET, send
from support import Client, Drain, activate, make_customer


async def ids(api: Client, **query: Any) -> list[str]:
    answer = await api.get("/v1/sms", params={"limit": 100} | query)
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["data"]]


async def test_number_direction_and_status(store: Store, api: Client, number: Any, drain: Drain) -> None:
    other = await activate(store, api)
    out = [(await send(api, number))["id"], (await send(api, other, "+15005550001"))["id"]]
    said = {"from": HANDSET, "to": number["id"], "body": "Hi"}
    inbound = (await api.post("/v1/test/sms", json=said)).json()["id"]
    await drain()

    assert await ids(api) == [inbound, out[1], out[0]]
    for by in (number["id"], number["number"]):
        assert await ids(api, number=by) == [inbound, out[0]]
        assert await ids(api, number=by, direction="outbound") == [out[0]]
        assert await ids(api, number=by, direction="inbound", status="delivered") == [inbound]
    assert await ids(api, status="failed") == [out[1]]
    assert await ids(api, status="undelivered") == []


async def test_somebody_elses_number_has_no_messages(store: Store, web: main.Web, api: Client, number: Any) -> None:
    stranger = await make_customer(store)
    async with Client(web.app, stranger.test_key) as other_api:
        foreign = await activate(store, other_api)
        await send(other_api, foreign)
    await send(api, number, foreign["number"])
    for by in (foreign["id"], foreign["number"], "num_zzzzzzzzzzzz", HANDSET, "x"):
        assert await ids(api, number=by) == []


async def test_ranges_tile(api: Client, number: Any, clock: ManualClock) -> None:
    await ranges_tile(api, number, clock)


async def test_ranges_tile_in_live_mode(live_api: Client, live_number: Any, clock: ManualClock) -> None:
    """There they are found by ids."""
    await ranges_tile(live_api, live_number, clock)


async def ranges_tile(api: Client, number: Any, clock: ManualClock) -> None:
    clock.advance(10)
    sent, instants = [], []
    for _ in range(3):
        instants.append(format_instant(clock.now()))
        sent.append((await send(api, number))["id"])
        clock.advance(60)
    assert await ids(api, created_after=instants[1]) == [sent[2], sent[1]]
    assert await ids(api, created_before=instants[1]) == [sent[0]]
    assert await ids(api, created_after=instants[0], created_before=instants[2]) == [sent[1], sent[0]]
    later = format_instant(clock.now() + timedelta(days=1))
    assert await ids(api, created_after=later) == []
    answer = await api.get("/v1/sms", params={"created_after": instants[2], "created_before": instants[0]})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "parameter_invalid")


async def test_pages(api: Client, number: Any) -> None:
    sent = [(await send(api, number))["id"] for _ in range(5)]
    seen: list[str] = []
    cursor = None
    while True:
        query = {"limit": 2} | ({"starting_after": cursor} if cursor else {})
        page = (await api.get("/v1/sms", params=query)).json()
        seen += [each["id"] for each in page["data"]]
        await send(api, number)  # newer ones do not shift the pages
        cursor = page["next_cursor"]
        if not page["has_more"]:
            break
    assert seen == sent[::-1]
    assert (await api.get("/v1/sms", params={"starting_after": number["id"]})).status_code == 400
    for wrong in ({"direction": "sideways"}, {"status": "received"}, {"to": HANDSET}, {"created_after": "now"}):
        assert (await api.get("/v1/sms", params=wrong)).status_code == 400
