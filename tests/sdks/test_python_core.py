"""What the conformance suite cannot say in any language: cancelling, certificates, logs, threads, and pickles."""

import asyncio
import copy
import logging
import pickle
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest

from nokycnumber import (
    NOT_GIVEN,
    APIConnectionError,
    APITimeoutError,
    AsyncNoKYCNumber,
    AsyncTiming,
    InvalidRequestError,
    NoKYCNumber,
    NotFoundError,
    RateLimitError,
    SignatureVerificationError,
    Timing,
    construct_event,
    generate_test_header,
)
from nokycnumber.testing import Replies

SMS = {"id": "sms_1", "object": "sms", "from": "num_1", "body": "a private matter", "cost_usd": Decimal("0.012")}
UNAVAILABLE = {"error": {"type": "api_error", "code": "service_unavailable", "message": "Later."}}
MISSING = {"error": {"type": "invalid_request_error", "code": "resource_missing", "message": "No.", "request_id": "r"}}


async def test_a_cancelled_wait_ends_and_nothing_more_is_sent() -> None:
    replies = Replies()
    replies.add(503, UNAVAILABLE, headers={"Retry-After": "60"})
    waiting = asyncio.Event()

    async def sleep(seconds: float) -> None:
        waiting.set()
        await asyncio.Event().wait()

    client = replies.async_client(timing=AsyncTiming(sleep=sleep))
    call = asyncio.create_task(client.sms.create(from_="num_1", to="+33612345678", body="Hi"))
    await waiting.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert len(replies.requests) == 1


def test_an_interrupted_wait_ends_and_nothing_more_is_sent() -> None:
    def sleep(_: float) -> None:
        raise KeyboardInterrupt

    replies = Replies()
    replies.add(503)
    with pytest.raises(KeyboardInterrupt):
        replies.client(timing=Timing(sleep=sleep)).account.get()
    assert len(replies.requests) == 1


def test_an_attempt_has_5_seconds_to_connect_and_30_in_all() -> None:
    replies = Replies()
    replies.add(200, {})
    replies.client().account.get()
    assert replies.requests[0].extensions["timeout"] == {"connect": 5, "read": 30, "write": 30, "pool": 30}


async def test_an_answer_that_trickles_has_no_more_time_than_any_other() -> None:
    async def trickle(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        with suppress(OSError):
            while not writer.is_closing():
                writer.write(b"a")
                await writer.drain()
                await asyncio.sleep(0.01)

    server = await asyncio.start_server(trickle, "127.0.0.1", 0)
    how: dict[str, Any] = {"base_url": f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", "max_retries": 0}
    async with AsyncNoKYCNumber("sk_test_a", timeout=0.2, **how) as awaiting:
        with pytest.raises(APITimeoutError):
            await asyncio.wait_for(awaiting.account.get(), 60)
    with NoKYCNumber("sk_test_a", timeout=0.2, **how) as blocking, pytest.raises(APITimeoutError):
        await asyncio.wait_for(asyncio.to_thread(blocking.account.get), 60)
    server.close()


def test_a_certificate_that_is_not_trusted_is_not_tried_again(untrusted: dict[str, str], tmp_path: Path) -> None:
    pem = tmp_path / "server.pem"
    pem.write_text(untrusted["TLS_KEY"] + untrusted["TLS_CERT"])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    slept: list[float] = []
    url = f"https://127.0.0.1:{server.server_port}"
    with (
        httpx.Client(trust_env=False) as http,
        NoKYCNumber("sk_test_a", base_url=url, http_client=http, timing=Timing(sleep=slept.append)) as client,
        pytest.raises(APIConnectionError) as caught,
    ):
        client.account.get()
    thread.join()
    server.server_close()
    assert caught.value.final
    assert slept == []


def test_neither_key_nor_body_are_in_anything_that_is_shown(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="nokycnumber")
    replies = Replies()
    replies.add(200, SMS)
    replies.add(429, {"error": {"type": "rate_limit_error"}}, headers={"Retry-After": "61"})
    client = replies.client()
    sms = client.sms.create(from_="num_1", to="+33612345678", body="a private matter")
    with pytest.raises(RateLimitError) as caught:
        client.numbers.available(country="fr", contains="+33612345678")
    shown = [client, client._settings, sms, sms.last_response, caught.value, caplog.text]
    for text in (f"{each!r} {each}" for each in shown):
        assert not [part for part in ("sk_test_none", "private", "+33612345678", "33612345678") if part in text], text
    assert "POST /v1/sms: 200" in caplog.text


def test_threads_share_a_client() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"object": "sms", "id": request.url.path.rpartition("/")[2]})

    http = httpx.Client(transport=httpx.MockTransport(answer))
    client = NoKYCNumber("sk_test_a", http_client=http)
    ids = [f"sms_{n}" for n in range(200)]
    with ThreadPoolExecutor(8) as pool:
        assert [sms.id for sms in pool.map(client.sms.get, ids)] == ids


async def test_tasks_share_a_client() -> None:
    async def answer(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0)
        return httpx.Response(200, json={"object": "sms", "id": request.url.path.rpartition("/")[2]})

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        client = AsyncNoKYCNumber("sk_test_a", http_client=http)
        ids = [f"sms_{n}" for n in range(200)]
        assert [sms.id for sms in await asyncio.gather(*map(client.sms.get, ids))] == ids


