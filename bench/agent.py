"""Agents on real calls: how long a caller waits for an answer, how soon an agent is silent when it is interrupted.

    make bench-agent

The voice process, the speech process with the local engines, the transcriber and PostgreSQL are real; callers ring in
over a SIP trunk from a process of their own (`agent_callers.py`), speak lines that Kokoro made, and listen to what
comes back. A wait is from the last loud sample that a caller sent to the first loud one that it received.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg

from endings import end_in_order
from nokyc import main as house_main
from nokyc.settings import read_settings
from nokyc.speech.audio import pcm_to_ulaw, silence
from nokyc.speech.engines import local_engines
from nokyc.speech.port import Engines
from nokyc.speech.wire import SOCKET
from nokyc.store.store import Unit
from nokyc.store.tasks import enqueue
from report import keep
from voice_rig import HERE, Customer, House, free_port, open_house, prefix, until_answers

CALLS = 4
"""At the same time."""
TARGET_P50_MS, TARGET_P95_MS, TARGET_BARGE_IN_MS, TARGET_GAP_MS = 800, 1_200, 300, 60
LIMIT_SEC = 90
APART_MS = 1_700
"""Between the beginnings of two calls."""
VOICEMAILS = 50
READY_SEC = 120.0
MAKING_SEC = 1_800.0
COPIES = 1_000_000
"""Ids of copied calls and messages lie this far apart from their originals."""

Script = list[tuple[str, dict[str, int]]]
"""What a caller says, and when."""
EN: Script = [
    ("Hello, my name is Peter. I am calling about the invoice of last month.", {}),
    ("5 5 5, 1 2 3, 4 5 6 7.", {}),
    ("Yes, that is right.", {}),
]
FR: Script = [
    ("Bonjour, je m'appelle Sophie Martin.", {}),
    ("C'est au sujet de la livraison de lundi.", {}),
    ("C'est le 06 12 34 56 78.", {}),
    ("Oui, c'est exact.", {}),
]
INTERRUPTS: Script = [
    ("Hello, my name is Peter. I am calling about the invoice of last month.", {"into_ms": 1_500}),
    ("This is about the invoice, and nothing else.", {"into_ms": 600}),
]
VOICES = {"en": "warm_en", "fr": "neutral_fr", "es": "neutral_es", "de": "neutral_de"}


@dataclass(slots=True)
class Figures:
    """What several rounds of calls came to."""

    calls: list[dict[str, Any]] = field(default_factory=list)

    def all(self, name: str) -> list[float]:
        return sorted(value for call in self.calls for value in call[name])

    @property
    def gap_ms(self) -> float:
        return max(call["worst_gap_ms"] for call in self.calls)


class Callers:
    """`agent_callers.py`, as its owner sees it."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self._process = process
        self.port = port
        self._count = 0

    async def call(
        self, server: int, calls: list[dict[str, Any]], *, apart_ms: int = APART_MS, keep: Path | None = None
    ) -> list[dict[str, Any]]:
        """Let so many calls go on at the same time, to their ends."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        order = {
            "port": server, "calls": calls, "limit_sec": LIMIT_SEC, "apart_ms": apart_ms, "first": self._count,
            "keep": None if keep is None else str(keep),
        }  # fmt: skip
        self._count += len(calls)
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        ended = []
        while "done" not in (told := json.loads(await self._process.stdout.readline())):
            ended.append(told)
        return ended


@asynccontextmanager
async def open_callers() -> AsyncIterator[Callers]:
    """Their process, which ends with the context, whatever they are doing."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *prefix(first=True), sys.executable, str(HERE / "agent_callers.py"), stdin=pipe, stdout=pipe
    )
    assert process.stdout is not None
    try:
        yield Callers(process, json.loads(await process.stdout.readline())["port"])
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


