"""Calls of the simulated carrier, from the request to the bill (decisions S3, S4)."""

import asyncio
from typing import Any

import pytest

from nokyc import main
from nokyc.kit import ids
from nokyc.kit.clock import ManualClock
from nokyc.store.store import Store
from resources.accounts.books import check_books
from resources.calls.desk import HANDSET, balance, key, later, place, ring_in, shown
from support import Client, Customer, Drain, activate, events_of, make_customer


async def test_a_call_rings_is_answered_talks_and_ends(
    store: Store, api: Client, number: Any, customer: Customer, drain: Drain
) -> None:
    before = await balance(api)
    call = await place(api, number, metadata={"order": [1, {"a": None}]})
    assert call == {
        "id": call["id"], "object": "call", "from": number["id"], "from_e164": number["number"], "to": HANDSET,
        "number_id": number["id"], "direction": "outbound", "status": "queued", "started_at": call["started_at"],
        "answered_at": None, "answered_by": None, "ended_at": None, "end_reason": None, "hangup_cause": None,
        "duration_sec": 0, "callerid": number["number"], "recording_enabled": False, "recording_url": None,
        "connect": {"type": "announcement"}, "quality": None, "cost_usd": None, "metadata": {"order": [1, {"a": None}]},
    }  # fmt: skip
    assert await balance(api) == pytest.approx(before - 0.2)

    await drain()
    assert (await shown(api, call))["status"] == "ringing"
    await later(api, drain, 2)
    talking = await shown(api, call)
    assert (talking["status"], talking["answered_by"], talking["cost_usd"]) == ("in_progress", "party", None)
    await later(api, drain, 10)

    ended = await shown(api, call)
    assert (ended["status"], ended["end_reason"], ended["hangup_cause"]) == ("completed", "callee_hangup", 16)
    assert (ended["duration_sec"], ended["cost_usd"]) == (10, 0.003334)
    assert await events_of(api, call["id"]) == ["call.initiated", "call.answered", "call.completed"]
    assert await balance(api) == pytest.approx(before - 0.003334)
    account = (await api.get("/v1/account")).json()
    assert account["monthly_call_minutes"] == 1
    usage = (await api.get("/v1/account/usage")).json()["calls"]
    assert usage == {"count": 1, "inbound": 0, "outbound": 1, "minutes": 1, "cost_usd": 0.003334}
    assert (await check_books(store, customer.test_id)).held == 0


@pytest.mark.parametrize(
    ("to", "status", "reason", "cause"),
    [
        ("+15005550010", "busy", "busy", 17),
        ("+15005550011", "no_answer", "no_answer", 19),
        ("+15005550012", "failed", "carrier_refused", 38),
    ],
)
async def test_calls_that_are_not_answered_cost_nothing(
    api: Client, number: Any, drain: Drain, to: str, status: str, reason: str, cause: int
) -> None:
    before = await balance(api)
    call = await place(api, number, to)
    await later(api, drain, 60)
    ended = await shown(api, call)
    assert (ended["status"], ended["end_reason"], ended["hangup_cause"]) == (status, reason, cause)
    assert (ended["answered_at"], ended["duration_sec"], ended["cost_usd"]) == (None, 0, 0)
    assert await events_of(api, call["id"]) == ["call.initiated", "call.completed"]
    assert await balance(api) == before


@pytest.mark.parametrize(("to", "by", "after"), [("+15005550014", "party", 4), ("+15005550015", "machine", 2)])
async def test_early_media_and_machines(api: Client, number: Any, drain: Drain, to: str, by: str, after: int) -> None:
    call = await place(api, number, to)
    await later(api, drain, after)
    assert (await shown(api, call))["answered_by"] == by
    await later(api, drain, 10)
    assert (await shown(api, call))["duration_sec"] == 10


async def test_a_call_that_nobody_ends_lasts_as_long_as_the_balance(
    store: Store, api: Client, number: Any, customer: Customer, drain: Drain
) -> None:
    async with store.reading() as connection:  # 12.5 minutes
        await connection.execute("UPDATE accounts SET balance_micro = 250000 WHERE id = $1", customer.test_id)
        await connection.execute(
            "UPDATE ledger_entries SET amount_micro = 250000 + (SELECT sum(amount_micro) FROM ledger_entries"
            " WHERE account_id = $1 AND move = 'charge') WHERE account_id = $1 AND move = 'credit'",
            customer.test_id,
        )
    call = await place(api, number, "+15005550013")
    assert await balance(api) == 0.05
    await later(api, drain, 2 + 600)
    assert (await shown(api, call))["status"] == "in_progress"
    assert await balance(api) == 0
    await later(api, drain, 150)
    ended = await shown(api, call)
    assert (ended["status"], ended["end_reason"], ended["duration_sec"], ended["cost_usd"]) == (
        "completed", "balance_used_up", 750, 0.25,
    )  # fmt: skip
    assert (await check_books(store, customer.test_id)).balance == 0


async def test_a_call_ends_after_four_hours(api: Client, number: Any, drain: Drain) -> None:
    call = await place(api, number, "+15005550013")
    await later(api, drain, 5 * 3_600)
    ended = await shown(api, call)
    assert (ended["end_reason"], ended["duration_sec"], ended["cost_usd"]) == ("max_duration", 14_400, 4.8)


