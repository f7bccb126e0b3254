"""Messages from the outside to our numbers: stored once, put together, announced."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any

from nokyc.carriers.port import Fragment, Inbound
from nokyc.kit import segments
from nokyc.kit.ids import request_id as new_request_id
from nokyc.kit.jsontext import storable
from nokyc.resources.events.actions import Fact, emit
from nokyc.resources.sms.inbox import Reported, storable_ref
from nokyc.resources.sms.media import keep
from nokyc.resources.sms.opt_out import apply_keyword
from nokyc.resources.sms.schemas import Sms, show_sms
from nokyc.store import ledger
from nokyc.store.store import Unit
from nokyc.store.tasks import SCHEDULE, enqueue

FRAGMENT_PATIENCE = timedelta(hours=1)
"""How long we wait for the missing parts of a message before storing what came."""
MISSING = "[…]"
"""Stands for a part that never came."""


async def receive(unit: Unit, account_id: int, reported: Reported) -> Sms | None:
    """Apply one inbound report: a whole message, or a part of one.

    `account_id` is 0 for a real carrier; for the simulated one it is where the sender lives: a sandbox's messages
    stay in it. Returns the message that was stored, if any.
    """
    report = reported.report
    assert isinstance(report, Inbound)
    number = await _find_number(unit, account_id, report.recipient)
    if number is None:
        return None
    if report.fragment is not None:
        text = await _collect(unit, reported.carrier, report, report.fragment, account_id)
        if text is None:
            return None
    elif report.undecodable:
        text = storable(report.undecodable.decode("latin-1"))
    else:
        text = report.text
    return await store(unit, number, reported, text)


async def fragments_overdue(unit: Unit, account_id: int, payload: dict[str, Any]) -> None:
    """The rest of a message in parts did not come in time: store what is there, marked where something is missing."""
    key = [payload[name] for name in _KEY_NAMES]
    await _lock_key(unit, key)
    rows = await unit.connection.fetch(f"SELECT * FROM fragments WHERE {_KEY}", *key)  # noqa: S608
    # Of a younger message with the same reference, another task takes care.
    if rows and min(row["arrived_at"] for row in rows) <= unit.wall - FRAGMENT_PATIENCE:
        await _flush(unit, account_id, key, rows)


async def _flush(unit: Unit, account_id: int, key: Sequence[Any], rows: Sequence[Any]) -> None:
    """Be done with the parts of one message: store them if that has not happened yet."""
    carrier, sender, recipient, _, total = key
    await unit.connection.execute(f"DELETE FROM fragments WHERE {_KEY}", *key)  # noqa: S608
    number = await _find_number(unit, account_id, recipient)
    if number is None or len(rows) == total:  # then it was stored when its last part came
        return
    parts = {row["index"]: row for row in rows}
    text = "".join(
        segments.decode_part(parts[index]["encoding"], parts[index]["data"]) if index in parts else MISSING
        for index in range(1, total + 1)
    )
    await store(unit, number, Reported(carrier, Inbound(sender, recipient, storable(text))), storable(text))


async def store(unit: Unit, number: Any, reported: Reported, text: str) -> Sms | None:
    """Store a whole message to one of our numbers and announce it; None if the carrier told it before."""
    report = reported.report
    assert isinstance(report, Inbound)
    account_id = number["account_id"]
    sms_id = reported.sms_id or unit.ids.new()
    if report.carrier_ref and not await _first_time(unit, reported.carrier, account_id, report.carrier_ref, sms_id):
        return None
    request_id = reported.request_id or new_request_id()
    now = unit.account_now(number)
    encoding, count = segments.count(text)
    row = await unit.connection.fetchrow(
        "INSERT INTO sms (account_id, id, number_id, direction, sender, recipient, body, media_urls, encoding,"
        " segments, status, price_micro, cost_micro, request_id, created_at, delivered_at, expires_at)"
        " VALUES ($1, $2, $3, 'inbound', $4, $5, $6, $7, $8, $9, 'delivered', 0, 0, $10, $11, $11, $12) RETURNING *",
        account_id, sms_id, number["id"], report.sender, report.recipient, text, list(report.media_urls), encoding,
        count, request_id, now, unit.wall,
    )  # fmt: skip
    await keep(unit, account_id, sms_id, reported.files, now)
    await ledger.count_usage(unit, account_id, "sms", at=now, inbound=1)
    content = show_sms(row)
    await emit(unit, [Fact(account_id, "sms.received", sms_id, content, request_id, now, number["id"])])
    await apply_keyword(unit, number, report.sender, text, now)
    return content


async def _find_number(unit: Unit, account_id: int, recipient: str) -> Any:
    """The number that a message is for: in the sandbox that it came from, or among the live ones."""
    return await unit.connection.fetchrow(
        "SELECT n.account_id, n.id, n.country, a.clock_offset_sec, a.opt_out_everywhere"
        " FROM numbers n JOIN accounts a ON a.id = n.account_id"
        " WHERE n.e164 = $1 AND n.returned_at IS NULL AND n.status <> 'released'"
        " AND (n.livemode AND NOT EXISTS (SELECT 1 FROM accounts s WHERE s.id = $2 AND NOT s.livemode)"
        "   OR n.account_id = $2)",
        recipient,
        account_id,
    )


async def _first_time(unit: Unit, carrier: str, account_id: int, ref: str, sms_id: int) -> bool:
    stored = await unit.connection.fetchval(
        "INSERT INTO inbound_refs (carrier, carrier_ref, sms_id, arrived_at) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT DO NOTHING RETURNING sms_id",
        carrier,
        storable_ref(f"{account_id}:{ref}"),
        sms_id,
        unit.wall,
    )
    return stored is not None


_KEY = "carrier = $1 AND sender = $2 AND recipient = $3 AND reference = $4 AND total = $5"
_KEY_NAMES = ("carrier", "sender", "recipient", "reference", "total")


async def _lock_key(unit: Unit, key: Sequence[Any]) -> None:
    """Two workers with the last two parts must not both believe that one is missing."""
    await unit.connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", repr(tuple(key)))


async def _collect(unit: Unit, carrier: str, report: Inbound, fragment: Fragment, account_id: int) -> str | None:
    """Keep a part; the whole text once all parts are there.

    Parts stay for a while after that, so that one told twice does not begin another message. References are few and
    come round again: a part that differs from the one in its place begins a new message, to which those before it
    belong that were told again.
    """
    key = (carrier, report.sender, report.recipient, fragment.reference, fragment.total)
    await _lock_key(unit, key)
    rows = await unit.connection.fetch(f"SELECT * FROM fragments WHERE {_KEY} ORDER BY index", *key)  # noqa: S608
    known = next((row for row in rows if row["index"] == fragment.index), None)
    if known is not None and known["data"] == fragment.data:
        again = f"UPDATE fragments SET joined = false WHERE {_KEY} AND index = $6"  # noqa: S608
        await unit.connection.execute(again, *key, fragment.index)
        return None
    if known is not None:
        await _flush(unit, account_id, key, rows)
        told = [row for row in rows if len(rows) == fragment.total and not row["joined"]]
        rows = [await _keep(unit, key, row) for row in told if row["index"] < fragment.index]
    if known is not None or not rows:
        await enqueue(
            unit, SCHEDULE, "sms.fragments", account_id, fragment.reference,
            payload=dict(zip(_KEY_NAMES, key, strict=True)), run_at=unit.wall + FRAGMENT_PATIENCE,
        )  # fmt: skip
    part = {"index": fragment.index, "encoding": fragment.encoding, "data": fragment.data}
    rows = [*rows, await _keep(unit, key, part)]
    if len(rows) < fragment.total:
        return None
    await unit.connection.execute(f"UPDATE fragments SET joined = true WHERE {_KEY}", *key)  # noqa: S608
    ordered = sorted(rows, key=lambda row: row["index"])
    # Some choose the alphabet of each part for itself; what has one alphabet may be cut inside a character.
    runs = groupby(ordered, key=lambda row: row["encoding"])
    return storable("".join(segments.join(encoding, [row["data"] for row in run]) for encoding, run in runs))


async def _keep(unit: Unit, key: Sequence[Any], part: Any) -> Any:
    return await unit.connection.fetchrow(
        "INSERT INTO fragments (carrier, sender, recipient, reference, total, index, encoding, data, arrived_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING *",
        *key,
        part["index"],
        part["encoding"],
        part["data"],
        unit.wall,
    )
