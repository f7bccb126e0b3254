"""Writes contract/events/<type>.json: what the body of each webhook looks like, made from the server's own structs.

python tools/make_event_schemas.py            # write
python tools/make_event_schemas.py --check    # say what is out of date, and fail
"""

import json
import sys
from pathlib import Path
from typing import Any

import msgspec

from nokyc.http.openapi import schemas_of
from nokyc.resources.accounts.schemas import Account
from nokyc.resources.calls.schemas import Call, LegQuality
from nokyc.resources.events.schemas import EVENT_TYPES, Event
from nokyc.resources.numbers.schemas import Number
from nokyc.resources.sms.schemas import Sms
from nokyc.resources.voicemails.schemas import Voicemail
from nokyc.resources.webhooks.schemas import Endpoint
from nokyc.settings import API_VERSION

FOLDER = Path(__file__).parents[1] / "contract" / "events"

OBJECTS: dict[str, type[msgspec.Struct]] = {
    "number": Number,
    "sms": Sms,
    "call": Call,
    "voicemail": Voicemail,
    "ai": Call,
    "account": Account,
    "webhook_endpoint": Endpoint,
}
"""What `data.object` is, by the family of the event."""
ONCE = ("webhook_secret", "secret")
"""Fields that no event has: they are shown once, in the answer that made them."""
ALERTS = ["packet_loss", "jitter", "one_way_audio", "low_mos"]
PAUSE_REASONS = ["manual", "schedule", "balance"]

Json = dict[str, Any]


def schemas() -> dict[str, str]:
    """The text of each file by its name."""
    found = {}
    for kind in EVENT_TYPES:
        struct = OBJECTS[kind.partition(".")[0]]
        found[f"{kind}.json"] = json.dumps(schema(kind, struct), indent=2, ensure_ascii=False) + "\n"
    return found


def schema(kind: str, struct: type[msgspec.Struct]) -> Json:
    """The JSON Schema of one type of event."""
    components = schemas_of([Event, struct], "#/$defs/{name}")
    event = components.pop(Event.__name__)
    for name in ONCE:
        components[struct.__name__]["properties"].pop(name, None)
    event["properties"]["type"] = {"const": kind}
    event["properties"]["data"] = _data(kind, {"$ref": f"#/$defs/{struct.__name__}"})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": kind,
        "x-api-version": API_VERSION,
        **{name: value for name, value in event.items() if name != "title"},
        "$defs": components,
    }


def _data(kind: str, content: Json) -> Json:
    properties: Json = {"object": content}
    if kind == "number.paused":
        properties["reason"] = {"enum": PAUSE_REASONS}
    if kind == "call.quality_alert":
        properties |= {"alert": {"enum": ALERTS}, "quality": {"$ref": f"#/$defs/{LegQuality.__name__}"}}
    return {"type": "object", "properties": properties, "required": list(properties)}


def main() -> int:
    wanted = schemas()
    if "--check" not in sys.argv:
        FOLDER.mkdir(parents=True, exist_ok=True)
        for name, text in wanted.items():
            (FOLDER / name).write_text(text, "utf-8")
        return 0
    committed = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.json")}
    stale = sorted(name for name in wanted.keys() | committed.keys() if wanted.get(name) != committed.get(name))
    print("\n".join(f"{name} is out of date" for name in stale))
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
