"""The thread that a model runs in: its own, and where nobody waits for it, one that only takes what is left over."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import ParamSpec, TypeVar

from nokyc.kit.faults import where
from nokyc.speech.port import SpeechError, SpeechFailed

Given = ParamSpec("Given")
Made = TypeVar("Made")


def thinker(name: str, threads: int = 1, *, idle: bool) -> ThreadPoolExecutor:
    """Its threads. `idle`: they, and the threads that a model starts in them, run while no other program wants to."""
    return ThreadPoolExecutor(threads, thread_name_prefix=name, initializer=_step_back if idle else None)


async def think(
    threads: ThreadPoolExecutor, engine: str, work: Callable[Given, Made], *args: Given.args, **kwargs: Given.kwargs
) -> Made:
    """Do this there. Foreign code raises what it likes, and runs out of memory: to the port that is SpeechFailed."""
    try:
        return await asyncio.get_running_loop().run_in_executor(threads, partial(work, *args, **kwargs))
    except SpeechError:
        raise
    except Exception as error:
        raise SpeechFailed(engine, f"{type(error).__name__} at {where(error)}") from error


def _step_back() -> None:
    """Linux schedules threads, not processes: the loop around them, which may hold rows of the database, goes on."""
    with suppress(AttributeError, OSError):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