class Lines:
    """What callers say, made once."""

    def __init__(self, engines: Engines, folder: Path) -> None:
        self._engines = engines
        self._folder = folder
        self._made: dict[tuple[str, str], Path] = {}

    async def of(self, script: Script, language: str) -> list[dict[str, Any]]:
        made = []
        for text, when in script:
            path = self._made.get((text, language))
            if path is None:
                path = self._folder / f"line-{len(self._made)}.ulaw"
                pcm = b"".join([piece async for piece in self._engines.tts.say(text, voice=VOICES[language])])
                path.write_bytes(pcm_to_ulaw(silence(100) + pcm + silence(100)))
                self._made[text, language] = path
            made.append({"path": str(path)} | when)
        return made


async def open_line(house: House, callers: Callers, data_dir: Path, numbers: int) -> int:
    """Everything that agents need, on so many of the house's numbers; returns the SIP port to ring at."""
    folder = house.folder / "speech"
    folder.mkdir()
    for name in ("whisper", "silero", "kokoro", "voices"):
        (folder / name).symlink_to((data_dir / "speech" / name).absolute())
    await _let_agents_answer(house, house.customers[:numbers])
    port = free_port()
    await house.connect(callers.port)
    house.start_speech("serve")
    await _until_there(house.folder / SOCKET)
    house.start_voice(first=True, port=port, speech=True)
    await until_answers(port)
    print("sentences are made", flush=True)
    maker = house.start_speech("transcribe")
    await _until_quiet(folder / "prompts")
    await asyncio.to_thread(maker.stop)
    return port


async def rounds(
    callers: Callers, port: int, numbers: list[str], scripts: list[list[dict[str, Any]]], count: int, keep: Path | None
) -> Figures:
    """CALLS at a time, each to a number of its own, with one script after the other."""
    figures = Figures()
    for n in range(count):
        calls = [{"to": to, "lines": scripts[(n + k) % len(scripts)]} for k, to in enumerate(numbers)]
        figures.calls += await callers.call(port, calls, keep=keep)
        for call in figures.calls[-len(calls) :]:
            print("   ", {name: _short(value) for name, value in call.items()}, flush=True)
    return figures


