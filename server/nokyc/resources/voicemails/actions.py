"""What can happen to a voicemail. It is shown as soon as it is there, and told of once, with its transcript if one
comes in time (decision F118)."""

from datetime import datetime, timedelta
from typing import Any

from msgspec import to_builtins

from nokyc.kit import ids
from nokyc.resources.calls.queries import lock as lock_call
from nokyc.resources.events.actions import Fact, emit
from nokyc.resources.files.links import Links
from nokyc.resources.voicemails.schemas import Transcript, VoicemailAi, show_voicemail
from nokyc.store.store import Unit
from nokyc.store.tasks import SCHEDULE, enqueue

SPEECH_QUEUE = "speech"
SHORTEST_MS = 1_000
"""What is shorter is somebody who hung up."""
UNHEARD_AGE = timedelta(days=30)
UNHEARD_AT_ONCE = 20
PATIENCE = timedelta(seconds=60)
"""How long the event waits for the transcript."""


async def leave(
    unit: Unit,
    account_id: int,
    call_id: int,
    voicemail_id: int,
    *,
    at: datetime,
    file: str,
    duration_ms: int,
    links: Links,
    speech: bool,
    ai: VoicemailAi | None = None,
) -> bool:
    """Write down a message that is among the files, left at `at` (account time); once more changes nothing. False if it
    is too short, if there is no such call, or if the call left another one before: then its file is nobody's. `ai` is
    what an agent learned before."""
    call = await lock_call(unit, account_id, call_id)
    if call is None or duration_ms < SHORTEST_MS:
        return False
    party = call["callee"] if call["direction"] == "outbound" else call["caller"]
    added = await unit.connection.fetchval(
        "INSERT INTO voicemails"
        " (account_id, id, number_id, call_id, caller, file, duration_sec, request_id, received_at, ai)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (account_id, call_id) DO NOTHING RETURNING id",
        account_id, voicemail_id, call["number_id"], call_id, party, file, -(-duration_ms // 1_000),
        call["request_id"], at, None if ai is None else to_builtins(ai),
    )  # fmt: skip
    if added is None:
        known = "SELECT EXISTS (SELECT FROM voicemails WHERE account_id = $1 AND id = $2)"
        return bool(await unit.connection.fetchval(known, account_id, voicemail_id))
    if not speech:
        await record_unheard(unit, account_id, voicemail_id)
        await announce(unit, account_id, voicemail_id, at, links)
        return True
    payload = {"file": file, "number_id": call["number_id"]}
    await enqueue(unit, SPEECH_QUEUE, "voicemail.process", account_id, voicemail_id, payload=payload)
    await enqueue(unit, SCHEDULE, "voicemail.announce", account_id, voicemail_id, run_at=unit.wall + PATIENCE)
    return True


async def record_transcript(
    unit: Unit, account_id: int, voicemail_id: int, transcript: Transcript, at: datetime, links: Links
) -> None:
    """What was said is known: told now, unless that has happened without it."""
    await unit.connection.execute(
        "UPDATE voicemails SET transcript = $3 WHERE account_id = $1 AND id = $2 AND deleted_at IS NULL",
        account_id,
        voicemail_id,
        to_builtins(transcript),
    )
    await announce(unit, account_id, voicemail_id, at, links)


async def record_unheard(unit: Unit, account_id: int, voicemail_id: int) -> None:
    """No engine is there that could make words of it."""
    await unit.connection.execute(
        "UPDATE voicemails SET unheard = true WHERE account_id = $1 AND id = $2 AND deleted_at IS NULL"
        " AND transcript IS NULL",
        account_id,
        voicemail_id,
    )


async def take_up_unheard(unit: Unit) -> int:
    """Have the newest messages of all accounts heard that no engine was there for; returns how many. What is older
    than UNHEARD_AGE stays as it is."""
    rows = await unit.connection.fetch(
        "UPDATE voicemails v SET unheard = false FROM (SELECT account_id, id FROM voicemails WHERE unheard"
        " ORDER BY id DESC LIMIT $1 FOR UPDATE SKIP LOCKED) AS w"
        " WHERE v.account_id = w.account_id AND v.id = w.id RETURNING v.account_id, v.id, v.number_id, v.file,"
        " v.deleted_at IS NULL AND v.id >= $2 AS wanted",
        UNHEARD_AT_ONCE,
        ids.first_id_at(unit.wall - UNHEARD_AGE),
    )
    wanted = [row for row in rows if row["wanted"]]
    for row in wanted:
        payload = {"file": row["file"], "number_id": row["number_id"]}
        await enqueue(unit, SPEECH_QUEUE, "voicemail.process", row["account_id"], row["id"], payload=payload)
    return len(wanted)


async def announce(unit: Unit, account_id: int, voicemail_id: int, at: datetime, links: Links) -> None:
    """Tell of a voicemail, once."""
    row = await unit.connection.fetchrow(
        "UPDATE voicemails SET announced = true WHERE account_id = $1 AND id = $2 AND NOT announced"
        " AND deleted_at IS NULL RETURNING *",
        account_id,
        voicemail_id,
    )
    if row is not None:
        content = show_voicemail(row, links, at)
        request_id, number_id = row["request_id"], row["number_id"]
        await emit(unit, [Fact(account_id, "voicemail.created", voicemail_id, content, request_id, at, number_id)])


async def delete(unit: Unit, row: Any, now: datetime) -> None:
    """Forget a message for good: its address is dead once this is committed, and the file goes after that."""
    await unit.connection.execute(
        "UPDATE voicemails SET deleted_at = $3, file = NULL, transcript = NULL, ai = NULL, caller = NULL"
        " WHERE account_id = $1 AND id = $2",
        row["account_id"],
        row["id"],
        now,
    )
    await enqueue(unit, SCHEDULE, "file.delete", row["account_id"], row["id"], payload={"file": row["file"]})


async def set_greeting(
    unit: Unit,
    account_id: int,
    number_id: int,
    *,
    text: str | None,
    voice: str | None,
    audio: bytes | None,
    now: datetime,
) -> Any:
    """What callers of a number hear before the tone: a text, or sound (8 kHz mono 16-bit PCM); returns its row."""
    return await unit.connection.fetchrow(
        "INSERT INTO greetings (account_id, number_id, text, voice, audio, updated_at) VALUES ($1, $2, $3, $4, $5, $6)"
        " ON CONFLICT (account_id, number_id) DO UPDATE SET text = $3, voice = $4, audio = $5, updated_at = $6"
        " RETURNING *",
        account_id, number_id, text, voice, audio, now,
    )  # fmt: skip


async def delete_greeting(unit: Unit, account_id: int, number_id: int) -> None:
    """Back to the shipped prompt."""
    await unit.connection.execute(
        "DELETE FROM greetings WHERE account_id = $1 AND number_id = $2", account_id, number_id
    )
