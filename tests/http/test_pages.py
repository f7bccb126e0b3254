"""Lists: forward only, newest first, and nothing is told twice or left out (decisions F35-F41)."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nokyc import main
from nokyc.store.store import Store
from support import Client, activate, add_stock, make_customer

ENDPOINT = {"url": "https://93.184.216.34/", "enabled_events": ["webhook_endpoint.test"]}
LISTS = {
    "/v1/numbers": "num",
    "/v1/sms": "sms",
    "/v1/events": "evt",
    "/v1/webhook_endpoints": "whk",
    "/v1/numbers/available?country=be": "navail",
    "/v1/webhook_endpoints/{whk}/deliveries": "dlv",
}

BELGIAN = ("+32470538211", "+32470538274", "+32470538297")
"""Of French numbers the other tests offer more than a page."""


class World:
    """An account with at least three of everything that is listed."""

    def __init__(self, api: Client) -> None:
        self.api = api
        self.endpoint = ""

    async def fill(self, store: Store) -> None:
        self.endpoint = (await self.api.post("/v1/webhook_endpoints", json=ENDPOINT)).json()["id"]
        number = await activate(store, self.api)
        await add_stock(store, *BELGIAN, country="be")
        for _ in range(2):
            await activate(store, self.api)
            await self.api.post("/v1/webhook_endpoints", json=ENDPOINT)
        for _ in range(3):
            await self.api.post("/v1/sms", json={"from": number["id"], "to": "+33612345678", "body": "Hello"})
            await self.api.post(f"/v1/webhook_endpoints/{self.endpoint}/test")

    async def page(self, path: str, **params: Any) -> Any:
        path, _, query = path.replace("{whk}", self.endpoint).partition("?")
        fixed = dict([query.split("=")]) if query else {}
        return await self.api.get(path, params=fixed | params)


@pytest.fixture(scope="module")
async def world(store: Store, web: main.Web) -> Any:
    customer = await make_customer(store)
    async with Client(web.app, customer.test_key) as api:
        world = World(api)
        await world.fill(store)
        yield world


@pytest.fixture(scope="module")
async def stranger(store: Store, web: main.Web) -> Any:
    customer = await make_customer(store)
    async with Client(web.app, customer.test_key) as api:
        world = World(api)
        await world.fill(store)
        yield world


@pytest.mark.parametrize("path", LISTS)
class TestEveryList:
    async def test_its_pages_are_the_whole_in_order(self, world: World, path: str) -> None:
        whole = (await world.page(path, limit=100)).json()
        seen, cursor = [], None
        while True:
            page = (await world.page(path, limit=2, **({"starting_after": cursor} if cursor else {}))).json()
            seen += page["data"]
            assert (page["object"], page["url"]) == ("list", path.replace("{whk}", world.endpoint).partition("?")[0])
            assert page["next_cursor"] == (page["data"][-1]["id"] if page["has_more"] else None)
            if not page["has_more"]:
                break
            assert len(page["data"]) == 2
            cursor = page["next_cursor"]

        # A quote is a new one in every answer; the number behind it is the same.
        name = "number" if "available" in path else "id"
        assert [item[name] for item in seen] == [item[name] for item in whole["data"]]
        assert len({item["id"] for item in seen}) == len(seen) >= 3

    @pytest.mark.parametrize("limit", ["0", "101", "-1", "1.5", "x", "", "1e1", "99999999999999999999"])
    async def test_limits_are_not_clamped(self, world: World, path: str, limit: str) -> None:
        answer = await world.page(path, limit=limit)

        error = answer.json()["error"]
        assert (answer.status_code, error["code"], error["param"]) == (400, "parameter_invalid", "limit")

    async def test_cursors_that_are_no_object_of_this_list(self, world: World, stranger: World, path: str) -> None:
        theirs = (await stranger.page(path)).json()["data"][0]["id"]
        other = "/v1/sms" if path != "/v1/sms" else "/v1/numbers"
        of_other_type = (await world.page(other)).json()["data"][0]["id"]
        prefix = LISTS[path]
        wrong = [theirs, of_other_type, f"{prefix}_000000000000", f"{prefix}_zzzzzzzzzzzz", prefix, "", "x", "x" * 255]
        for cursor in wrong:
            answer = await world.page(path, starting_after=cursor)
            error = answer.json()["error"]
            assert (answer.status_code, error["code"]) == (400, "cursor_invalid"), cursor
            assert error["param"] == "starting_after"

    async def test_backwards_is_not_supported(self, world: World, path: str) -> None:
        answer = await world.page(path, ending_before="x")

        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "parameter_unknown")
        assert "not supported" in answer.json()["error"]["message"]


async def test_an_empty_list(api: Client) -> None:
    for path in ("/v1/numbers", "/v1/sms", "/v1/events", "/v1/webhook_endpoints"):
        empty = {"object": "list", "url": path, "data": [], "has_more": False, "next_cursor": None}
        assert (await api.get(path)).json() == empty


async def test_25_by_default(api: Client, number: Any) -> None:
    for _ in range(26):
        await api.post("/v1/sms", json={"from": number["id"], "to": "+33612345678", "body": "Hello"})
    page = (await api.get("/v1/sms")).json()

    assert (len(page["data"]), page["has_more"]) == (25, True)


async def test_a_filter_that_nothing_passes_or_that_names_a_strangers_number(world: World, stranger: World) -> None:
    theirs = (await stranger.page("/v1/numbers")).json()["data"][0]
    for params in ({"status": "undelivered"}, {"number": theirs["id"]}, {"number": theirs["number"]}):
        answer = await world.page("/v1/sms", **params)
        assert (answer.status_code, answer.json()["data"]) == (200, [])


async def test_the_cursor_need_not_pass_the_filter(world: World) -> None:
    newest = (await world.page("/v1/sms")).json()["data"][0]["id"]
    answer = await world.page("/v1/sms", starting_after=newest, direction="inbound")

    assert (answer.status_code, answer.json()["data"]) == (200, [])


changes = st.lists(st.one_of(st.just("add"), st.integers(0, 12)), max_size=3)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(size=st.integers(1, 7), limit=st.integers(1, 4), between=st.lists(changes, max_size=8))
async def test_pages_neither_repeat_nor_skip_while_objects_come_and_go(
    store: Store, web: main.Web, size: int, limit: int, between: list[list[Any]]
) -> None:
    """Also the object that the cursor names may go."""
    customer = await make_customer(store)
    async with Client(web.app, customer.test_key) as api:
        alive = [(await api.post("/v1/webhook_endpoints", json=ENDPOINT)).json()["id"] for _ in range(size)]
        stay, at_start = set(alive), set(alive)
        seen: list[str] = []
        params: dict[str, Any] = {"limit": limit}
        while True:
            page = (await api.get("/v1/webhook_endpoints", params=params)).json()
            seen += [endpoint["id"] for endpoint in page["data"]]
            if not page["has_more"]:
                break
            params["starting_after"] = page["next_cursor"]
            for change in between.pop() if between else []:
                if change == "add":
                    added = await api.post("/v1/webhook_endpoints", json=ENDPOINT)
                    alive += [added.json()["id"]] if added.status_code == 201 else []
                elif alive:
                    gone = alive.pop(change % len(alive))
                    stay.discard(gone)
                    assert (await api.delete(f"/v1/webhook_endpoints/{gone}")).status_code == 204

    assert len(seen) == len(set(seen))
    assert stay <= set(seen) <= at_start
