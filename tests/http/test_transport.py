"""What every answer has, whatever the endpoint: scheme, request id, encoding, caching, errors in two forms."""

import asyncio
import gzip
import json
import re
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import uvicorn
from wire import JSON, Reply, exchange

from nokyc import main
from nokyc.settings import Settings
from nokyc.store.store import Store
from support import Client, Customer, activate

REQUEST_ID = re.compile(r"req_[0-9a-f]{16}")
FAR = "203.0.113.9"
PROXY = "10.0.0.7"


@pytest.fixture
def proxied(store: Store, settings: Settings) -> main.Web:
    """An api process behind a proxy that it trusts."""
    return main.build_web(store, replace(settings, trusted_proxies=frozenset({PROXY, "127.0.0.1"})))


async def test_plain_http_is_answered_with_301_and_not_executed(
    web: main.Web, live_api: Client, customer: Customer, store: Store
) -> None:
    number = await activate(store, live_api)
    body = json.dumps({"from": number["id"], "to": "+33612345678", "body": "Hello"}).encode()

    moved = await exchange(
        web.app, "POST", "/v1/sms", key=customer.live_key, headers=[JSON], body=body, client=FAR, query=b"a=1&b=%20"
    )

    assert (moved.status, moved.code) == (301, "https_required")
    assert moved.headers["location"] == "https://api.example.com/v1/sms?a=1&b=%20"
    assert moved.json()["error"]["type"] == "invalid_request_error"
    assert moved.headers["request-id"] == moved.json()["error"]["request_id"]
    assert (await live_api.get("/v1/sms")).json()["data"] == []


async def test_the_location_cannot_be_made_to_carry_another_header(web: main.Web) -> None:
    moved = await exchange(web.app, "GET", "/v1/é\r\nSet-Cookie: a=b", client=FAR)

    assert moved.status == 301
    assert moved.headers["location"] == "https://api.example.com/v1/%C3%A9%0D%0ASet-Cookie:%20a=b"
    assert "set-cookie" not in moved.headers


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/panel"),
        ("POST", "/panel/sign-in"),
        ("GET", "/panel/sign-in/a-link"),
        ("GET", "/files/rec/abc.mp3"),
        ("GET", "/media/abc"),
        ("POST", "/carriers/northwind/status"),
        ("GET", "/nowhere"),
    ],
)
async def test_pages_files_and_callbacks_need_https_as_the_api_does(web: main.Web, method: str, path: str) -> None:
    moved = await exchange(web.app, method, path, body=b"name=a&password=b", client=FAR)
    assert (moved.status, moved.code) == (301, "https_required")
    assert moved.headers["location"] == f"https://api.example.com{path}"
    assert moved.headers["request-id"] == moved.json()["error"]["request_id"]
    assert (await exchange(web.app, method, path, client=FAR, scheme="https")).status != 301


async def test_probes_are_answered_over_plain_http(web: main.Web) -> None:
    asked = [(await exchange(web.app, "GET", path, client=FAR)).status for path in ("/healthz", "/readyz", "/metrics")]
    assert asked == [200, 200, 403]


async def test_probes_say_when_the_database_is_away(settings: Settings, postgres_dsn: str) -> None:
    store = await main.open_store(settings, postgres_dsn)
    app = main.build_web(store, settings).app
    await store.close()
    probes = ("/healthz", "/readyz", "/metrics")
    assert [(await exchange(app, "GET", path, client="127.0.0.1")).status for path in probes] == [200, 503, 503]


@pytest.mark.parametrize(
    ("client", "scheme", "forwarded", "status"),
    [
        (FAR, "https", None, 200),
        (FAR, "http", None, 301),
        (FAR, "http", b"https", 301),  # anybody can write that
        (FAR, "https", b"http", 200),
        (None, "http", None, 301),
        ("127.0.0.1", "http", None, 200),
        ("::1", "http", None, 200),
        ("::ffff:127.0.0.1", "http", None, 200),
    ],
)
async def test_only_https_and_loopback_pass(
    web: main.Web, customer: Customer, client: str | None, scheme: str, forwarded: bytes | None, status: int
) -> None:
    assert await _status(web, customer, client, scheme, forwarded) == status


@pytest.mark.parametrize(
    ("client", "forwarded", "status"),
    [
        (PROXY, b"https", 200),
        (PROXY, b"HTTPS", 200),
        (PROXY, b"http", 301),
        (PROXY, b"https, http", 301),  # the last hop came over plain HTTP
        (PROXY, None, 301),
        (FAR, b"https", 301),
        ("127.0.0.1", None, 301),  # a trusted proxy on this machine has to say so
    ],
)
async def test_a_trusted_proxy_tells_the_scheme(
    proxied: main.Web, customer: Customer, client: str, forwarded: bytes | None, status: int
) -> None:
    assert await _status(proxied, customer, client, "http", forwarded) == status


