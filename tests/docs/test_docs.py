"""The documents are true: their examples run and answer what they say, their links lead somewhere."""

import asyncio
import json
import os
import re
import shlex
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
import uvicorn

from docs.examples import blocks, commands, expectations, fits, like
from nokyc import cli, main, settings
from nokyc.carriers.http.config import HttpConfig, Template
from nokyc.carriers.port import FailureCode
from nokyc.carriers.simulated.carrier import BLOCKED, INVALID, SECOND_SEGMENT_LOST, SILENT, THROTTLED_ONCE, UNREACHABLE
from nokyc.carriers.sip.config import SipConfig
from nokyc.carriers.smpp.config import SmppConfig
from nokyc.http.metrics import Metrics
from nokyc.kit import tiers
from nokyc.kit.clock import ManualClock, format_instant
from nokyc.kit.languages import VOICES
from nokyc.resources.calls import simulated
from nokyc.resources.calls.settle import MOVES as CALL_MOVES
from nokyc.resources.events.schemas import EVENT_TYPES
from nokyc.resources.sms.settle import MOVES
from nokyc.store.store import Store
from nokyc.workers.worker import Worker
from nokyc_voice.platform import EndReason
from support import Client, Customer, activate, add_stock, fresh_number, make_customer

ROOT = Path(__file__).parents[2]
GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").rglob("*.md")])
NOWHERE = "http://127.0.0.1:9"
"""Stands for https://example.com: nothing listens there."""

PRELUDE = """
mkdir "$OUT"
n=0
call() {
  n=$((n + 1))
  command curl -sS -o "$OUT/$n.body" -w '%{http_code}' "$@" > "$OUT/$n.status"
}
curl() { call "$@"; }
api() { call -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' "$@"; }
"""

PRINTED = [
    """curl https://api.nokycnumber.com/v1/calls \
  -H "Authorization: Bearer sk_live_…" \
  -d '{
    "from": "num_8a4c2f1e9b3d",
    "to":   "+33612345678",
    "callerid_mask": "rotate"
  }'""",
    """curl https://api.nokycnumber.com/v1/numbers?limit=10 -H "Authorization: Bearer sk_live_…" """,
    """curl https://api.nokycnumber.com/v1/numbers?country=fr&type=mobile -H "Authorization: Bearer sk_live_…" """,
    """curl https://api.nokycnumber.com/v1/numbers \
  -H "Authorization: Bearer sk_live_…" \
  -H "Idempotency-Key: 9b3d4a7c-8a4c-2f1e-9b3d-4a7c8a4c2f1e" \
  -d '{
    "available_id":   "navail_2k7m9p3w8x4t",
    "billing_period": "yearly",
    "addons":         ["ai-pickup"]
  }'""",
    """curl https://api.nokycnumber.com/v1/numbers/num_8a4c2f1e9b3d -H "Authorization: Bearer sk_live_…" """,
    """curl https://api.nokycnumber.com/v1/sms \
  -H "Authorization: Bearer sk_live_…" \
  -H "Idempotency-Key: 9b3d4a7c-8a4c-2f1e-9b3d-4a7c8a4c2f1e" \
  -d '{
    "from": "num_8a4c2f1e9b3d",
    "to":   "+33612345678",
    "body": "Bonjour. Your code is 482917."
  }'""",
    """curl -X DELETE https://api.nokycnumber.com/v1/numbers/num_8a4c2f1e9b3d -H "Authorization: Bearer sk_live_…" """,
]
"""The API document's own examples. They are split as a shell splits them, but for the `&` in an unquoted URL."""


