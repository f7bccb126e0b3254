"""Messages over HTTP carriers: requests out, callbacks to /carriers/NAME, media, one reference for all segments."""

from collections.abc import AsyncIterator, Mapping
from itertools import count
from typing import Any

import pytest
from aiohttp import web

from carriers.http.providers import Listener, PlainProvider, TwilioProvider, twilio_signature
from nokyc.carriers.http import carrier
from nokyc.carriers.http.config import MAX_TIMEOUT_SEC
from nokyc.carriers.http.protocol import Preset
from nokyc.carriers.rate import HORIZON_SEC
from nokyc.kit.clock import ManualClock
from nokyc.resources.carriers.presets import find_preset
from nokyc.store.store import Store
from nokyc.store.tasks import LEASE
from nokyc.workers import gate
from resources.sms.desk import HANDSET, Fleet, balance, inbox, message, refused, send, state
from support import Client, activate, events_of

PRICE = 0.012
AMERICAN = "+12025550123"
CALLBACKS = "http://127.0.0.1:8080/carriers/tw"
FORM = "application/x-www-form-urlencoded"


_serial = count(1)
"""No two messages of the run have the same SID."""


class Twilio(TwilioProvider):
    """A Twilio-compatible carrier whose callbacks come straight to our application."""

    ours: Client
    inbound_url = f"{CALLBACKS}/inbound"

    async def tell(self, url: str, body: bytes, headers: Mapping[str, str]) -> bool:
        answer = await self.ours.post(url, content=body, headers=dict(headers))
        self.answer = answer
        return answer.status_code == 200


@pytest.fixture
async def twilio(fleet: Fleet, anonymous: Client) -> AsyncIterator[Twilio]:
    provider = Twilio()
    provider.ours = anonymous
    provider._serial = _serial
    await provider.return_()
    await fleet.add("tw", "http", provider.config(CALLBACKS).to_json(), "33", "1")
    yield provider
    await provider.close()


def test_the_longest_submission_is_over_before_its_lease() -> None:
    """Else another worker would take the message, too, while it is being sent."""
    longest = gate.PATIENCE_SEC + carrier.MEDIA_TIMEOUT_SEC + HORIZON_SEC + MAX_TIMEOUT_SEC
    assert longest < LEASE.total_seconds() - 2


@pytest.mark.parametrize("body", ["Hello", "Ça va 👋", "long " * 100])
async def test_out_and_its_status(fleet: Fleet, twilio: Twilio, live_api: Client, live_number: Any, body: str) -> None:
    sms = await send(live_api, live_number, body=body)
    await fleet.work()
    (taken,) = twilio.taken
    assert (taken.said["From"], taken.said["To"], taken.said["Body"]) == (live_number["number"], HANDSET, body)
    shown = await message(live_api, sms)
    assert shown["status"] == "sent"
    assert {each["status"] for each in shown["segment_status"]} == {"sent"}

    assert await twilio.send_receipt(taken.reference, delivered=True)
    assert await twilio.send_receipt(taken.reference, delivered=False)
    await fleet.work()
    shown = await message(live_api, sms)
    assert shown["status"] == "delivered"
    assert [each["status"] for each in shown["segment_status"]] == ["delivered"] * sms["segments"]
    assert all(each["delivered_at"] for each in shown["segment_status"])
    assert shown["cost_usd"] == sms["cost_usd"] == pytest.approx(PRICE * sms["segments"])
    assert await events_of(live_api, sms["id"]) == ["sms.sent", "sms.delivered"]


async def test_undelivered(fleet: Fleet, twilio: Twilio, live_api: Client, live_number: Any) -> None:
    sms = await send(live_api, live_number, body="a" * 200)
    await fleet.work()
    assert await twilio.send_receipt(twilio.taken[0].reference, delivered=False)
    await fleet.work()
    shown = await message(live_api, sms)
    assert (shown["status"], shown["failure_code"]) == ("undelivered", "unreachable")
    assert [each["failure_code"] for each in shown["segment_status"]] == ["unreachable"] * 2


