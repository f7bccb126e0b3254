"""Two PostgreSQL on machines of their own in synchronous replication, PgBouncer before them, and the failover."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from cluster_network import NETWORK, Network
from nokyc.store.postgres import PORT, EmbeddedPostgres
from nokyc.store.postgres_programs import (
    PostgresError,
    User,
    as_user,
    environment,
    make_folder,
    run,
    runnable_binaries,
    service_user,
)

READY_SEC = 60.0
FIRST, SECOND = "first", "second"
PLANS = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin", "jit")
"""Parameters that our processes set as they connect and PgBouncer does not pass on: here, the role has them."""


class Replicated:
    """A primary that answers a commit once the standby has applied it; `fail_over` is for when it is gone."""

    def __init__(self, folder: Path, pooler_port: int) -> None:
        self._homes = {FIRST: folder / "first" / "postgres", SECOND: folder / "second" / "postgres"}
        self._network = Network(FIRST, SECOND)
        self._folder = folder
        self._pooler_port = pooler_port
        user = service_user(folder / "none")
        assert user is not None, "namespaces need root"
        self._user: User = user
        self._programs = runnable_binaries(user, folder)
        self._password = ""
        self._machines: dict[str, subprocess.Popen[bytes]] = {}
        self._pooler: subprocess.Popen[bytes] | None = None

    @property
    def dsn(self) -> str:
        return f"postgresql://nokyc@127.0.0.1:{self._pooler_port}/nokyc"

    def start(self) -> None:
        """Both, and the pooler."""
        self._network.start()
        with EmbeddedPostgres(self._folder / FIRST):
            self._password = (self._homes[FIRST] / "password").read_text()
            for name in PLANS:
                self._ask(FIRST, f"ALTER ROLE nokyc SET {name} = off")
        with (self._homes[FIRST] / "data" / "pg_hba.conf").open("a") as rules:
            rules.writelines(f"host {whom} all {NETWORK}.0/24 scram-sha-256\n" for whom in ("all", "replication"))
        self._launch(FIRST)
        self._until(FIRST, "SELECT NOT pg_is_in_recovery()", "t")
        for folder in (self._homes[SECOND].parent, self._homes[SECOND], self._homes[SECOND] / "run"):
            make_folder(folder, self._user)
        self._spawn(
            SECOND, self._programs / "pg_basebackup", "-h", self._network.addresses[FIRST], "-p", PORT, "-U", "nokyc",
            "-R", "-c", "fast", "-D", self._homes[SECOND] / "data", PGPASSWORD=self._password,
        ).wait()  # fmt: skip
        self._launch(SECOND)
        self._until(SECOND, "SELECT pg_is_in_recovery()", "t")
        for setting in ("synchronous_standby_names = '*'", "synchronous_commit = remote_apply"):
            self._ask(FIRST, f"ALTER SYSTEM SET {setting}")
        self._ask(FIRST, "SELECT pg_reload_conf()")
        self._until(FIRST, "SELECT sync_state FROM pg_stat_replication", "sync")
        self._lead_to(FIRST)
        self._pooler = subprocess.Popen(
            ["pgbouncer", "-q", self._folder / "pgbouncer.ini"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            **as_user(self._user),
        )  # fmt: skip

    def kill_primary(self) -> None:
        """All its processes at once, as when the power of its machine fails."""
        pid = self._machines[FIRST].pid
        servers = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for each in [pid, *map(int, servers)]:
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)

    def cut_primary_off(self) -> None:
        """It lives on and takes itself for the primary, but nobody reaches it, nor it its standby."""
        self._network.cut(FIRST)

    def mend(self) -> None:
        """The old primary is back on the network."""
        self._network.mend(FIRST)

    def fail_over(self) -> None:
        """What a cluster manager does once it has noticed: promote, lead everybody there, and end what waits."""
        self._ask(SECOND, "SELECT pg_promote()")
        self._lead_to(SECOND)
        for order in ("RELOAD", "KILL nokyc", "RESUME nokyc"):
            reach = ["-h", "127.0.0.1", "-p", str(self._pooler_port), "-U", "nokyc", "-d", "pgbouncer"]
            run(self._programs / "psql", *reach, "-XAtc", order, user=self._user)

    def stop(self) -> None:
        for process in (self._pooler, *self._machines.values()):
            if process is not None:
                process.send_signal(signal.SIGINT)
                process.wait()
        self._network.stop()

    def _launch(self, machine: str) -> None:
        home = self._homes[machine]
        address = self._network.addresses[machine]
        self._machines[machine] = self._spawn(
            machine, self._programs / "postgres", "-D", home / "data", "-c", f"listen_addresses={address}",
            "-c", f"port={PORT}", "-c", f"unix_socket_directories={home / 'run'}",
        )  # fmt: skip

    def _lead_to(self, machine: str) -> None:
        """Whom the pooler connects to, from now on."""
        path = self._folder / "pgbouncer.ini"
        path.touch(0o600)
        os.chown(path, *self._user)
        reach = f"host={self._network.addresses[machine]} port={PORT} user=nokyc password={self._password}"
        path.write_text(
            f"[databases]\nnokyc = {reach}\n"
            "[pgbouncer]\nlisten_addr = 127.0.0.1\nauth_type = any\nadmin_users = nokyc\npool_mode = session\n"
            f"listen_port = {self._pooler_port}\nunix_socket_dir =\ndefault_pool_size = 150\nmax_client_conn = 500\n"
            f"ignore_startup_parameters = {','.join(PLANS)}\nserver_login_retry = 1\nserver_connect_timeout = 2\n"
        )

    def _spawn(self, machine: str, *command: object, **variables: str) -> "subprocess.Popen[bytes]":
        drop = ["setpriv", f"--reuid={self._user.uid}", f"--regid={self._user.gid}", "--clear-groups"]
        settings: dict[str, Any] = {"env": environment() | variables, "cwd": "/", "start_new_session": True}
        return subprocess.Popen(
            [*self._network.within(machine), *drop, *map(str, command)], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, **settings,
        )  # fmt: skip

    def _ask(self, machine: str, statement: str) -> str:
        """By its socket, which a cut cable does not concern."""
        reach = ["-h", str(self._homes[machine] / "run"), "-p", str(PORT), "-U", "nokyc", "-d", "nokyc"]
        return run(self._programs / "psql", *reach, "-XAtc", statement, password=self._password, user=self._user)

    def _until(self, machine: str, question: str, answer: str) -> None:
        deadline = time.monotonic() + READY_SEC
        while True:
            with suppress(PostgresError):
                if self._ask(machine, question) == answer:
                    return
            if time.monotonic() > deadline:
                raise TimeoutError(question)
            time.sleep(0.1)
