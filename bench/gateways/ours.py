"""This platform as `nokyc serve` starts it: PostgreSQL (fsync on), api, worker and voice."""

import asyncio
import json
import os
import subprocess
import sys
import urllib.request
from typing import Any

import asyncpg

from gateways.gateway import PASSWORD, SYSTEM_ID, WINDOW, Gateway, end, kill
from gateways.load import Target
from nokyc.store.postgres import EmbeddedPostgres
from nokyc.torture.ports import free_port
from profiler import count_statements
from rig import until_ready

BALANCE = "1000000.00"
RATE_LIMIT = 1_000_000
START_SEC = 60.0
NUMBER = "+33647180001"
ODD_CHARGES = """
SELECT count(*) FROM sms s
WHERE s.direction = 'outbound' AND (
    SELECT coalesce(sum(l.amount_micro), 0) FROM ledger_entries l
    WHERE l.account_id = s.account_id AND l.subject_id = s.id AND l.move = 'post'
) <> CASE WHEN s.status IN ('queued', 'failed') THEN 0 ELSE s.price_micro END
"""


class Ours(Gateway):
    name = "NoKYCNumber"
    profiled = False
    """Whether statements are counted, which costs something."""
    supports = "PostgreSQL, which it brings along"

    @property
    def dsn(self) -> str:
        return EmbeddedPostgres(self.folder / "data").dsn

    def start(self) -> Target:
        self.folder.chmod(0o755)  # PostgreSQL has a user of its own if we are root
        self._port = free_port()
        self._environment = {
            "DATA_DIR": str(self.folder / "data"),
            "PORT": str(self._port),
            "NOKYC_WEBHOOK_ALLOW_PRIVATE": "1",
            "NOKYC_SIP_PORT": str(free_port()),
            "NOKYC_SIP_TLS_PORT": str(free_port()),
            "NOKYC_SIP_WS_PORT": str(free_port()),
        }
        os.environ.pop("DATABASE_URL", None)
        self.restart()
        if self.profiled:
            asyncio.run(count_statements(self.dsn))
            end(self.processes.pop())
            self.restart()
        self._command(
            "carriers", "add", "smpp", "sink", "--host", "127.0.0.1", "--port", str(self.smsc_port),
            "--system-id", SYSTEM_ID, "--password", PASSWORD, "--window", str(WINDOW),
        )  # fmt: skip
        self._command("routes", "add", "default", "sink", "--sms")
        account = self._command("accounts", "create", "--balance", BALANCE)["account_id"]
        key = self._command("keys", "create", account, "--rate-limit", str(RATE_LIMIT))["secret"]
        self._command("inventory", "add", NUMBER, "--country", "fr", "--type", "mobile", "--carrier", "sink")
        found = self._call(key, "GET", "/v1/numbers/available?country=fr")["data"]
        order = {"available_id": found[0]["id"], "billing_period": "monthly"}
        number = self._call(key, "POST", "/v1/numbers", order)["id"]
        url = f"http://127.0.0.1:{self.customer_port}/told"
        self._call(key, "POST", "/v1/webhook_endpoints", {"url": url, "enabled_events": ["sms.delivered"]})
        head = (
            f"POST /v1/sms HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n"
            "Content-Type: application/json\r\nIdempotency-Key: {token}\r\n"
        )
        body = json.dumps({"from": number, "to": "+33612345678", "body": "{text}"})
        return Target(self._port, head, body)

    def restart(self) -> None:
        command = [*os.environ.get("BENCH_OURS_UNDER", "").split(), sys.executable, "-m", "nokyc", "serve"]
        self.spawn(command, environment=self._environment)
        until_ready(self._port, self.processes[-1], START_SEC)

    def kill(self) -> None:
        """Supervisor, api, worker and voice, and PostgreSQL with them, which is a child too."""
        kill(self.processes.pop())

    def stop(self) -> None:
        super().stop()
        EmbeddedPostgres(self.folder / "data").stop()

    def charged_twice(self) -> int:
        return asyncio.run(self._odd_charges())

    async def _odd_charges(self) -> int:
        connection = await asyncpg.connect(self.dsn)
        odd = int(await connection.fetchval(ODD_CHARGES, timeout=60))
        await connection.close()
        return odd

    def _command(self, *arguments: str) -> Any:
        command = [sys.executable, "-m", "nokyc", *arguments, "--json"]
        done = subprocess.run(command, env=os.environ | self._environment, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"nokyc {' '.join(arguments[:3])} failed: {done.stderr}")
        return json.loads(done.stdout or "{}")

    def _call(self, key: str, method: str, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._port}{path}", None if body is None else json.dumps(body).encode(), method=method,
            headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
        )  # fmt: skip
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)
