"""The clock of all legs: two steps, stalls, and members that fail."""

import asyncio
from itertools import pairwise

import pytest

from nokyc_voice.media.rtp_leg import Audio
from nokyc_voice.media.ticker import FRAME_NS, MAX_BEHIND, Ticker, _Pace
from voice.media.rig import Time


def test_all_hear_before_anybody_speaks() -> None:
    ticker, order = Ticker(Time()), list[str]()
    for name in "ab":
        ticker.add(lambda name=name: order.append(f"{name} hears"), lambda name=name: order.append(f"{name} speaks"))
    ticker.first(lambda: order.append("read"))
    ticker.tick()
    assert order == ["read", "a hears", "b hears", "a speaks", "b speaks"]


def test_members_leave() -> None:
    ticker, calls = Ticker(Time()), list[int]()
    leave = ticker.add(lambda: calls.append(1), lambda: None)
    ticker.tick()
    leave()
    leave()
    ticker.tick()
    assert calls == [1]


async def test_one_that_fails_does_not_stop_the_others() -> None:
    ticker, calls, told = Ticker(Time()), list[int](), list[object]()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: told.append(context["exception"]))
    problem = RuntimeError("a member's own fault")

    def fail() -> None:
        raise problem

    ticker.add(fail, lambda: calls.append(1))
    ticker.tick()
    loop.set_exception_handler(None)
    assert calls == [1]
    assert told == [problem]


class Loop:
    """Takes the timers of a ticker's pace, and fires them at their time."""

    def __init__(self, time: Time) -> None:
        self.time = time
        self.due: list[tuple[int, object]] = []

    def call_later(self, seconds: float, callback: object) -> None:
        self.due.append((self.time.ns + round(seconds * 1e9), callback))

    def fire(self) -> None:
        at, callback = self.due.pop()
        self.time.ns = max(self.time.ns, at)
        callback()  # type: ignore[operator]


def pace(time: Time, ticker: Ticker) -> Loop:
    loop = Loop(time)
    _Pace(ticker, loop).start()  # type: ignore[arg-type]
    return loop


@pytest.mark.parametrize("stall_ms", [50, 150])
def test_a_stall_is_made_up_for_without_a_burst(stall_ms: int) -> None:
    time = Time()
    ticker = Ticker(time)
    times: list[int] = []
    ticker.add(lambda: times.append(time.ns), lambda: None)
    loop, start = pace(time, ticker), time.ns
    for _ in range(10):
        loop.fire()
    time.ns += stall_ms * 1_000_000
    for _ in range(30):
        loop.fire()
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert min(gaps) >= FRAME_NS // 2
    assert ticker.ticks == 40
    assert time.ns - start == 40 * FRAME_NS
    assert ticker.skipped == 0
    assert ticker.worst_gap_ms == pytest.approx(stall_ms, abs=20)


def test_what_is_too_old_is_skipped() -> None:
    time = Time()
    ticker = Ticker(time)
    loop, start = pace(time, ticker), time.ns
    loop.fire()
    time.ns += 1_000_000_000
    for _ in range(30):
        loop.fire()
    assert ticker.skipped == 50 - 1 - MAX_BEHIND
    assert time.ns - start == ticker.ticks * FRAME_NS


async def test_it_runs_by_itself() -> None:
    ticker = Ticker()
    ticked = asyncio.Event()
    ticker.add(lambda: ticked.set() if ticker.ticks == 3 else None, lambda: None)
    running = asyncio.ensure_future(ticker.run())
    await ticked.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_packets_are_stamped_by_the_kernel() -> None:
    """With the machine's own clock, legs on a ticker that ticks late see when packets came, not when they are read."""
    ticker = Ticker()
    audio = Audio(host="127.0.0.1", ports=range(29_000, 29_100), ticker=ticker)
    caller, offer = audio.offering(codecs=("PCMA",), srtp=False)
    callee, answer = audio.answering(offer, codecs=("PCMA",))
    caller.answered(answer)
    heard = 0
    for _ in range(100):  # the kernel begins to stamp some time after it was asked to
        ticker.tick()
        sent_ns = ticker.now_ns()
        while ticker.now_ns() - sent_ns < 20_000_000:
            pass
        audio.read()
        heard = callee.heard_ms_ago() or 0
        if heard >= 19:
            break
    assert heard >= 19
    audio.close()
