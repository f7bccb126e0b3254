"""The generic preset: a carrier described by a template."""

import hmac
import json
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from carriers.http.providers import NOW
from nokyc.carriers.http.config import HttpConfig, Template
from nokyc.carriers.http.generic import Generic
from nokyc.carriers.http.protocol import BadRequest, BadSignature, Incoming, PathKind
from nokyc.carriers.port import Accepted, Inbound, Receipt, Refused, Submission, Throttled, Unknown, Verdict
from nokyc.http.outbound import Answer

SUBMISSION = Submission(
    "sms_1", "+33644630001", "+33612345678", 'Say "hi" & {to}', "gsm7", (), media_urls=("https://m/1", "https://m/2")
)


def generic(**template: Any) -> Generic:
    template = {"url": "https://gw.example/send", "media": True} | template
    return Generic(HttpConfig("g", "generic", password="p&w", signing_key="k", template=Template(**template)))


def incoming(said: Any, kind: PathKind = "status", query: str = "?token=k", **headers: str) -> Incoming:
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    return Incoming("POST", kind, f"https://sms.example/carriers/g/{kind}{query}", headers, body)


def test_a_json_template_keeps_types_and_is_not_filled_twice() -> None:
    request = generic(
        headers={"Authorization": "Bearer {password}"},
        json={
            "t": "{text}",
            "m": "{media_urls}",
            "v": "{validity_sec}",
            "n": 1,
            "l": ["{to} from {from}"],
            "b": "{ } {}",
        },
    ).request(SUBMISSION)

    assert json.loads(request.body or b"") == {
        "t": 'Say "hi" & {to}',
        "m": ["https://m/1", "https://m/2"],
        "v": 86_400,
        "n": 1,
        "l": ["+33612345678 from +33644630001"],
        "b": "{ } {}",
    }
    assert request.headers == {"Authorization": "Bearer p&w", "Content-Type": "application/json"}


def test_a_gateway_that_wants_everything_in_the_query() -> None:
    request = generic(
        method="GET",
        url="https://gw.example/send?u={password}",
        form={"to": "{to_digits}", "text": "{text}", "m": "{media_urls}"},
    ).request(SUBMISSION)

    assert request.method == "GET"
    assert request.body is None
    assert request.url == (
        "https://gw.example/send?u=p%26w&to=33612345678&text=Say+%22hi%22+%26+%7Bto%7D&m=https%3A%2F%2Fm%2F1&m=https%3A%2F%2Fm%2F2"
    )


def test_a_form() -> None:
    request = generic(form={"to": "{to}", "fixed": "1"}).request(SUBMISSION)

    assert (request.body, request.headers) == (
        b"to=%2B33612345678&fixed=1",
        {"Content-Type": "application/x-www-form-urlencoded"},
    )


@pytest.mark.parametrize(
    ("template", "status", "body", "verdict"),
    [
        ({}, 200, b'{"id":17}', Accepted("17", "17")),
        ({"id_path": "messages.0.id"}, 202, b'{"messages":[{"id":"a"}]}', Accepted("a", "a")),
        ({"id_pattern": r"^OK: (\S+)"}, 200, b"OK: abc-1\r\n", Accepted("abc-1", "abc-1")),
        ({"id_pattern": r"^OK: (\S+)"}, 200, b"ERR 5", Unknown("HTTP 200 without an id")),
        ({}, 200, b'{"id":true}', Unknown("HTTP 200 without an id")),
        ({"errors": {"5": "blocked"}}, 200, b'{"code":5}', Refused("blocked", "HTTP 200, code 5")),
        ({"errors": {"5": "throttled"}}, 200, b'{"code":5}', Throttled(1.0, "HTTP 200, code 5")),
        ({}, 422, b'{"code":"x"}', Refused("carrier_rejected", "HTTP 422, code x")),
        ({}, 503, b"", Throttled(5.0, "HTTP 503")),
    ],
)
def test_verdicts(template: dict[str, Any], status: int, body: bytes, verdict: Verdict) -> None:
    assert generic(**template).verdict(Answer(status, body, {}, 1)) == verdict


