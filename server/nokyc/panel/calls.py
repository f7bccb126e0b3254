"""Calls: the log, those that go on now, what happened in each, and placing one."""

from typing import Any

from starlette.responses import Response

from nokyc.http.errors import ApiError
from nokyc.http.schema import Phone
from nokyc.kit import ids
from nokyc.kit.languages import VOICES
from nokyc.panel import ladder, players
from nokyc.panel.page import get, post
from nokyc.panel.view import View
from nokyc.resources.calls import queries
from nokyc.resources.calls.intake import Order
from nokyc.resources.calls.schemas import CallCreate, CallQuery
from nokyc.resources.calls.settle import MOVES, OPEN

FILTERS = ("number", "party", "direction", "status", "created_after", "created_before", "starting_after")
STATUSES = tuple(MOVES)
LIVE_SHOWN = 20
CONNECTS = {
    "softphone": "My softphone or SIP phone",
    "say": "A text that is spoken",
    "number": "Another number",
    "agent": "The number's AI agent",
    "stream": "A program of mine, by WebSocket",
}
REASONS = {
    "caller_hangup": "The caller hung up.", "callee_hangup": "The callee hung up.", "api_hangup": "You hung up.",
    "canceled": "It was given up before anybody answered.", "busy": "The line was busy.",
    "no_answer": "Nobody answered.", "declined": "It was declined.", "unallocated": "There is no such number.",
    "unreachable": "The far end could not be reached.", "forbidden": "The carrier does not allow it.",
    "carrier_refused": "The carrier refused it.", "carrier_timeout": "The carrier did not answer.",
    "media_timeout": "No audio came any more.", "session_expired": "The far end was gone without a word.",
    "max_duration": "It lasted as long as a call may.", "balance_used_up": "The balance was used up.",
    "voicemail_done": "The voicemail had finished.", "agent_done": "The agent had finished.",
    "agent_silence": "Nobody spoke to the agent.", "agent_max_sec": "The agent's time was over.",
    "agent_max_turns": "The agent had said as much as it may.", "agent_cost": "The agent's cost was at its limit.",
    "agent_hold_music": "The agent heard music only.", "agent_machine": "The agent met a machine.",
    "agent_loop": "The agent went round in circles.", "agent_unavailable": "The agent could not work.",
    "script_done": "Everything was said.", "screened": "The caller was turned away.",
    "number_paused": "The number is paused.", "unknown_number": "The number is nobody's.",
    "no_media": "No audio came about.", "worker_lost": "The process that had the call died.",
    "shutdown": "The platform was stopped.", "internal_error": "An error of the platform's.",
}  # fmt: skip
"""Why a call ended, in words."""

ANSWERERS = {
    "party": "them", "device": "your phone", "voicemail": "voicemail", "agent": "the agent", "machine": "a machine",
}  # fmt: skip
"""Who answered, as a page says it of them."""


async def index(view: View) -> Response:
    """The newest calls that fit, and above them those that go on."""
    asked = view.filters(*FILTERS)
    query: CallQuery = view.list_query(CallQuery, asked)
    async with view.store.reading() as connection:
        rows = await queries.list_calls(
            connection, view.account_id, query, livemode=view.livemode, party=party_of(asked["party"])
        )
        live = await queries.going_on(connection, view.account_id, limit=LIVE_SHOWN)
    shown, more = rows[: query.limit], len(rows) > query.limit
    return view.page(
        "calls.html",
        calls=[_shown(view, row) for row in shown],
        next=ids.show("call", shown[-1]["id"]) if more else None,
        live=[_shown(view, row) for row in live],
        query=asked,
        statuses=STATUSES,
        now=view.now,
    )


async def show(view: View) -> Response:
    call = await view.api("calls.get", view.path("id"))
    timeline = await view.api("calls.timeline", call["id"])
    steps = timeline["steps"]
    async with view.store.reading() as connection:
        voicemail = await queries.voicemail_of(connection, view.account_id, ids.read("call", call["id"]) or 0)
    return view.page(
        "call.html",
        call=call,
        timeline=timeline,
        party=call["from_e164"] if call["direction"] == "inbound" else call["to"],
        live=call["status"] in OPEN,
        reason=REASONS.get(call["end_reason"] or "", ""),
        ladder=ladder.draw(steps),
        alerts=[step for step in steps if step["type"] == "quality" and "alert" in step["detail"]],
        captions=[step for step in steps if step["type"] == "caption"],
        others=[step for step in steps if step["type"] not in ("sip", "caption", "quality")],
        voicemail=None if voicemail is None else ids.show("vm", voicemail),
        legs=ladder.LEGS,
        answerers=ANSWERERS,
        now=view.now,
    )


