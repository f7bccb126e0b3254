"""Telnyx's dialect: what we write, what its answers mean, what proves its events."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from carriers.http.providers import NOW, TELNYX_PUBLIC_KEY, telnyx_headers
from nokyc.carriers.http.config import HttpConfig
from nokyc.carriers.http.protocol import BadRequest, BadSignature, Incoming
from nokyc.carriers.http.telnyx import Telnyx
from nokyc.carriers.port import Accepted, Inbound, NotSent, Receipt, Refused, Submission, Throttled, Unknown, Verdict
from nokyc.http.outbound import Answer

CONFIG = HttpConfig("tx", "telnyx", password="KEY1", signing_key=TELNYX_PUBLIC_KEY)
SUBMISSION = Submission("sms_1", "+33644630001", "+33612345678", "Hi 🚚", "ucs2", ())


def incoming(said: Any, at: datetime = NOW) -> Incoming:
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    return Incoming("POST", "status", "https://sms.example/carriers/tx/status", telnyx_headers(body, at), body)


def event(kind: str, **payload: Any) -> Mapping[str, Any]:
    return {"data": {"event_type": kind, "occurred_at": "2026-04-26T10:40:00.000Z", "payload": payload}}


def test_an_sms_and_an_mms() -> None:
    telnyx = Telnyx(replace(CONFIG, profile="P1", callback_url="https://sms.example/carriers/tx"))
    sms = telnyx.request(SUBMISSION)
    mms = telnyx.request(replace(SUBMISSION, media_urls=("https://m.example/1",)))

    assert (sms.method, sms.url) == ("POST", "https://api.telnyx.com/v2/messages")
    assert sms.headers["Authorization"] == "Bearer KEY1"
    said = {
        "from": "+33644630001",
        "to": "+33612345678",
        "text": "Hi 🚚",
        "type": "SMS",
        "messaging_profile_id": "P1",
        "webhook_url": "https://sms.example/carriers/tx/status",
        "use_profile_webhooks": False,
    }
    assert json.loads(sms.body or b"") == said
    assert json.loads(mms.body or b"") == said | {"type": "MMS", "media_urls": ["https://m.example/1"]}


@pytest.mark.parametrize(
    ("status", "said", "verdict"),
    [
        (200, {"data": {"id": "m1"}}, Accepted("m1", "m1")),
        (400, {"errors": [{"code": "40310"}]}, Refused("invalid_destination", "HTTP 400, code 40310")),
        (422, {"errors": [{"code": 40300}]}, Refused("blocked", "HTTP 422, code 40300")),
        (422, {"errors": []}, Refused("carrier_rejected", "HTTP 422")),
        (429, {"errors": [{"code": "10011"}]}, Throttled(3.0, "HTTP 429, code 10011")),
        (403, {"errors": [{"code": "20100"}]}, NotSent("HTTP 403, code 20100")),
        (401, None, NotSent("HTTP 401")),
        (500, None, Unknown("HTTP 500")),
        (200, {"data": {"id": 7}}, Unknown("HTTP 200")),
        (422, {"errors": [{"code": "+33612345678 is\nbad"}]}, Refused("carrier_rejected", "HTTP 422, code … isbad")),
    ],
)
def test_verdicts(status: int, said: Any, verdict: Verdict) -> None:
    answer = Answer(status, json.dumps(said).encode(), {"x-ratelimit-reset": "3"}, 1)

    assert Telnyx(CONFIG).verdict(answer) == verdict


@pytest.mark.parametrize(
    ("status", "errors", "expected"),
    [
        ("delivered", [], ("delivered", None)),
        ("delivery_failed", [{"code": "40002"}], ("undelivered", "spam_filtered")),
        ("sending_failed", [{"code": "x"}], ("undelivered", "unknown")),
        ("expired", [], ("undelivered", "expired")),
        ("delivery_unconfirmed", [], None),
        ("sent", [], None),
    ],
)
def test_finalized_messages(status: str, errors: list[Any], expected: tuple[str, str | None] | None) -> None:
    said = event("message.finalized", id="m1", to=[{"status": status}], errors=errors)
    reports = Telnyx(CONFIG).reports(incoming(said), NOW)

    if expected is None:
        assert reports == []
        return
    (report,) = reports
    assert isinstance(report, Receipt)
    assert (report.carrier_ref, report.status, report.failure_code) == ("m1", *expected)
    assert report.at == datetime(2026, 4, 26, 10, 40, tzinfo=UTC)


def test_an_inbound_message_with_media_and_half_a_surrogate_pair() -> None:
    body = json.dumps(
        event(
            "message.received",
            id="in1",
            **{"from": {"phone_number": "+33612345678"}},
            to=[{"phone_number": "+33644630001"}],
            text="half \ud83d here",
            media=[{"url": "https://m.example/a"}, {"url": None}, "odd"],
        )
    )
    (report,) = Telnyx(CONFIG).reports(incoming(body.encode()), NOW)

    assert report == Inbound(
        "+33612345678",
        "+33644630001",
        "half \ufffd here",
        media_urls=("https://m.example/a",),
        carrier_ref="in1",
    )


@pytest.mark.parametrize("kind", ["message.sent", "call.initiated"])
def test_other_events_are_taken_and_say_nothing(kind: str) -> None:
    assert Telnyx(CONFIG).reports(incoming(event(kind, id="m1")), NOW) == []


@pytest.mark.parametrize("said", [b"", b"[]", {"data": {}}, {"data": {"event_type": "message.received"}}])
def test_what_is_proved_and_still_makes_no_sense(said: Any) -> None:
    with pytest.raises(BadRequest):
        Telnyx(CONFIG).reports(incoming(said), NOW)


@pytest.mark.parametrize("payload", [{}, {"id": "m1", "to": []}, {"id": "m1", "to": "x"}])
@pytest.mark.parametrize("kind", ["message.received", "message.finalized"])
def test_events_with_holes(kind: str, payload: Mapping[str, Any]) -> None:
    with pytest.raises(BadRequest):
        Telnyx(CONFIG).reports(incoming(event(kind, **payload)), NOW)


@pytest.mark.parametrize("drift_sec", [-300, 300])
def test_five_minutes_of_drift_pass(drift_sec: int) -> None:
    said = incoming(event("message.sent"), at=NOW + timedelta(seconds=drift_sec))

    assert Telnyx(CONFIG).reports(said, NOW) == []


@pytest.mark.parametrize("break_it", ["old", "new", "body", "stamp", "base64", "short", "absent"])
def test_what_does_not_prove_itself(break_it: str) -> None:
    good = incoming(event("message.sent"))
    headers = dict(good.headers)
    broken = {
        "old": incoming(event("message.sent"), at=NOW - timedelta(seconds=301)),
        "new": incoming(event("message.sent"), at=NOW + timedelta(seconds=301)),
        "body": replace(good, body=good.body + b" "),
        "stamp": replace(good, headers=headers | {"telnyx-timestamp": "١"}),
        "base64": replace(good, headers=headers | {"telnyx-signature-ed25519": "é*"}),
        "short": replace(good, headers=headers | {"telnyx-signature-ed25519": "aGVsbG8="}),
        "absent": replace(good, headers={}),
    }[break_it]

    with pytest.raises(BadSignature):
        Telnyx(CONFIG).reports(broken, NOW)


def test_without_a_public_key_nothing_is_believed() -> None:
    with pytest.raises(BadSignature):
        Telnyx(replace(CONFIG, signing_key="")).reports(incoming(event("message.sent")), NOW)


@pytest.mark.parametrize("config", [{"password": ""}, {"signing_key": "short"}, {"signing_key": "****"}])
def test_the_configuration_lacks_something(config: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"API key|signing_key"):
        Telnyx(replace(CONFIG, **config))  # type: ignore[arg-type]
