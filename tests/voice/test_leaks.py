"""What a few hundred calls leave behind. `bench/voice.py --leaks 5000` makes more, waits until transactions are
forgotten, and looks at the objects too."""

from voice.leaks import run

CALLS = 200
MAX_GROWTH_KB = 12_000
"""Of the whole process, both sides and the test among it; transactions of the last half minute are a part."""


async def test_calls_leave_nothing_behind() -> None:
    found = await run(CALLS)
    before, after = found["before"], found["after"]
    assert after.files == 0
    assert after.like(before), (before, after)
    assert after.memory_kb - before.memory_kb < MAX_GROWTH_KB