async def test_the_loopback_exemption_can_be_turned_off(store: Store, settings: Settings, customer: Customer) -> None:
    web = main.build_web(store, replace(settings, loopback_http=False))

    assert await _status(web, customer, "127.0.0.1", "http", None) == 301
    assert await _status(web, customer, "127.0.0.1", "https", None) == 200


async def test_every_answer_has_a_request_id_of_its_own(web: main.Web, api: Client, customer: Customer) -> None:
    endpoint = await api.post("/v1/webhook_endpoints", json={"url": "https://93.184.216.34/", "enabled_events": ["*"]})
    answers = [
        endpoint,
        await api.get("/v1/account"),
        await api.delete(f"/v1/webhook_endpoints/{endpoint.json()['id']}"),
        await api.get("/v1/nowhere"),
        await api.get("/nowhere"),
        await api.put("/v1/account"),
        await api.get("/v1/account", headers={"Authorization": "Bearer sk_live_unknown"}),
        await api.get("/healthz"),
        await api.get("/openapi.json"),
    ]
    ids = [answer.headers["request-id"] for answer in answers]
    ids.append((await exchange(web.app, "GET", "/v1/account", client=FAR)).headers["request-id"])

    assert [answer.status_code for answer in answers] == [201, 200, 204, 404, 404, 405, 401, 200, 200]
    assert all(REQUEST_ID.fullmatch(request_id) for request_id in ids)
    assert len(set(ids)) == len(ids)
    assert all(a.headers.get_list("request-id") == [a.headers["request-id"]] for a in answers)


async def test_a_path_outside_the_api_gets_the_envelope(anonymous: Client) -> None:
    answer = await anonymous.get("/numbers")

    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "route_not_found")
    assert answer.json()["error"]["request_id"] == answer.headers["request-id"]


@pytest.mark.parametrize("path", ["/v1/numbers/{}/ai%0A", "/v1/numbers/{}/ai/", "/v1/numbers//{}", "/v1/account%0A"])
async def test_a_path_is_a_route_only_to_its_end(api: Client, number: Any, path: str) -> None:
    answer = await api.get(path.format(number["id"]))

    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "route_not_found")


@pytest.mark.parametrize("slash", ["%2F", "%2f"])
async def test_an_escaped_slash_is_part_of_an_id(api: Client, number: Any, slash: str) -> None:
    answer = await api.get(f"/v1/numbers/{number['id']}{slash}ai")

    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "resource_missing")


async def test_nothing_is_cached_and_every_answer_names_its_version(api: Client, anonymous: Client) -> None:
    for answer in (
        await api.get("/v1/account"),
        await api.get("/v1/nowhere"),
        await anonymous.get("/v1/account"),
        await api.post("/v1/sms", content=b"{"),
    ):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["nokyc-version"] == "2026-04-01"


async def test_head_is_get_without_the_body(api: Client, number: Any) -> None:
    for path in ("/v1/account", "/v1/numbers", f"/v1/numbers/{number['id']}", "/v1/numbers/num_000000000000"):
        got, head = await api.get(path), await api.head(path)
        assert (head.status_code, head.content) == (got.status_code, b"")
        varying = ("request-id", "x-rate-limit-remaining", "ratelimit")
        assert {k: v for k, v in head.headers.items() if k not in varying} == {
            k: v for k, v in got.headers.items() if k not in varying
        }


async def test_a_deletion_has_no_body_and_no_content_type(web: main.Web, api: Client, customer: Customer) -> None:
    body = {"url": "https://93.184.216.34/", "enabled_events": ["*"]}
    endpoint = (await api.post("/v1/webhook_endpoints", json=body)).json()

    gone = await exchange(web.app, "DELETE", f"/v1/webhook_endpoints/{endpoint['id']}", key=customer.test_key)

    assert (gone.status, gone.body) == (204, b"")
    assert not {"content-type", "content-length"} & set(gone.headers)


