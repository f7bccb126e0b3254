"""`nokyc serve`, and its parts one by one."""

import asyncio
import contextlib
import json
import resource
import signal
import socket
import ssl
import sys
import time
import urllib.request
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import uvloop

from nokyc.cli import context
from nokyc.logs import set_up_logging
from nokyc.settings import Settings, in_url, read_settings

READY_PATIENCE_SEC = 60.0
MAX_FILES = 65_536
"""Open at once in one process: 4,000 connections, or 1,000 calls with up to six sockets each."""


def serve(
    *,
    host: str | None = None,
    port: int | None = None,
    demo: bool = False,
    tls_cert: Path | None = None,
    tls_key: Path | None = None,
) -> None:
    """Run API, workers, panel and (without a database URL) PostgreSQL in one supervised process tree.

    Args:
        host: Address to listen on; 127.0.0.1 by default.
        port: Port to listen on; 8080 by default.
        demo: Offer numbers, make an account, and print how to use it.
        tls_cert: Certificate chain (PEM): the server then speaks https itself.
        tls_key: Its private key (PEM).
    """
    from nokyc.store.postgres import EmbeddedPostgres
    from nokyc.supervisor import Child, Supervisor, listen

    set_up_logging()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # until the supervisor takes it: PostgreSQL ends with us
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as nohup has it
        signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))  # the terminal was closed
    _check_certificate(tls_cert, tls_key)
    settings = read_settings(host=host, port=port, tls=tls_cert is not None)
    _check_children(settings)
    dsn = settings.database_url
    try:
        listener = listen(settings.host, settings.port)
    except OSError as error:
        sys.exit(f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}")
    postgres = None
    try:
        if dsn is None:
            postgres = EmbeddedPostgres(settings.data_dir)
            dsn = postgres.start(lambda text: print(text, flush=True))
        banner = uvloop.run(_prepare(settings, dsn, demo))
        with contextlib.suppress(OSError):  # a data folder that is only read; whoever asks sets PUBLIC_URL
            context.keep(settings.data_dir / context.URL_NOTE, settings.public_url)
        environment = {
            "DATABASE_URL": dsn,
            "DATA_DIR": str(settings.data_dir),
            "PUBLIC_URL": settings.public_url,
            "NOKYC_HOST": settings.host,
            "PORT": str(settings.port),
            "NOKYC_LIMITER": "local",  # this tree has one api process
        }
        tls = [f"--tls-cert={tls_cert}", f"--tls-key={tls_key}"] if tls_cert and tls_key else []
        program = [sys.executable, "-m", "nokyc"]
        children = [
            Child("api", [*program, "api", f"--fd={listener.fileno()}", *tls], environment, (listener.fileno(),)),
            Child("worker", [*program, "worker"], environment),
            Child("voice", [*program, "voice"], environment),
            *(
                Child(name, [*program, "speech", part], environment)
                for name, part in (("speech", "serve"), ("transcriber", "transcribe"))
                if settings.speech
            ),
        ]
        asyncio.run(_supervise(Supervisor(children, postgres, listeners=[listener]), settings, banner, tls=bool(tls)))
    finally:
        if postgres is not None:
            postgres.stop()


def api(
    *,
    host: str | None = None,
    port: int | None = None,
    fd: int | None = None,
    tls_cert: Path | None = None,
    tls_key: Path | None = None,
) -> None:
    """Run one API process on DATABASE_URL; any number of them share its limits and keys.

    Args:
        host: Address to listen on; 127.0.0.1 by default.
        port: Port to listen on; 8080 by default.
        fd: A listening socket that the supervisor passed on.
        tls_cert: Certificate chain (PEM).
        tls_key: Its private key (PEM).
    """
    from nokyc import main
    from nokyc.supervisor import exit_with_parent, listen

    set_up_logging()
    exit_with_parent()
    _check_certificate(tls_cert, tls_key)
    settings = read_settings(host=host, port=port, tls=tls_cert is not None)
    listener = listen(settings.host, settings.port) if fd is None else socket.socket(fileno=fd)
    run_process(main.run_api(settings, database(settings), listener, tls_cert=tls_cert, tls_key=tls_key))


def worker() -> None:
    """Run one worker on DATABASE_URL; any number of them share the work."""
    from nokyc import main
    from nokyc.supervisor import exit_with_parent

    set_up_logging()
    exit_with_parent()
    settings = read_settings()
    run_process(until_signal(main.run_worker(settings, database(settings))))


