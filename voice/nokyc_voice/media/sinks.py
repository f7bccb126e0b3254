"""Those who are told: added and taken away at any time, even while they are being told."""

from collections.abc import Callable
from typing import Generic, ParamSpec

from nokyc_voice.media.port import Undo

P = ParamSpec("P")


class Sinks(Generic[P]):
    """A function that calls all of its sinks, in the order in which they came."""

    def __init__(self) -> None:
        self._by_key: dict[object, Callable[P, None]] = {}
        self.each: tuple[Callable[P, None], ...] = ()
        """For those who tell often: a loop over this costs less than a call of all."""

    def add(self, sink: Callable[P, None]) -> Undo:
        key = object()
        self._by_key[key] = sink
        self.each = tuple(self._by_key.values())

        def undo() -> None:
            self._by_key.pop(key, None)
            self.each = tuple(self._by_key.values())

        return undo

    def clear(self) -> None:
        self._by_key.clear()
        self.each = ()

    def __call__(self, *values: P.args, **named: P.kwargs) -> None:
        for sink in self.each:
            sink(*values, **named)
