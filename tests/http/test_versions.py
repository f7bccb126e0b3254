"""Dated versions, with two synthetic older ones in front of the newest (decisions F60-F64, semantics A4)."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nokyc import main
from nokyc.http.versions import VersionChange, Versions
from nokyc.settings import API_VERSION, Settings
from nokyc.store.store import Store
from support import Client, Customer

OLD, OLDER, ENDED = "2025-10-01", "2025-04-01", "2020-01-01"


def rename(old: str, new: str) -> Any:
    """A transformation that renames a field, if it is there."""
    return lambda value: {new if name == old else name: item for name, item in value.items()}


def renamed(old: str, new: str) -> Any:
    """The same for an object of ours, which has the field: a change that is made twice fails."""

    def downgrade(value: dict[str, Any]) -> dict[str, Any]:
        assert old in value
        return dict(rename(old, new)(value))

    return downgrade


CHANGES = [
    VersionChange(
        version=API_VERSION,
        description="The text of a message is called `body`.",
        objects=frozenset({"sms"}),
        downgrade_response=renamed("body", "text"),
        upgrade_request=rename("text", "body"),
        operations=frozenset({"sms.create"}),
    ),
    VersionChange(
        version=API_VERSION,
        description="Endpoints have a `description` instead of a `name`.",
        objects=frozenset({"webhook_endpoint"}),
        downgrade_response=renamed("description", "name"),
        upgrade_request=rename("name", "description"),
        operations=frozenset({"webhook_endpoints.create"}),
    ),
    VersionChange(
        version=OLD,
        description="`text` was `content`.",
        objects=frozenset({"sms"}),
        downgrade_response=renamed("text", "content"),
        upgrade_request=rename("content", "text"),
        operations=frozenset({"sms.create"}),
    ),
]
VERSIONS = Versions([API_VERSION, ENDED, OLD, OLDER], CHANGES)


@pytest.fixture
def dated(store: Store, settings: Settings) -> main.Web:
    return main.build_web(store, settings, versions=VERSIONS)


@pytest.fixture
async def api(dated: main.Web, customer: Customer) -> Any:
    async with Client(dated.app, customer.test_key) as client:
        yield client


def at(version: str, **more: str) -> dict[str, str]:
    return {"NoKYC-Version": version, **more}


def message(number: Any, **body: str) -> dict[str, str]:
    return {"from": number["id"], "to": "+33612345678", **body}


@pytest.mark.parametrize(("version", "field"), [(API_VERSION, "body"), (OLD, "text"), (OLDER, "content")])
async def test_a_version_speaks_its_own_names_both_ways(api: Client, number: Any, version: str, field: str) -> None:
    sent = await api.post("/v1/sms", json=message(number, **{field: "Hello"}), headers=at(version))
    assert (sent.status_code, sent.json()[field], sent.headers["nokyc-version"]) == (201, "Hello", version)

    others = {"body", "text", "content"} - {field}
    got = await api.get(f"/v1/sms/{sent.json()['id']}", headers=at(version))
    listed = await api.get("/v1/sms", headers=at(version))
    for shown in (sent.json(), got.json(), *listed.json()["data"]):
        assert shown[field] == "Hello"
        assert not others & set(shown)


async def test_the_shape_reaches_into_events(api: Client, number: Any, drain: Any) -> None:
    await api.post("/v1/sms", json=message(number, body="Hello"))
    await drain()

    for version, field in ((API_VERSION, "body"), (OLD, "text"), (OLDER, "content")):
        events = (await api.get("/v1/events", params={"type": "sms.sent"}, headers=at(version))).json()["data"]
        assert [event["data"]["object"][field] for event in events] == ["Hello"]
        assert [event["api_version"] for event in events] == [version]


async def test_an_event_frozen_in_an_older_shape_is_not_changed_again(
    api: Client, store: Store, number: Any, drain: Any, customer: Customer
) -> None:
    await api.post("/v1/sms", json=message(number, body="Hello"))
    await drain()
    async with store.reading() as connection:  # as if it were from before the newest version came out
        await connection.execute(
            "UPDATE events SET api_version = $2, data = replace(data, '\"body\"', '\"text\"')"
            " WHERE account_id = $1 AND type = 'sms.sent'",
            customer.test_id,
            OLD,
        )

    for version, field, shape in ((API_VERSION, "text", OLD), (OLD, "text", OLD), (OLDER, "content", OLDER)):
        listed = await api.get("/v1/events", params={"type": "sms.sent"}, headers=at(version))
        event = listed.json()["data"][0]
        assert (event["data"]["object"][field], event["api_version"]) == ("Hello", shape)


async def test_the_accounts_pin_decides_where_no_header_does(
    api: Client, store: Store, number: Any, customer: Customer
) -> None:
    async with store.reading() as connection:
        await connection.execute("UPDATE accounts SET api_version = $2 WHERE id = $1", customer.test_id, OLD)
    store.changed()

    pinned = await api.post("/v1/sms", json=message(number, text="Hello"))
    newest = await api.get(f"/v1/sms/{pinned.json()['id']}", headers=at(API_VERSION))

    assert (pinned.json()["text"], pinned.headers["nokyc-version"]) == ("Hello", OLD)
    assert (newest.json()["body"], newest.headers["nokyc-version"]) == ("Hello", API_VERSION)
    refused = await api.get("/v1/nowhere")
    assert refused.headers["nokyc-version"] == OLD


@pytest.mark.parametrize("path", ["/v1/sms", "/v1/webhook_endpoints"])
async def test_a_replay_is_the_stored_rendering(api: Client, number: Any, path: str) -> None:
    body = {
        "/v1/sms": message(number, text="Hello"),
        "/v1/webhook_endpoints": {"url": "https://93.184.216.34/", "enabled_events": ["*"], "name": "mine"},
    }[path]
    first = await api.post(path, json=body, headers=at(OLD, **{"Idempotency-Key": "k"}))
    for version in (API_VERSION, OLDER):
        again = await api.post(path, json=body, headers=at(version, **{"Idempotency-Key": "k"}))
        assert again.content == first.content
        assert again.headers["idempotent-replayed"] == "true"


@pytest.mark.parametrize("version", ["", "2026", "2026-09-09", "2027-01-01", "latest", "2026-04-01 ", "\xe9", "1"])
async def test_unknown_malformed_and_future_versions(api: Client, version: str) -> None:
    answer = await api.get("/v1/account", headers={"NoKYC-Version": version.encode("latin-1")})  # type: ignore[dict-item]
    if version.strip() == API_VERSION:
        return
    error = answer.json()["error"]

    assert (answer.status_code, error["code"], error["type"]) == (400, "version_invalid", "invalid_request_error")
    assert all(known in error["message"] for known in (API_VERSION, OLD, OLDER))
    assert answer.headers["nokyc-version"] == API_VERSION


async def test_a_version_past_its_sunset(api: Client) -> None:
    answer = await api.get("/v1/account", headers=at(ENDED))

    assert VERSIONS.sunset(ENDED) == date(2027, 4, 1)
    later = Versions(["2020-01-01", "2021-01-01", API_VERSION])
    assert answer.status_code == 200
    assert later.sunset("2020-01-01") == date(2023, 1, 1)


async def test_a_version_past_its_sunset_is_refused(store: Store, settings: Settings, customer: Customer) -> None:
    web = main.build_web(store, settings, versions=Versions(["2020-01-01", "2021-01-01", API_VERSION]))
    async with Client(web.app, customer.test_key) as api:
        answer = await api.get("/v1/account", headers=at("2020-01-01"))
        still = await api.get("/v1/account", headers=at("2021-01-01"))

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "version_sunset")
    assert "2023-01-01" in answer.json()["error"]["message"]
    assert still.status_code == 200


def test_the_last_day_of_a_version() -> None:
    versions = Versions([OLD, API_VERSION])

    assert versions.choose(OLD, API_VERSION, date(2028, 3, 31)) == OLD
    with pytest.raises(Exception, match="version_sunset"):
        versions.choose(OLD, API_VERSION, date(2028, 4, 1))
    assert Versions(["2026-04-01", "2028-02-29"]).sunset("2026-04-01") == date(2030, 2, 28)
    assert versions.sunset(API_VERSION) is None


async def test_warnings_on_versions_that_are_not_the_newest(api: Client) -> None:
    newest = await api.get("/v1/account", headers=at(API_VERSION))
    old = await api.get("/v1/account", headers=at(OLD))

    assert not {"nokyc-deprecation", "deprecation", "sunset", "link"} & set(newest.headers)
    assert old.headers["nokyc-deprecation"] == f'version="{OLD}"; sunset="2028-04-01"; successor="{API_VERSION}"'
    assert old.headers["deprecation"] == "@1775001600"  # 2026-04-01
    assert old.headers["sunset"] == "Sat, 01 Apr 2028 00:00:00 GMT"
    assert 'rel="deprecation"' in old.headers["link"]
    assert 'rel="sunset"' in old.headers["link"]


@given(
    numbers=st.dictionaries(
        st.sampled_from("abc"),
        st.integers(-(2**80), 2**80) | st.decimals(allow_nan=False, allow_infinity=False, places=6).map(str),
    )
)
def test_numbers_and_metadata_come_through_unchanged(numbers: dict[str, Any]) -> None:
    text = json.dumps({"object": "sms", "body": "x", "cost_usd": 0.012, "metadata": {"object": "sms", "body": numbers}})
    old = VERSIONS.downgrade(text.encode(), OLD)

    assert json.loads(old) == {**rename("body", "text")(json.loads(text))}
    assert b'"cost_usd":0.012' in old
    assert VERSIONS.downgrade(text.encode(), API_VERSION) == text.encode()


def test_every_change_names_what_it_changes() -> None:
    for change in CHANGES:
        assert change.description.endswith(".")
        assert change.objects or change.operations