async def test_the_clock_waits_for_a_step_that_is_being_taken(
    store: Store, api: Client, number: Any, drain: Drain
) -> None:
    """What a step plans for later is due by the clock, however quickly that is moved on."""
    call = await place(api, number)
    async with store.reading() as connection, connection.transaction():
        await connection.execute("SELECT FROM calls WHERE id = $1 FOR UPDATE", key(call))
        stepping = asyncio.create_task(drain())
        await waited_for(store, 1, stepping)
        advancing = asyncio.create_task(api.post("/v1/test/clock/advance", json={"seconds": 60}))
        await waited_for(store, 2, advancing)
    await stepping
    assert (await advancing).status_code == 200
    await drain()
    assert (await shown(api, call))["status"] == "completed"


async def waited_for(store: Store, count: int, *unless: asyncio.Task[Any]) -> None:
    """Until so many wait for a lock, or one of the tasks is done."""
    async with store.reading() as connection:
        while not any(task.done() for task in unless):
            if await connection.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted") >= count:
                return
            await asyncio.sleep(0.01)


async def test_numbers_of_the_platform_reach_each_other(store: Store, api: Client, number: Any, drain: Drain) -> None:
    other = await activate(store, api)
    call = await place(api, number, other["number"], callerid_mask="hide")
    await drain()
    (inbound,) = (await api.get("/v1/calls", params={"number": other["id"]})).json()["data"]
    assert (inbound["direction"], inbound["from"], inbound["from_e164"]) == ("inbound", None, None)
    assert (inbound["status"], inbound["callerid"], inbound["cost_usd"]) == ("ringing", None, None)
    await later(api, drain, 2)
    assert [(await shown(api, each))["answered_by"] for each in (call, inbound)] == ["party", "voicemail"]
    await api.post(f"/v1/calls/{call['id']}/hangup")
    await drain()
    assert (await shown(api, inbound))["end_reason"] == "caller_hangup"
    assert await events_of(api, inbound["id"]) == ["call.received", "call.answered", "call.completed"]


async def test_a_paused_number_of_ours_cannot_be_reached(store: Store, api: Client, number: Any, drain: Drain) -> None:
    other = await activate(store, api)
    await api.patch(f"/v1/numbers/{other['id']}", json={"status": "paused"})
    call = await place(api, number, other["number"])
    await drain()
    assert (await shown(api, call))["end_reason"] == "unreachable"
    assert (await api.get("/v1/calls", params={"number": other["id"]})).json()["data"] == []


async def test_an_agent_answers_where_there_is_one(store: Store, api: Client, drain: Drain) -> None:
    number = await activate(store, api, addons=["ai-pickup"])
    call = await ring_in(api, number)
    assert (call["status"], call["from_e164"], call["to"]) == ("ringing", HANDSET, number["number"])
    await later(api, drain, 12)
    ended = await shown(api, call)
    assert (ended["answered_by"], ended["end_reason"], ended["cost_usd"]) == ("agent", "agent_done", 0)
    assert (await api.get("/v1/voicemails")).json()["data"] == []


async def test_test_calls_are_refused_as_real_ones_are(store: Store, api: Client, live_api: Client) -> None:
    async def refusal(to: str) -> tuple[int, str]:
        answer = await api.post("/v1/test/calls", json={"from": HANDSET, "to": to})
        return answer.status_code, answer.json()["error"]["code"]

    assert await refusal("num_000000000000") == (404, "resource_missing")
    assert await refusal("+33699999999") == (404, "resource_missing")
    number = await activate(store, api)
    await api.patch(f"/v1/numbers/{number['id']}", json={"status": "paused"})
    assert await refusal(number["number"]) == (422, "number_paused")
    await api.delete(f"/v1/numbers/{number['id']}")
    assert await refusal(number["id"]) == (422, "number_released")
    live = await live_api.post("/v1/test/calls", json={"from": HANDSET, "to": number["id"]})
    assert live.json()["error"]["code"] == "test_mode_only"


async def test_live_numbers_reach_each_other_without_a_trunk(
    store: Store, web: main.Web, live_api: Client, live_number: Any, drain: Drain, clock: ManualClock
) -> None:
    """As long as there is no real carrier, everything is simulated, live mode too."""
    async with Client(web.app, (await make_customer(store)).live_key) as theirs:
        other = await activate(store, theirs)
        call = await place(live_api, live_number, other["number"])
        for seconds in (0, 2, 30):
            clock.advance(seconds)
            await drain()
        (received,) = (await theirs.get("/v1/calls")).json()["data"]
        assert (received["from_e164"], received["status"]) == (live_number["number"], "completed")
        (left,) = (await theirs.get("/v1/voicemails")).json()["data"]
        assert left["call_id"] == received["id"]
    ended = await shown(live_api, call)
    assert (ended["status"], ended["duration_sec"], ended["end_reason"]) == ("completed", 7, "callee_hangup")


async def test_a_device_of_the_sandbox_answers(
    store: Store, api: Client, number: Any, customer: Customer, drain: Drain
) -> None:
    async with store.reading() as connection:
        await connection.execute(
            "INSERT INTO registrations VALUES ($1, $2, 'sip:a@b', 'Baresip', 'tls', '2100-01-01')",
            customer.test_id,
            ids.read("num", number["id"]),
        )
    call = await ring_in(api, number)
    await later(api, drain, 30)
    ended = await shown(api, call)
    assert (ended["answered_by"], ended["duration_sec"]) == ("device", 10)
