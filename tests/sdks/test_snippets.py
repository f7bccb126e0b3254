"""The calls that the documentation shows: every one of them is run, in every language, against a real server."""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from cli.conftest import Installation
from sdks.programs import SDKS
from sdks.snippets import RUNNERS, SETUP, SNIPPETS, outcomes

PATIENCE_SEC = 60
OUTSIDE = "+33612345678"
REFUSED = {"browser_sessions.create": "live_mode_only"}
"""What the sandbox says no to, and how."""


def test_every_operation_is_in_every_language() -> None:
    (contract,) = (SDKS.parent / "contract" / "openapi").glob("*.json")
    paths = json.loads(contract.read_text("utf-8"))["paths"]
    operations = {each["operationId"] for methods in paths.values() for each in methods.values()}
    for language in RUNNERS:
        snippets = json.loads((SNIPPETS / f"{language}.json").read_text("utf-8"))
        assert set(snippets) == {SETUP, *operations}, language
        assert not [name for name, code in snippets.items() if "example" in code.replace("example.com", "")], language


@pytest.mark.parametrize("language", RUNNERS)
def test_every_snippet_runs(
    language: str, real_server: Installation, real_account: dict[str, str], tmp_path: Path
) -> None:
    with real_server.api(real_account["NOKYC_API_KEY"]) as api:
        replaced = _world(api)
    replaced |= {"sk_test_your_key": real_account["NOKYC_API_KEY"], "https://api.nokycnumber.com": real_server.url}
    said = outcomes(language, replaced, tmp_path)
    wrong = {name: outcome for name, outcome in said.items() if outcome != REFUSED.get(name, "ok")}
    assert not wrong
    assert len(said) == len(json.loads((SNIPPETS / f"{language}.json").read_text("utf-8"))) - 1


def _world(api: httpx.Client) -> dict[str, str]:
    """A number that was called, written to and left a message, by the ids of the contract's examples."""
    offers = _ok(api.get("numbers/available", params={"country": "fr", "type": "mobile", "limit": 2}))["data"]
    number = _ok(api.post("numbers", json={"available_id": offers[0]["id"], "billing_period": "monthly"}))
    endpoint = _ok(api.post("webhook_endpoints", json={"url": "http://127.0.0.1:9/hooks", "enabled_events": ["*"]}))
    call = _ok(api.post("test/calls", json={"from": OUTSIDE, "to": number["number"], "voicemail": True}))
    _ok(api.post("test/clock/advance", json={"seconds": 600}))  # in which the caller leaves the message
    later = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    sms = _ok(api.post("sms", json={"from": number["id"], "to": OUTSIDE, "body": "Later", "send_at": later}))
    _ok(api.post("test/sms", json={"from": OUTSIDE, "to": number["number"], "body": "Hello"}))
    return {
        "navail_2k7m9p3w8x4t": offers[1]["id"],
        "num_8a4c2f1e9b3d": number["id"],
        "+33647189022": number["number"],
        "call_2k7m9p3w8x4t": call["id"],
        "sms_4n2v8j1q6h7y": sms["id"],
        "vm_5p3w8x4t9k2m": _first(api, "voicemails"),
        "evt_3d4a7c8a4c2f": _first(api, "events"),
        "whk_7c8a4c2f1e9b": endpoint["id"],
        "https://example.com/hooks": "http://127.0.0.1:9/hooks",
    }


def _first(api: httpx.Client, path: str) -> str:
    """The id of the newest, once there is one."""
    deadline = time.monotonic() + PATIENCE_SEC
    while not (found := _ok(api.get(path))["data"]):
        assert time.monotonic() < deadline, path
        time.sleep(0.5)  # a key has 100 requests a minute
    return str(found[0]["id"])


def _ok(answer: httpx.Response) -> Any:
    assert answer.is_success, answer.text
    return answer.json()