async def recording(view: View) -> Response:
    """To the file, by an address that is good for an hour from now."""
    call = await view.api("calls.get", view.path("id"))
    return players.to_file(view, call["recording_url"], "recording")


async def waveform(view: View) -> Response:
    call_id = ids.read("call", view.path("id")) or 0
    async with view.store.reading() as connection:
        row = await queries.get(connection, view.account_id, call_id)
    sides = ["Them", "Your side"]
    return await players.waveform(view, row["file"], sides)


async def write(view: View) -> Response:
    chosen = view.asked("from")
    return view.page(
        "call_new.html",
        numbers=await view.active_numbers(chosen),
        to=view.asked("to") or "",
        chosen=chosen,
        connects=CONNECTS,
        voices=VOICES,
    )


async def preview(view: View) -> Response:
    """What the call would cost, or what is wrong with it."""
    if not view.form.raw("to").strip():
        return view.page("part_call_price.html", price=None, refusal=None)
    try:
        body: CallCreate = view.read(CallCreate, _body(view))
        order = Order(
            view.account_id, view.livemode, ids.read("num", body.from_), body.to, view.request_id, view.now,
            connect=body.connect,
        )  # fmt: skip
        price, connect = await view.store.run(lambda unit: view.desk.calls.quote(unit, order))
    except ApiError as refusal:
        return view.page("part_call_price.html", price=None, refusal=refusal)
    return view.page("part_call_price.html", price=price, connect=connect, refusal=None)


async def place(view: View) -> Response:
    form = view.form
    body = _body(view) | {"recording_enabled": form.flag("recording_enabled")}
    extra = {"callerid_mask": form.maybe("callerid_mask"), "metadata": form.json("metadata")}
    body |= {name: value for name, value in extra.items() if value is not None}
    made = await view.api("calls.create", body=body, key=form.maybe("once"))
    return view.go(f"/calls/{made['id']}", "placed")


async def hang_up(view: View) -> Response:
    call = await view.api("calls.hangup", view.path("id"))
    return view.go(f"/calls/{call['id']}", "hung_up")


def party_of(text: str) -> str | None:
    """The number that a filter names, with or without plus and spaces; None if it is empty. Raises ApiError 400."""
    digits = "".join(c for c in text if c.isdigit())
    return str(Phone.parse(f"+{digits}")) if text.strip() else None


def _body(view: View) -> dict[str, Any]:
    form = view.form
    kind = form.maybe("connect")
    fields: dict[str, dict[str, Any]] = {
        "say": {"text": form.maybe("text") or "", "voice": form.maybe("voice")},
        "number": {"to": (form.maybe("second") or "").replace(" ", "")},
        "stream": {"url": form.maybe("url") or ""},
    }
    body: dict[str, Any] = {"from": form.text("from"), "to": form.text("to").replace(" ", "")}
    if kind is not None:
        given = {name: value for name, value in fields.get(kind, {}).items() if value is not None}
        body["connect"] = {"type": kind, **given}
    return body


def _shown(view: View, row: Any) -> dict[str, Any]:
    inbound = row["direction"] == "inbound"
    return {
        "id": ids.show("call", row["id"]),
        "inbound": inbound,
        "party": row["caller"] if inbound else row["callee"],
        "own": row["callee"] if inbound else row["caller"],
        "status": row["status"],
        "started_at": row["started_at"],
        "answered_at": row["answered_at"],
        "ended_at": row["ended_at"],
        "answered_by": row["answered_by"],
        "duration_sec": row["duration_sec"],
        "cost_micro": row["cost_micro"],
        "reason": REASONS.get(row["end_reason"] or "", ""),
        "recorded": queries.is_recorded(row, view.now),
    }


PAGES = [
    get("/calls", index),
    get("/calls/new", write),
    post("/calls/new", place),
    post("/calls/price", preview),
    get("/calls/{id}", show),
    get("/calls/{id}/recording", recording),
    get("/calls/{id}/waveform", waveform),
    post("/calls/{id}/hangup", hang_up),
]
