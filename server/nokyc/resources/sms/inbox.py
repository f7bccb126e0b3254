"""Reports of carriers as rows: stored before they are acknowledged, applied at our own pace."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec

from nokyc.carriers.port import Inbound, Receipt, Report
from nokyc.carriers.simulated.carrier import NAME as SIMULATED
from nokyc.kit.jsontext import storable
from nokyc.resources.sms.media import MediaFile
from nokyc.store.store import Unit

QUEUE = "inbox"
MEDIA_QUEUE = "media"
"""Messages whose media are to be fetched from a carrier first."""
MAX_REF_CHARS = 200
"""Of a carrier's name for a message, by which it is looked up: an index takes no row of thousands."""
NOBODY = 0
"""The account of a report, until it is known whom it concerns."""


@dataclass(frozen=True, slots=True)
class Reported:
    """A report about to be stored."""

    carrier: str
    report: Report
    account_id: int = NOBODY
    """Set by the simulated carrier: whose sandbox this happens in."""
    delay_sec: float = 0.0
    sms_id: int | None = None
    """The id that an inbound message is to have, if somebody was already told."""
    request_id: str | None = None
    files: tuple[MediaFile, ...] = ()
    """Media that were fetched; the report has our addresses of them."""


async def enqueue_reports(unit: Unit, reported: Sequence[Reported]) -> None:
    """Store reports, each due after its delay."""
    if not reported:
        return
    queues = [_queue(one) for one in reported]
    await unit.connection.execute(
        "INSERT INTO tasks (account_id, id, queue, kind, subject_id, payload, run_at)"
        " SELECT a, i, q, k, i, p, r FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::jsonb[],"
        " $5::timestamptz[], $6::text[]) AS t (a, i, k, p, r, q)",
        [one.account_id for one in reported],
        [unit.ids.new() for _ in reported],
        ["receipt" if isinstance(one.report, Receipt) else "inbound" for one in reported],
        [_payload(one) for one in reported],
        [unit.wall + timedelta(seconds=one.delay_sec) for one in reported],
        queues,
    )
    for queue in set(queues):
        unit.wake(queue)


def read_report(kind: str, payload: dict[str, Any]) -> Reported:
    """The report of an inbox task."""
    shape: type[Receipt | Inbound] = Receipt if kind == "receipt" else Inbound
    report: Report = msgspec.convert(payload["report"], shape)
    return Reported(payload["carrier"], report, sms_id=payload.get("sms_id"), request_id=payload.get("request_id"))


def storable_ref(text: str) -> str:
    """A carrier's name for a message as it is stored and looked up."""
    return storable(text)[:MAX_REF_CHARS]


def _queue(one: Reported) -> str:
    """What the simulated carrier says stays in the house: nothing is fetched for it."""
    outside = isinstance(one.report, Inbound) and one.report.media_urls and one.carrier != SIMULATED
    return MEDIA_QUEUE if outside else QUEUE


def _payload(one: Reported) -> dict[str, Any]:
    report = _storable(msgspec.to_builtins(one.report, enc_hook=str))
    payload: dict[str, Any] = {"carrier": one.carrier, "report": report}
    if one.sms_id is not None:
        payload |= {"sms_id": one.sms_id, "request_id": one.request_id}
    return payload


def _storable(value: Any) -> Any:
    match value:
        case str():
            return storable(value)
        case dict():
            return {name: _storable(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_storable(inner) for inner in value]
        case _:
            return value