def voice() -> None:
    """Run one voice process on DATABASE_URL: SIP trunks, devices, and the audio of calls."""
    from nokyc import main
    from nokyc.supervisor import exit_with_parent
    from nokyc.voice import go_first

    go_first()
    set_up_logging()
    exit_with_parent()
    settings = read_settings()
    _check_children(settings)
    refused = []
    try:
        run_process(until_signal(main.run_voice(settings, database(settings))))
    except* OSError as error:
        refused = [str(one) for one in error.exceptions]
    if refused:  # an exit inside of except* would come as a group, with a traceback
        sys.exit(f"Cannot listen for SIP on {settings.sip.host}:{settings.sip.port}: {refused[0]}")


def _check_certificate(cert: Path | None, key: Path | None) -> None:
    """What cannot be used is told before anything starts. Raises UsageError or RefusalError."""
    if (cert is None) != (key is None):
        raise context.UsageError("--tls-cert and --tls-key belong together")
    if cert is not None and key is not None:
        _check_pair(cert, key)


def _check_pair(cert: Path, key: Path) -> None:
    for path in (cert, key):
        path.open().close()  # ssl does not say which of them is missing
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(cert, key)
    except ssl.SSLError as error:
        context.refuse(f"{cert} and {key} are no certificate and its key: {error.reason or error}")


def _check_children(settings: Settings) -> None:
    """What a child would die of, again and again. Raises ValueError, OSError or RefusalError."""
    from nokyc.store.files import open_files

    open_files(settings)
    if settings.sip.tls_cert and settings.sip.tls_key:
        _check_pair(settings.sip.tls_cert, settings.sip.tls_key)


async def _prepare(settings: Settings, dsn: str, demo: bool) -> list[str]:
    """Bring the schema up to date; returns what to print once the server is ready."""
    from nokyc.cli.demo import set_up_demo

    async with context.bring_up(settings, dsn) as (store, _):
        return await set_up_demo(store, settings) if demo else []


async def _supervise(supervisor: Any, settings: Settings, banner: list[str], *, tls: bool) -> None:
    running = asyncio.create_task(supervisor.run())
    ready = asyncio.create_task(asyncio.to_thread(_wait_until_ready, settings, tls))
    await asyncio.wait({running, ready}, return_when=asyncio.FIRST_COMPLETED)
    if not running.done() and ready.result():
        print(f"ready {settings.public_url}", *banner, sep="\n", flush=True)
    await running


def _wait_until_ready(settings: Settings, tls: bool) -> bool:
    scheme = "https" if tls else "http"  # whatever PUBLIC_URL says: a proxy may speak https for us
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - reads it, no bind
    deadline = time.monotonic() + READY_PATIENCE_SEC
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, ValueError):
            url = f"{scheme}://{in_url(host)}:{settings.port}/readyz"
            with urllib.request.urlopen(url, timeout=2, context=_any_certificate(scheme)) as answer:  # noqa: S310
                if json.load(answer)["status"] == "ok":
                    return True
        time.sleep(0.05)
    return False


def _any_certificate(scheme: str) -> Any:
    """We ask our own process by address, so the name in its certificate does not matter."""
    if scheme == "http":
        return None
    trusting = ssl.create_default_context()
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE
    return trusting


def database(settings: Settings) -> str:
    """The database that a process by itself works on; ends the program without one."""
    dsn = settings.database_url
    if dsn is None:
        sys.exit(
            "DATABASE_URL is not set: this process needs a PostgreSQL that runs already (`nokyc serve` brings one)."
        )
    return dsn


def run_process(work: Coroutine[Any, Any, None]) -> None:
    """A whole process: the loop, and a quiet end when it is cancelled."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    # Shells and units allow 1,024 files unless told otherwise: that would be 250 calls, or so many connections.
    if soft != resource.RLIM_INFINITY and soft < MAX_FILES:
        files = MAX_FILES if hard == resource.RLIM_INFINITY else min(hard, MAX_FILES)
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner, contextlib.suppress(asyncio.CancelledError):
        runner.run(work)


async def until_signal(work: Coroutine[Any, Any, None]) -> None:
    """Run until SIGTERM or SIGINT cancels it."""
    task = asyncio.ensure_future(work)
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task
