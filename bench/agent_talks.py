"""Twenty conversations with agents on real calls: whether each ends as it should, and what the agent understood.

    make talks

The platform and its engines are those of `agent.py`, and so are the callers. What each agent learned is read from the
messages that it left, and why each call ended from the calls. A name or a number counts as right if it is the one that
was said, letter by letter, and if none was said, only without one.
"""

import argparse
import asyncio
import json
import math
import os
import random
import sys
import tempfile
import wave
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from agent import Callers, Lines, Script, open_callers, open_line
from endings import end_in_order
from nokyc.kit.clock import SystemClock
from nokyc.kit.g711 import audioop, pcm_to_ulaw
from nokyc.speech.engines import local_engines
from report import RESULTS, keep
from voice_rig import House, open_house

AT_ONCE = 4
MUSIC = Path("/usr/share/asterisk/moh")
GREETING = "You have reached the office of Miller and Sons. Nobody can take your call. Please leave a message."
BEEP_HZ, BEEP_SEC = 1_000, 0.5


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation, and what has to come of it."""

    name: str
    language: str
    script: Script
    ended_by: str | None
    end_reason: str
    caller: str | None = None
    """The name that was said."""
    number: str | None = None
    """The number to call back that was said; THEIRS is the one that they call from."""
    extra: str = ""
    """Something else than speech: `music`, `machine`, `noise`, `mirror`."""


END = {"hang_up": 1}
THEIRS = "theirs"
TALKS: list[Talk] = [
    Talk("a message in English", "en", [("Hello, my name is Peter. I am calling about the invoice of last month.", {}),
         ("5 5 5, 1 2 3, 4 5 6 7.", {}), ("Yes, that is right.", {})], "done", "agent_done", "Peter", "5551234567"),
    Talk("a message in French", "fr", [("Bonjour, je m'appelle Sophie Martin. C'est au sujet du contrat.", {}),
         ("C'est le 06 12 34 56 78.", {}), ("Oui, c'est exact.", {})], "done", "agent_done", "Sophie Martin",
         "0612345678"),
    Talk("a message in Spanish", "es", [("Hola, me llamo Carlos. Llamo por el contrato del piso.", {}),
         ("6 1 2, 3 4 5, 6 7 8.", {}), ("Sí, es correcto.", {})], "done", "agent_done", "Carlos", "612345678"),
    Talk("a message in German", "de", [("Guten Tag, hier ist Anna Schmidt. Es geht um die Rechnung vom März.", {}),
         ("0 3 0, 1 2 3 4, 5 6 7.", {}), ("Ja, genau.", {})], "done", "agent_done", "Anna Schmidt", "0301234567"),
    Talk("on this number", "en", [("Good morning, this is Susan. I am calling about the garden.", {}),
         ("You can reach me on this number.", {})], "done", "agent_done", "Susan", THEIRS),
    Talk("a number that was heard wrongly", "en", [("Hello, my name is Peter. I am calling about the invoice.", {}),
         ("5 5 5, 1 2 3, 4 5 6 7.", {}), ("No, that is wrong.", {}), ("5 5 5, 1 2 3, 4 5 6 8.", {}), ("Yes.", {})],
         "done", "agent_done", "Peter", "5551234568"),
    Talk("somebody who will not say", "en", [("I would rather not tell you my name.", {}),
         ("It is a private matter.", {}), ("I do not want to leave one.", {}), ("No, thank you.", {})],
         "done", "agent_done"),
    Talk("a wrong number", "en", [("Oh, I am sorry, I have the wrong person. Goodbye.", {})], "done", "agent_done"),
    Talk("an interruption in English", "en",
         [("Hello, my name is Peter. I am calling about the invoice.", {"into_ms": 1_200}),
         ("5 5 5, 1 2 3, 4 5 6 7.", {}), ("Yes, that is right.", {})], "done", "agent_done", "Peter", "5551234567"),
    Talk("an interruption in French", "fr",
         [("Bonjour, c'est Marc, je vous appelle pour la livraison.", {"into_ms": 1_500}),
         ("C'est le 06 12 34 56 78.", {}), ("Oui, c'est ça.", {})], "done", "agent_done", "Marc", "0612345678"),
    Talk("the key 0", "en", [("", {"digit": 0, "into_ms": 1_000})], None, "voicemail_done"),
    Talk("the key #", "en", [("Hello, my name is Peter. I am calling about the invoice.", {}),
         ("", {"digit": 11})], "done", "agent_done", "Peter"),
    Talk("hanging up in the middle", "en", [("Hello, my name is Peter.", {}), ("", END)], "caller_hangup",
         "caller_hangup", "Peter"),
    Talk("hanging up at once", "en", [("", END | {"into_ms": 1_000})], None, "caller_hangup"),
    Talk("silence", "en", [], None, "voicemail_done"),
    Talk("a goodbye in French", "fr", [("Excusez-moi, je me suis trompé. Au revoir.", {})], "done", "agent_done"),
    Talk("noise", "en", [("", {"after_ms": 600})], "silence", "voicemail_done", extra="noise"),
    Talk("hold music", "en", [("", {"after_ms": 200})], None, "agent_hold_music", extra="music"),
    Talk("an answering machine", "en", [("", {"into_ms": 500})], "machine", "agent_machine", extra="machine"),
    Talk("an agent that meets an agent", "en", [], "loop", "agent_loop", extra="mirror"),
]  # fmt: skip
HEAD = [
    "| Who calls | The call ended | The agent ended | | Name | Number to call back | |",
    "|---|---|---|---|---|---|---|",
]
RIGHT, UNDERSTOOD = "as it should", "understood"


async def talk(
    house: House, callers: Callers, lines: Lines, data_dir: Path, talks: Sequence[Talk], keep: Path | None
) -> list[str]:
    port = await open_line(house, callers, data_dir, AT_ONCE)
    numbers = [customer.number for customer in house.customers[:AT_ONCE]]
    rows = []
    for begin in range(0, len(talks), AT_ONCE):
        batch = talks[begin : begin + AT_ONCE]
        calls = [
            {"to": to, "lines": await _lines(lines, each)} for to, each in zip(numbers, batch, strict=False)
        ]  # fmt: skip
        for n, each in enumerate(batch):
            if each.extra == "mirror":
                calls += [{"to": numbers[n], "lines": [], "mirrors": n, "wait_ms": 5_000}]
                calls[n]["mirrors"] = len(calls) - 1
        told = await callers.call(port, calls, apart_ms=400, keep=keep)
        await asyncio.sleep(4)
        first = min(each["call"] for each in told)
        for n, each in enumerate(batch):
            found = await _found(house, first + n)
            rows.append(_row(each, found, theirs=_theirs(first + n)))
            print(rows[-1], found, flush=True)
    return rows


def _row(talk: Talk, found: dict[str, Any], *, theirs: str) -> str:
    said = {"name": talk.caller, "callback_number": theirs if talk.number == THEIRS else talk.number}
    understood = [f"{found.get(field)} for {value}" for field, value in said.items() if found.get(field) != value]
    cells = (
        talk.name, found.get("end_reason"), found.get("ended_by"), _wrong_end(talk, found) or RIGHT,
        found.get("name") or "–", found.get("callback_number") or "–", ", ".join(understood) or UNDERSTOOD,
    )  # fmt: skip
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def _wrong_end(talk: Talk, found: dict[str, Any]) -> str:
    """What is not as it should be, in a word."""
    wanted = {"end_reason": talk.end_reason, "ended_by": talk.ended_by}
    if talk.ended_by == "done":
        wanted["language"] = talk.language
    wrong = [f"{field}: {found.get(field)} for {value}" for field, value in wanted.items() if found.get(field) != value]
    return ", ".join(wrong)


def _theirs(n: int) -> str:
    """What the caller of this call calls from."""
    return f"+33612340{n:03d}"


async def _found(house: House, n: int) -> dict[str, Any]:
    connection = await asyncpg.connect(house.dsn)
    await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=str, decoder=json.loads)
    row = await connection.fetchrow(
        "SELECT c.end_reason, v.ai FROM calls c LEFT JOIN voicemails v ON v.account_id = c.account_id"
        " AND v.call_id = c.id WHERE c.caller = $1", _theirs(n),
    )  # fmt: skip
    await connection.close()
    return {} if row is None else {"end_reason": row["end_reason"], **(row["ai"] or {})}


async def _lines(lines: Lines, talk: Talk) -> list[dict[str, Any]]:
    made = []
    for text, when in talk.script:
        if "digit" in when:
            made.append(when | {"digit": "0123456789*#"[when["digit"]]})
        elif "hang_up" in when:
            made.append(dict(when))
        elif talk.extra:
            made.append({"path": str(_sound(talk.extra, await lines.of([(GREETING, {})], "en")))} | when)
        else:
            made += await lines.of([(text, when)], talk.language)
    return made


def _sound(kind: str, greeting: Sequence[dict[str, Any]]) -> Path:
    """µ-law of something that is no caller."""
    path = Path(tempfile.mkdtemp(prefix="talks-")) / f"{kind}.ulaw"
    if kind == "music":
        with wave.open(str(min(MUSIC.glob("*.wav")))) as sound:
            pcm = sound.readframes(8_000 * 40)
    elif kind == "machine":
        tone = array(
            "h", (int(9_000 * math.sin(2 * math.pi * BEEP_HZ * n / 8_000)) for n in range(int(8_000 * BEEP_SEC)))
        )
        pcm = (
            audioop.ulaw2lin(Path(greeting[0]["path"]).read_bytes(), 2) + bytes(6_400) + tone.tobytes() + bytes(160_000)
        )
    else:
        chance = random.Random(1)
        hiss = array("h", (int(chance.gauss(0, 900)) for _ in range(4_000))).tobytes()
        pcm = (hiss + bytes(64_000)) * 8
    path.write_bytes(pcm_to_ulaw(pcm))
    return path


async def run(data_dir: Path, talks: Sequence[Talk], keep: Path | None) -> list[str]:
    async with open_house() as house, open_callers() as callers:
        return await talk(house, callers, Lines(local_engines(data_dir), house.folder), data_dir, talks, keep)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data-dir", type=Path, default=Path(os.environ.get("DATA_DIR", ".data")))
    parser.add_argument("--keep", type=Path, help="a folder for what was said on each call")
    parser.add_argument("--only", help="those whose names have one of these words, separated by commas")
    arguments = parser.parse_args()
    end_in_order()
    words = arguments.only.split(",") if arguments.only else [""]
    talks = [each for each in TALKS if any(word in each.name for word in words)]
    rows = asyncio.run(run(arguments.data_dir, talks, arguments.keep))
    _keep(rows)
    return 0 if all(RIGHT in row and UNDERSTOOD in row for row in rows) else 1


def _keep(rows: Sequence[str]) -> None:
    """In the day's table, where conversations that were not held this time stay as they were."""
    path = RESULTS / f"talks-{SystemClock().now().date().isoformat()}.md"
    before = path.read_text("utf-8").splitlines() if path.exists() else []
    held = {row.split("|")[1].strip(): row for row in [*(row for row in before if row.count("|") == 8), *rows]}
    table = [held[each.name] for each in TALKS if each.name in held]
    ended, understood = (sum(f"| {word} |" in row for row in table) for word in (RIGHT, UNDERSTOOD))
    about = (
        f"`make talks`: {ended} of {len(table)} ended as they should, and in {understood} the name and the number are"
        " what was said, and nothing where none was."
    )
    keep("talks", "Conversations with agents", about, [*HEAD, *table])


if __name__ == "__main__":
    sys.exit(main())
