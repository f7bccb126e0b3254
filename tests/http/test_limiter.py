"""The rate limiter: 100 tokens, each back exactly 60 s after it was taken (decisions, section E)."""

import asyncio
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from wire import exchange

from nokyc import main
from nokyc.http.limiter import WINDOW_MS, Decision, LocalLimiter, SharedLimiter
from nokyc.kit.clock import ManualClock
from nokyc.resources.keys import actions as keys
from nokyc.settings import Settings
from nokyc.store.store import Store
from support import START, Client, Customer, make_customer

EPOCH_MS = 1_777_200_000_000
WORKED_EXAMPLE = [
    # seconds, then limit/remaining/reset after that request, and Retry-After of a refused one
    (0.000, "100/99/1777200060", None),
    *[(n * 0.030, None, None) for n in range(1, 29)],
    (0.870, "100/70/1777200060", None),
    *[(10.0 + n * 0.200, None, None) for n in range(59)],
    (21.800, "100/10/1777200060", None),
    *[(25.000, None, None) for _ in range(9)],
    (25.000, "100/0/1777200060", None),
    (25.500, "100/0/1777200060", 35),
    (40.000, "100/0/1777200060", 20),
    (60.500, "100/16/1777200061", None),
    *[(60.500, None, None) for _ in range(16)],
    (60.870, "100/12/1777200070", None),
]


@pytest.fixture(params=["local", "shared"])
def limiter_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def test_the_worked_example(store: Store, limiter_kind: str) -> None:
    clock = ManualClock(START)
    limiter = LocalLimiter(clock) if limiter_kind == "local" else SharedLimiter(store, clock)
    key_id = store.ids.new()
    elapsed = 0
    for at, shown, retry_after in WORKED_EXAMPLE:
        clock.advance((round(at * 1000) - elapsed) / 1000)
        elapsed = round(at * 1000)
        decision = await limiter.hit(key_id, 100)
        headers = dict(decision.headers(EPOCH_MS + elapsed))
        told = b"/".join(headers[b"x-rate-limit-" + name] for name in (b"limit", b"remaining", b"reset"))
        assert decision.allowed == (retry_after is None), at
        if shown is not None:
            assert told.decode() == shown, at
        if retry_after is not None:
            assert decision.retry_after_sec == retry_after


async def test_one_request_per_600_ms_is_never_refused() -> None:
    clock = ManualClock(START)
    limiter = LocalLimiter(clock)
    for _ in range(6_000):
        assert limiter.take(1, 100).allowed
        clock.advance(0.6)


class Bucket(RuleBasedStateMachine):
    """Against the definition: accepted iff fewer than `limit` grants in (now - 60 s, now]."""

    @initialize(limit=st.integers(1, 6))
    def start(self, limit: int) -> None:
        self.clock = ManualClock(START)
        self.limiter = LocalLimiter(self.clock)
        self.limit = limit
        self.grants: list[int] = []
        self.last: Decision | None = None

    @rule(seconds=st.one_of(st.integers(0, 70_000).map(lambda ms: ms / 1000), st.just(60.0), st.just(59.999)))
    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.last = None

    @rule(limit=st.integers(1, 6))
    def change_limit(self, limit: int) -> None:
        self.limit = limit
        self.last = None

    @rule()
    def hit(self) -> None:
        now = self.clock.monotonic_ms()
        recent = [at for at in self.grants if now - WINDOW_MS < at <= now]
        decision = self.last = self.limiter.take(7, self.limit)
        assert decision.allowed == (len(recent) < self.limit)
        if decision.allowed:
            self.grants.append(now)
            recent.append(now)
        assert decision.remaining == max(0, self.limit - len(recent))
        grows = [at for at in recent if sum(other > at for other in recent) < self.limit or at == recent[-1]]
        assert decision.next_ms == grows[0] + WINDOW_MS - now
        assert 1 <= decision.retry_after_sec <= 60

    @rule()
    @precondition(lambda self: self.last is not None and not self.last.allowed)
    def obey_retry_after(self) -> None:
        assert self.last is not None
        self.clock.advance(self.last.retry_after_sec)
        self.hit()
        assert self.last.allowed

    @invariant()
    def no_rolling_minute_has_more(self) -> None:
        for end in self.grants:
            assert sum(end - WINDOW_MS < at <= end for at in self.grants) <= 6


Bucket.TestCase.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
TestBucket = Bucket.TestCase


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from([0, 0, 1, 999, 20_000, 59_999, 60_000]), st.integers(1, 4)), min_size=1, max_size=25
    )
)
async def test_postgresql_decides_the_same(store: Store, steps: list[tuple[int, int]]) -> None:
    clock = ManualClock(START)
    local, shared = LocalLimiter(clock), SharedLimiter(store, clock)
    key_id = store.ids.new()
    for wait_ms, limit in steps:
        clock.advance(wait_ms / 1000)
        assert await shared.hit(key_id, limit) == await local.hit(key_id, limit)


