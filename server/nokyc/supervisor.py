"""One process tree: PostgreSQL first, then the children; what dies is started again, an end is orderly.

The supervisor owns the listening socket, so that connections wait while the api process starts again. Children run in
sessions of their own (Ctrl-C in a terminal reaches the supervisor alone) and end when the supervisor does, however
that happens. PostgreSQL outlives a killed supervisor on purpose: the next one takes it over.
"""

import asyncio
import contextlib
import os
import select
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog

from nokyc.store.postgres import EmbeddedPostgres, PostgresError

DRAIN_SEC = 30.0
"""How long children may take to finish what is in flight."""
RESTART_SEC = (0.0, 0.2, 0.5, 1.0, 2.0, 5.0)
"""Waits before a child that keeps dying is started again; the last one repeats."""
STEADY_SEC = 30.0
"""A child that lived so long starts from the beginning of that list."""
BIND_PATIENCE_SEC = 10.0
"""A predecessor may still be ending on our port."""
POLL_SEC = 0.1
BACKLOG = 2_048
PARENT = "NOKYC_PARENT"
POSTGRES = "postgresql"

log = structlog.get_logger("nokyc.supervisor")


@dataclass(frozen=True, slots=True)
class Child:
    """A program of the tree. Its output is ours."""

    name: str
    argv: Sequence[str]
    environment: dict[str, str]
    pass_fds: tuple[int, ...] = ()
    ready: Callable[[], Awaitable[object]] | None = None
    """Awaited before the next one is started for the first time."""


class Supervisor:
    """Runs children until told to stop. It prints nothing: `tell` gets an event and its fields."""

    def __init__(
        self,
        children: Sequence[Child],
        postgres: EmbeddedPostgres | None = None,
        *,
        listeners: Sequence[socket.socket] = (),
        tell: Callable[..., object] | None = None,
        drain_sec: float = DRAIN_SEC,
        restart_sec: Sequence[float] = RESTART_SEC,
    ) -> None:
        self._children = children
        self._postgres = postgres
        self._listeners = listeners
        self._tell = tell or log.warning  # only now: how to log is set up after this module is imported
        self._drain_sec = drain_sec
        self._restart_sec = restart_sec
        self._processes: dict[str, asyncio.subprocess.Process] = {}
        self._stopping = asyncio.Event()
        self._drained = asyncio.Event()
        self.restarts: Counter[str] = Counter()
        """How often each was started again."""

    def stop(self) -> None:
        """Begin the orderly end."""
        self._stopping.set()

    async def run(self) -> None:
        """Start everything in order and keep it running; returns when all of it has ended, PostgreSQL last."""
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, self.stop)
        keepers: list[asyncio.Task[None]] = []
        async with asyncio.TaskGroup() as group:
            if self._postgres is not None:
                group.create_task(self._keep_postgres(self._postgres))
            for child in self._children:
                keepers.append(group.create_task(self._keep(child)))
                if child.ready is not None:
                    await self._unless_stopping(child.ready())
            await self._stopping.wait()
            await self._drain(keepers)
            self._drained.set()
            await self._stop_postgres()
        await self._stop_postgres()  # if it was being started just then
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(name)

    async def _keep(self, child: Child) -> None:
        deaths = 0
        while not self._stopping.is_set():
            started = time.monotonic()
            code = await self._run_once(child)
            if self._stopping.is_set():
                return
            deaths = 0 if time.monotonic() - started > STEADY_SEC else deaths
            wait = self._restart_sec[min(deaths, len(self._restart_sec) - 1)]
            deaths += 1
            self.restarts[child.name] += 1
            self._tell("a process ended and is started again", name=child.name, code=code, wait_sec=wait)
            await _within(wait, self._stopping)

    async def _run_once(self, child: Child) -> int | str | None:
        """The exit code (negative: the signal), or why it could not be started."""
        try:
            process = await asyncio.create_subprocess_exec(
                *child.argv,
                env=os.environ | child.environment | {PARENT: str(os.getpid())},
                pass_fds=child.pass_fds,
                stdin=asyncio.subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            return error.strerror
        self._processes[child.name] = process
        if self._stopping.is_set():  # born while the others were told
            _terminate(process)
        try:
            return await process.wait()
        finally:
            _kill_session(process)  # and whatever it had started itself

    async def _drain(self, keepers: Sequence[asyncio.Task[None]]) -> None:
        for listener in self._listeners:
            listener.close()  # nobody would serve who connects now, so it is better refused
        for process in self._processes.values():
            _terminate(process)
        if not keepers:
            return
        _, late = await asyncio.wait(keepers, timeout=self._drain_sec)
        if late:
            self._tell("processes did not end in time and are killed", count=len(late))
        for process in self._processes.values():
            if process.returncode is None:
                _kill_session(process)
        await asyncio.wait(keepers)

    async def _keep_postgres(self, postgres: EmbeddedPostgres) -> None:
        """Start PostgreSQL again if it was killed, also while children finish; recovery may take its time."""
        failures = 0
        while not self._drained.is_set():
            wait = POLL_SEC
            if not postgres.running():
                self.restarts[POSTGRES] += 1
                self._tell("PostgreSQL ended and is started again")
                try:
                    await asyncio.to_thread(postgres.start)
                    failures = 0
                except (PostgresError, OSError) as error:
                    wait = max(POLL_SEC, self._restart_sec[min(failures, len(self._restart_sec) - 1)])
                    failures += 1
                    if not self._drained.is_set():
                        self._tell("PostgreSQL could not be started", reason=str(error), wait_sec=wait)
            await _within(wait, self._drained)

    async def _stop_postgres(self) -> None:
        if self._postgres is not None:
            await asyncio.to_thread(self._postgres.stop)

    async def _unless_stopping(self, work: Awaitable[object]) -> None:
        working = asyncio.ensure_future(work)
        stopping = asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not working.done():
            working.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await working
        elif (error := working.exception()) is not None:
            self._tell("a process is not ready", reason=type(error).__name__)


def listen(host: str, port: int, *, patience_sec: float = BIND_PATIENCE_SEC) -> socket.socket:
    """A listening socket. Raises OSError if the port stays taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    deadline = time.monotonic() + patience_sec
    while True:
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(BACKLOG)
        except OSError:
            listener.close()
            if time.monotonic() > deadline:
                raise
            time.sleep(POLL_SEC)
        else:
            return listener


def exit_with_parent(*, grace_sec: float = DRAIN_SEC) -> None:
    """Called by a child at its start: it gets SIGTERM when the supervisor is gone, even if it is gone already, and
    SIGKILL if it has not ended `grace_sec` later. Without a supervisor it does nothing."""
    parent = os.environ.pop(PARENT, None)
    if parent is None:
        return
    try:
        descriptor = os.pidfd_open(int(parent))
    except ProcessLookupError:
        descriptor = None
    # Only now is it certain that the descriptor is our parent's, and not of one who has its number since.
    if descriptor is None or os.getppid() != int(parent):
        os.kill(os.getpid(), signal.SIGTERM)
        return
    # A thread, because the death signal of prctl also comes when only the thread ends that started us.
    threading.Thread(target=_follow, args=(descriptor, grace_sec), daemon=True, name="follow-parent").start()


def _follow(parent: int, grace_sec: float) -> None:
    end = select.poll()
    end.register(parent, select.POLLIN)
    end.poll()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(grace_sec)
    os.kill(os.getpid(), signal.SIGKILL)


def _terminate(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.terminate()


def _kill_session(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


async def _within(wait_sec: float, event: asyncio.Event) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(wait_sec):  # wait_for may lose a cancellation before Python 3.12
            await event.wait()
