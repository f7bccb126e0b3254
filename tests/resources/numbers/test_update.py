"""GET and PATCH of a number, and its hours."""

import json
from typing import Any

import pytest

from nokyc import main
from nokyc.store.store import Store
from support import Client, Drain, activate, events_of, make_customer

HOUR = 3_600
OFF_AT_NOON = {"timezone": "UTC", "windows": [{"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
                                               "from": "12:00", "to": "13:30"}]}  # fmt: skip
NOON: Any = OFF_AT_NOON["windows"]


async def advance(api: Client, drain: Drain, seconds: int) -> str:
    """Move the sandbox's clock and do what is due; returns its time."""
    answer = await api.post("/v1/test/clock/advance", json={"seconds": seconds})
    await drain()
    return answer.json()["now"]


async def advance_to(api: Client, drain: Drain, time_of_day: str) -> None:
    """To the next moment at which it is that time (UTC)."""
    now = await advance(api, drain, 1)
    hour, minute, second = (int(part) for part in now[11:19].split(":"))
    wanted_hour, wanted_minute = (int(part) for part in time_of_day.split(":"))
    seconds = (wanted_hour - hour) * HOUR + (wanted_minute - minute) * 60 - second
    await advance(api, drain, seconds % (24 * HOUR) or 24 * HOUR)


async def patch(api: Client, number: Any, **changes: Any) -> Any:
    answer = await api.patch(f"/v1/numbers/{number['id']}", json=changes)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_every_field_can_be_changed_and_cleared(api: Client, number: Any) -> None:
    changes = {"auto_renew": False, "addons": ["ai-summary"], "on_off": OFF_AT_NOON, "metadata": {"team": "red"}}
    changed = await patch(api, number, **changes)
    assert changed == number | changes | {"ai_enabled": True}
    assert (await api.get(f"/v1/numbers/{number['id']}")).json() == changed

    cleared = await patch(api, number, addons=[], on_off=None, metadata=None, auto_renew=True)
    assert cleared == number


@pytest.mark.parametrize("field", ["auto_renew", "addons", "status"])
async def test_null_does_not_clear_what_cannot_be_empty(api: Client, number: Any, field: str) -> None:
    refused = await api.patch(f"/v1/numbers/{number['id']}", json={field: None})
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, field)


async def test_an_empty_patch_changes_nothing_and_tells_nobody(api: Client, number: Any) -> None:
    assert await patch(api, number) == number
    assert await events_of(api, number["id"]) == ["number.activated"]


async def test_billing_period_is_changed_by_renewal_only(api: Client, number: Any) -> None:
    refused = await api.patch(f"/v1/numbers/{number['id']}", json={"billing_period": "yearly"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "parameter_unknown")


METADATA = (
    '{"z":1,"a":{"deep":[1,2.5,true,null]},"big":123456789012345678901234567890,"tiny":1e-07,'
    '"é":"\\ud83d\\ude00 ☎","":""}'
)


async def test_metadata_comes_back_as_it_went_in(api: Client, number: Any) -> None:
    body = f'{{"metadata":{METADATA}}}'.encode()
    headers = {"Content-Type": "application/json"}
    answer = await api.patch(f"/v1/numbers/{number['id']}", content=body, headers=headers)
    assert answer.status_code == 200, answer.text
    assert json.dumps(json.loads(answer.text)["metadata"]) == json.dumps(json.loads(METADATA))
    listed = (await api.get("/v1/numbers")).json()["data"][0]["metadata"]
    assert list(listed) == list(json.loads(METADATA)), "the order of keys stays"


@pytest.mark.parametrize(
    "metadata",
    [[], "x", {"a": {"b": {"c": {"d": {"e": {}}}}}}, {"a": "x" * 16_400}],
    ids=["list", "text", "6 deep", "16 KB"],
)  # fmt: skip
async def test_metadata_that_is_refused(api: Client, number: Any, metadata: Any) -> None:
    refused = await api.patch(f"/v1/numbers/{number['id']}", json={"metadata": metadata})
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, "metadata")


async def test_pause_and_resume_tell_once_each(api: Client, number: Any) -> None:
    for status in ("active", "paused", "paused", "active", "active"):
        assert (await patch(api, number, status=status))["status"] == status

    assert await events_of(api, number["id"]) == ["number.activated", "number.paused", "number.resumed"]
    paused = (await api.get("/v1/events", params={"type": "number.paused"})).json()["data"][0]
    assert paused["data"]["reason"] == "manual"
    assert paused["data"]["object"]["status"] == "paused"


