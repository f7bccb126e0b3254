"""Twilio's dialect: what we write, what its answers mean, what proves its callbacks."""

from dataclasses import replace
from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carriers.http.providers import NOW, TWILIO_ACCOUNT, TWILIO_TOKEN, twilio_signature
from nokyc.carriers.http.config import HttpConfig
from nokyc.carriers.http.protocol import BadRequest, BadSignature, Incoming, PathKind
from nokyc.carriers.http.twilio import Twilio
from nokyc.carriers.port import Accepted, Inbound, NotSent, Receipt, Refused, Submission, Throttled, Unknown, Verdict
from nokyc.http.outbound import Answer

CONFIG = HttpConfig(
    "tw", "twilio", account=TWILIO_ACCOUNT, password=TWILIO_TOKEN, callback_url="https://sms.example/carriers/tw/"
)
SUBMISSION = Submission("sms_1", "+33644630001", "+33612345678", "Où ?", "gsm7", (), validity_sec=86_400)


def incoming(said: dict[str, str], kind: PathKind = "status", url: str = "", token: str = TWILIO_TOKEN) -> Incoming:
    signed = f"https://sms.example/carriers/tw/{kind}"
    headers = {"x-twilio-signature": twilio_signature(signed, said, token)}
    return Incoming("POST", kind, url or signed, headers, urlencode(said).encode())


def test_the_request_is_a_form_with_media_and_a_bounded_validity() -> None:
    submission = replace(SUBMISSION, media_urls=("https://m.example/1", "https://m.example/2"))
    request = Twilio(replace(CONFIG, profile="MG1")).request(submission)

    assert request.url == f"https://api.twilio.com/2010-04-01/Accounts/{TWILIO_ACCOUNT}/Messages.json"
    assert parse_qs((request.body or b"").decode()) == {
        "To": ["+33612345678"],
        "From": ["+33644630001"],
        "Body": ["Où ?"],
        "MediaUrl": ["https://m.example/1", "https://m.example/2"],
        "ValidityPeriod": ["36000"],
        "MessagingServiceSid": ["MG1"],
        "StatusCallback": ["https://sms.example/carriers/tw/status"],
    }


def test_an_api_key_signs_in_and_the_auth_token_proves() -> None:
    twilio = Twilio(replace(CONFIG, username="SK1", password="key-secret", signing_key=TWILIO_TOKEN))

    assert twilio.request(SUBMISSION).headers["Authorization"] == "Basic U0sxOmtleS1zZWNyZXQ="
    assert twilio.reports(incoming({"MessageSid": "SM1", "MessageStatus": "sent"}), NOW) == []


def answer(status: int, body: bytes, **headers: str) -> Answer:
    return Answer(status, body, {name.replace("_", "-"): value for name, value in headers.items()}, 1)


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        (answer(201, b'{"sid":"SM1"}'), Accepted("SM1", "SM1")),
        (
            answer(400, b'{"code":21211,"message":"+33612345678"}'),
            Refused("invalid_destination", "HTTP 400, code 21211"),
        ),
        (answer(400, b'{"code":21610}'), Refused("blocked", "HTTP 400, code 21610")),
        (answer(400, b'{"code":99999}'), Refused("carrier_rejected", "HTTP 400, code 99999")),
        (answer(400, b"not json"), Refused("carrier_rejected", "HTTP 400")),
        (answer(400, b'{"code":21611}'), Throttled(1.0, "HTTP 400, code 21611")),
        (answer(429, b'{"code":20429}', retry_after="7"), Throttled(7.0, "HTTP 429, code 20429")),
        (answer(429, b"", retry_after="nan"), Throttled(0.01, "HTTP 429")),
        (answer(429, b"", retry_after="1e9"), Throttled(3600.0, "HTTP 429")),
        (
            answer(503, b"", retry_after="Sun, 26 Apr 2026 10:40:30 GMT", date="Sun, 26 Apr 2026 10:40:00 GMT"),
            Throttled(30.0, "HTTP 503"),
        ),
        (answer(503, b""), Throttled(5.0, "HTTP 503")),
        (answer(408, b""), Throttled(1.0, "HTTP 408")),
        (
            answer(429, b"", x_ratelimit_reset="1777200009", date="Sun, 26 Apr 2026 10:40:00 GMT"),
            Throttled(9.0, "HTTP 429"),
        ),
        (answer(429, b"", x_ratelimit_reset="1777200009"), Throttled(1.0, "HTTP 429")),
        (answer(429, b"", x_ratelimit_reset="9"), Throttled(9.0, "HTTP 429")),
        (answer(401, b'{"code":20003}'), NotSent("HTTP 401, code 20003")),
        (answer(404, b""), NotSent("HTTP 404")),
        (answer(302, b""), NotSent("HTTP 302")),
        (answer(500, b""), Unknown("HTTP 500")),
        (answer(502, b'{"code":{}}'), Unknown("HTTP 502")),
        (answer(200, b"[]"), Unknown("HTTP 200")),
        (answer(201, b'{"sid":null}'), Unknown("HTTP 201")),
    ],
)
def test_verdicts(given: Answer, verdict: Verdict) -> None:
    assert Twilio(CONFIG).verdict(given) == verdict


