"""What the voice engine asks and tells: `nokyc_voice.platform.Platform`, over the store."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from carriers.conformance import until
from nokyc import main
from nokyc.kit import audio, ids
from nokyc.kit.clock import ManualClock
from nokyc.store.store import Store
from nokyc_voice.platform import (
    Agent,
    Announce,
    Answered,
    Bridge,
    Device,
    Dialled,
    Incoming,
    LadderStep,
    MessageLeft,
    Place,
    PlatformAwayError,
    Quality,
    QualityAlert,
    Recorded,
    Refuse,
    Registration,
    Ring,
    Rung,
    Say,
    Stream,
    Take,
    Voicemail,
)
from resources.accounts.books import check_books
from resources.calls.desk import HANDSET, key, place, shown
from resources.calls.engine import TRUNK, Exchange
from support import Client, Customer, Drain, activate, events_of, make_customer

QUALITY = Quality("PCMA", 500, 498, 2, 3.5, 20.0, 4.2, False)


async def test_a_call_from_the_request_to_the_bill(
    store: Store, live_api: Client, live_number: Any, customer: Customer, exchange: Exchange, clock: ManualClock
) -> None:
    headers = {"Idempotency-Key": "call-1"}
    body = {"from": live_number["id"], "to": HANDSET, "recording_enabled": True}
    call = (await live_api.post("/v1/calls", json=body, headers=headers)).json()
    plan = await exchange.take(call)
    assert plan == Place(
        call_id=key(call), account_id=customer.live_id, to=HANDSET, caller=live_number["number"],
        caller_id=live_number["number"], trunks=plan.trunks, near=Announce("unavailable", "fr"), recording=True,
        allowed_sec=600, max_sec=14_400,
    )  # fmt: skip
    assert [trunk.name for trunk in plan.trunks] == [TRUNK]
    await exchange.rung(plan.call_id)
    clock.advance(3)
    await exchange.answered(plan.call_id)
    answered_at = clock.now()
    assert await exchange.board.beat({plan.call_id: 0}, []) == {plan.call_id: 600}
    alert = QualityAlert(plan.call_id, clock.now(), "packet_loss", QUALITY)
    await asyncio.gather(*(exchange.board.report(alert) for _ in range(2)))
    clock.advance(61.2)
    ladder = (
        LadderStep(answered_at - timedelta(seconds=3), "callee", True, "INVITE"),
        LadderStep(clock.now(), "callee", False, "BYE (Q.850 16)"),
    )
    await exchange.ended(plan.call_id, answered_at=answered_at, cause=16, quality=(("callee", QUALITY),), ladder=ladder)

    ended = await shown(live_api, call)
    assert (ended["status"], ended["duration_sec"], ended["cost_usd"]) == ("completed", 62, 0.020667)
    assert ended["quality"]["callee"]["packets_lost"] == 2
    assert await events_of(live_api, call["id"]) == [
        "call.initiated", "call.answered", "call.quality_alert", "call.completed",
    ]  # fmt: skip
    (warned,) = (await live_api.get("/v1/events", params={"type": "call.quality_alert"})).json()["data"]
    assert warned["data"]["alert"] == "packet_loss"
    steps = (await live_api.get(f"/v1/calls/{call['id']}/timeline")).json()["steps"]
    assert [step["type"] for step in steps] == [
        "request", "idempotency", "ledger", "state", "sip", "event", "state", "quality", "event", "event", "sip",
        "ledger", "ledger", "state", "quality", "event",
    ]  # fmt: skip
    assert (await check_books(store, customer.live_id)).held == 0


async def test_late_doubled_and_reordered_reports_change_nothing(
    live_api: Client, live_number: Any, exchange: Exchange, clock: ManualClock
) -> None:
    call = await place(live_api, live_number)
    plan = await exchange.take(call)
    rung, answered = Rung(plan.call_id, clock.now(), TRUNK), Answered(plan.call_id, clock.now())
    for report in (answered, rung, answered):
        await exchange.board.report(report)
    clock.advance(10)
    for _ in range(2):
        await exchange.ended(plan.call_id, answered_at=answered.at)
    await exchange.ended(plan.call_id, "failed", "media_timeout")
    for report in (rung, answered):
        await exchange.board.report(report)
    ended = await shown(live_api, call)
    assert (ended["status"], ended["end_reason"], ended["duration_sec"]) == ("completed", "callee_hangup", 10)
    assert await events_of(live_api, call["id"]) == ["call.initiated", "call.answered", "call.completed"]


async def test_an_answer_of_which_the_report_was_lost(
    live_api: Client, live_number: Any, exchange: Exchange, clock: ManualClock
) -> None:
    call = await place(live_api, live_number)
    plan = await exchange.take(call)
    clock.advance(1)
    answered_at = clock.now()
    clock.advance(5)
    await exchange.ended(plan.call_id, answered_at=answered_at)
    assert (await shown(live_api, call))["duration_sec"] == 5
    assert await events_of(live_api, call["id"]) == ["call.initiated", "call.answered", "call.completed"]


async def test_hanging_up_is_final_at_once(
    store: Store, live_api: Client, live_number: Any, customer: Customer, exchange: Exchange, clock: ManualClock
) -> None:
    call = await place(live_api, live_number)
    plan = await exchange.take(call)
    await exchange.answered(plan.call_id)
    clock.advance(30)
    first = await live_api.post(f"/v1/calls/{call['id']}/hangup")
    assert first.status_code == 200
    assert (first.json()["status"], first.json()["end_reason"], first.json()["cost_usd"]) == (
        "completed", "api_hangup", 0.01,
    )  # fmt: skip
    clock.advance(2)
    assert (await live_api.post(f"/v1/calls/{call['id']}/hangup")).json() == first.json()
    assert await exchange.board.beat({plan.call_id: 32}, []) == {plan.call_id: 0}
    assert await exchange.board.hang_up_ended(exchange.engine) == 1
    assert exchange.engine.hung_up == [plan.call_id]
    await exchange.ended(plan.call_id, reason="caller_hangup", quality=(("callee", QUALITY),))
    ended = await shown(live_api, call)
    assert ended == first.json() | {"quality": ended["quality"]}
    assert ended["quality"]["callee"]["codec"] == "PCMA"
    assert (await check_books(store, customer.live_id)).held == 0


async def test_a_call_that_nobody_took_is_canceled(
    store: Store, live_api: Client, live_number: Any, customer: Customer, exchange: Exchange
) -> None:
    call = await place(live_api, live_number)
    answer = (await live_api.post(f"/v1/calls/{call['id']}/hangup")).json()
    assert (answer["status"], answer["end_reason"], answer["answered_at"], answer["cost_usd"]) == (
        "completed", "canceled", None, 0,
    )  # fmt: skip
    assert await exchange.board.place_waiting(exchange.engine) == 0
    assert await events_of(live_api, call["id"]) == ["call.initiated", "call.completed"]


async def test_a_call_lasts_as_long_as_it_is_paid_for(
    store: Store, live_api: Client, live_number: Any, customer: Customer, exchange: Exchange, clock: ManualClock
) -> None:
    call = await place(live_api, live_number)
    plan = await exchange.take(call)
    await exchange.answered(plan.call_id)
    async with store.reading() as connection:  # 130 s more than what is held
        await connection.execute(
            "UPDATE ledger_entries SET amount_micro = amount_micro - (SELECT balance_micro FROM accounts WHERE id = $1)"
            " + 43334 WHERE account_id = $1 AND move = 'credit'", customer.live_id,
        )  # fmt: skip
        await connection.execute("UPDATE accounts SET balance_micro = 43334 WHERE id = $1", customer.live_id)
    for talked, paid in ((100, 600), (569, 600), (570, 730), (700, 730), (729, 730)):
        assert await exchange.board.beat({plan.call_id: talked}, []) == {plan.call_id: paid}
    clock.advance(731)
    await exchange.ended(plan.call_id, reason="balance_used_up")
    ended = await shown(live_api, call)
    assert (ended["duration_sec"], ended["cost_usd"]) == (731, 0.243334), "no more than was set aside"
    assert (await check_books(store, customer.live_id)).balance == 0


async def test_a_full_engine_leaves_calls_to_others(live_api: Client, live_number: Any, exchange: Exchange) -> None:
    await place(live_api, live_number)
    exchange.engine.full = True
    assert (await exchange.board.place_waiting(exchange.engine), exchange.engine.placed) == (0, [])
    exchange.engine.full = False
    assert (await exchange.board.place_waiting(exchange.engine), len(exchange.engine.placed)) == (1, 1)


async def go_by(clock: ManualClock, drain: Drain, seconds: int) -> None:
    """Time as the reaper sees it, who looks for calls all the while."""
    for _ in range(seconds):
        clock.advance(1)
        await drain()


async def test_a_call_outlives_a_machine_that_was_suspended(
    live_api: Client, live_number: Any, exchange: Exchange, clock: ManualClock, drain: Drain
) -> None:
    """Whoever looks after it has not said so for as long, but does in a moment; if not, it is over."""
    call = await place(live_api, live_number)
    await exchange.take()
    await exchange.answered(key(call))
    clock.advance(40)
    await drain()
    assert await exchange.board.beat({key(call): 1}, []) == {key(call): 600}
    clock.advance(40)
    await go_by(clock, drain, 19)
    assert (await shown(live_api, call))["status"] == "in_progress"
    await go_by(clock, drain, 2)
    assert (await shown(live_api, call))["end_reason"] == "worker_lost"


async def test_a_dead_process_ends_its_calls(
    store: Store, live_api: Client, live_number: Any, customer: Customer, exchange: Exchange, clock: ManualClock,
    drain: Drain,
) -> None:  # fmt: skip
    talking, ringing, waiting = [await place(live_api, live_number) for _ in range(3)]
    await exchange.take()
    await exchange.answered(key(talking))
    clock.advance(15)
    live = await exchange.board.beat({key(talking): 15}, [key(ringing), key(waiting)])
    assert set(live.values()) == {600}
    await go_by(clock, drain, 19)
    assert (await shown(live_api, talking))["status"] == "in_progress"
    await go_by(clock, drain, 2)
    ended = await shown(live_api, talking)
    assert (ended["status"], ended["end_reason"], ended["duration_sec"]) == ("failed", "worker_lost", 15)
    assert ended["cost_usd"] == 0.005
    assert (await shown(live_api, ringing))["end_reason"] == "worker_lost"
    assert (await check_books(store, customer.live_id)).held == 0


async def test_a_call_that_no_process_takes_is_given_up(
    live_api: Client, live_number: Any, exchange: Exchange, clock: ManualClock, drain: Drain
) -> None:
    call = await place(live_api, live_number)
    await go_by(clock, drain, 59)
    assert (await shown(live_api, call))["status"] == "queued"
    await go_by(clock, drain, 2)
    ended = await shown(live_api, call)
    assert (ended["status"], ended["end_reason"], ended["cost_usd"]) == ("failed", "unreachable", 0)
    assert await exchange.board.place_waiting(exchange.engine) == 0


@pytest.mark.parametrize(
    ("connect", "near"),
    [
        ({"type": "say", "text": "Hello", "voice": "warm_fr"}, Say("Hello", "warm_fr", "fr")),
        ({"type": "stream", "url": "wss://93.184.216.34/a", "parameters": {"a": "b"}},
         Stream("wss://93.184.216.34/a", {"a": "b"})),
        ({"type": "softphone"}, Ring(0)),
        ({"type": "agent"}, Agent),
        ({"type": "number", "to": "+33698765432"}, Bridge),
    ],
)  # fmt: skip
async def test_what_the_callee_is_joined_with(
    store: Store, live_api: Client, exchange: Exchange, connect: Any, near: Any
) -> None:
    number = await activate(store, live_api, addons=["ai-pickup"])
    plan = await exchange.take(await place(live_api, number, connect=connect, callerid_mask="hide"))
    assert plan.caller_id is None
    if isinstance(plan.near, Bridge):
        assert (plan.near.to, [trunk.name for trunk in plan.near.trunks]) == ("+33698765432", [TRUNK])
        assert plan.allowed_sec == 600
    elif isinstance(plan.near, Ring):
        assert plan.near.number_id == ids.read("num", number["id"])
    else:
        assert plan.near == near or isinstance(plan.near, near)


async def test_inbound_calls_find_who_is_to_have_them(
    store: Store, live_api: Client, exchange: Exchange, clock: ManualClock
) -> None:
    number = await activate(store, live_api, addons=["ai-pickup"])
    number_id = ids.read("num", number["id"])
    await live_api.post(f"/v1/numbers/{number['id']}/voicemail_greeting", json={"text": "Leave a message."})
    incoming = Incoming(TRUNK, number["number"], HANDSET)
    taken = await exchange.board.incoming(incoming)
    assert isinstance(taken, Take)
    assert [type(step) for step in taken.steps] == [Agent, Voicemail]
    assert taken.steps[-1] == Voicemail(number_id or 0, greeting_text="Leave a message.", language="fr")
    call = (await live_api.get("/v1/calls")).json()["data"][0]
    assert (call["status"], call["direction"], call["from_e164"], call["cost_usd"]) == (
        "ringing", "inbound", HANDSET, None,
    )  # fmt: skip
    assert await events_of(live_api, call["id"]) == ["call.received"]

    account_id = taken.account_id
    expires = clock.now() + timedelta(minutes=5)
    await exchange.board.report(Registration(number_id or 0, account_id, "sip:1@192.0.2.7", "Baresip", "tls", expires))
    taken = await exchange.board.incoming(incoming)
    assert isinstance(taken, Take)
    assert [type(step) for step in taken.steps] == [Ring, Agent, Voicemail]
    off = {"timezone": "UTC", "windows": [{"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "from": "00:00",
                                           "to": "00:00"}]}  # fmt: skip
    await live_api.patch(f"/v1/numbers/{number['id']}", json={"on_off": off, "addons": []})
    taken = await exchange.board.incoming(incoming)
    assert isinstance(taken, Take)
    assert [type(step) for step in taken.steps] == [Voicemail]

    await live_api.patch(f"/v1/numbers/{number['id']}", json={"on_off": None, "status": "paused"})
    assert await exchange.board.incoming(incoming) == Refuse(480, "Temporarily Unavailable", 20)
    await live_api.delete(f"/v1/numbers/{number['id']}")
    for callee in (number["number"], "+33699999998"):
        refusal = await exchange.board.incoming(Incoming(TRUNK, callee, None))
        assert refusal == Refuse(404, "Not Found", 1)
    assert len((await live_api.get("/v1/calls")).json()["data"]) == 3


async def test_recordings_and_messages_are_taken_over(
    live_api: Client, live_number: Any, anonymous: Client, exchange: Exchange, clock: ManualClock, tmp_path: Path
) -> None:
    call = await place(live_api, live_number, recording_enabled=True)
    plan = await exchange.take(call)
    await exchange.answered(plan.call_id)
    clock.advance(2)
    recording = tmp_path / "call.wav"
    recording.write_bytes(audio.write_wav(audio.stereo(audio.tone(2), audio.tone(2)), channels=2))
    await exchange.board.report(Recorded(plan.call_id, clock.now(), recording, 2_000))
    assert (await shown(live_api, call))["recording_url"] is None, "not before the call is over"
    await exchange.ended(plan.call_id)
    await exchange.board.report(Recorded(plan.call_id, clock.now(), recording, 2_000))
    url = urlsplit((await shown(live_api, call))["recording_url"])
    assert (await anonymous.get(f"{url.path}?{url.query}")).headers["content-type"] == "audio/mpeg"
    assert not recording.exists()
    events = await events_of(live_api, call["id"])
    assert events == ["call.initiated", "call.answered", "call.recorded", "call.completed"]

    incoming = Incoming(TRUNK, live_number["number"], None)
    taken = await exchange.board.incoming(incoming)
    assert isinstance(taken, Take)
    for seconds in (0.5, 1.5):
        message = tmp_path / "message.wav"
        message.write_bytes(audio.write_wav(audio.tone(seconds)))
        number_id = ids.read("num", live_number["id"]) or 0
        await exchange.board.report(
            MessageLeft(taken.call_id, number_id, clock.now(), message, int(1_000 * seconds))
        )  # fmt: skip
        assert not message.exists()
    (left,) = (await live_api.get("/v1/voicemails")).json()["data"]
    assert (left["from_e164"], left["duration_sec"]) == (None, 2)


async def test_devices_dial(
    store: Store, live_api: Client, live_number: Any, customer: Customer, exchange: Exchange, clock: ManualClock
) -> None:
    path = f"/v1/numbers/{live_number['id']}/sip_credentials"
    made = (await live_api.post(path)).json()
    device = await exchange.board.device(made["username"])
    assert isinstance(device, Device)
    assert set(device.ha1) == {"MD5", "SHA-256"}
    for stranger in ("num_000000000000", "alice", ""):
        assert await exchange.board.device(stranger) is None
    placed = await exchange.board.dialled(Dialled(device, HANDSET))
    assert isinstance(placed, Place)
    assert (placed.near, placed.caller_id) == (Ring(device.number_id), live_number["number"])
    await exchange.answered(placed.call_id)
    clock.advance(6)
    await exchange.ended(placed.call_id, reason="caller_hangup")
    (call,) = (await live_api.get("/v1/calls")).json()["data"]
    assert (call["connect"], call["cost_usd"], call["end_reason"]) == ({"type": "softphone"}, 0.002, "caller_hangup")
    for to, status in (("112", 484), ("+33199999999999", 404), ("+33899123456", 403), (live_number["number"], 404)):
        refusal = await exchange.board.dialled(Dialled(device, to))
        assert isinstance(refusal, Refuse)
        assert refusal.status == status, to
    await live_api.patch("/v1/account", json={"daily_spend_cap_usd": 0})
    refusal = await exchange.board.dialled(Dialled(device, HANDSET))
    assert refusal == Refuse(402, "Payment Required", 21)
    await live_api.delete(path)
    assert await exchange.board.device(made["username"]) is None


async def test_the_sandbox_has_no_devices(api: Client, number: Any, exchange: Exchange) -> None:
    made = (await api.post(f"/v1/numbers/{number['id']}/sip_credentials")).json()
    assert await exchange.board.device(made["username"]) is None


async def test_what_cannot_be_decided_is_away(
    store: Store, exchange: Exchange, settings: Any, postgres_dsn: str
) -> None:
    gone = await main.open_store(settings, postgres_dsn, clock=exchange.clock)
    board = main.build_switchboard(gone, settings)
    await gone.close()
    for ask in (board.trunks(), board.device("num_000000000000"), board.beat({}, []),
                board.incoming(Incoming(TRUNK, "+33699999998", None))):  # fmt: skip
        with pytest.raises(PlatformAwayError):
            await ask


async def test_carriers_links_and_wakes_reach_the_engine(
    store: Store, live_api: Client, live_number: Any, exchange: Exchange
) -> None:
    board, engine = exchange.board, exchange.engine
    running = asyncio.create_task(board.run(engine))
    call = await place(live_api, live_number)
    board.wake(None)
    await until(lambda: bool(engine.placed))
    store.changed()
    await live_api.post(f"/v1/calls/{call['id']}/hangup")
    board.wake(f"voice.{board.name}")
    await until(lambda: bool(engine.hung_up and engine.changes))
    await board.show_links(engine)
    async with store.reading() as connection:
        row = await connection.fetchrow("SELECT * FROM links WHERE worker = $1", board.name)
    assert row is not None
    assert (row["carrier"], row["up"], json.loads(json.dumps(row["counters"]))) == (TRUNK, True, {"calls": 1})
    running.cancel()
    await asyncio.wait([running])


async def test_a_call_without_a_way_is_given_up(
    store: Store, live_api: Client, live_number: Any, exchange: Exchange
) -> None:
    call = await place(live_api, live_number)
    async with store.reading() as connection:
        await connection.execute("UPDATE carriers SET kind = 'gone' WHERE name = $1", TRUNK)
    store.changed()
    await exchange.board.place_waiting(exchange.engine)
    ended = await shown(live_api, call)
    assert (ended["status"], ended["end_reason"], ended["hangup_cause"]) == ("failed", "unreachable", 3)
    assert exchange.engine.placed == []


async def test_reports_of_strangers_calls_are_dropped(exchange: Exchange, clock: ManualClock, tmp_path: Path) -> None:
    await exchange.rung(4711)
    await exchange.board.report(Recorded(4711, clock.now(), tmp_path / "nothing.wav", 1))


async def test_another_process_is_told_of_no_call(
    store: Store, live_api: Client, live_number: Any, exchange: Exchange, settings: Any
) -> None:
    plan = await exchange.take(await place(live_api, live_number))
    other = main.build_switchboard(store, settings)
    assert await other.beat({plan.call_id: 1}, [5]) == {plan.call_id: 0, 5: 0}
    assert (await make_customer(store)).live_id != plan.account_id