async def test_processes_share_one_bucket_and_concurrent_requests_one_round_trip(store: Store) -> None:
    limiters = [SharedLimiter(store), SharedLimiter(store)]
    key_id, other = store.ids.new(), store.ids.new()

    decisions = await asyncio.gather(*(limiters[n % 2].hit(key_id, 30) for n in range(50)), limiters[0].hit(other, 1))

    assert sum(decision.allowed for decision in decisions[:-1]) == 30
    assert decisions[-1].allowed
    assert sorted(d.remaining for d in decisions[:-1] if d.allowed) == list(range(30))


class TestHeaders:
    async def test_on_every_authenticated_answer(self, store: Store, web: main.Web) -> None:
        customer = await make_customer(store, rate_limit=10)
        async with Client(web.app, customer.test_key) as api:
            answers = [
                await api.get("/v1/account"),
                await api.get("/v1/numbers/num_000000000000"),
                await api.get("/v1/nowhere"),
                await api.put("/v1/account"),
                await api.post("/v1/sms", content=b"{"),
                await api.post("/v1/sms", json={}),
                await api.head("/v1/account"),
                await api.get("/v1/account", headers={"NoKYC-Version": "nonsense"}),
                await api.post("/v1/sms", content=b"a=b", headers={"Content-Type": "text/plain"}),
                await api.delete("/v1/numbers/num_000000000000"),
                await api.get("/v1/account"),
            ]
        assert [a.status_code for a in answers] == [200, 404, 404, 405, 400, 400, 200, 400, 415, 404, 429]
        assert [a.headers["x-rate-limit-remaining"] for a in answers] == [*map(str, range(9, -1, -1)), "0"]
        assert {a.headers["x-rate-limit-limit"] for a in answers} == {"10"}
        assert {a.headers["ratelimit-policy"] for a in answers} == {'"default";q=10;w=60'}
        assert [a for a in answers if "retry-after" in a.headers] == answers[-1:]
        last = answers[-1]
        assert last.json()["error"]["code"] == "rate_limit_exceeded"
        assert last.json()["error"]["type"] == "rate_limit_error"
        assert last.headers["nokyc-should-retry"] == "true"
        assert last.headers["ratelimit"] == f'"default";r=0;t={last.headers["retry-after"]}'

    async def test_none_without_authentication(self, anonymous: Client) -> None:
        answer = await anonymous.get("/v1/account")

        assert answer.status_code == 401
        assert not [name for name in answer.headers if "rate" in name.lower()]

    async def test_reset_is_the_moment_of_the_date_header(
        self, store: Store, settings: Settings, clock: ManualClock
    ) -> None:
        customer = await make_customer(store, rate_limit=1)
        async with Client(main.build_web(store, settings).app, customer.live_key) as api:
            await api.get("/v1/account")
            clock.advance(20)
            refused = await api.get("/v1/account")

        assert refused.headers["retry-after"] == "40"
        wait = int(refused.headers["x-rate-limit-reset"]) - clock.now().timestamp()
        assert 39 < wait <= 41


async def test_a_replay_counts_and_a_refused_request_takes_nothing(
    store: Store, settings: Settings, clock: ManualClock
) -> None:
    customer = await make_customer(store, rate_limit=2)
    request = {"url": "https://93.184.216.34/", "enabled_events": ["*"]}
    async with Client(main.build_web(store, settings).app, customer.live_key) as api:

        async def post() -> Any:
            return await api.post("/v1/webhook_endpoints", json=request, headers={"Idempotency-Key": "k"})

        first, replay, refused = await post(), await post(), await post()
        assert [first.status_code, replay.status_code, refused.status_code] == [201, 201, 429]
        for _ in range(10):
            assert (await post()).status_code == 429
        clock.advance(60)
        assert (await post()).headers["idempotent-replayed"] == "true"


async def test_keys_of_one_account_have_buckets_of_their_own(store: Store, web: main.Web, customer: Customer) -> None:
    async def work(unit: Any) -> list[str]:
        made = [await keys.create(unit, customer.live_id, scope="read", mode="live", rate_limit=1) for _ in range(2)]
        return [secret for _, secret in made]

    one, other = await store.run(work)
    answers = [await exchange(web.app, "GET", "/v1/account", key=key) for key in (one, one, other)]

    assert [answer.status for answer in answers] == [200, 429, 200]
