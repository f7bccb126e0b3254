"""The rate against a simulated SMSC, in simulated time."""

import heapq

from nokyc.carriers.rate import HORIZON_SEC, MIN_PER_SEC, Rate

ROUND_TRIP_SEC = 0.02


class Bucket:
    """An SMSC that takes `per_sec` with a burst of a tenth of it, and complains beyond."""

    def __init__(self, per_sec: float) -> None:
        self.per_sec = per_sec
        self.tokens = per_sec / 10
        self.at = 0.0

    def take(self, now: float) -> bool:
        self.tokens = min(max(1.0, self.per_sec / 10), self.tokens + (now - self.at) * self.per_sec)
        self.at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


def run(rate: Rate, bucket: Bucket, seconds: float, *, start: float = 0.0, window: int = 50) -> tuple[int, int]:
    """A sender that always has work; returns how many were taken and how many complained about."""
    taken = complained = 0
    due = [(start, number) for number in range(window)]  # each place in the window: when it is free again
    while due[0][0] < start + seconds:
        now, place = heapq.heappop(due)
        wait = rate.take_turn(now)
        if wait > HORIZON_SEC:
            heapq.heappush(due, (now + wait, place))
            continue
        now += wait
        if bucket.take(now):
            taken += 1
            rate.accepted(now)
        else:
            complained += 1
            rate.throttled(now)
        heapq.heappush(due, (now + ROUND_TRIP_SEC, place))
    return taken, complained


def test_unlimited_until_the_first_complaint() -> None:
    rate = Rate(None)
    assert rate.room(0.0) is None
    assert [rate.take_turn(0.0) for _ in range(1_000)] == [0.0] * 1_000
    rate.throttled(1.0)
    assert rate.per_sec == MIN_PER_SEC
    assert rate.room(1.0) == 1


def test_finds_the_allowed_rate_and_stays_near_it() -> None:
    for allowed in (10.0, 100.0, 1_000.0):
        rate, bucket = Rate(None), Bucket(allowed)
        run(rate, bucket, 10.0)
        taken, complained = run(rate, bucket, 60.0, start=10.0)
        assert taken >= 0.93 * allowed * 60
        assert complained <= 0.05 * taken


def test_falls_and_recovers_with_the_limit() -> None:
    rate, bucket = Rate(500.0), Bucket(600.0)
    taken, complained = run(rate, bucket, 10.0)
    assert (rate.per_sec, complained) == (500.0, 0)
    assert taken >= 4_950
    bucket.per_sec = 20.0
    run(rate, bucket, 20.0, start=10.0)
    assert rate.per_sec
    assert 10 <= rate.per_sec <= 40
    bucket.per_sec = 600.0
    run(rate, bucket, 20.0, start=30.0)
    assert rate.per_sec == 500.0


def test_survives_a_total_refusal() -> None:
    rate, bucket = Rate(100.0), Bucket(0.0)
    run(rate, bucket, 30.0)
    assert rate.per_sec == MIN_PER_SEC
    bucket.per_sec = bucket.tokens = 120.0
    run(rate, bucket, 20.0, start=30.0)
    assert rate.per_sec == 100.0


def test_paces_by_the_contract() -> None:
    rate = Rate(10.0)
    turns = [rate.take_turn(5.0) for _ in range(7)]
    assert [round(turn, 6) for turn in turns] == [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6]
    assert rate.room(5.0) == 0
    assert rate.room(9.0) == 5
    slow = Rate(0.2)
    assert (slow.room(0.0), slow.take_turn(0.0), slow.room(0.0), slow.room(5.0)) == (1, 0.0, 0, 1)