async def measure(data_dir: Path, count: int, keep: Path | None) -> list[str]:
    async with open_house() as house, open_callers() as callers:
        numbers = [customer.number for customer in house.customers[:CALLS]]
        lines = Lines(local_engines(data_dir), house.folder)
        scripts = [await lines.of(EN, "en"), await lines.of(FR, "fr")]
        cuts = [await lines.of(INTERRUPTS, "en")]
        port = await open_line(house, callers, data_dir, CALLS)
        await rounds(callers, port, numbers, scripts, 1, keep)
        print("answers", flush=True)
        answers = await rounds(callers, port, numbers, scripts, count, keep)
        print("interruptions", flush=True)
        barged = await rounds(callers, port, numbers, cuts, 2, keep)
        print("answers, with voicemails", flush=True)
        queued = await _queue_voicemails(house, VOICEMAILS)
        house.start_speech("transcribe")
        loaded = await rounds(callers, port, numbers, scripts, max(2, count // 2), keep)
        left = await house.fetchval("SELECT count(*) FROM tasks WHERE queue = 'speech'")
    return _report(answers, barged, loaded, queued, left)


def _report(answers: Figures, barged: Figures, loaded: Figures, queued: int, left: int) -> list[str]:
    waits, more = answers.all("latencies_ms"), loaded.all("latencies_ms")
    cuts = barged.all("barge_ins_ms")
    rows = [
        ("answer, median", f"{statistics.median(waits):.0f} ms of {len(waits)}", f"≤ {TARGET_P50_MS}"),
        ("answer, 95 %", f"{_percentile(waits, 95):.0f} ms", f"≤ {TARGET_P95_MS}"),
        ("answer, slowest", f"{waits[-1]:.0f} ms", ""),
        ("silent after an interruption, median", f"{statistics.median(cuts):.0f} ms of {len(cuts)}", ""),
        ("silent after an interruption, slowest", f"{cuts[-1]:.0f} ms", f"≤ {TARGET_BARGE_IN_MS}"),
        ("worst gap between packets", f"{answers.gap_ms:.0f} ms", f"≤ {TARGET_GAP_MS}"),
        (f"with {queued} voicemails: answer, median", f"{statistics.median(more):.0f} ms of {len(more)}", ""),
        ("answer, 95 %", f"{_percentile(more, 95):.0f} ms", ""),
        ("worst gap between packets", f"{loaded.gap_ms:.0f} ms", f"≤ {TARGET_GAP_MS}"),
        ("voicemails transcribed meanwhile", f"{queued - left}", ""),
        ("calls that did not end as they should", f"{_wrong(answers) + _wrong(loaded)}", "0"),
    ]
    return ["| | | Target |", "|---|---|---|", *(f"| {name} | {value} | {target} |" for name, value, target in rows)]


def _wrong(figures: Figures) -> int:
    return sum(call["by"] != "agent" or call["lines_left"] > 0 for call in figures.calls)


def _percentile(values: list[float], percent: int) -> float:
    return values[min(len(values) - 1, len(values) * percent // 100)]


def _short(value: Any) -> Any:
    if isinstance(value, list):
        return [round(each) for each in value]
    return round(value) if isinstance(value, float) else value


async def _let_agents_answer(house: House, customers: list[Customer]) -> None:
    connection = await asyncpg.connect(house.dsn)
    for customer in customers:
        await connection.execute("UPDATE numbers SET addons = '{ai-pickup}' WHERE e164 = $1", customer.number)
        await connection.execute(
            "INSERT INTO ai_configs (account_id, number_id, settings, updated_at)"
            " SELECT account_id, id, $2, now() FROM numbers WHERE e164 = $1",
            customer.number, json.dumps({"auto_pickup": {"after_rings": 1}}),
        )  # fmt: skip
    await connection.close()


async def _queue_voicemails(house: House, count: int) -> int:
    """Copies of the messages that were left so far, each with its task."""
    connection = await asyncpg.connect(house.dsn)
    rows = await connection.fetch("SELECT account_id, id, call_id FROM voicemails ORDER BY duration_sec DESC LIMIT 10")
    store = await house_main.open_store(read_settings(data_dir=house.folder), house.dsn)
    for n in range(count):
        row = rows[n % len(rows)]
        more = COPIES * (n + 1)
        for table, key in (("calls", "id"), ("voicemails", "id")):
            changed = f"'id', c.id + {more}" + (f", 'call_id', c.call_id + {more}" if table == "voicemails" else "")
            await connection.execute(
                f"INSERT INTO {table} SELECT (jsonb_populate_record(c, jsonb_build_object({changed}))).* FROM {table} c"
                f" WHERE c.account_id = $1 AND c.{key} = $2",
                row["account_id"], row["call_id" if table == "calls" else "id"],
            )  # fmt: skip

        async def work(unit: Unit, row: Any = row, more: int = more) -> None:
            await enqueue(unit, "speech", "voicemail.process", row["account_id"], row["id"] + more)

        await store.run(work)
    await store.close()
    queued: int = await connection.fetchval("SELECT count(*) FROM tasks WHERE queue = 'speech'")
    await connection.close()
    return queued


async def _until_there(path: Path) -> None:
    async with asyncio.timeout(READY_SEC):
        while not path.exists():
            await asyncio.sleep(0.1)


async def _until_quiet(folder: Path) -> None:
    """Until no more sentences are being made."""
    before = 0
    async with asyncio.timeout(MAKING_SEC):
        while (now := len(list(folder.glob("*.ulaw")))) == 0 or now != before:
            before = now
            await asyncio.sleep(20)
    print(f"    {before} of them", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data-dir", type=Path, default=Path(os.environ.get("DATA_DIR", ".data")))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="a folder for what was said on each call")
    arguments = parser.parse_args()
    end_in_order()
    load = os.getloadavg()[0]
    lines = asyncio.run(measure(arguments.data_dir, arguments.rounds, arguments.keep))
    about = (
        f"`make bench-agent` on {os.cpu_count()} cores whose load was {load:.1f} at the start: {CALLS} calls at a time,"
        " English and French, with the local engines."
    )
    keep("agent", "Agents on calls", about, lines)


if __name__ == "__main__":
    main()
