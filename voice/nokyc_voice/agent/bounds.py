"""A language model's part in a conversation: what it is told, and what of its answer may be said."""

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from nokyc.speech.port import Message
from nokyc.speech.rules.numbers import digits_of, runs_of
from nokyc_voice.agent.facts import Wanted

MAX_CHARS = 240
MAX_SENTENCES = 3
MAX_HISTORY = 12
"""Lines of the conversation that the model is told."""
LANGUAGE_NAMES = {"en": "English", "fr": "French", "es": "Spanish", "de": "German", "ja": "Japanese"}
AIMS: dict[Wanted | None, str] = {
    "name": "the caller's name",
    "reason": "the reason of the call",
    "number": "a number to call back",
    None: "whether there is anything to add",
}

_PROMISES = re.compile(
    r"\b(?:will|'ll|shall|going to) (?:call|ring|phone|get back|contact|send|pay|refund|arrange|make sure|be there)"
    r"|\bpromise|\bguarantee|\b(?:vous|te) (?:rappellera|recontactera|rappellerons|rappellerai)|\bpromets|\bgaranti"
    r"|\b(?:le|te) (?:llamará|llamaremos|devolverá)|\bprometo|\bgarantiz"
    r"|\b(?:ruft|rufen|rufe|meldet|melden|melde)\b[^.!?]*\b(?:zurück|bei ihnen)|\bversprech|\bgarantier",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"[*_#<>\[\]{}|`]|https?://")


def messages(
    script: str, language: str, aim: Wanted | None, history: Sequence[tuple[bool, str]]
) -> tuple[Message, ...]:
    """The conversation so far, as the model gets it; in `history`, True is us."""
    system = _template().format(
        language=LANGUAGE_NAMES.get(language, language), script=script.replace('"', "'"), aim=AIMS[aim]
    )
    lines = [Message("assistant" if ours else "user", text) for ours, text in history[-MAX_HISTORY:]]
    return (Message("system", system), *lines)


def admitted(reply: str | None, *, script: str, heard: str, said: Sequence[str]) -> str | None:
    """The reply if it keeps within its bounds, else None: it is short, promises nothing, repeats nothing, and has
    no number that neither the script nor the caller said."""
    text = " ".join((reply or "").split()).strip('"“” ')
    if not text or len(text) > MAX_CHARS or len(re.findall(r"[.!?。！？]+(?:\s|$)", text)) > MAX_SENTENCES:
        return None
    if _PROMISES.search(text) or _MARKUP.search(text) or text in said:
        return None
    known = digits_of(script) + "/" + digits_of(heard)
    if any(run not in known for run in runs_of(text)):
        return None
    return text


@cache
def _template() -> str:
    return (files("nokyc_voice.agent") / "system_prompt.txt").read_text("utf-8").strip()
