"""One scenario against a real server in test mode, webhooks included.

    NOKYC_API_KEY=sk_test_… NOKYC_BASE_URL=http://127.0.0.1:8080 python sdks/python/end_to_end.py

The server must be allowed to deliver to this machine (NOKYC_WEBHOOK_ALLOW_PRIVATE=1); NOKYC_LOSSY_URL is the same
server behind a proxy that loses the first answer to every POST (tests/sdks/lossy.py). Silent if all is well.
"""

from __future__ import annotations

import asyncio
import os
import threading
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue
from uuid import uuid4

from nokycnumber import (
    AsyncNoKYCNumber,
    AuthenticationError,
    IdempotencyError,
    InvalidRequestError,
    NoKYCNumber,
    NotFoundError,
    SignatureVerificationError,
    Timing,
    construct_event,
)
from nokycnumber.events import SmsReceivedEvent, WebhookEndpointTestEvent
from nokycnumber.models import Endpoint, Number

PATIENCE_SEC = 30
OUTSIDE = "+33612345678"
Delivery = "tuple[bytes, str | None]"


def main() -> None:
    deliveries: Queue[Delivery] = Queue()
    receiver = HTTPServer(("127.0.0.1", 0), handler(deliveries))
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    with NoKYCNumber() as client:
        endpoint = client.webhook_endpoints.create(
            url=f"http://127.0.0.1:{receiver.server_port}/hooks",
            enabled_events=["sms.received", "webhook_endpoint.test"],
        )
        number = lease(client)
        change(client, number)
        send(client, number)
        receive(client, number, endpoint, deliveries)
        list_all(client, number)
        lose(client, number)
        refuse(client)
        account(client)
        client.webhook_endpoints.delete(endpoint.id)
        client.numbers.delete(number.id)
    asyncio.run(list_with_the_other_client(number))
    receiver.shutdown()


def lease(client: NoKYCNumber) -> Number:
    found = client.numbers.available(country="fr", type="mobile", limit=5)
    offer = found.data[0]
    assert offer.prices.monthly > 0
    assert offer.expires_at > datetime.now(timezone.utc)
    number = client.numbers.create(
        available_id=offer.id, billing_period="monthly", metadata={"order": 1042, "weights": [1.5]}
    )
    assert (number.number, number.status, number.metadata) == (
        offer.number, "active", {"order": 1042, "weights": [1.5]},
    )  # fmt: skip
    return number


def change(client: NoKYCNumber, number: Number) -> None:
    """What is left out stays, what is None is cleared."""
    changed = client.numbers.update(number.id, auto_renew=not number.auto_renew, webhook_url="https://example.com/")
    assert changed.webhook_url == "https://example.com/"
    assert changed.auto_renew is not number.auto_renew
    changed = client.numbers.update(number.id, webhook_url=None)
    assert changed.webhook_url is None
    assert changed.metadata == number.metadata


def send(client: NoKYCNumber, number: Number) -> None:
    preview = client.sms.preview(from_=number.id, to=OUTSIDE, body="Ça va ? 😀")
    assert (preview.encoding, len(preview.segments), preview.verdict.ok) == ("ucs2", 1, True)
    key = str(uuid4())
    first = client.sms.create(from_=number.id, to=OUTSIDE, body="Hello", idempotency_key=key)
    again = client.sms.create(from_=number.id, to=OUTSIDE, body="Hello", idempotency_key=key)
    assert first.id == again.id
    assert first.from_ == number.id
    assert isinstance(first.cost_usd, Decimal)
    assert first.last_response is not None
    assert first.last_response.status == 201
    try:
        client.sms.create(from_=number.id, to=OUTSIDE, body="Another text", idempotency_key=key)
        raise AssertionError("the key was used with another body")
    except IdempotencyError as error:
        assert error.code == "idempotency_key_mismatch"
    later = client.sms.create(
        from_=number.id, to=OUTSIDE, body="Later", send_at=datetime.now(timezone.utc) + timedelta(hours=1)
    )
    assert client.sms.cancel(later.id).status == "failed"
    assert client.sms.timeline(first.id).steps[0].type == "request"


