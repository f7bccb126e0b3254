"""A delivery that somebody recorded on its way is of no use to them: what receivers check with our SDK."""

from typing import Any

import pytest

from nokycnumber import SignatureVerificationError
from nokycnumber.webhooks import HEADER, TOLERANCE_SEC, construct_event
from resources.sms.desk import send
from resources.webhooks.conftest import Advance
from resources.webhooks.receiver import Receiver
from support import Client, Drain


async def test_a_recorded_delivery_is_refused_later_and_changed(
    api: Client, number: Any, endpoint: Any, receiver: Receiver, drain: Drain
) -> None:
    await send(api, number)
    await drain()
    recorded = receiver.received[0]
    header = recorded.headers[HEADER.lower()]
    at = int(header.partition("t=")[2].partition(",")[0])

    def take(body: bytes, header: str, *, after_sec: float) -> Any:
        return construct_event(body, header, endpoint["secret"], now=lambda: at + after_sec)

    assert take(recorded.body, header, after_sec=TOLERANCE_SEC).id == recorded.event["id"]
    other = recorded.body.replace(recorded.event["id"].encode(), b"evt_000000000000")
    fresh = header.replace(f"t={at}", f"t={at + 600}")
    for body, head, after_sec, reason in (
        (recorded.body, header, TOLERANCE_SEC + 1, "too_old"),
        (recorded.body, fresh, 600, "mismatch"),
        (other, header, 0, "mismatch"),
    ):
        with pytest.raises(SignatureVerificationError) as refused:
            take(body, head, after_sec=after_sec)
        assert refused.value.reason == reason


async def test_every_repetition_has_the_id_of_the_first(
    api: Client, number: Any, endpoint: Any, receiver: Receiver, drain: Drain, advance: Advance
) -> None:
    """So a receiver that keeps ids for as long as signatures are good takes each event once."""
    receiver.statuses = [500]
    await send(api, number)
    await drain()
    first = receiver.received[0]
    await advance(3_600)
    again = [each for each in receiver.received[1:] if each.event["id"] == first.event["id"]]
    assert [each.body for each in again] == [first.body]
    assert (await api.post(f"/v1/events/{first.event['id']}/resend")).status_code < 300
    await drain()
    repeated = [each for each in receiver.received if each.event["id"] == first.event["id"]]
    assert len(repeated) == 3
    assert {each.body for each in repeated} == {first.body}
    for each in repeated:
        at = int(each.headers[HEADER.lower()].partition("t=")[2].partition(",")[0])
        taken = construct_event(each.body, each.headers[HEADER.lower()], endpoint["secret"], now=lambda at=at: at)
        assert taken.id == first.event["id"]
