"""Wherever a customer gives a URL, none that leads inside is taken, however it is spelled."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from doors import body_fields, body_with

from nokyc import main
from nokyc.settings import Settings
from nokyc.store.store import Store
from support import Client, Customer, activate

INSIDE = [
    # 127.0.0.1 and 169.254.169.254, as the C library reads numbers
    *("127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7F.0.0.1", "0x7f.1", "017700000001"),
    *("0177.0.0.1", "0177.0.0.01", "00000177.1", "127.0.0.1.", "127.0.0.1:443", "0", "0.0.0.0", "0x0", "00"),
    *("169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "169.254.43518", "169.16689662"),
    *("10.0.0.1", "012.0.0.1", "172.16.0.1", "192.168.1.1", "192.168.257", "100.64.0.1", "100.100.100.200"),
    *("168.63.129.16", "192.0.0.192", "198.18.0.1", "224.0.0.1", "255.255.255.255"),
    # in IPv6
    *("[::1]", "[0:0:0:0:0:0:0:1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:1]"),
    *("[::127.0.0.1]", "[::7f00:1]", "[::ffff:0:127.0.0.1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::a9fe:a9fe]"),
    *("[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::1]", "[2001:0:4136:e378:8000:63bf:80ff:fffe]"),
    *("[fe80::1]", "[fe80::1%eth0]", "[fe80::1%25eth0]", "[::1%25lo]", "[fd00:ec2::254]", "[fec0::1]", "[ff02::1]"),
    # names
    *("localhost", "LOCALHOST.", "a.localhost", "localhost.localdomain.", "metadata.google.internal", "intranet"),
    *("printer.local", "router.home.arpa", "instance-data"),
    # other alphabets that IDNA (UTS 46) makes digits, dots and letters of
    *("①②⑦.⓪.⓪.①", "１２７.0.0.1", "127。0。0。1", "127．0．0．1", "ⓛocalhost", "ｌｏｃａｌｈｏｓｔ", "𝟙𝟚𝟟.0.0.1"),
    *("xn--localhost-", "loc\u00adalhost", "127.0.0.1\u200b"),
    # what looks like another host to another parser
    *("example.com@127.0.0.1", "127.0.0.1@example.com", "example.com:443@127.0.0.1", "example.com#@127.0.0.1"),
    *("127.0.0.1#.example.com", "127.0.0.1\\@example.com", "127.0.0.1\\.example.com", "127.0.0.1\t", " 127.0.0.1"),
    *("127.0.0.1%00.example.com", "%31%32%37.0.0.1", "127.0.0.1%2f@example.com", "[::1", "[127.0.0.1]", "::1"),
    *("/127.0.0.1", "example.com\r\nHost: 127.0.0.1", "example.com:22", "example.com:80", "example.com:0443x"),
]
SCHEMES = ["http://8.8.8.8/", "file:///etc/passwd", "gopher://8.8.8.8/", "ftp://8.8.8.8/", "unix:/run/x", "//8.8.8.8/"]

MORE: dict[str, dict[str, Any]] = {
    "numbers.create": {"available_id": "navail_000000000000", "billing_period": "monthly"},
    "webhook_endpoints.create": {"enabled_events": ["*"]},
    "calls.create": {"to": "+33612345678"},
    "sms.create": {"to": "+33612345678", "body": "Hello"},
    "test.sms.create": {"from": "+33612345678", "body": "Hello"},
}
"""What the operation needs beside the URL; `from` and `to` of the customer's own are added."""


@pytest.fixture
async def guarded(store: Store, settings: Settings, customer: Customer) -> AsyncIterator[tuple[Client, main.Web]]:
    """The API as in production, where nothing private is allowed."""
    web = main.build_web(store, replace(settings, webhook_allow_private=False))
    async with Client(web.app, customer.test_key) as client:
        yield client, web


async def test_no_url_leads_inside(store: Store, guarded: tuple[Client, main.Web]) -> None:
    client, web = guarded
    number = (await activate(store, client))["id"]
    body = {"url": "https://93.184.216.34/", "enabled_events": ["*"]}
    endpoint = (await client.post("/v1/webhook_endpoints", json=body)).json()["id"]
    routes = {route.operation: route for route in web.routes}
    doors = sorted(door for door in body_fields(web.routes) if door[1].endswith(("url", "urls")))
    assert len(doors) >= 7
    taken = []
    for operation, path in doors:
        route = routes[operation]
        target = route.path.replace("{id}", number if "/numbers/" in route.path else endpoint)
        for url in urls("wss" if path == "connect.url" else "https"):
            answer = await client.request(route.method, target, json=body_for(operation, path, url, number))
            if answer.json().get("error", {}).get("code") not in ("url_forbidden", "url_invalid"):
                taken.append((operation, path, url, answer.text))
    assert taken == []


def urls(scheme: str) -> list[str]:
    return [*(f"{scheme}://{host}/x" for host in INSIDE), *SCHEMES]


def body_for(operation: str, path: str, url: str, number: str) -> dict[str, Any]:
    """A body that would do, but for its URL."""
    body = MORE.get(operation, {}) | body_with(path, [url] if path.endswith("urls") else url)
    if operation in ("calls.create", "sms.create"):
        body["from"] = number
    if operation == "test.sms.create":
        body["to"] = number
    if path == "connect.url":
        body["connect"]["type"] = "stream"
    return body
