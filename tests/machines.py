"""Hypothesis state machines over asynchronous code: rules run in a thread, their awaiting in the tests' loop."""

import asyncio
from collections.abc import Coroutine
from typing import Any, ClassVar, TypeVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

T = TypeVar("T")


class AsyncMachine(RuleBasedStateMachine):
    """A machine whose rules call `self.wait(coroutine)`."""

    loop: ClassVar[asyncio.AbstractEventLoop]

    def wait(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(60)


async def run_machine(machine: type[AsyncMachine], *, examples: int, steps: int) -> None:
    """Run a machine the same way each time."""
    machine.loop = asyncio.get_running_loop()
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    await asyncio.to_thread(run_state_machine_as_test, machine, settings=chosen)