@pytest.mark.parametrize(
    ("said", "report"),
    [
        ({"id": 7, "status": "DELIVRD"}, Receipt("7", "delivered", raw="DELIVRD")),
        ({"id": "7", "status": "failed", "error": 12}, Receipt("7", "undelivered", "unreachable", "failed 12")),
        ({"id": "7", "status": "EXPIRED"}, Receipt("7", "undelivered", "expired", "EXPIRED")),
        ({"id": "7", "status": "buffered"}, None),
        (b"id=7&status=delivered", Receipt("7", "delivered", raw="delivered")),
    ],
)
def test_receipts(said: Any, report: Receipt | None) -> None:
    preset = generic(errors={"12": "unreachable", "EXPIRED": "expired"})

    assert preset.reports(incoming(said), NOW) == ([report] if report else [])


def test_a_list_of_reports_and_a_report_in_the_query() -> None:
    several = {
        "results": [{"id": 1, "status": "delivered"}, {"id": 2, "status": "sent"}, {"id": 3, "status": "failed"}]
    }
    in_query = replace(incoming(b"", query="?token=k&id=9&status=delivered"), method="GET")

    assert [
        report.carrier_ref
        for report in generic(list_path="results").reports(incoming(several), NOW)
        if isinstance(report, Receipt)
    ] == ["1", "3"]
    assert generic().reports(in_query, NOW) == [Receipt("9", "delivered", raw="delivered")]


@pytest.mark.parametrize(
    ("sender", "normal"),
    [
        ("33612345678", "+33612345678"), (33612345678, "+33612345678"), ("0033612345678", "+33612345678"),
        ("0612345678", "0612345678"), ("36111", "36111"), ("Acme", "Acme"),
    ],
)  # fmt: skip
def test_inbound(sender: str | int, normal: str) -> None:
    said = {"id": "m", "from": sender, "to": "33644630001", "text": "hé", "media_urls": ["https://m/1"]}

    (report,) = generic().reports(incoming(said, "inbound"), NOW)

    assert report == Inbound(normal, "+33644630001", "hé", media_urls=("https://m/1",), carrier_ref="m")


@pytest.mark.parametrize(
    ("said", "kind"),
    [({}, "status"), ({"id": 1}, "status"), ([1], "status"), ({"from": "1"}, "inbound"), ([{}] * 1001, "status")],
)
def test_reports_with_holes(said: Any, kind: PathKind) -> None:
    with pytest.raises(BadRequest):
        generic().reports(incoming(said, kind), NOW)


def test_each_kind_of_proof() -> None:
    said = {"id": 7, "status": "sent"}
    digest = hmac.new(b"k", json.dumps(said).encode(), sha256)
    signed = generic(proof="hmac_sha256", proof_name="X-Sig")

    assert generic().reports(incoming(said), NOW) == []
    assert generic(proof_name="Authorization").reports(incoming(said, query="", authorization="Bearer k"), NOW) == []
    assert generic(proof="none").reports(incoming(said, query=""), NOW) == []
    for proof in (digest.hexdigest(), digest.hexdigest().upper(), b64encode(digest.digest()).decode()):
        assert signed.reports(incoming(said, query="", **{"x-sig": proof}), NOW) == []


@pytest.mark.parametrize("template", [{}, {"proof": "hmac_sha256", "proof_name": "X-Sig"}])
@pytest.mark.parametrize("given", ["", "wrong", "é"])
def test_what_does_not_prove_itself(template: dict[str, Any], given: str) -> None:
    with pytest.raises(BadSignature):
        generic(**template).reports(incoming({}, query="?token=x", **{"x-sig": given, "token": given}), NOW)


@pytest.mark.parametrize(
    "template",
    [
        {"url": "https://gw.example/{nope}"},
        {"json": {"a": ["{nope}"]}},
        {"url": "not a url"},
        {"id_pattern": "no group"},
        {"id_pattern": "("},
        {"proof": "hmac_sha256", "proof_name": ""},
    ],
)
def test_templates_that_cannot_work_are_refused_at_once(template: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        generic(**template)


def test_no_key_and_no_word_about_it() -> None:
    with pytest.raises(ValueError, match="signing_key"):
        Generic(HttpConfig("g", "generic", template=Template(url="https://gw.example/")))


def test_the_probe_shows_presence_or_with_an_address_of_its_own_that_we_are_known() -> None:
    present, known = generic(), generic(probe_url="https://gw.example/me", headers={"K": "{password}"})

    assert (present.probe().method, present.probe().url) == ("HEAD", "https://gw.example/")
    assert (known.probe().url, known.probe().headers) == ("https://gw.example/me", {"K": "p&w"})
    assert present.knows_us(Answer(404, b"", {}, 1))
    assert not known.knows_us(Answer(401, b"", {}, 1))
