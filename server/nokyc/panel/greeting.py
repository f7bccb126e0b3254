"""What a number's callers hear before the tone: the shipped prompt, a text that is spoken, or a recording."""

from starlette.responses import Response

from nokyc.kit import ids, languages
from nokyc.kit.audio import write_wav
from nokyc.kit.languages import VOICES
from nokyc.panel import pages
from nokyc.panel.page import get, post
from nokyc.panel.view import View
from nokyc.resources.voicemails import queries
from nokyc.resources.voicemails.schemas import MAX_GREETING_CHARS
from nokyc.speech.prompts import DEFAULT_TEXTS, default_prompt


async def show(view: View) -> Response:
    number = await view.api("numbers.get", view.path("id"))
    greeting = await view.api("voicemail_greeting.get", number["id"])
    texts = DEFAULT_TEXTS["voicemail_greeting"]
    shipped = texts.get(languages.of_country(number["country"]), texts["en"])
    return view.page(
        "number_greeting.html", number=number, greeting=greeting, shipped=shipped, voices=VOICES,
        max_chars=MAX_GREETING_CHARS,
    )  # fmt: skip


async def listen(view: View) -> Response:
    """The greeting as callers hear it, a WAV file. Raises ApiError 503 if it is a text and nobody can speak it."""
    number = await view.api("numbers.get", view.path("id"))
    async with view.store.reading() as connection:
        row = await queries.find_greeting(connection, view.account_id, ids.read("num", number["id"]) or 0)
    if row is None:
        wav = write_wav(default_prompt("voicemail_greeting", languages.of_country(number["country"])))
    elif row["audio"] is not None:
        wav = write_wav(row["audio"])
    else:
        wav = await view.desk.speaker.say(row["text"], voice=row["voice"])
    return pages.sound(wav, view.request.headers.get("range"))


async def save(view: View) -> Response:
    form = view.form
    body = {"text": form.maybe("text"), "voice": form.maybe("voice"), "audio_base64": form.maybe("audio_base64")}
    if body["audio_base64"] is not None:
        body |= {"text": None, "voice": None}
    number = view.path("id")
    await view.api("voicemail_greeting.set", number, body={k: v for k, v in body.items() if v is not None})
    return view.go(f"/numbers/{number}/greeting", "saved")


async def reset(view: View) -> Response:
    await view.api("voicemail_greeting.delete", view.path("id"))
    return view.go(f"/numbers/{view.path('id')}/greeting", "saved")


PAGES = [
    get("/numbers/{id}/greeting", show),
    get("/numbers/{id}/greeting.wav", listen),
    post("/numbers/{id}/greeting", save),
    post("/numbers/{id}/greeting/reset", reset),
]
