"""The schemas of contract/events: current, and true of every event that really happens."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from nokyc.kit import ids
from nokyc.kit.clock import ManualClock
from nokyc.resources.calls.actions import record_alert, record_trace
from nokyc.resources.events.schemas import EVENT_TYPES
from nokyc.store.store import Store
from nokyc_voice.platform import Quality
from support import Client, Customer, Drain, activate

DAY = 86_400
NOT_YET = ("ai.",)


def test_the_committed_files_are_current(repository: Path) -> None:
    tool = repository / "tools" / "make_event_schemas.py"
    done = subprocess.run([sys.executable, tool, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


async def test_events_are_what_their_schemas_say(
    store: Store, api: Client, customer: Customer, drain: Drain, clock: ManualClock, repository: Path
) -> None:
    number = await activate(store, api, metadata={"a": 1}, addons=["ai-pickup"])
    await api.patch("/v1/account", json={"balance_low_threshold_usd": 94.99})
    url = "http://127.0.0.1:9/"
    endpoint = (await api.post("/v1/webhook_endpoints", json={"url": url, "enabled_events": ["*"]})).json()
    await api.post(f"/v1/webhook_endpoints/{endpoint['id']}/test")
    for to in ("+33612345678", "+15005550001"):
        await api.post("/v1/sms", json={"from": number["id"], "to": to, "body": "Hi", "metadata": {"b": [2]}})
    await api.post("/v1/test/sms", json={"from": "+33612345678", "to": number["id"], "body": "Hi"})
    await drain()
    clock.advance(1)
    await drain()
    call = {"from": number["id"], "to": "+33612345678", "recording_enabled": True, "connect": {"type": "softphone"}}
    call_id = ids.read("call", (await api.post("/v1/calls", json=call)).json()["id"]) or 0
    quality = Quality("PCMA", 9, 9, 0, 0.5, None, None, True)
    await store.run(lambda unit: record_alert(unit, customer.test_id, call_id, unit.wall, "one_way_audio", quality))
    await store.run(lambda unit: record_trace(unit, customer.test_id, call_id, {"callee": quality}, ()))
    await api.post("/v1/test/calls", json={"from": "+33612345678", "to": number["id"], "voicemail": True})
    await drain()
    await api.post("/v1/test/clock/advance", json={"seconds": 60})
    await drain()
    for status in ("paused", "active"):
        await api.patch(f"/v1/numbers/{number['id']}", json={"status": status})
    await api.post(f"/v1/numbers/{number['id']}/renew")
    await api.delete(f"/v1/numbers/{number['id']}")
    await api.post("/v1/test/clock/advance", json={"seconds": 70 * DAY})
    await drain()

    seen: dict[str, Any] = {}
    for event in (await api.get("/v1/events", params={"limit": 100})).json()["data"]:
        schema = json.loads((repository / "contract" / "events" / f"{event['type']}.json").read_text("utf-8"))
        jsonschema_rs.validator_for(schema).validate(event)
        seen[event["type"]] = (event, schema)
    assert set(seen) == {kind for kind in EVENT_TYPES if not kind.startswith(NOT_YET)}

    event, schema = seen["sms.sent"]
    for wrong in (event | {"type": "sms.failed"}, event | {"data": {}}, event | {"livemode": "yes"}):
        with pytest.raises(jsonschema_rs.ValidationError):
            jsonschema_rs.validator_for(schema).validate(wrong)