async def test_forged_callbacks(fleet: Fleet, twilio: Twilio, live_api: Client, live_number: Any) -> None:
    sms = await send(live_api, live_number)
    await fleet.work()
    said = {"MessageSid": twilio.taken[0].reference, "MessageStatus": "delivered"}
    url = f"{CALLBACKS}/status"
    for signature in ("", "AAAA", twilio_signature(url, said, token="another"), twilio_signature(url + "x", said)):
        headers = {"X-Twilio-Signature": signature, "Content-Type": FORM}
        answer = await twilio.ours.post(url, data=said, headers=headers)
        assert answer.status_code == 403
    changed = said | {"MessageStatus": "failed"}
    headers = {"X-Twilio-Signature": twilio_signature(url, said), "Content-Type": FORM}
    assert (await twilio.ours.post(url, data=changed, headers=headers)).status_code == 403
    nonsense = {"Hello": "there"}
    headers = {"X-Twilio-Signature": twilio_signature(url, nonsense), "Content-Type": FORM}
    assert (await twilio.ours.post(url, data=nonsense, headers=headers)).status_code == 400
    for path in ("/carriers/tw/else", "/carriers/nobody/status", "/carriers/simulated/status"):
        assert (await twilio.ours.post(path, data=said)).status_code == 404
    await fleet.work()
    assert await state(live_api, sms) == ("sent", None)


@pytest.fixture
async def album() -> AsyncIterator[Listener]:
    """Where a carrier keeps media: /file leads on to /store, /large is too much, else nothing is there."""

    async def answer(request: web.Request) -> web.Response:
        if request.path == "/file":
            assert request.headers["Authorization"].startswith("Basic ")
            return web.Response(status=307, headers={"Location": f"{listener.url}/store"})
        if request.path == "/store":
            assert "Authorization" not in request.headers, "the password is for the carrier alone"
            return web.Response(body=b"<svg/>" * 100, content_type="image/png")
        if request.path == "/large":
            return web.Response(body=bytes(5_000_001))
        return web.Response(status=404)

    listener = Listener(answer)
    await listener.listen()
    yield listener
    await listener.close()


def told(number: Any, *media: str) -> dict[str, str]:
    """What Twilio says of a message to a number."""
    said = {"MessageSid": f"SM{number['id']}", "From": HANDSET, "To": number["number"], "Body": "Salut 👋"}
    return said | {"NumMedia": str(len(media))} | {f"MediaUrl{n}": url for n, url in enumerate(media)}


async def test_in(
    fleet: Fleet, twilio: Twilio, live_api: Client, live_number: Any, album: Listener, anonymous: Client
) -> None:
    said = told(live_number, f"{album.url}/file")
    for _ in range(2):  # told twice, stored once
        assert await twilio.signed(twilio.inbound_url, said)
        assert twilio.answer.headers["Content-Type"].startswith("text/xml")
        await fleet.work()
    (sms,) = (await live_api.get("/v1/sms")).json()["data"]
    assert (sms["direction"], sms["from_e164"], sms["body"]) == ("inbound", HANDSET, "Salut 👋")
    assert await events_of(live_api, sms["id"]) == ["sms.received"]
    (url,) = sms["media_urls"]
    picture = await anonymous.get(url)
    assert (picture.status_code, picture.content) == (200, b"<svg/>" * 100)
    assert (picture.headers["content-type"], picture.headers["x-content-type-options"]) == ("image/png", "nosniff")
    for forged in (url[:-1] + "!", url.partition("?")[0], url.replace("/media/media_", "/media/media_0")):
        assert (await anonymous.get(forged)).status_code == 403


async def test_media_that_cannot_be_had_do_not_hold_a_message_back_for_ever(
    fleet: Fleet, twilio: Twilio, live_api: Client, live_number: Any, album: Listener, clock: ManualClock
) -> None:
    gone = f"{album.url}/gone"
    assert await twilio.signed(twilio.inbound_url, told(live_number, gone, f"{album.url}/file"))
    for _ in range(3):
        await fleet.work()
        assert await inbox(live_api, live_number) == []
        clock.advance(30)
    await fleet.work()
    (sms,) = (await live_api.get("/v1/sms")).json()["data"]
    assert sms["media_urls"][0] == gone
    assert sms["media_urls"][1].startswith("http://127.0.0.1:8080/media/media_")


