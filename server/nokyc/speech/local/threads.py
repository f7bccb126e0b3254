"""The thread that a model runs in: its own, and where nobody waits for it, one that only takes what is left over."""

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress


def thinker(name: str, *, idle: bool) -> ThreadPoolExecutor:
    """One thread. `idle`: it, and the threads that a model starts in it, run while no other program wants to."""
    return ThreadPoolExecutor(1, thread_name_prefix=name, initializer=_step_back if idle else None)


def _step_back() -> None:
    """Linux schedules threads, not processes: the loop around them, which may hold rows of the database, goes on."""
    with suppress(AttributeError, OSError):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
