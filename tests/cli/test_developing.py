"""What a customer's developers use: `nokyc listen`, `nokyc trigger`, `nokyc events resend`."""

import contextlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue
from socketserver import BaseRequestHandler, TCPServer
from typing import Any

import pytest

from cli.conftest import PATIENCE_SEC, Installation
from nokyc.kit.signing import verify

Received = tuple[dict[str, str], bytes]


@pytest.fixture
def hook() -> Iterator[tuple[str, "Queue[Received]"]]:
    """A developer's program: its URL, and what reaches it."""
    received: Queue[Received] = Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.put(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/hooks", received
        server.shutdown()
        thread.join()


def test_events_reach_a_local_program_as_webhooks_would(
    platform: Installation, account: Any, hook: tuple[str, "Queue[Received]"]
) -> None:
    url, received = hook
    key = account["test_api_key"]
    line = ["listen", "--forward-to", url, "--events", "sms.*", "--every", "0.05", "--json"]
    platform.json("trigger", "number.activated", "--api-key", key)  # before we listen: not forwarded
    with subprocess.Popen(
        [sys.executable, "-m", "nokyc", *line],
        stdout=subprocess.PIPE,
        text=True,
        env=platform.environment(NOKYC_API_KEY=key),
    ) as listener:
        try:
            assert listener.stdout is not None
            secret = json.loads(listener.stdout.readline())["secret"]
            triggered = platform.json("trigger", "sms.received", "--api-key", key)
            headers, body = received.get(timeout=PATIENCE_SEC)
            printed = json.loads(listener.stdout.readline())
        finally:
            listener.kill()

    assert printed == {"id": triggered["id"], "type": "sms.received", "status": 204}
    verify(headers["x-nokyc-signature"], body, [secret], int(time.time()))
    assert json.loads(body) == triggered
    assert (headers["nokyc-event-id"], headers["nokyc-attempt"]) == (triggered["id"], "1")
    assert received.empty(), "sms.* leaves number.activated out"
    assert platform.json("listen", "--print-secret", "--api-key", key) == {"secret": secret}


@pytest.mark.parametrize(
    "kind",
    [
        "sms.sent",
        "number.paused",
        "number.resumed",
        "number.renewed",
        "number.released",
        "account.balance_low",
        "call.recorded",
        "voicemail.created",
    ],
)
def test_an_event_is_made_to_happen(kind: str, platform: Installation, account: Any) -> None:
    event = platform.json("trigger", kind, "--api-key", account["test_api_key"])
    assert (event["type"], event["livemode"], event["object"]) == (kind, False, "event")
    with platform.api(account["test_api_key"]) as api:
        assert api.get(f"/events/{event['id']}").json() == event
        assert api.get("/account").json()["balance_low_threshold_usd"] is None


def test_an_event_is_delivered_again(platform: Installation, account: Any) -> None:
    key = account["test_api_key"]
    event = platform.json("trigger", "sms.received", "--api-key", key)
    done = platform.run("events", "resend", event["id"], NOKYC_API_KEY=key)
    assert (done.returncode, done.stdout) == (0, f"sms.received {event['id']} is delivered again.\n")
    assert "404 resource_missing" in platform.refusal("events", "resend", "evt_000000000000", "--api-key", key)


def test_reasons_are_given_in_words(platform: Installation, account: Any) -> None:
    refused = platform.refusal("events", "resend", "evt_000000000000", "--api-key", "sk_test_wrong")
    assert "401" in refused
    nowhere = ("--base-url", "http://127.0.0.1:9")
    refused = platform.refusal("trigger", "sms.sent", "--api-key", "sk_test_x", *nowhere)
    assert refused == "http://127.0.0.1:9 does not answer: Connection refused"
    with answering(b"SSH-2.0-OpenSSH_9.2\r\n") as url:
        refused = platform.refusal("trigger", "sms.sent", "--api-key", "sk_test_x", "--base-url", url)
        assert refused.startswith(f"{url} does not answer: SSH-2.0")
    with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nHello") as url:
        refused = platform.refusal("trigger", "sms.sent", "--api-key", "sk_test_x", "--base-url", url)
        assert refused == "the server answered 200, and not as our API does"
    none = platform.refusal("trigger", "webhook_endpoint.test", "--api-key", account["test_api_key"])
    assert none == "the account has no webhook endpoint that is enabled"


def test_what_a_trigger_changed_is_put_back_if_it_fails(platform: Installation) -> None:
    poor = platform.json("accounts", "create", "--balance", "5.00")["test_api_key"]  # what a number costs
    assert "402" in platform.refusal("trigger", "account.balance_low", "--api-key", poor)
    with platform.api(poor) as api:
        assert api.get("/account").json()["balance_low_threshold_usd"] is None


@contextlib.contextmanager
def answering(words: bytes) -> Iterator[str]:
    """The address of a server that always says the same."""

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65_536)
            self.request.sendall(words)

    with TCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()
