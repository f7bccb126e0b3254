"""The other endpoints over a full database: what each bears beside `/healthz`, which asks neither key nor database."""

import asyncio
import json
from pathlib import Path

import asyncpg

import load
from nokyc import main
from nokyc.kit import ids
from nokyc.resources.webhooks import actions as webhooks
from nokyc.settings import API_VERSION
from rig import SQL, Platform, Sender

SECONDS = 1
URL = "https://hooks.example.com/"
CONTRACT = Path(__file__).parents[1] / "contract" / "openapi" / "2026-04-01.json"
PREFIXES = {
    "numbers": "num",
    "sms": "sms",
    "calls": "call",
    "voicemails": "vm",
    "events": "evt",
    "webhook_endpoints": "whk",
}
NOT_SET = ("/v1/numbers/{id}/sip_credentials", "/v1/numbers/{id}/voicemail_greeting")
"""The numbers here have none, so they would only answer 404."""
ASKED = {"/v1/numbers/available": "?country=fr"}
SAME_AGAIN = (
    ("POST", "/v1/sms/preview", '{"to": "+33612345678", "body": "Your code is 482917."}'),
    ("PATCH", "/v1/numbers/{id}", '{"auto_renew": false}'),
    ("PATCH", "/v1/account", '{"default_country": "fr"}'),
)
"""Writes that can be repeated without end."""
STOCK = """
INSERT INTO inventory (id, e164, country, type, tier, created_at)
SELECT n, '+3364718' || lpad(n::text, 4, '0'), 'fr', 'mobile', 'standard', now() FROM generate_series(1, 9999) n
"""


def measure(full: Platform, connections: int) -> list[str]:
    """A table of every endpoint that reads, and of some that write, on the account of the first sender."""
    sender = full.senders[0]
    known = asyncio.run(_fill(full, sender))
    paths = json.loads(CONTRACT.read_text())["paths"]
    reads = [("GET", path, "") for path, methods in paths.items() if "get" in methods and path not in NOT_SET]
    health = load.ask(full.port, sender.key, "/healthz", SECONDS, connections)
    lines = ["| Endpoint | a second | of /healthz | p50 ms | p99 ms |", "|---|---:|---:|---:|---:|"]
    for method, path, body in [*reads, *SAME_AGAIN]:
        target = path.replace("{id}", known.get(path.split("/")[2], "")) + ASKED.get(path, "")
        run = load.ask(full.port, sender.key, target, SECONDS, connections, method=method, body=body)
        rates = f"{run.per_sec:,.0f} | {run.per_sec / health.per_sec:.2f}"
        lines.append(f"| {method} {path} | {rates} | {run.p50_ms:.1f} | {run.p99_ms:.1f} |")
    return lines


async def _fill(full: Platform, sender: Sender) -> dict[str, str]:
    """Calls, voicemails, events, a webhook and numbers to find; returns an id of each noun, as the API shows it."""
    store = await main.open_store(full.settings, full.dsn)
    await store.run(
        lambda unit: webhooks.create(
            unit, sender.account_id, url=URL, enabled_events=["*"], description=None, number_id=None,
            api_version=API_VERSION, at=unit.wall,
        )
    )  # fmt: skip
    await store.close()
    connection = await asyncpg.connect(full.dsn)
    e164 = await connection.fetchval("SELECT e164 FROM numbers WHERE account_id = $1", sender.account_id)
    await connection.execute((SQL / "calls.sql").read_text(), sender.account_id, sender.number_id, e164, timeout=None)
    await connection.execute((SQL / "events.sql").read_text(), sender.account_id, timeout=None)
    await connection.execute(STOCK)
    await connection.execute("VACUUM ANALYZE", timeout=None)
    newest = "SELECT id FROM {} WHERE account_id = $1 ORDER BY id DESC LIMIT 1"
    known = {
        noun: ids.show(prefix, await connection.fetchval(newest.format(noun), sender.account_id))
        for noun, prefix in PREFIXES.items()
    }
    await connection.close()
    return known
