"""The thread that a model runs in: its own, and where nobody waits for it, one that only takes what is left over."""

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress


def thinker(name: str, threads: int = 1, *, idle: bool) -> ThreadPoolExecutor:
    """Its threads. `idle`: they, and the threads that a model starts in them, run while no other program wants to."""
    return ThreadPoolExecutor(threads, thread_name_prefix=name, initializer=_step_back if idle else None)


def _step_back() -> None:
    """Linux schedules threads, not processes: the loop around them, which may hold rows of the database, goes on."""
    with suppress(AttributeError, OSError):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
