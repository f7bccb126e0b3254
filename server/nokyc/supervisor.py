"""One process tree: PostgreSQL first, then the children; a child that dies is started again, an end is orderly.

The supervisor owns the listening socket, so that connections wait while the api process starts again. Children run in
sessions of their own (Ctrl-C in a terminal reaches the supervisor alone) and end when the supervisor does, however
that happens. PostgreSQL outlives a killed supervisor on purpose: the next one takes it over.
"""

import asyncio
import contextlib
import ctypes
import os
import signal
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from nokyc.store.postgres import EmbeddedPostgres

DRAIN_SEC = 30.0
"""How long children may take to finish what is in flight."""
RESTART_SEC = (0.0, 0.2, 0.5, 1.0, 2.0, 5.0)
"""Waits before a child that keeps dying is started again; the last one repeats."""
STEADY_SEC = 30.0
"""A child that lived so long starts from the beginning of that list."""
BIND_PATIENCE_SEC = 10.0
"""A predecessor may still be draining on our port."""
POLL_SEC = 0.1
BACKLOG = 2_048
PARENT = "NOKYC_PARENT"
PR_SET_PDEATHSIG = 1

log = structlog.get_logger("nokyc.supervisor")


@dataclass(frozen=True, slots=True)
class Child:
    """A program of the tree."""

    name: str
    argv: Sequence[str]
    environment: dict[str, str]
    pass_fds: tuple[int, ...] = ()


class Supervisor:
    """Runs children until told to stop."""

    def __init__(self, children: Sequence[Child], postgres: EmbeddedPostgres | None = None) -> None:
        self._children = children
        self._postgres = postgres
        self._processes: dict[str, asyncio.subprocess.Process] = {}
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Begin the orderly end."""
        self._stopping.set()

    async def run(self) -> None:
        """Start everything and keep it running; returns when all of it has ended."""
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, self.stop)
        keepers = [asyncio.create_task(self._keep(child)) for child in self._children]
        keepers.append(asyncio.create_task(self._keep_postgres()))
        await self._stopping.wait()
        for process in self._processes.values():
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        _, late = await asyncio.wait(keepers, timeout=DRAIN_SEC)
        for process in self._processes.values():
            if late and process.returncode is None:
                process.kill()
        await asyncio.wait(keepers)
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(name)

    async def _keep(self, child: Child) -> None:
        deaths = 0
        while not self._stopping.is_set():
            started = time.monotonic()
            process = self._processes[child.name] = await asyncio.create_subprocess_exec(
                *child.argv,
                env=os.environ | child.environment | {PARENT: str(os.getpid())},
                pass_fds=child.pass_fds,
                stdin=asyncio.subprocess.DEVNULL,
                start_new_session=True,
            )
            code = await process.wait()
            if self._stopping.is_set():
                return
            deaths = 0 if time.monotonic() - started > STEADY_SEC else deaths
            wait = RESTART_SEC[min(deaths, len(RESTART_SEC) - 1)]
            deaths += 1
            log.warning("a process ended and is started again", name=child.name, code=code, wait_sec=wait)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), wait)

    async def _keep_postgres(self) -> None:
        """Start PostgreSQL again if it was killed; its recovery takes the time that it takes."""
        while not self._stopping.is_set():
            if self._postgres is not None and self._postgres.pid() is None:
                log.warning("PostgreSQL ended and is started again")
                await asyncio.to_thread(self._postgres.start)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), POLL_SEC)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises OSError if the port stays taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    deadline = time.monotonic() + BIND_PATIENCE_SEC
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


def exit_with_parent(warn: Callable[[str], None] = lambda text: None) -> None:
    """Called by a child at its start: get SIGTERM when the supervisor is gone, even if it is gone already."""
    parent = os.environ.get(PARENT)
    if parent is None:
        return
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM) != 0:
        warn("prctl failed; this process may outlive its supervisor")
    if os.getppid() != int(parent):
        os.kill(os.getpid(), signal.SIGTERM)