@pytest.mark.parametrize(
    ("accepted", "encoded"),
    [
        (b"gzip", True),
        (b"br, gzip;q=0.5", True),
        (b"GZIP", True),
        (b"gzip;q=0", False),
        (b"gzip; q=0.00, br", False),
        (b"br", False),
        (b"identity", False),
        (None, False),
    ],
)
async def test_long_answers_are_compressed_for_those_who_can_read_it(
    web: main.Web, customer: Customer, accepted: bytes | None, encoded: bool
) -> None:
    headers = [] if accepted is None else [(b"accept-encoding", accepted)]

    async def ask(path: str, query: bytes = b"") -> Reply:
        return await exchange(web.app, "GET", path, query=query, key=customer.test_key, headers=headers)

    # Ninety days are long on any day of the month.
    long, short = await ask("/v1/account/usage", b"period=last_90d"), await ask("/v1/account")

    assert long.headers["vary"] == "accept-encoding"
    assert long.headers.get("content-encoding") == ("gzip" if encoded else None)
    assert int(long.headers["content-length"]) == len(long.body)
    assert json.loads(gzip.decompress(long.body) if encoded else long.body)["object"] == "usage"
    assert "content-encoding" not in short.headers


async def test_problem_details_for_those_who_ask(api: Client) -> None:
    answer = await api.get(
        "/v1/numbers", params={"limit": 0}, headers={"Accept": "application/json;q=0.5, application/problem+json"}
    )

    assert answer.status_code == 400
    assert answer.headers.get_list("content-type") == ["application/problem+json"]
    problem = answer.json()
    assert problem["type"] == "http://127.0.0.1:8080/docs/errors#parameter_invalid"
    assert (problem["status"], problem["code"], problem["param"]) == (400, "parameter_invalid", "limit")
    assert problem["error_type"] == "invalid_request_error"
    assert problem["request_id"] == answer.headers["request-id"]
    assert set(problem) == {"type", "title", "status", "detail", "error_type", "code", "param", "request_id"}


async def test_a_success_is_plain_json_whatever_errors_should_be(api: Client) -> None:
    answer = await api.get("/v1/account", headers={"Accept": "application/problem+json"})

    assert answer.headers["content-type"] == "application/json"


class TestOnASocket:
    """The same application behind the real server: what only a wire can show."""

    @pytest.fixture
    async def port(self, web: main.Web) -> AsyncIterator[int]:
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            web.app, lifespan="off", log_config=None, access_log=False, ws="none", http="httptools", proxy_headers=False
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        yield listener.getsockname()[1]
        server.should_exit = True
        await serving
        listener.close()

    async def test_one_connection_for_head_delete_and_refused_bodies(self, port: int, customer: Customer) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        key = f"Host: x\r\nAuthorization: Bearer {customer.test_key}\r\n"
        try:
            writer.write(f"HEAD /v1/account HTTP/1.1\r\n{key}\r\n".encode())
            status, headers, _ = await _read(reader, body=False)
            assert (status, int(headers["content-length"]) > 0) == (200, True)

            # A body on GET is ignored, and does not get into the next request's way.
            writer.write(f"GET /v1/account HTTP/1.1\r\n{key}Content-Length: 5\r\n\r\n12345".encode())
            status, _, body = await _read(reader)
            assert (status, json.loads(body)["object"]) == (200, "account")

            writer.write(f"POST /v1/sms HTTP/1.1\r\n{key}Content-Length: 1000001\r\n\r\n".encode())
            writer.write(b"x" * 1_000_001)
            status, _, body = await _read(reader)
            assert (status, json.loads(body)["error"]["code"]) == (413, "body_too_large")

            writer.write(f"DELETE /v1/numbers/num_000000000000 HTTP/1.1\r\n{key}\r\n".encode())
            status, headers, body = await _read(reader)
            assert (status, headers["request-id"]) == (404, json.loads(body)["error"]["request_id"])
        finally:
            writer.close()

    async def test_chunks_add_up_to_the_same_limit(self, port: int, customer: Customer) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(
                f"POST /v1/sms HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {customer.test_key}\r\n"
                "Transfer-Encoding: chunked\r\n\r\n".encode()
            )
            for _ in range(11):
                writer.write(b"186a0\r\n" + b" " * 100_000 + b"\r\n")
            status, _, _ = await _read(reader)
            assert status == 413
        finally:
            writer.close()


async def _status(web: main.Web, customer: Customer, client: str | None, scheme: str, forwarded: bytes | None) -> int:
    headers = [] if forwarded is None else [(b"x-forwarded-proto", forwarded)]
    answer = await exchange(
        web.app, "GET", "/v1/account", key=customer.test_key, headers=headers, client=client, scheme=scheme
    )
    return answer.status


async def _read(reader: asyncio.StreamReader, *, body: bool = True) -> tuple[int, dict[str, str], bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
    length = int(headers.get("content-length", 0)) if body else 0
    return int(head[0].split()[1]), headers, await reader.readexactly(length)
