"""Voicemails: who left one, what was said, and what is to be done about it."""

from typing import Any

from starlette.responses import Response

from nokyc.kit import ids
from nokyc.kit.clock import format_instant
from nokyc.panel import players
from nokyc.panel.calls import party_of
from nokyc.panel.page import get, post
from nokyc.panel.view import View
from nokyc.resources.voicemails import queries
from nokyc.resources.voicemails.actions import PATIENCE
from nokyc.resources.voicemails.schemas import VoicemailQuery

FILTERS = ("number", "party", "created_after", "created_before", "starting_after")
SUMMARY = "ai-summary"


async def index(view: View) -> Response:
    asked = view.filters(*FILTERS)
    query: VoicemailQuery = view.list_query(VoicemailQuery, asked)
    async with view.store.reading() as connection:
        rows = await queries.list_voicemails(
            connection, view.account_id, query, livemode=view.livemode, caller=party_of(asked["party"])
        )
    shown, more = rows[: query.limit], len(rows) > query.limit
    return view.page(
        "voicemails.html",
        voicemails=[_shown(row) for row in shown],
        next=ids.show("vm", shown[-1]["id"]) if more else None,
        query=asked,
    )


async def show(view: View) -> Response:
    voicemail = await view.api("voicemails.get", view.path("id"))
    number = await view.api("numbers.get", voicemail["number_id"])
    fresh = voicemail["received_at"] > format_instant(view.now - PATIENCE)
    return view.page(
        "voicemail.html", voicemail=voicemail, number=number, fresh=fresh, sums_up=SUMMARY in number["addons"]
    )


async def audio(view: View) -> Response:
    """To the file, by an address that is good for an hour from now."""
    voicemail = await view.api("voicemails.get", view.path("id"))
    return players.to_file(view, voicemail["audio_url"], "voicemail")


async def waveform(view: View) -> Response:
    async with view.store.reading() as connection:
        row = await queries.get(connection, view.account_id, ids.read("vm", view.path("id")) or 0)
    return await players.waveform(view, row["file"], [])


async def delete(view: View) -> Response:
    await view.api("voicemails.delete", view.path("id"))
    return view.go("/voicemails", "erased")


def _shown(row: Any) -> dict[str, Any]:
    transcript, ai = row["transcript"] or {}, row["ai"] or {}
    return {
        "id": ids.show("vm", row["id"]),
        "party": row["caller"],
        "name": ai.get("name"),
        "text": transcript.get("summary") or transcript.get("text") or ai.get("reason"),
        "sentiment": transcript.get("sentiment"),
        "duration_sec": row["duration_sec"],
        "received_at": row["received_at"],
    }


PAGES = [
    get("/voicemails", index),
    get("/voicemails/{id}", show),
    get("/voicemails/{id}/audio", audio),
    get("/voicemails/{id}/waveform", waveform),
    post("/voicemails/{id}/delete", delete),
]
