"""How fast the panel is: the server's time for every page over many messages, and the weight of the first load.

    python bench/panel.py [--rows 1000000] [--rounds 20]

One account has half of the messages, and a call for two of them, so its pages are the hardest there are.
"""

import argparse
import asyncio
import gzip
import re
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from endings import end_in_order
from nokyc import main
from nokyc.kit import ids
from nokyc.panel.sessions import make_link
from nokyc.settings import read_settings
from nokyc.store.postgres import EmbeddedPostgres
from report import describe_machine, keep
from rig import Platform

CALLS = Path(__file__).parent / "sql" / "calls.sql"
PAGE_MS = 50.0
FIRST_LOAD_BYTES = 150_000
PAGES = [
    "", "/numbers", "/numbers/find", "/numbers/{number}", "/numbers/{number}/devices",
    "/numbers/{number}/greeting", "/numbers/{number}/ai", "/messages", "/messages?number={number}",
    "/messages/with/{number}/{peer}", "/messages/with/{number}/+33600000000", "/messages/all",
    "/messages/all?status=failed", "/messages/all?starting_after={sms}", "/messages/new", "/messages/{sms}",
    "/developers", "/requests", "/webhooks", "/events", "/billing", "/billing?category=topup", "/billing/usage",
    "/billing/limits", "/settings", "/settings/sign-in", "/settings/activity", "/find?q=33647",
    "/events?type=call.quality_alert", "/messages/all?direction=inbound", "/messages/all?number={number}",
    "/requests?outcome=refused", "/billing?category=call", "/billing?created_before=2020-01-01", "/calls",
    "/calls?status=busy", "/calls?status=failed", "/calls?direction=inbound", "/calls?number={number}",
    "/calls?party=%2B{digits}", "/calls?party=%2B33600000000", "/calls?created_before=2020-01-01",
    "/calls?starting_after={call}", "/calls/new", "/calls/{call}", "/voicemails", "/voicemails?number={number}",
    "/voicemails?party=%2B{digits}", "/voicemails?created_before=2020-01-01", "/voicemails/{voicemail}",
    "/find?q={digits}", "/phone", "/webhooks?status=disabled", "/settings/activity?actor=operator",
]  # fmt: skip
OPERATOR = [
    "", "/carriers", "/routes", "/inventory", "/accounts", "/accounts?name=nobody", "/accounts/{account}", "/audit",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Timing:
    """How long the server took for one page."""

    path: str
    best_ms: float
    p50_ms: float
    p95_ms: float
    bytes: int


def run() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000, help="messages in the store")
    options.add_argument("--rounds", type=int, default=20, help="how often each page is loaded")
    chosen = options.parse_args()
    end_in_order()
    with tempfile.TemporaryDirectory(prefix="nokyc-bench-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL has a user of its own if we are root
        server = EmbeddedPostgres(Path(folder))
        dsn = server.start()
        platform = Platform(read_settings(data_dir=Path(folder), limiter="local"), dsn)
        try:
            asyncio.run(platform.prepare(chosen.rows))
            names, links = asyncio.run(_prepare(platform))
            platform.start()
            with httpx.Client(base_url=f"http://127.0.0.1:{platform.port}") as browser:
                weight = _first_load(browser, links[0])
                timings = [_time(browser, f"/panel{path}", names, chosen.rounds) for path in PAGES]
            with httpx.Client(base_url=f"http://127.0.0.1:{platform.port}") as browser:
                browser.get(links[1])
                timings += [_time(browser, f"/panel/operator{path}", names, chosen.rounds) for path in OPERATOR]
        finally:
            platform.stop()
            server.stop()
    _report(chosen.rows, timings, weight)


async def _prepare(platform: Platform) -> tuple[dict[str, str], list[str]]:
    """Give the first account half of all messages; returns what paths name, and links to sign in with."""
    connection = await asyncpg.connect(platform.dsn)
    first = platform.senders[0]
    await connection.execute("DELETE FROM ledger_entries WHERE category = 'topup'")  # their ids may be in the way
    for statement in (_HALF.format(table="sms"), _HALF.format(table="ledger_entries")):
        await connection.execute(statement, first.account_id, timeout=None)
    await connection.execute("UPDATE sms SET number_id = $1 WHERE account_id = $2", first.number_id, first.account_id)
    e164 = await connection.fetchval("SELECT e164 FROM numbers WHERE id = $1", first.number_id)
    await connection.execute(CALLS.read_text(), first.account_id, first.number_id, e164, timeout=None)
    await connection.execute("VACUUM ANALYZE", timeout=None)
    row: Any = await connection.fetchrow(
        "SELECT id, recipient FROM sms WHERE account_id = $1 ORDER BY id DESC OFFSET 1000 LIMIT 1", first.account_id
    )
    call, voicemail = [
        await connection.fetchval(f"SELECT id FROM {table} WHERE account_id = $1 OFFSET 1000", first.account_id)
        for table in ("calls", "voicemails")
    ]
    await connection.close()
    store = await main.open_store(platform.settings, platform.dsn)
    links = [await store.run(lambda unit, a=account: make_link(unit, a)) for account in (first.account_id, 0)]
    await store.close()
    names = {
        "number": ids.show("num", first.number_id),
        "sms": ids.show("sms", row["id"]),
        "peer": row["recipient"],
        "digits": row["recipient"].removeprefix("+"),
        "call": ids.show("call", call),
        "voicemail": ids.show("vm", voicemail),
        "account": ids.show("acct", first.account_id),
    }
    return names, [f"/panel/sign-in/{link}" for link in links]


def _time(browser: httpx.Client, path: str, names: dict[str, str], rounds: int) -> Timing:
    path = path.format(**names)
    browser.get(path)
    times, size = [], 0
    for _ in range(rounds):
        started = time.perf_counter()
        answer = browser.get(path)
        times.append((time.perf_counter() - started) * 1000)
        if answer.status_code != 200:
            sys.exit(f"{path} answers {answer.status_code}")
        size = len(gzip.compress(answer.content))
    return Timing(path, min(times), statistics.median(times), statistics.quantiles(times, n=20)[-1], size)


def _first_load(browser: httpx.Client, link: str) -> int:
    """What a browser transfers for the first page: it, and every style sheet, script and picture that it names."""
    browser.get(link)
    page = browser.get("/panel").text
    names = set(re.findall(r'(?:href|src)="(/panel/static/[^"]+)"', page))
    files = [browser.get(name).content for name in names]
    return sum(len(gzip.compress(content)) for content in [page.encode(), *files])


def _report(rows: int, timings: list[Timing], weight: int) -> None:
    slow = [timing for timing in timings if timing.p50_ms > PAGE_MS]
    lines = [
        f"First load: {weight / 1000:.0f} kB gzip, {FIRST_LOAD_BYTES / 1000:.0f} allowed.",
        f"Pages above {PAGE_MS:.0f} ms: {len(slow)} of {len(timings)}.",
        "",
        "| Page | best ms | p50 ms | p95 ms | kB gzip |",
        "|---|---:|---:|---:|---:|",
        *(
            f"| `{each.path}` | {each.best_ms:.1f} | {each.p50_ms:.1f} | {each.p95_ms:.1f} | {each.bytes / 1000:.1f} |"
            for each in timings
        ),
    ]
    about = f"{describe_machine()}\n{rows:,} messages, half of them of the account that looks."
    keep("panel", "The panel", about, lines, suffix=f"-{rows}-rows")
    if slow or weight > FIRST_LOAD_BYTES:
        sys.exit("over the budget")


_HALF = (
    "UPDATE {table} SET account_id = $1 WHERE account_id <> $1 AND id % 131072 < 65536"
    " AND id NOT IN (SELECT id FROM {table} WHERE account_id = $1)"
)
"""Ids of the filling are 65,536 apart, so this is every second one."""


if __name__ == "__main__":
    run()
