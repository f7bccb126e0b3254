"""Two PostgreSQL in synchronous replication behind PgBouncer, and the failover from one to the other."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from nokyc.store.postgres import PORT, EmbeddedPostgres
from nokyc.store.postgres_programs import (
    PostgresError,
    as_user,
    environment,
    make_folder,
    run,
    runnable_binaries,
    service_user,
)

READY_SEC = 60.0
PLANS = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin", "jit")
"""Parameters that our processes set as they connect and PgBouncer does not pass on: here, the role has them."""


class Replicated:
    """A primary that answers a commit once the standby has applied it; `fail_over` is for when it is dead."""

    def __init__(self, folder: Path, pooler_port: int) -> None:
        self.primary = EmbeddedPostgres(folder / "primary")
        self._folder = folder / "standby"
        self._user = service_user(self._folder / "data")
        self._port = pooler_port
        self._processes: list[subprocess.Popen[bytes]] = []
        self._password = ""

    @property
    def dsn(self) -> str:
        return f"postgresql://nokyc@127.0.0.1:{self._port}/nokyc"

    def start(self) -> None:
        """Both, and the pooler."""
        self.primary.start()
        home = self.primary.data.parent
        self._password = (home / "password").read_text()
        for name in PLANS:
            self._ask(home / "run", f"ALTER ROLE nokyc SET {name} = off")
        make_folder(self._folder, self._user)
        make_folder(self._folder / "run", self._user)
        programs = runnable_binaries(self._user, self._folder)
        run(
            programs / "pg_basebackup", "-h", str(home / "run"), "-p", str(PORT), "-U", "nokyc", "-R", "-c", "fast",
            "-D", str(self._folder / "data"), password=self._password, user=self._user,
        )  # fmt: skip
        (self._folder / "data").chmod(0o700)
        socket = f"unix_socket_directories={self._folder / 'run'}"
        command = [
            programs / "postgres", "-D", self._folder / "data", "-c", socket, "-c", "listen_addresses=",
            "-c", "logging_collector=off",
        ]  # fmt: skip
        self._spawn(command)
        self._until("SELECT pg_is_in_recovery()", self._folder / "run", "t")
        self._ask(home / "run", "ALTER SYSTEM SET synchronous_standby_names = '*'")
        self._ask(home / "run", "ALTER SYSTEM SET synchronous_commit = remote_apply")
        self._ask(home / "run", "SELECT pg_reload_conf()")
        self._until("SELECT sync_state FROM pg_stat_replication", home / "run", "sync")
        self._point(home / "run")
        self._spawn(["pgbouncer", self._folder / "pgbouncer.ini"])

    def fail_over(self) -> None:
        """What a cluster manager does when the primary is dead: promote, and lead everybody there."""
        self._ask(self._folder / "run", "SELECT pg_promote()")
        self._point(self._folder / "run")
        self._processes[1].send_signal(signal.SIGHUP)

    def kill_primary(self) -> None:
        """All its processes at once, as when the power of its machine fails."""
        pid = self.primary.pid()
        assert pid is not None
        servers = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for each in [pid, *map(int, servers)]:
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)

    def stop(self) -> None:
        for process in reversed(self._processes):
            process.send_signal(signal.SIGINT)
            process.wait()
        self.primary.stop()

    def _point(self, socket: Path) -> None:
        """Where the pooler leads."""
        path = self._folder / "pgbouncer.ini"
        path.touch(0o600)
        path.write_text(
            f"[databases]\nnokyc = host={socket} port={PORT} user=nokyc password={self._password}\n"
            "[pgbouncer]\nlisten_addr = 127.0.0.1\nauth_type = any\npool_mode = session\n"
            f"listen_port = {self._port}\nunix_socket_dir =\ndefault_pool_size = 150\nmax_client_conn = 500\n"
            f"ignore_startup_parameters = {','.join(PLANS)}\nserver_login_retry = 1\nserver_connect_timeout = 2\n"
        )
        if self._user is not None:
            os.chown(path, *self._user)

    def _spawn(self, command: list[str | Path]) -> None:
        process = subprocess.Popen(
            command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self._folder,
            start_new_session=True, **as_user(self._user),
        )  # fmt: skip
        self._processes.append(process)

    def _ask(self, socket: Path, statement: str) -> str:
        reach = ["-U", "nokyc", "-h", str(socket), "-p", str(PORT), "-d", "nokyc", "-XAtc", statement]
        return run(runnable_binaries(self._user, self._folder) / "psql", *reach, password=self._password)

    def _until(self, question: str, socket: Path, answer: str) -> None:
        deadline = time.monotonic() + READY_SEC
        while True:
            try:
                if self._ask(socket, question) == answer:
                    return
            except PostgresError:
                pass
            if time.monotonic() > deadline:
                raise TimeoutError(question)
            time.sleep(0.1)
