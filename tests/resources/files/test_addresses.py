"""Addresses of recordings: an hour, ranges, no forging (decisions F97, F119)."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from nokyc.settings import Settings
from nokyc.store.files import open_files
from nokyc.store.store import Store
from nokyc.workers.sweeper import sweep
from resources.calls.desk import later, place, shown
from support import Client, Drain, events_of

DAY = 86_400


@pytest.fixture
async def recorded(api: Client, number: Any, drain: Drain) -> Any:
    """A call with a recording."""
    call = await place(api, number, recording_enabled=True)
    await later(api, drain, 12)
    return await shown(api, call)


def local(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


async def test_a_recording_is_told_of_and_fetched(api: Client, recorded: Any, anonymous: Client) -> None:
    assert await events_of(api, recorded["id"]) == [
        "call.initiated", "call.answered", "call.completed", "call.recorded",
    ]  # fmt: skip
    (event,) = (await api.get("/v1/events", params={"type": "call.recorded"})).json()["data"]
    for url in (recorded["recording_url"], event["data"]["object"]["recording_url"]):
        assert url.startswith("http://127.0.0.1:8080/files/rec/")
        answer = await anonymous.get(local(url))
        assert (answer.status_code, answer.headers["content-type"]) == (200, "audio/mpeg")
        assert answer.headers["content-length"] == str(len(answer.content))
    listed = (await api.get("/v1/calls")).json()["data"][0]
    assert listed["recording_url"].startswith("http://127.0.0.1:8080/files/rec/")


async def test_parts_can_be_asked_for(recorded: Any, anonymous: Client) -> None:
    url = local(recorded["recording_url"])
    whole = (await anonymous.get(url)).content
    size = len(whole)
    for header, start, end in (
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        (f"bytes={size - 5}-", size - 5, size),
        ("bytes=-7", size - 7, size),
        (f"bytes=5-{size * 2}", 5, size),
        (f"bytes=-{size * 2}", 0, size),
    ):
        answer = await anonymous.get(url, headers={"Range": header})
        assert (answer.status_code, answer.content) == (206, whole[start:end]), header
        assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{size}"
    for header in (f"bytes={size}-", "bytes=-0"):
        answer = await anonymous.get(url, headers={"Range": header})
        assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{size}")
    for header in ("bytes=3-1", "lines=1-2", "bytes=1-2,4-5", "bytes=-", "nonsense"):
        assert (await anonymous.get(url, headers={"Range": header})).status_code == 200
    head = await anonymous.head(url, headers={"Range": "bytes=10-19"})
    assert (head.status_code, head.headers["content-length"], head.content) == (206, "10", b"")
    assert (await anonymous.head(url)).headers["accept-ranges"] == "bytes"


async def test_forged_addresses_are_forbidden(recorded: Any, anonymous: Client) -> None:
    parts = urlsplit(recorded["recording_url"])
    query = dict(pair.split("=") for pair in parts.query.split("&"))
    name = parts.path.rpartition("/")[2]
    later_on = str(int(query["expires"]) + 3_600)
    for path, expires, sig in (
        (parts.path, later_on, query["sig"]), (parts.path, query["expires"], "0" * 32), (parts.path, "", ""),
        (parts.path, query["expires"], "é"), (f"/files/vm/{name}", query["expires"], query["sig"]),
        ("/files/rec/000000000000.mp3", query["expires"], query["sig"]),
        (parts.path.replace(".mp3", ".wav"), query["expires"], query["sig"]), ("/files/x/y", "1", "x"),
    ):  # fmt: skip
        answer = await anonymous.get(path, params={"expires": expires, "sig": sig})
        assert (answer.status_code, answer.text) == (403, "forbidden\n")


async def test_an_address_ends_after_an_hour(api: Client, recorded: Any, anonymous: Client, drain: Drain) -> None:
    fresh = (await shown(api, recorded))["recording_url"]
    await later(api, drain, 3_599)
    assert (await anonymous.get(local(fresh))).status_code == 200
    await later(api, drain, 1)
    assert (await anonymous.get(local(fresh))).status_code == 403
    again = (await shown(api, recorded))["recording_url"]
    assert (await anonymous.get(local(again))).status_code == 200


async def test_recordings_are_kept_for_thirty_days(
    store: Store, settings: Settings, api: Client, recorded: Any, anonymous: Client, drain: Drain
) -> None:
    files = open_files(settings)
    name = urlsplit(recorded["recording_url"]).path.rpartition("/")[2]
    key = f"rec/call_{name}"
    await later(api, drain, 30 * DAY - 60)
    await sweep(store, files)
    url = (await shown(api, recorded))["recording_url"]
    assert (await anonymous.get(local(url))).status_code == 200
    await later(api, drain, 61)
    assert (await shown(api, recorded))["recording_url"] is None
    assert (await anonymous.get(local(url))).status_code == 404
    assert await files.size(key) is not None
    await sweep(store, files)
    assert await files.size(key) is None
    assert (await shown(api, recorded))["status"] == "completed", "the call stays"


async def test_a_call_that_was_not_answered_has_none(api: Client, number: Any, drain: Drain) -> None:
    call = await place(api, number, "+15005550010", recording_enabled=True)
    await later(api, drain, 60)
    ended = await shown(api, call)
    assert (ended["recording_enabled"], ended["recording_url"]) == (True, None)
    assert await events_of(api, call["id"]) == ["call.initiated", "call.completed"]
