"""A benchmark that is told to end takes its servers with it."""

import signal
from types import FrameType
from typing import NoReturn

ENDINGS = (signal.SIGTERM, signal.SIGINT)


def end_in_order() -> None:
    """Let the first SIGTERM or SIGINT unwind the program, so that every `finally` runs to its end. Programs that a
    shell starts in the background ignore SIGINT otherwise, and SIGTERM unwinds nothing."""
    for each in ENDINGS:
        signal.signal(each, _unwind)


def _unwind(_number: int, _frame: FrameType | None) -> NoReturn:
    for each in ENDINGS:
        signal.signal(each, signal.SIG_IGN)  # `timeout` sends it twice, and the second must not cut the unwinding
    raise KeyboardInterrupt