def receive(client: NoKYCNumber, number: Number, endpoint: Endpoint, deliveries: Queue[Delivery]) -> None:
    """What the server really sent verifies, before and while the secret is rotated, and with no other secret."""
    assert isinstance(endpoint["secret"], str)
    came = client.test.sms.create(from_=OUTSIDE, to=number.id, body="Ça va 😀")
    payload, header = deliveries.get(timeout=PATIENCE_SEC)
    event = construct_event(payload, header, endpoint["secret"])
    assert isinstance(event, SmsReceivedEvent)
    assert (event.data.object.id, event.data.object.body, event.livemode) == (came.id, "Ça va 😀", False)
    rotated = client.webhook_endpoints.rotate_secret(endpoint.id, expires_in=3600)
    client.webhook_endpoints.test(endpoint.id)
    payload, header = deliveries.get(timeout=PATIENCE_SEC)
    for secret in (endpoint["secret"], rotated["secret"]):
        assert isinstance(construct_event(payload, header, secret), WebhookEndpointTestEvent)
    try:
        construct_event(payload, header, "whsec_bm90IHRoZSBzZWNyZXQ=")
        raise AssertionError("a foreign secret fits")
    except SignatureVerificationError as error:
        assert error.reason == "mismatch"
    assert {delivery.status for delivery in client.webhook_endpoints.deliveries(endpoint.id)} <= {
        "succeeded",
        "pending",
    }


def list_all(client: NoKYCNumber, number: Number) -> None:
    for turn in range(3):
        client.sms.create(from_=number.id, to=OUTSIDE, body=f"Number {turn}")
    messages = list(client.sms.list(number=number.id, limit=2))
    assert len({sms.id for sms in messages}) == len(messages) == 6
    times = [sms.created_at for sms in messages]
    assert times == sorted(times, reverse=True)
    assert [sms.direction for sms in client.sms.list(direction="inbound")] == ["inbound"]


def lose(client: NoKYCNumber, number: Number) -> None:
    """An answer that is lost after the server did its work: the repetition has the same key, and nothing is doubled."""
    before = client.account.get().balance_usd
    slept: list[float] = []
    with NoKYCNumber(base_url=os.environ["NOKYC_LOSSY_URL"], timing=Timing(sleep=slept.append)) as unlucky:
        sms = unlucky.sms.create(from_=number.id, to=OUTSIDE, body="Only once")
    assert len(slept) == 1
    assert sms.cost_usd is not None
    assert client.account.get().balance_usd == before - sms.cost_usd
    assert [each.id for each in client.sms.list(number=number.id) if each.body == "Only once"] == [sms.id]


async def list_with_the_other_client(number: Number) -> None:
    async with AsyncNoKYCNumber() as client:
        found = [sms.id async for sms in client.sms.list(number=number.id, limit=4)]
        one, other = await asyncio.gather(client.sms.get(found[0]), client.sms.get(found[1]))
    assert [one.id, other.id] == found[:2]
    assert one.segment_status[0].index == 1


def refuse(client: NoKYCNumber) -> None:
    stranger = NoKYCNumber("sk_test_unknown", base_url=client.base_url)
    for call, kind in (
        (lambda: client.sms.get("sms_000000000000"), NotFoundError),
        (lambda: client.sms.create(from_="num_000000000000", to="nobody", body=""), InvalidRequestError),
        (stranger.account.get, AuthenticationError),
    ):
        try:
            call()
            raise AssertionError(f"no {kind.__name__}")
        except kind as error:
            assert error.request_id is not None
            assert error.request_id in str(error)


def account(client: NoKYCNumber) -> None:
    mine = client.account.get()
    assert Decimal(0) < mine.balance_usd < Decimal(100)
    usage = client.account.usage(period="last_30d")
    assert usage.total_cost_usd == sum((day.cost_usd for day in usage.daily), Decimal(0))
    clock = client.test.clock.advance(seconds=60)
    assert clock.advanced_seconds == 60


def handler(deliveries: Queue[Delivery]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            deliveries.put((body, self.headers["X-NoKYC-Signature"]))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    return Handler


if __name__ == "__main__":
    main()
