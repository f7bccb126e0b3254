"""The two load generators, wrk and pgbench, and what they say."""

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from nokyc.store.postgres import binaries

HERE = Path(__file__).parent
CLIENTS = 128
TEXT = "Your code is 482917. It is good for ten minutes; tell it to nobody, not even to us."
RESPONSE = "x" * 420
"""As long as the answer to POST /v1/sms, which is stored with its idempotency key."""


@dataclass(frozen=True, slots=True)
class Load:
    """One run of a load generator."""

    done: int
    per_sec: float
    p50_ms: float
    p99_ms: float


def post_sms(port: int, senders: Path, seconds: int) -> Load:
    """POST /v1/sms over 128 connections, from the senders of a file."""
    return _wrk(port, "post_sms.lua", seconds, CLIENTS, str(senders), TEXT)


def ask(port: int, key: str, path: str, seconds: int, connections: int, *, method: str = "GET", body: str = "") -> Load:
    """The same request again and again."""
    return _wrk(port, "request.lua", seconds, connections, key, method, path, body)


def pgbench(dsn: str, senders: int, seconds: int, script: str = "one_call") -> Load:
    """A message a transaction from 128 clients, over `senders` accounts: in `one_call`, or `in_steps`."""
    path = HERE / "sql" / f"{script}.pgbench"
    variables = [f"-Dsenders={senders}", f"-Dbody={TEXT}", f"-Dresponse={RESPONSE}"]
    options = ["-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2", "-T", str(seconds), "-f", str(path)]
    text = _run([str(binaries() / "pgbench"), *options, *variables, dsn])
    if "number of failed transactions: 0 " not in text:
        sys.exit(f"pgbench had failures:\n{text}")
    latency = float(_find(r"latency average = ([\d.]+) ms", text))
    rate = float(_find(r"tps = ([\d.]+)", text))
    return Load(int(_find(r"actually processed: (\d+)", text)), rate, latency, latency)


def _wrk(port: int, script: str, seconds: int, connections: int, *arguments: str) -> Load:
    program = shutil.which("wrk")
    if program is None:
        sys.exit("The load comes from wrk, which is not installed: apt-get install wrk")
    options = ["-t", "1", "-c", str(connections), "-d", f"{seconds}s", "-s", str(HERE / script)]
    text = _run([program, *options, f"http://127.0.0.1:{port}", "--", *arguments])
    done, elapsed_us, refused, p50_us, p99_us = map(int, _find(r"RESULT ([\d ]+)", text).split())
    if refused:
        sys.exit(f"{refused} of {done} requests were not answered with success")
    return Load(done, done / elapsed_us * 1e6, p50_us / 1e3, p99_us / 1e3)


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{command[0]} failed:\n{done.stderr}")
    return done.stdout


def _find(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found is not None, text
    return found[1]