@given(st.integers(100, 599), st.binary(max_size=50))
def test_any_answer_has_a_verdict(status: int, body: bytes) -> None:
    assert Twilio(CONFIG).verdict(answer(status, body))


@pytest.mark.parametrize(
    ("said", "reports"),
    [
        ({"MessageStatus": "delivered"}, [Receipt("SM1", "delivered", raw="delivered")]),
        (
            {"MessageStatus": "undelivered", "ErrorCode": "30007"},
            [Receipt("SM1", "undelivered", "spam_filtered", "undelivered 30007")],
        ),
        ({"MessageStatus": "failed", "ErrorCode": "1"}, [Receipt("SM1", "undelivered", "unknown", "failed 1")]),
        ({"MessageStatus": "failed"}, [Receipt("SM1", "undelivered", "unknown", "failed")]),
        (
            {"MessageStatus": "failed", "ErrorCode": "20429"},
            [Receipt("SM1", "undelivered", "carrier_rejected", "failed 20429")],
        ),
        ({"MessageStatus": "sent"}, []),
        ({"SmsStatus": "queued"}, []),
    ],
)
def test_status_callbacks(said: dict[str, str], reports: list[Receipt]) -> None:
    assert Twilio(CONFIG).reports(incoming({"MessageSid": "SM1"} | said), NOW) == reports


def test_an_inbound_message_with_media() -> None:
    said = {"MessageSid": "MM1", "From": "+33612345678", "To": "+33644630001", "Body": "a\0 é 🚚", "NumMedia": "2"}
    said |= {"MediaUrl0": "https://api.twilio.com/a", "MediaUrl1": "https://api.twilio.com/b"}
    twilio = Twilio(CONFIG)

    (report,) = twilio.reports(incoming(said, "inbound"), NOW)

    assert report == Inbound(
        "+33612345678",
        "+33644630001",
        "a\ufffd é 🚚",
        media_urls=("https://api.twilio.com/a", "https://api.twilio.com/b"),
        carrier_ref="MM1",
    )
    assert twilio.media_headers("https://api.twilio.com/a")
    assert not twilio.media_headers("https://evil.example/a")
    assert twilio.acknowledgement() == ("text/xml", "<Response/>")


def test_a_published_signature_example() -> None:
    """Twilio's own example of a signed request, as found in the tests of its helpers."""
    said = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+12349013030",
        "Digits": "1234",
        "From": "+12349013030",
        "To": "+18005551212",
    }
    assert (
        twilio_signature("https://mycompany.com/myapp.php?foo=1&bar=2", said, "12345") == "0/KCTR6DLpKmkAf8muzZqo1nDgQ="
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://sms.example/carriers/tw/status",
        "https://sms.example:443/carriers/tw/status",
        "http://10.0.0.7:8080/carriers/tw/status",
    ],
)
def test_a_proxy_before_us_does_not_break_the_proof(url: str) -> None:
    """Twilio signed what we told it to call, not what our proxy made of it."""
    said = {"MessageSid": "SM1", "MessageStatus": "delivered"}

    assert Twilio(CONFIG).reports(incoming(said, url=url), NOW)


def test_a_get_callback_is_proved_by_its_url() -> None:
    url = "https://sms.example/carriers/tw/inbound?MessageSid=SM1&From=%2B33612345678&To=%2B33644630001&Body=hi"
    signed = {"x-twilio-signature": twilio_signature(url, {})}

    (report,) = Twilio(CONFIG).reports(Incoming("GET", "inbound", url, signed, b""), NOW)

    assert isinstance(report, Inbound)
    assert report.text == "hi"


@pytest.mark.parametrize("break_it", ["token", "body", "none", "path", "ascii"])
def test_what_does_not_prove_itself(break_it: str) -> None:
    said = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    report = incoming(said)
    broken = {
        "token": incoming(said, token="other"),
        "body": replace(report, body=report.body + b"&x=1"),
        "none": replace(report, headers={}),
        "path": replace(report, path_kind="inbound", url="https://sms.example/carriers/tw/inbound"),
        "ascii": replace(report, headers={"x-twilio-signature": "é"}),
    }[break_it]

    with pytest.raises(BadSignature):
        Twilio(CONFIG).reports(broken, NOW)


@pytest.mark.parametrize(
    ("said", "kind"),
    [({}, "status"), ({"MessageSid": "SM1"}, "status"), ({"MessageSid": "SM1", "From": "+1", "To": ""}, "inbound")],
)
def test_what_is_proved_and_still_makes_no_sense(said: dict[str, str], kind: PathKind) -> None:
    with pytest.raises(BadRequest):
        Twilio(CONFIG).reports(incoming(said, kind), NOW)


@pytest.mark.parametrize("body", [b"Body=%ff", b"&".join(b"a=1" for _ in range(300)), b"a" * 300_000])
def test_forms_that_nobody_should_send(body: bytes) -> None:
    with pytest.raises(BadRequest):
        Twilio(CONFIG).reports(replace(incoming({}), body=body), NOW)


def test_the_configuration_lacks_something() -> None:
    with pytest.raises(ValueError, match="account"):
        Twilio(HttpConfig("tw", "twilio"))
