"""GET and PATCH of a number's AI configuration (decisions F121-F126)."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from nokyc.resources.ai.actions import record_pairs
from nokyc.store.store import Store
from support import Client, activate, fresh_number

SCRIPT = "I'm unavailable right now. Leave your name, the reason for the call, and a callback number."
ALL = ["ai-pickup", "ai-screen", "ai-summary", "ai-trans"]


async def read(api: Client, number: Any) -> Any:
    answer = await api.get(f"/v1/numbers/{number['id']}/ai")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def patch(api: Client, number: Any, **changes: Any) -> Any:
    answer = await api.patch(f"/v1/numbers/{number['id']}/ai", json=changes)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def refused(api: Client, number: Any, **changes: Any) -> tuple[int, str, str | None]:
    answer = await api.patch(f"/v1/numbers/{number['id']}/ai", json=changes)
    assert answer.status_code >= 400, answer.text
    error = answer.json()["error"]
    return answer.status_code, error["code"], error.get("param")


async def set_addons(api: Client, number: Any, *addons: str) -> None:
    assert (await api.patch(f"/v1/numbers/{number['id']}", json={"addons": addons})).status_code == 200


async def test_before_any_addon_everything_is_off(api: Client, number: Any) -> None:
    assert await read(api, number) == {
        "object": "ai_config",
        "number_id": number["id"],
        "addons": [],
        "auto_pickup": {
            "enabled": False, "after_rings": 4, "script": SCRIPT, "language": "auto", "voice": "neutral_fr",
        },
        "screening": {"enabled": False, "allow": [], "deny": []},
        "translator": {"enabled": False, "target_language": "en"},
        "voicemail_summary": {"enabled": False, "include_sentiment": True},
        "on_off": None,
    }  # fmt: skip


async def test_an_addon_switches_its_block_on_and_takes_it_off_without_forgetting(store: Store, api: Client) -> None:
    number = await activate(store, api, addons=["ai-pickup"])
    assert (await read(api, number))["auto_pickup"]["enabled"] is True
    await patch(api, number, auto_pickup={"script": "Speak.", "after_rings": 2})

    await set_addons(api, number, "ai-summary")
    without = await read(api, number)
    assert without["addons"] == ["ai-summary"]
    assert (without["auto_pickup"]["enabled"], without["auto_pickup"]["script"]) == (False, "Speak.")
    assert without["voicemail_summary"] == {"enabled": True, "include_sentiment": True}

    await set_addons(api, number, "ai-pickup")
    assert (await read(api, number))["auto_pickup"] == {
        "enabled": True, "after_rings": 2, "script": "Speak.", "language": "auto", "voice": "neutral_fr",
    }  # fmt: skip


async def test_what_somebody_switched_off_stays_off(store: Store, api: Client) -> None:
    number = await activate(store, api, addons=["ai-pickup"])
    assert (await patch(api, number, auto_pickup={"enabled": False}))["auto_pickup"]["enabled"] is False
    await set_addons(api, number, "ai-pickup", "ai-trans")
    config = await read(api, number)
    assert (config["auto_pickup"]["enabled"], config["translator"]["enabled"]) == (False, True)


async def test_only_what_is_sent_changes_and_null_brings_a_default_back(store: Store, api: Client) -> None:
    number = await activate(store, api, addons=ALL)
    before = await read(api, number)
    changed = await patch(
        api,
        number,
        auto_pickup={"voice": "warm_fr", "language": "fr-CA"},
        voicemail_summary={"include_sentiment": False},
    )
    assert changed["auto_pickup"] == before["auto_pickup"] | {"voice": "warm_fr", "language": "fr-CA"}
    assert changed == await read(api, number)
    changed = await patch(api, number, auto_pickup={"after_rings": 10, "voice": None})
    assert changed["auto_pickup"] == before["auto_pickup"] | {"language": "fr-CA", "after_rings": 10}
    assert changed["voicemail_summary"]["include_sentiment"] is False
    assert (await patch(api, number)) == changed
    assert await patch(api, number, auto_pickup=None, voicemail_summary={"include_sentiment": None}) == before


@pytest.mark.parametrize(
    ("block", "addon"),
    [
        ("auto_pickup", "ai-pickup"),
        ("screening", "ai-screen"),
        ("translator", "ai-trans"),
        ("voicemail_summary", "ai-summary"),
    ],
)
async def test_a_block_needs_its_addon(store: Store, api: Client, block: str, addon: str) -> None:
    number = await activate(store, api, addons=[each for each in ALL if each != addon])
    assert await refused(api, number, **{block: {"enabled": True}}) == (422, "addon_required", f"{block}.enabled")
    await patch(api, number, **{block: {"enabled": False}})
    await set_addons(api, number, addon)
    assert (await patch(api, number, **{block: {"enabled": True}}))[block]["enabled"] is True


@pytest.mark.parametrize(
    ("changes", "code", "param"),
    [
        ({"auto_pickup": {"after_rings": 0}}, "parameter_invalid", "auto_pickup.after_rings"),
        ({"auto_pickup": {"after_rings": 11}}, "parameter_invalid", "auto_pickup.after_rings"),
        ({"auto_pickup": {"after_rings": "3"}}, "parameter_invalid", "auto_pickup.after_rings"),
        ({"auto_pickup": {"script": ""}}, "parameter_invalid", "auto_pickup.script"),
        ({"auto_pickup": {"script": " \n…"}}, "parameter_invalid", "auto_pickup.script"),
        ({"auto_pickup": {"script": "x" * 2_001}}, "parameter_invalid", "auto_pickup.script"),
        ({"auto_pickup": {"language": "french please"}}, "parameter_invalid", "auto_pickup.language"),
        ({"auto_pickup": {"voice": "warm_es"}}, "voice_invalid", "auto_pickup.voice"),
        ({"auto_pickup": {"voice": 7}}, "parameter_invalid", "auto_pickup.voice"),
        ({"auto_pickup": {"rings": 3}}, "parameter_unknown", "auto_pickup.rings"),
        ({"auto_pickup": True}, "parameter_invalid", "auto_pickup"),
        ({"screening": {"allow": ["0612345678"]}}, "phone_number_invalid", "screening.allow[0]"),
        ({"screening": {"deny": ["+33612345678", "x"]}}, "phone_number_invalid", "screening.deny[1]"),
        ({"screening": {"enabled": 1}}, "parameter_invalid", "screening.enabled"),
        ({"translator": {"target_language": "english"}}, "parameter_invalid", "translator.target_language"),
        ({"translator": {"target_language": "xx"}}, "parameter_invalid", "translator.target_language"),
        ({"addons": ["ai-pickup"]}, "parameter_unknown", "addons"),
        ({"on_off": None}, "parameter_unknown", "on_off"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    api: Client, number: Any, changes: dict[str, Any], code: str, param: str
) -> None:
    assert await refused(api, number, **changes) == (400, code, param)


async def test_limits_are_where_they_are_said_to_be(api: Client, number: Any) -> None:
    listed = [f"+336{n:08d}" for n in range(500)]
    pickup = {"after_rings": 1, "script": "x" * 2_000, "language": "zh-Hant-TW", "voice": "warm_en"}
    changed = await patch(
        api, number, auto_pickup=pickup, screening={"allow": listed, "deny": [*listed[:2], listed[0]]}
    )
    assert changed["auto_pickup"] == {"enabled": False} | pickup
    assert (changed["screening"]["allow"], changed["screening"]["deny"]) == (listed, listed[:2])
    too_many = {"allow": [*listed, "+33612345678"]}
    assert await refused(api, number, screening=too_many) == (400, "parameter_invalid", "screening.allow")


async def test_hours_are_shown_with_it(api: Client, number: Any) -> None:
    hours = {"timezone": "Europe/Paris", "windows": [{"days": ["mon"], "from": "22:00", "to": "07:00"}]}
    await api.patch(f"/v1/numbers/{number['id']}", json={"on_off": hours})
    assert (await read(api, number))["on_off"] == hours


async def test_paused_and_released_numbers(api: Client, number: Any) -> None:
    await api.patch(f"/v1/numbers/{number['id']}", json={"status": "paused"})
    assert (await patch(api, number, auto_pickup={"after_rings": 7}))["auto_pickup"]["after_rings"] == 7
    await api.delete(f"/v1/numbers/{number['id']}")
    assert (await read(api, number))["auto_pickup"]["after_rings"] == 7
    assert (await refused(api, number, auto_pickup={"after_rings": 1}))[:2] == (422, "number_released")
    assert (await patch(api, number))["auto_pickup"]["after_rings"] == 7


async def test_of_another_account_there_is_none(api: Client, live_api: Client, number: Any) -> None:
    for answer in (
        await live_api.get(f"/v1/numbers/{number['id']}/ai"),
        await live_api.patch(f"/v1/numbers/{number['id']}/ai", json={"screening": {"enabled": False}}),
        await api.get("/v1/numbers/num_nonsense/ai"),
    ):
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "resource_missing")


async def test_a_language_that_nobody_translates_into(store: Store, api: Client) -> None:
    number = await activate(store, api, addons=["ai-trans"])
    async with store.reading() as connection:
        await connection.execute("DELETE FROM translation_pairs")
    assert (await patch(api, number, translator={"target_language": "de"}))["translator"]["target_language"] == "de"

    await store.run(lambda unit: record_pairs(unit, {("fr", "en"), ("*", "es")}))
    answer = await api.patch(f"/v1/numbers/{number['id']}/ai", json={"translator": {"target_language": "it"}})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (422, "translation_unsupported")
    assert error["param"] == "translator.target_language"
    assert "* → es, fr → en" in error["message"]
    assert (await patch(api, number, translator={"target_language": "es"}))["translator"]["enabled"] is True
    await patch(api, number, translator={"enabled": False, "target_language": "it"})
    assert (await refused(api, number, translator={"enabled": True}))[1] == "translation_unsupported"
    async with store.reading() as connection:
        await connection.execute("DELETE FROM translation_pairs")


async def test_the_deny_list_refuses_and_the_owner_sees_it(store: Store, api: Client) -> None:
    number = await activate(store, api, addons=["ai-screen"])
    nuisance = fresh_number()
    await patch(api, number, screening={"deny": [nuisance], "allow": [nuisance]})
    answer = await api.post("/v1/test/calls", json={"from": nuisance, "to": number["id"]})
    call = answer.json()
    assert answer.status_code == 202
    assert (call["status"], call["end_reason"], call["hangup_cause"], call["cost_usd"]) == ("busy", "screened", 21, 0)
    assert (await api.get(f"/v1/calls/{call['id']}")).json() == call

    await patch(api, number, screening={"enabled": False})
    assert (await api.post("/v1/test/calls", json={"from": nuisance, "to": number["id"]})).json()["status"] == "ringing"


async def test_the_agent_answers_only_while_it_is_on(store: Store, api: Client, drain: Any, repository: Path) -> None:
    number = await activate(store, api, addons=["ai-pickup"])
    answered = []
    for enabled in (True, False):
        await patch(api, number, auto_pickup={"enabled": enabled})
        call = (await api.post("/v1/test/calls", json={"from": fresh_number(), "to": number["id"]})).json()
        await drain()
        await api.post("/v1/test/clock/advance", json={"seconds": 2})
        await drain()
        answered.append((await api.get(f"/v1/calls/{call['id']}")).json()["answered_by"])
        placed = (await api.post("/v1/calls", json={"from": number["id"], "to": "+33612345678"})).json()
        assert placed["connect"] == {"type": "agent" if enabled else "announcement"}
    assert answered == ["agent", "voicemail"]
    events = (await api.get("/v1/events", params={"type": "ai.pickup"})).json()["data"]
    schema = json.loads((repository / "contract/events/ai.pickup.json").read_text("utf-8"))
    jsonschema_rs.validator_for(schema).validate(events[0])
    assert [event["data"]["object"]["ai"] for event in events] == [{"addon": "ai-pickup"}]
    assert "ai" not in call