async def test_a_paused_number_sends_nothing_and_receives(api: Client, number: Any, drain: Drain) -> None:
    await patch(api, number, status="paused")
    refused = await api.post("/v1/sms", json={"from": number["id"], "to": "+33612345678", "body": "Hi"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "number_paused")
    await api.post("/v1/test/sms", json={"from": "+33612345678", "to": number["id"], "body": "Are you there?"})
    await drain()
    assert (await events_of(api))[-1] == "sms.received"


async def test_a_number_keeps_its_hours(api: Client, number: Any, drain: Drain) -> None:
    await advance_to(api, drain, "11:00")
    assert (await patch(api, number, on_off=OFF_AT_NOON))["status"] == "active"

    await advance(api, drain, HOUR - 1)
    assert (await api.get(f"/v1/numbers/{number['id']}")).json()["status"] == "active"
    await advance(api, drain, 1)  # noon
    assert (await api.get(f"/v1/numbers/{number['id']}")).json()["status"] == "paused"
    refused = await api.post("/v1/sms", json={"from": number["id"], "to": "+33612345678", "body": "Hi"})
    assert refused.json()["error"]["code"] == "number_paused"
    assert [n["id"] for n in (await api.get("/v1/numbers", params={"status": "paused"})).json()["data"]] == [
        number["id"]
    ]
    assert (await api.get("/v1/account")).json()["active_numbers"] == 0
    await advance(api, drain, HOUR + HOUR // 2)
    assert (await api.get(f"/v1/numbers/{number['id']}")).json()["status"] == "active"

    await advance(api, drain, 48 * HOUR)  # over two more windows at once: the number is on before and after
    types = await events_of(api, number["id"])
    assert types[:3] == ["number.activated", "number.paused", "number.resumed"]
    paused = (await api.get("/v1/events", params={"type": "number.paused"})).json()["data"]
    assert {event["data"]["reason"] for event in paused} == {"schedule"}


async def test_windows_that_begin_now_pause_at_once(api: Client, number: Any, drain: Drain) -> None:
    await advance_to(api, drain, "12:30")
    assert (await patch(api, number, on_off=OFF_AT_NOON))["status"] == "paused"
    assert (await patch(api, number, on_off=None))["status"] == "active"
    await advance(api, drain, 24 * HOUR)
    assert await events_of(api, number["id"]) == ["number.activated", "number.paused", "number.resumed"]


async def test_a_pause_by_hand_outlasts_a_window(api: Client, number: Any, drain: Drain) -> None:
    await advance_to(api, drain, "12:30")
    await patch(api, number, on_off=OFF_AT_NOON)
    await patch(api, number, status="paused")
    await advance(api, drain, 2 * HOUR)
    assert (await api.get(f"/v1/numbers/{number['id']}")).json()["status"] == "paused"
    assert (await patch(api, number, status="active"))["status"] == "active"
    assert await events_of(api, number["id"]) == ["number.activated", "number.paused", "number.resumed"]


@pytest.mark.parametrize(
    ("on_off", "code", "param"),
    [
        ({"timezone": "Mars/Olympus", "windows": NOON}, "parameter_invalid", "on_off.timezone"),
        ({"timezone": "UTC", "windows": [{**NOON[0], "days": ["x"]}]}, "parameter_invalid", "on_off.windows[0].days"),
        ({"timezone": "UTC", "windows": [{**NOON[0], "from": "25:00"}]}, "parameter_invalid", "on_off.windows[0].from"),
        ({"timezone": "UTC"}, "parameter_missing", "on_off.windows"),
        ({"timezone": "UTC", "windows": [{"days": []}]}, "parameter_missing", "on_off.windows[0].from"),
        ({**OFF_AT_NOON, "zone": "UTC"}, "parameter_unknown", "on_off.zone"),
        ({"timezone": "UTC", "windows": [{**NOON[0], "until": "1"}]}, "parameter_unknown", "on_off.windows[0].until"),
        ([], "parameter_invalid", "on_off"),
    ],
)  # fmt: skip
async def test_hours_that_are_none(api: Client, number: Any, on_off: Any, code: str, param: str) -> None:
    refused = await api.patch(f"/v1/numbers/{number['id']}", json={"on_off": on_off})
    error = refused.json()["error"]
    assert (refused.status_code, error["code"], error["param"]) == (400, code, param)


async def test_status_released_must_be_asked_for_by_delete(api: Client, number: Any) -> None:
    refused = await api.patch(f"/v1/numbers/{number['id']}", json={"status": "released"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "use_delete")
    await api.delete(f"/v1/numbers/{number['id']}")
    for changes in ({"status": "active"}, {"auto_renew": True}, {"webhook_url": None}):
        refused = await api.patch(f"/v1/numbers/{number['id']}", json=changes)
        assert (refused.status_code, refused.json()["error"]["code"]) == (422, "number_released")
    assert (await api.patch(f"/v1/numbers/{number['id']}", json={})).status_code == 200


async def test_list_filters_and_pages(store: Store, api: Client, drain: Drain) -> None:
    french = [await activate(store, api) for _ in range(3)]
    american = await activate(store, api, country="us")
    await patch(api, french[0], status="paused")
    await api.delete(f"/v1/numbers/{french[1]['id']}")

    async def listed(**query: Any) -> list[str]:
        answer = await api.get("/v1/numbers", params=query)
        assert answer.status_code == 200, answer.text
        return [number["id"] for number in answer.json()["data"]]

    assert await listed() == [n["id"] for n in [american, *french[::-1]]]
    assert await listed(country="US") == [american["id"]]
    assert await listed(country="aq") == []
    assert await listed(type="landline") == []
    assert await listed(status="active", country="fr") == [french[2]["id"]]
    assert await listed(status="paused") == [french[0]["id"]]
    assert await listed(status="released") == [french[1]["id"]]
    assert await listed(limit=1, starting_after=french[2]["id"]) == [french[1]["id"]]
    assert (await api.get("/v1/numbers", params={"status": "gone"})).status_code == 400


async def test_another_account_s_number_does_not_exist(store: Store, web: main.Web, api: Client, number: Any) -> None:
    async with Client(web.app, (await make_customer(store)).test_key) as other:
        for method, path, body in (
            ("GET", "", None), ("PATCH", "", {"auto_renew": False}), ("POST", "/renew", {}), ("DELETE", "", None),
        ):  # fmt: skip
            theirs = await other.request(method, f"/v1/numbers/{number['id']}{path}", json=body)
            nobody = await other.request(method, f"/v1/numbers/num_000000000000{path}", json=body)
            assert theirs.status_code == nobody.status_code == 404
            for answer in (theirs, nobody):
                assert answer.json()["error"].pop("request_id")
            assert theirs.json()["error"]["message"] == nobody.json()["error"]["message"]
    assert (await api.get(f"/v1/numbers/{number['id']}")).json() == number