def test_objects_and_errors_can_be_copied_and_pickled() -> None:
    replies = Replies()
    replies.add(200, SMS | {"carrier": "acme"})
    replies.add(404, MISSING)
    event = {"id": "evt_1", "object": "event", "type": "sms.sent", "data": {"object": SMS, "reason": "x"}}
    replies.add(200, event)
    client = replies.client()
    sms: Any = client.sms.get("sms_1")
    with pytest.raises(NotFoundError) as caught:
        client.sms.get("sms_2")
    sent: Any = client.events.get("evt_1")
    for copied in (pickle.loads(pickle.dumps(sms)), copy.deepcopy(sms)):
        assert (copied, copied.from_, copied.carrier) == (sms, "num_1", "acme")
    error = pickle.loads(pickle.dumps(caught.value))
    assert (type(error), str(error)) == (NotFoundError, str(caught.value))
    again = pickle.loads(pickle.dumps(sent))
    assert (again.data.object.cost_usd, again.data["reason"]) == (Decimal("0.012"), "x")


def test_objects_do_not_change_and_have_no_other_fields() -> None:
    replies = Replies()
    replies.add(200, SMS)
    sms: Any = replies.client().sms.get("sms_1")
    with pytest.raises(AttributeError):
        sms.body = "another"
    with pytest.raises(AttributeError, match="no field 'form'"):
        _ = sms.form
    assert sms.delivered_at is None
    assert "delivered_at" not in sms
    assert not hasattr(sms, "_missing")


def test_moments_need_a_zone_and_are_sent_in_utc() -> None:
    replies = Replies()
    replies.add(200, SMS)
    client = replies.client()
    with pytest.raises(ValueError, match="time zone"):
        client.sms.create(from_="num_1", to="+33612345678", body="Hi", send_at=datetime(2026, 4, 26))  # noqa: DTZ001
    client.sms.create(from_="num_1", to="+33612345678", body="Hi", send_at=datetime(2026, 4, 26, tzinfo=UTC))
    assert b'"send_at":"2026-04-26T00:00:00Z"' in replies.requests[0].content


def test_other_options_share_the_connections() -> None:
    replies = Replies()
    replies.add_failure()
    replies.add_failure()
    client = replies.client()
    impatient = client.with_options(max_retries=0)
    with pytest.raises(APIConnectionError):
        impatient.account.get()
    assert len(replies.requests) == 1
    assert (client._settings.max_retries, impatient._settings.max_retries) == (4, 0)
    assert impatient._http is client._http


def test_a_parsed_body_is_refused_with_advice() -> None:
    parsed: Any = {"type": "sms.received"}
    with pytest.raises(TypeError, match="raw body"):
        construct_event(parsed, "t=1,v1=00", "whsec_a")
    with pytest.raises(SignatureVerificationError, match="too_old"):
        construct_event(b"{}", "t=1,v1=00", "whsec_a")


def test_an_answer_that_is_too_large_is_not_asked_for_again() -> None:
    asked: list[str] = []

    def endless(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(200, content=(b" " * 4_000_000 for _ in range(99)))

    client = NoKYCNumber("sk_test_a", http_client=httpx.Client(transport=httpx.MockTransport(endless)))
    with pytest.raises(APIConnectionError, match="too large"):
        client.account.get()
    assert asked == ["/v1/account"]


@pytest.mark.parametrize("answer", [b"[" * 100_000, b'{"error":' * 100_000])
@pytest.mark.parametrize("status", [200, 400])
def test_what_is_nested_too_deep_is_no_json(status: int, answer: bytes) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(status, content=answer))
    client = NoKYCNumber("sk_test_a", http_client=httpx.Client(transport=transport), max_retries=0)
    with pytest.raises(APIConnectionError if status == 200 else InvalidRequestError):
        client.account.get()


@pytest.mark.parametrize("missing", [None, "", [], [None]])
def test_a_secret_that_is_not_set_is_asked_for(missing: Any) -> None:
    with pytest.raises(ValueError, match="secret is needed"):
        construct_event(b"{}", "t=1,v1=00", missing)


def test_a_header_that_is_no_text_is_a_mismatch() -> None:
    """As frameworks give it that decode with surrogates."""
    header = generate_test_header(b"{}", "whsec_a").partition("v1=")[0] + "v1=\udcff"
    with pytest.raises(SignatureVerificationError, match="mismatch"):
        construct_event(b"{}", header, "whsec_a")


def test_not_given_is_shown_and_is_nothing() -> None:
    assert repr(NOT_GIVEN) == "NOT_GIVEN"
    assert not NOT_GIVEN


def test_a_client_of_httpx2_will_do() -> None:
    """Its exceptions are others than those of httpx."""
    slept: list[float] = []
    answers = [httpx2.ConnectError("no connection"), httpx2.Response(200, json={"object": "account"})]

    def answer(request: httpx2.Request) -> httpx2.Response:
        given = answers.pop(0)
        if isinstance(given, Exception):
            raise given
        return given

    http: Any = httpx2.Client(transport=httpx2.MockTransport(answer))
    with http, NoKYCNumber("sk_test_a", http_client=http, timing=Timing(sleep=slept.append)) as client:
        assert client.account.get().object == "account"
    assert len(slept) == 1