@pytest.fixture(scope="module")
async def url(web: main.Web) -> AsyncIterator[str]:
    """The API on a real socket."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(web.app, lifespan="off", ws="none", log_config=None))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    await serving
    listener.close()


@pytest.fixture
async def inhabited(
    web: main.Web, store: Store, worker: Worker, customer: Customer, clock: ManualClock
) -> AsyncIterator[Client]:
    """A sandbox with two numbers, messages, calls, an endpoint and its events, and stock to choose from."""
    async with Client(web.app, customer.test_key) as api:
        await activate(store, api)
        number = await activate(store, api)
        await add_stock(store, *(fresh_number() for _ in range(3)))
        await api.post("/v1/sms", json={"from": number["id"], "to": "+33612345678", "body": "Hello"})
        await api.post("/v1/test/calls", json={"from": "+33612345678", "to": number["id"], "voicemail": True})
        await worker.drain()
        clock.advance(15)
        await worker.drain()
        await api.post("/v1/calls", json={"from": number["id"], "to": "+33612345678"})
        await api.post("/v1/webhook_endpoints", json={"url": f"{NOWHERE}/hooks", "enabled_events": ["number.*"]})
        yield api
        for endpoint in (await api.get("/v1/webhook_endpoints")).json()["data"]:
            await api.delete(f"/v1/webhook_endpoints/{endpoint['id']}")


@pytest.mark.parametrize("page", [ROOT / "README.md", *GUIDES], ids=lambda path: path.stem)
async def test_every_call_answers_as_written(
    page: Path, url: str, inhabited: Client, customer: Customer, clock: ManualClock, tmp_path: Path
) -> None:
    for block in blocks(page, "sh"):
        if not re.search(r"^(api|curl) ", block.text, re.MULTILINE):
            continue
        text = block.text.replace("https://example.com", NOWHERE)
        script = await _filled(_without_setup(commands(text)), inhabited, clock)
        answers = await _run(script, url, customer.test_key, tmp_path / str(block.line))
        expected = expectations(text)
        where = f"{page.name}, line {block.line}"
        assert answers, f"{where}: no call was made"
        if not expected:
            assert all(status < 300 for status, _ in answers), f"{where}: {answers}"
            continue
        assert len(answers) == len(expected), f"{where}: {len(answers)} calls, {len(expected)} answers"
        for (status, body), documented in zip(answers, expected, strict=True):
            assert status == documented.status, f"{where}: {status} {body}"
            head, body = body.split("\n\n", 1) if body.startswith("HTTP/") else ("", body)
            if documented.content is not None:
                assert fits(json.loads(body), documented.content), f"{where}: {body}\nis not {documented.content}"
            for header in documented.headers:
                assert any(like(line.lower(), header.lower()) for line in head.splitlines()), f"{where}: {header}"


@pytest.mark.parametrize("example", PRINTED, ids=lambda text: " ".join(text.split()[1:3])[:70])
async def test_the_documents_own_examples_work(example: str, url: str, web: main.Web, store: Store) -> None:
    customer = await make_customer(store)  # of its own: two of the examples use the same idempotency key
    async with Client(web.app, customer.live_key) as api:
        number = await activate(store, api)
        await add_stock(store, fresh_number())
        available = (await api.get("/v1/numbers/available?country=fr&limit=1")).json()["data"][0]
    text = example.replace("https://api.nokycnumber.com", url).replace("sk_live_…", customer.live_key)
    text = text.replace("num_8a4c2f1e9b3d", number["id"]).replace("navail_2k7m9p3w8x4t", available["id"])
    status, body = await _curl(shlex.split(text)[1:])
    wanted = 204 if "DELETE" in text else 201 if " -d " in text else 200
    assert status == wanted, body


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in _links(page):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), f"{page.name}: {target}"
        if anchor:
            assert anchor in _anchors(file), f"{page.name}: {target}"


def test_every_page_can_be_reached() -> None:
    for index in ("guides", "operating", "decisions"):
        folder = ROOT / "docs" / index
        linked = {target.partition("#")[0] for target in _links(folder / "README.md")}
        assert {path.name for path in folder.glob("*.md")} - {"README.md"} <= linked


async def test_the_table_of_errors_is_current() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, ROOT / "tools" / "make_error_docs.py", "--check", stderr=asyncio.subprocess.PIPE
    )
    _, complaint = await process.communicate()
    assert process.returncode == 0, complaint.decode()


def test_every_setting_is_documented() -> None:
    source = Path(settings.__file__).read_text("utf-8")
    names = set(re.findall(r'"((?:NOKYC_)?[A-Z_]*[A-Z])"', source))
    _all_in("operating/settings.md", names | {"NOKYC_CARRIER_PASSWORD", "NOKYC_DEBUG"})


def test_every_option_of_carriers_is_documented() -> None:
    shapes = (SmppConfig, HttpConfig, SipConfig, Template)
    _all_in("operating/carriers.md", {each.name for shape in shapes for each in fields(shape)})


def test_every_metric_is_documented() -> None:
    names = {metric.name + "_total" * (metric.type == "counter") for metric in Metrics().registry.collect()}
    _all_in("operating/monitoring.md", names)


def test_closed_lists_are_complete() -> None:
    _all_in("guides/sending-sms.md", {*get_args(FailureCode), *MOVES})
    _all_in("guides/numbers.md", set(tiers.PATTERNS))
    _all_in("guides/webhooks.md", {name for name in EVENT_TYPES if not name.startswith("ai.")})
    _all_in("guides/calls.md", {*get_args(EndReason), *CALL_MOVES, *(n for n in EVENT_TYPES if n.startswith("call."))})
    _all_in("guides/voicemails.md", set(VOICES))
    page = (ROOT / "docs/guides/test-mode.md").read_text("utf-8")
    assert all(
        number in page
        for number in (
            INVALID,
            UNREACHABLE,
            BLOCKED,
            THROTTLED_ONCE,
            SILENT,
            SECOND_SEGMENT_LOST,
            simulated.BUSY,
            simulated.NO_ANSWER,
            simulated.FAILED,
            simulated.STAYS,
            simulated.EARLY_MEDIA,
            simulated.MACHINE,
        )
    )


def test_only_commands_that_exist_are_shown() -> None:
    known = {*cli.COMMANDS, *cli.GROUPS}
    for page in PAGES:
        for name in re.findall(r"(?:^|`)nokyc ([a-z-]+)", page.read_text("utf-8"), re.MULTILINE):
            assert name in known, f"{page.name}: nokyc {name}"


async def test_metrics_are_for_this_machine_alone(url: str, store: Store, anonymous: Client) -> None:
    status, body = await _curl([f"{url}/metrics"])
    assert status == 200
    assert 'nokyc_carrier_links_up{carrier="simulated"}' in body
    assert (await anonymous.get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"})).status_code == 403


async def test_a_link_that_nobody_speaks_of_is_down(url: str, store: Store, clock: ManualClock) -> None:
    async with store.reading() as connection:
        await connection.execute("DELETE FROM links")
        for worker, age in (("alive", 1), ("dead", 60)):
            await connection.execute(
                "INSERT INTO links VALUES ($1, 'simulated', 'simulated', true, '', '{}', $2)",
                worker,
                clock.now() - timedelta(seconds=age),
            )
    assert 'nokyc_carrier_links_up{carrier="simulated"} 1.0' in (await _curl([f"{url}/metrics"]))[1]


async def _filled(script: str, api: Client, clock: ManualClock) -> str:
    """The script with ids for its placeholders: each time the newest object of its kind."""
    lists = {
        "navail": "/v1/numbers/available?country=fr&limit=1",
        "num": "/v1/numbers?status=active&limit=1",
        "sms": "/v1/sms?limit=1",
        "call": "/v1/calls?limit=1",
        "vm": "/v1/voicemails?limit=1",
        "whk": "/v1/webhook_endpoints?limit=1",
        "evt": "/v1/events?limit=1",
    }
    for kind, path in lists.items():
        if f"{kind}_…" in script:
            script = script.replace(f"{kind}_…", (await api.get(path)).json()["data"][0]["id"])
    later = format_instant(clock.now() + timedelta(hours=1))
    return re.sub(r'(?<="send_at": ")[^"]+', later, script)


def _without_setup(script: str) -> str:
    """Without the lines that say which server and key."""
    return "".join(line for line in script.splitlines(keepends=True) if not re.match(r"(export URL|alias api)", line))


async def _run(script: str, url: str, key: str, folder: Path) -> list[tuple[int, str]]:
    """Status and body of each call that the script makes."""
    environment = os.environ | {"URL": f"{url}/v1", "KEY": key, "OUT": str(folder)}
    process = await asyncio.create_subprocess_exec(
        "bash", "-euc", PRELUDE + script, env=environment,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, complaint = await process.communicate()
    assert process.returncode == 0, complaint.decode()
    return _answers(folder)


def _answers(folder: Path) -> list[tuple[int, str]]:
    calls = sorted(folder.glob("*.status"), key=lambda path: int(path.stem))
    return [(int(path.read_text()), path.with_suffix(".body").read_text("utf-8")) for path in calls]


async def _curl(arguments: list[str]) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        "curl", "-sS", "-w", "\n%{http_code}", *arguments, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    body, _, status = output.decode().rpartition("\n")
    return int(status), body


def _links(page: Path) -> Iterator[str]:
    prose = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    yield from re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`\n]*`", "", prose))


def _anchors(file: Path) -> set[str]:
    """What can be linked to in a page: its headings, and anchors written by hand."""
    text = file.read_text("utf-8")
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return slugs | set(re.findall(r'<a id="([^"]+)">', text))


def _all_in(page: str, names: set[Any]) -> None:
    text = (ROOT / "docs" / page).read_text("utf-8")
    missing = sorted(name for name in names if not re.search(rf"\b{re.escape(name)}\b", text))
    assert not missing, f"{page} says nothing of {missing}"
