"""What comes in is one strict JSON object of known fields, or a 4xx that says why not (decisions F3, F5, F21-F23)."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wire import JSON, Reply, exchange

from nokyc import main
from nokyc.http.request import MAX_BODY_BYTES
from nokyc.kit.jsontext import MAX_DEPTH, JsonError, canonical, parse_object
from support import Client, Customer

LIMIT = MAX_BODY_BYTES
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
names = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | names,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)
objects = st.dictionaries(names, values, max_size=4)


async def post(web: main.Web, customer: Customer, body: Any, *headers: tuple[bytes, bytes], path: str = "") -> Reply:
    content = body if isinstance(body, (bytes, list)) else json.dumps(body).encode()
    return await exchange(
        web.app, "POST", path or "/v1/sms/preview", key=customer.test_key, headers=headers or [JSON], body=content
    )


@quick
@given(value=objects)
def test_any_strict_object_is_read_as_it_is(value: dict[str, Any]) -> None:
    assert parse_object(json.dumps(value).encode()) == value
    assert parse_object(json.dumps(value, ensure_ascii=False).encode()) == value


@quick
@given(value=objects, seed=st.randoms(use_true_random=False))
def test_key_order_and_white_space_do_not_change_what_a_body_means(value: dict[str, Any], seed: Any) -> None:
    def shuffled(item: Any) -> Any:
        if isinstance(item, dict):
            pairs = [(name, shuffled(inner)) for name, inner in item.items()]
            seed.shuffle(pairs)
            return dict(pairs)
        return [shuffled(inner) for inner in item] if isinstance(item, list) else item

    again = json.dumps(shuffled(value), indent=3).encode()
    assert canonical(parse_object(again)) == canonical(value)
    assert canonical({"n": 1}) != canonical({"n": 1.0})


@quick
@given(value=objects, name=names, depth=st.integers(0, 5))
def test_a_duplicate_key_anywhere_is_refused(value: dict[str, Any], name: str, depth: int) -> None:
    inner = json.dumps({f"{name}x": value})[1:-1]
    text = "{" + f"{json.dumps(name)}: 1, {inner}, {json.dumps(name)}: 2" + "}"
    for n in range(depth):
        text = f'{{"a": [{text}]}}' if n % 2 else f'{{"b": {text}}}'
    with pytest.raises(JsonError, match="twice"):
        parse_object(text.encode())


@quick
@given(body=st.binary(max_size=80))
async def test_no_bytes_are_a_server_error(web: main.Web, customer: Customer, body: bytes) -> None:
    answer = await post(web, customer, body)

    assert (answer.status, answer.code) in {
        (400, "body_invalid"),
        (400, "parameter_missing"),
        (400, "parameter_unknown"),
    }


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b'"text"',
        b"null",
        b"{",
        b"{} {}",
        b'{"a": 1,}',
        b"{'a': 1}",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": -Infinity}',
        b'{"a": 1e999}',
        b'{"a": -1e999}',
        b'{"a": 01}',
        b'{"a": ' + b"9" * 5_000 + b"}",
        b'{"a": "\\ud800"}',
        b'{"\\udfff": 1}',
        b'{"a": ["\\u0000"]}',
        b'{"a\\u0000": 1}',
        b'{"a": "\x00"}',
        b'{"a": "\xff"}',
        b"\xef\xbb\xbf{}",
        b'{"body": "a", "body": "b"}',
        b'{"a": {"b": [{"c": 1, "c": 2}]}}',
        b'{"a": ' * 100_000,
        b'{"a": ' + b"[" * MAX_DEPTH + b"]" * MAX_DEPTH + b"}",
        b'{"a": ' + b"[" * 900 + b"]" * 900 + b"}",
        b'{"a": ' * 990 + b"1" + b"}" * 990,
    ],
    ids=lambda body: body[:24],
)
async def test_what_is_no_strict_object(web: main.Web, customer: Customer, body: bytes) -> None:
    answer = await post(web, customer, body)

    assert (answer.status, answer.code) == (400, "body_invalid")
    assert "param" not in answer.json()["error"]


async def test_nesting_is_allowed_to_its_limit(web: main.Web, customer: Customer) -> None:
    deepest = b'{"a": ' + b"[" * (MAX_DEPTH - 2) + b"1" + b"]" * (MAX_DEPTH - 2) + b"}"

    assert (await post(web, customer, deepest)).code == "parameter_missing"


PREVIEW = {"to": "+33612345678", "body": "Hello"}
FORM = b"application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        (b"application/json", PREVIEW, 200),
        (b"application/json; charset=utf-8", PREVIEW, 200),
        (b'Application/JSON;charset="UTF-8"', PREVIEW, 200),
        (b"application/json; charset=utf-8; profile=x", PREVIEW, 200),
        (b"application/json; charset=latin-1", PREVIEW, 415),
        (b"application/json; profile=x; charset=utf-16", PREVIEW, 415),
        (None, PREVIEW, 200),
        (FORM, PREVIEW, 200),  # what curl -d says: the document's own examples
        (FORM + b"; charset=utf-8", PREVIEW, 200),
        (FORM, b"to=%2B33612345678&body=Hello", 415),
        (None, b"to=%2B33612345678&body=Hello", 415),
        (FORM, b"{broken", 400),
        (b"multipart/form-data; boundary=x", b"--x", 415),
        (b"multipart/form-data; boundary=x", PREVIEW, 415),
        (b"text/plain", PREVIEW, 415),
        (b"application/xml", PREVIEW, 415),
        (b"application/jsonp", PREVIEW, 415),
        (b"text/plain", b"", 400),  # no body, so nothing that could have a wrong type: a field is missing
        (None, b"  \n", 400),
    ],
)
async def test_content_types(
    web: main.Web, customer: Customer, content_type: bytes | None, body: Any, status: int
) -> None:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = [] if content_type is None else [(b"content-type", content_type)]
    answer = await exchange(web.app, "POST", "/v1/sms/preview", key=customer.test_key, headers=headers, body=content)

    assert answer.status == status
    if status == 415:
        assert answer.code == "content_type_unsupported"


async def test_a_post_without_fields_needs_neither_body_nor_type(api: Client, number: Any) -> None:
    answer = await api.post(f"/v1/numbers/{number['id']}/renew")

    assert answer.status_code == 200


async def test_bodies_of_get_and_delete_are_ignored(api: Client) -> None:
    junk = b"{" * 2_000_000

    assert (await api.request("GET", "/v1/account", content=junk)).status_code == 200
    assert (await api.request("DELETE", "/v1/numbers/num_000000000000", content=junk)).status_code == 404


class TestSize:
    def big(self, size: int) -> bytes:
        return b'{"to":"+33612345678","body":"Hello"' + b" " * (size - 36) + b"}"

    async def test_the_limit_is_exact(self, web: main.Web, customer: Customer) -> None:
        assert (await post(web, customer, self.big(LIMIT))).status == 200
        too_large = await post(web, customer, self.big(LIMIT + 1))
        assert (too_large.status, too_large.code) == (413, "body_too_large")

    async def test_in_chunks(self, web: main.Web, customer: Customer) -> None:
        body = self.big(LIMIT)
        chunks = [body[at : at + 65_536] for at in range(0, LIMIT, 65_536)]

        assert (await post(web, customer, chunks)).status == 200
        assert (await post(web, customer, [*chunks, b" "])).status == 413

    async def test_a_declared_length_is_enough(self, web: main.Web) -> None:
        """Refused before a byte is read, and before the key is looked at."""
        headers = [JSON, (b"content-length", b"%d" % (LIMIT + 1))]
        answer = await exchange(web.app, "POST", "/v1/sms", headers=headers, body=[])

        assert (answer.status, answer.code) == (413, "body_too_large")

    async def test_a_declared_length_is_not_believed(self, web: main.Web, customer: Customer) -> None:
        assert (await post(web, customer, self.big(LIMIT + 1), JSON, (b"content-length", b"5"))).status == 413

    async def test_a_body_that_breaks_off_is_not_executed(
        self, web: main.Web, api: Client, number: Any, customer: Customer
    ) -> None:
        path = f"/v1/numbers/{number['id']}/renew"
        answer = await exchange(web.app, "POST", path, key=customer.test_key, headers=[JSON], body=[b""], cut=True)

        assert (answer.status, answer.code) == (400, "body_invalid")
        assert (await api.get(f"/v1/numbers/{number['id']}")).json()["renews_at"] == number["renews_at"]


def _sms(**more: Any) -> dict[str, Any]:
    return {"from": "num_000000000000", **PREVIEW, **more}


def _call(**more: Any) -> dict[str, Any]:
    return {"from": "num_000000000000", "to": "+33612345678", **more}


def _order(**more: Any) -> dict[str, Any]:
    return {"available_id": "navail_000000000000", "billing_period": "monthly", **more}


class TestFields:
    @pytest.mark.parametrize(
        ("path", "body", "code", "param"),
        [
            ("/v1/sms", {}, "parameter_missing", "from"),
            ("/v1/sms", {"from": None, "to": "+33612345678", "body": "x"}, "parameter_missing", "from"),
            ("/v1/sms", {"from": 5, "to": "+33612345678", "body": "x"}, "parameter_invalid", "from"),
            ("/v1/sms", {"from": "num_0", "to": "0612345678", "body": "x"}, "phone_number_invalid", "to"),
            ("/v1/sms", {"from": "num_0", "to": 33612345678, "body": "x"}, "phone_number_invalid", "to"),
            ("/v1/sms", {"to": True, "body": 7, "what": 1}, "parameter_missing", "from"),  # documentation order
            ("/v1/sms", {"from": "num_0", "to": True, "body": 7}, "phone_number_invalid", "to"),
            ("/v1/sms", {"from": "num_0", "to": "+33612345678", "bdy": "x"}, "parameter_missing", "body"),
            ("/v1/sms", {"from": "num_0", "to": "+33612345678", "body": "x", "bdy": 1}, "parameter_unknown", "bdy"),
            ("/v1/sms", _sms(media_urls="x"), "parameter_invalid", "media_urls"),
            ("/v1/sms", _sms(media_urls=["https://a", 5]), "parameter_invalid", "media_urls[1]"),
            ("/v1/sms", _sms(media_urls=["https://a"] * 6), "parameter_invalid", "media_urls"),
            ("/v1/sms", _sms(send_at="2026-04-26T10:40:00"), "parameter_invalid", "send_at"),
            ("/v1/sms", _sms(send_at=1777200000), "parameter_invalid", "send_at"),
            ("/v1/sms", _sms(metadata=[]), "parameter_invalid", "metadata"),
            ("/v1/sms", _sms(metadata={"a": {"b": {"c": {"d": {"e": {}}}}}}), "parameter_invalid", "metadata"),
            ("/v1/sms", _sms(metadata={"a": "x" * 17_000}), "parameter_invalid", "metadata"),
            ("/v1/calls", _call(connect={"type": "number", "to": "0612345678"}), "phone_number_invalid", "connect.to"),
            ("/v1/calls", _call(connect={"type": "say", "text": "x", "voice": "x"}), "voice_invalid", "connect.voice"),
            ("/v1/numbers", {"available_id": "x", "billing_period": "weekly"}, "parameter_invalid", "billing_period"),
            ("/v1/numbers", _order(addons=["ai-pickup", "ai-nothing"]), "parameter_invalid", "addons[1]"),
            ("/v1/numbers", _order(auto_renew="true"), "parameter_invalid", "auto_renew"),
            ("/v1/numbers", _order(auto_renew=1), "parameter_invalid", "auto_renew"),
            ("/v1/test/clock/advance", {"seconds": "10"}, "parameter_invalid", "seconds"),
            ("/v1/test/clock/advance", {"seconds": 10.0}, "parameter_invalid", "seconds"),
            ("/v1/test/clock/advance", {"seconds": 0}, "parameter_invalid", "seconds"),
            ("/v1/test/clock/advance", {"seconds": 10**30}, "parameter_invalid", "seconds"),
        ],
    )
    async def test_the_first_wrong_field_is_named(
        self, api: Client, path: str, body: Any, code: str, param: str
    ) -> None:
        answer = await api.post(path, json=body)

        assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)
        assert answer.json()["error"]["param"] == param

    @quick
    @given(name=names.filter(lambda name: name not in ("from", "to", "body")), value=values)
    async def test_no_unknown_field_is_dropped_silently(self, api: Client, name: str, value: Any) -> None:
        answer = await api.post("/v1/sms/preview", json=PREVIEW | {name: value})

        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "parameter_unknown")
        assert answer.json()["error"]["param"] == name

    @pytest.mark.parametrize(
        "path",
        ["/v1/sms/sms_000000000000/cancel", "/v1/calls/call_000000000000/hangup", "/v1/webhook_endpoints/x/test"],
    )
    async def test_nor_where_there_are_no_fields(self, api: Client, path: str) -> None:
        assert (await api.post(path, json={})).status_code == 404
        answer = await api.post(path, json={"reason": "x"})

        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "parameter_unknown")

    async def test_null_means_absent_when_creating(self, api: Client, number: Any) -> None:
        nothing = {"send_at": None, "media_urls": None, "metadata": None}
        sent = await api.post("/v1/sms", json={"from": number["id"], **PREVIEW, **nothing})

        assert sent.status_code == 201

    async def test_null_clears_what_can_be_empty_and_nothing_else(self, api: Client, number: Any) -> None:
        path = f"/v1/numbers/{number['id']}"
        await api.patch(path, json={"metadata": {"a": 1}})

        assert (await api.patch(path, json={})).json()["metadata"] == {"a": 1}
        assert (await api.patch(path, json={"metadata": None})).json()["metadata"] is None
        for name in ("auto_renew", "addons", "status"):
            refused = await api.patch(path, json={name: None})
            assert (refused.status_code, refused.json()["error"].get("param")) == (400, name)


class TestQuery:
    @pytest.mark.parametrize(
        ("query", "code", "param"),
        [
            ("limit=abc", "parameter_invalid", "limit"),
            ("limit=", "parameter_invalid", "limit"),
            ("limit=1e1", "parameter_invalid", "limit"),
            ("limit=5.0", "parameter_invalid", "limit"),
            ("limit=%2B5", "parameter_invalid", "limit"),
            ("limit=" + "9" * 30, "parameter_invalid", "limit"),
            ("limit=5&limit=5", "parameter_invalid", "limit"),
            ("direction=null", "parameter_invalid", "direction"),
            ("direction=sideways", "parameter_invalid", "direction"),
            ("created_after=1777200000", "parameter_invalid", "created_after"),
            ("created_after=2026-04-26T10:40:00", "parameter_invalid", "created_after"),
            ("created_after=2026-04-26", "parameter_invalid", "created_after"),
            ("created_after=0001-01-01T00:00:00%2B23:00", "parameter_invalid", "created_after"),
            ("created_before=9999-12-31T23:59:59.5Z", "parameter_invalid", "created_before"),
            ("created_after=2026-04-27T00:00:00Z&created_before=2026-04-26T00:00:00Z", "parameter_invalid", None),
            ("directoin=inbound", "parameter_unknown", "directoin"),
            ("ending_before=sms_000000000000", "parameter_unknown", "ending_before"),
            ("a%00=1", "parameter_invalid", "a\0"),
            ("number=%ff", "parameter_invalid", None),
            ("&".join(f"a{n}=1" for n in range(101)), "parameter_invalid", None),
        ],
        ids=lambda value: str(value)[:30],
    )
    async def test_what_is_refused(self, api: Client, query: str, code: str, param: str | None) -> None:
        answer = await api.get(f"/v1/sms?{query}")

        assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)
        if param is not None:
            assert answer.json()["error"]["param"] == param

    @pytest.mark.parametrize("text", ["1", "0", "True", "yes", "null", ""])
    async def test_booleans_are_true_or_false(self, api: Client, text: str) -> None:
        refused = await api.get("/v1/events", params={"delivery_success": text})

        assert (refused.status_code, refused.json()["error"]["param"]) == (400, "delivery_success")
        for right in ("true", "false"):
            assert (await api.get("/v1/events", params={"delivery_success": right})).status_code == 200

    async def test_instants_with_offset_and_fraction_are_understood(self, api: Client, number: Any) -> None:
        sent = (await api.post("/v1/sms", json={"from": number["id"], **PREVIEW})).json()
        at = sent["created_at"].replace("Z", "+00:00")

        found = await api.get("/v1/sms", params={"created_after": at})
        assert [message["id"] for message in found.json()["data"]] == [sent["id"]]
        assert (await api.get("/v1/sms", params={"created_before": at})).json()["data"] == []

    async def test_a_query_on_a_post_is_unknown_too(self, api: Client) -> None:
        answer = await api.post("/v1/sms/preview?dry=1", json=PREVIEW)

        assert (answer.status_code, answer.json()["error"]["param"]) == (400, "dry")

    @quick
    @given(query=st.text(max_size=60))
    async def test_no_query_is_a_server_error(self, web: main.Web, customer: Customer, query: str) -> None:
        raw = query.encode("utf-8", "surrogatepass")
        answer = await exchange(web.app, "GET", "/v1/sms", key=customer.test_key, query=raw)

        assert answer.status in (200, 400)