async def test_a_carrier_that_is_removed_while_it_is_looked_up(
    fleet: Fleet, twilio: Twilio, live_number: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read before the change is not remembered after it."""

    async def slow(store: Store, name: str) -> Preset | None:
        found = await find_preset(store, name)
        if found is not None:
            await fleet.remove(name)
        return found

    monkeypatch.setattr("nokyc.resources.carriers.webhooks.find_preset", slow)
    assert await twilio.signed(twilio.inbound_url, told(live_number))
    assert not await twilio.signed(twilio.inbound_url, told(live_number))
    assert twilio.answer.status_code == 404


async def test_not_stored_is_not_acknowledged(
    store: Store, fleet: Fleet, twilio: Twilio, live_api: Client, live_number: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any) -> None:
        raise OSError("the database is away")

    assert await twilio.send_inbound(HANDSET, live_number["number"], "first")
    with monkeypatch.context() as patch:
        patch.setattr(store, "run", broken)
        assert not await twilio.send_inbound(HANDSET, live_number["number"], "keep me")
        assert twilio.answer.status_code == 503
    assert await twilio.send_inbound(HANDSET, live_number["number"], "keep me")
    await fleet.work()
    assert await inbox(live_api, live_number) == ["first", "keep me"]


async def test_refused_silent_and_away(
    fleet: Fleet, twilio: Twilio, live_api: Client, live_number: Any, clock: ManualClock
) -> None:
    before = await balance(live_api)
    await twilio.will_refuse()
    sms = await send(live_api, live_number, body="a" * 200)
    await fleet.work()
    shown = await message(live_api, sms)
    assert (shown["status"], shown["failure_code"], shown["cost_usd"]) == ("failed", "invalid_destination", 0)
    assert [each["status"] for each in shown["segment_status"]] == ["failed", "failed"]
    assert await balance(live_api) == before

    await twilio.will_stay_silent()
    sms = await send(live_api, live_number)
    await fleet.work()
    assert await state(live_api, sms) == ("queued", None)
    clock.advance(1)
    await fleet.work()
    assert await state(live_api, sms) == ("sent", None)

    twilio._let_go.set()
    await twilio.vanish()
    sms = await send(live_api, live_number)
    for _ in range(3):
        clock.advance(60)
        await fleet.work()
        assert await state(live_api, sms) == ("queued", None)
    clock.advance(86_400 + 120)
    await fleet.work()
    assert await state(live_api, sms) == ("failed", "expired")
    assert await balance(live_api) == pytest.approx(before - PRICE)


async def test_media(
    store: Store, fleet: Fleet, twilio: Twilio, live_api: Client, album: Listener, clock: ManualClock
) -> None:
    media = [f"{album.url}/store"]
    number = await activate(store, live_api, country="us")
    sms = await send(live_api, number, AMERICAN, "long " * 100, media_urls=media)
    assert (sms["segments"], sms["cost_usd"]) == (1, PRICE)
    await fleet.work()
    (taken,) = twilio.taken
    assert (taken.said["MediaUrls"], taken.said["Body"]) == (media, "long " * 100)
    assert await twilio.send_receipt(taken.reference, delivered=True)
    await fleet.work()
    assert await state(live_api, sms) == ("delivered", None)
    assert await refused(live_api, number, HANDSET, media_urls=media) == (422, "mms_unsupported")

    before = await balance(live_api)
    large = await send(live_api, number, AMERICAN, "large", media_urls=[f"{album.url}/large"])
    missing = await send(live_api, number, AMERICAN, "missing", media_urls=[f"{album.url}/missing"])
    await fleet.work()
    assert await state(live_api, large) == ("failed", "carrier_rejected")
    assert await state(live_api, missing) == ("queued", None)
    assert len(twilio.taken) == 1, "the carrier heard of neither"
    clock.advance(86_400 + 120)
    await fleet.work()
    assert await state(live_api, missing) == ("failed", "expired")
    assert await balance(live_api) == pytest.approx(before)


async def test_media_pass_by_carriers_that_take_none(
    store: Store, fleet: Fleet, twilio: Twilio, live_api: Client, album: Listener
) -> None:
    """However much better their routes are."""
    media = [f"{album.url}/store"]
    number = await activate(store, live_api, country="us")
    plain = PlainProvider()
    await plain.return_()
    try:
        await fleet.add("plain", "http", plain.config("").to_json(), "1202")
        await send(live_api, number, AMERICAN, "text")
        await send(live_api, number, AMERICAN, "picture", media_urls=media)
        await fleet.work()
        assert (plain.texts(), twilio.texts()) == (["text"], ["picture"])
        await fleet.remove("tw")
        assert await refused(live_api, number, AMERICAN, media_urls=media) == (422, "mms_unsupported")
        await send(live_api, number, AMERICAN)
    finally:
        await plain.close()
