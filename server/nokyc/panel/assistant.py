"""What a number's AI does: its add-ons, the settings of each, and how a script sounds."""

import base64
import json
import zlib
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from nokyc.http.errors import ApiError, missing
from nokyc.http.schema import Voice
from nokyc.kit import languages
from nokyc.kit.languages import VOICES
from nokyc.panel import pages
from nokyc.panel.forms import Form
from nokyc.panel.limits import limit
from nokyc.panel.numbers import ADDONS as WHAT_THEY_DO
from nokyc.panel.page import get, post
from nokyc.panel.view import View
from nokyc.resources.ai import queries
from nokyc.resources.ai.schemas import MAX_SCRIPT_CHARS
from nokyc.resources.numbers.assistant import ADDONS
from nokyc.store.vault import WrongKeyError

SPOKEN_A_MINUTE = 20
"""Scripts of one account that are spoken for its pages."""
SAID = b"said "
"""What a sealed text begins with, so that no other sealed thing passes for one."""


async def show(view: View) -> Response:
    number = await view.api("numbers.get", view.path("id"))
    config = await view.api("ai.get", number["id"])
    async with view.store.reading() as connection:
        pairs = await queries.translation_pairs(connection, view.wall)
    return view.page(
        "number_ai.html", number=number, config=config, addons=WHAT_THEY_DO, addon_of=ADDONS,
        voices=VOICES, pairs=pairs,
        targets=sorted({target for _, target in pairs}) or sorted(languages.CODES), max_chars=MAX_SCRIPT_CHARS,
    )  # fmt: skip


async def set_addons(view: View) -> Response:
    number = await view.api("numbers.update", view.path("id"), body={"addons": view.form.many("addons")})
    return view.go(f"/numbers/{number['id']}/ai", "saved")


async def listen(view: View) -> Response:
    """Speak what is in the form; the answer has a player for it."""
    await view.api("numbers.get", view.path("id"))
    text, voice = view.form.text("auto_pickup.script"), Voice.parse(view.form.text("auto_pickup.voice"))
    if len(text) > MAX_SCRIPT_CHARS:
        raise ApiError("parameter_invalid", f"More than {MAX_SCRIPT_CHARS:,} characters.", param="auto_pickup.script")
    await limit(view.desk.limiter, "spoken", str(view.account_id), SPOKEN_A_MINUTE)
    await view.desk.speaker.say(text, voice=voice)
    sealed = view.store.vault.seal(SAID + zlib.compress(json.dumps([view.account_id, text, voice]).encode()))
    said = base64.urlsafe_b64encode(sealed).decode()
    return view.page("part_player.html", source=f"{view.base}/spoken.wav?said={quote(said)}")


async def spoken(view: View) -> Response:
    """What `listen` had spoken, for the account that asked. Its address tells nobody what it is."""
    try:
        opened = view.store.vault.open(base64.urlsafe_b64decode(view.asked("said") or ""))
    except (ValueError, WrongKeyError):
        opened = b""
    account_id, text, voice = (
        json.loads(zlib.decompress(opened[len(SAID) :])) if opened.startswith(SAID) else (0, "", "")
    )
    if account_id != view.account_id:
        raise missing("recording")
    return pages.sound(await view.desk.speaker.say(text, voice=voice), view.request.headers.get("range"))


def _setter(block: str, read: Callable[[Form], dict[str, Any]]) -> Callable[[View], Awaitable[Response]]:
    """Saves one block. It is switched on or off only where its add-on lets it."""

    async def save(view: View) -> Response:
        form = view.form
        fields = read(form)
        if form.flag("has_addon"):
            fields["enabled"] = form.flag(f"{block}.enabled")
        await view.api("ai.update", view.path("id"), body={block: fields})
        return view.go(f"/numbers/{view.path('id')}/ai", "saved")

    return save


def _pickup(form: Form) -> dict[str, Any]:
    return {
        "after_rings": form.integer("auto_pickup.after_rings"),
        "script": form.maybe("auto_pickup.script"),
        "language": form.maybe("auto_pickup.language"),
        "voice": form.maybe("auto_pickup.voice"),
    }


def _screening(form: Form) -> dict[str, Any]:
    return {name: _phones(form.raw(f"screening.{name}")) for name in ("allow", "deny")}


def _phones(text: str) -> list[str]:
    """One number in each line, or between commas; spaces inside are for the eye."""
    lines = text.replace(",", "\n").split("\n")
    return [number for line in lines if (number := "".join(line.split()))]


def _translator(form: Form) -> dict[str, Any]:
    return {"target_language": form.maybe("translator.target_language")}


def _summary(form: Form) -> dict[str, Any]:
    return {"include_sentiment": form.flag("voicemail_summary.include_sentiment")}


_BLOCKS = {
    "auto_pickup": _pickup,
    "screening": _screening,
    "translator": _translator,
    "voicemail_summary": _summary,
}
assert _BLOCKS.keys() == ADDONS.keys()

PAGES = [
    get("/numbers/{id}/ai", show),
    post("/numbers/{id}/addons", set_addons),
    post("/numbers/{id}/ai/listen", listen),
    get("/spoken.wav", spoken),
    *(post(f"/numbers/{{id}}/ai/{block}", _setter(block, read)) for block, read in _BLOCKS.items()),
]
