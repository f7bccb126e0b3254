"""Jasmin 0.11.1 of PyPI in a virtual environment of its own: jasmind, dlrlookupd and dlrd, on RabbitMQ and Redis.

Tuned as its documentation says: dlrlookupd and dlrd as processes of their own ("not recommended" inside jasmind), no
throughput limit of the connector (1 a second by default), its log at ERROR, reconnection and requeueing after a second
(10 and 120 by default). Its sockets get TCP_NODELAY, which Twisted does not set: Nagle's algorithm and the other side's
delayed acknowledgement would hold it up for 40 ms at a time. Two things are mended that it cannot run without. The AMQP
specification, which its wheel lacks, is txAMQP's own copy. And where the receipt of a message in one part is mapped,
`managers/listeners.py` reads `_pdu.response`, which a submit_sm has not, so that no receipt would ever be told: it is
`r.response`.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

from gateways.gateway import PASSWORD, SYSTEM_ID, Gateway, kill, wait_for_port
from gateways.load import TEXT, Target
from nokyc.torture.ports import free_port

VERSION = "0.11.1"
ENVIRONMENT = Path(os.environ.get("BENCH_JASMIN_VENV") or Path.home() / ".cache" / f"nokyc-bench-jasmin-{VERSION}")
RABBIT = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
"""Not the wrapper in the path, which would run it as a user who cannot read our folder."""
CONFIG = """
[amqp-broker]
host = 127.0.0.1
port = {amqp}
spec = {spec}
log_level = ERROR
connection_loss_retry_delay = 1
connection_failure_retry_delay = 1
[redis-client]
host = 127.0.0.1
port = {redis}
log_level = ERROR
[http-api]
bind = 127.0.0.1
port = {http}
access_log = {access_log}
log_level = ERROR
[smpp-server]
bind = 127.0.0.1
port = {smpps}
log_level = ERROR
[smpp-server-pb]
bind = 127.0.0.1
port = {pb}
log_level = ERROR
[smpp-server-pb-client]
host = 127.0.0.1
port = {pb}
log_level = ERROR
[router]
bind = 127.0.0.1
port = {router}
log_level = ERROR
[client-management]
bind = 127.0.0.1
port = {clients}
log_level = ERROR
[service-smppclient]
log_level = ERROR
[sm-listener]
log_level = ERROR
submit_retrial_delay_smppc_not_ready = 1
[dlr]
pid = bench
log_level = ERROR
dlr_lookup_retry_delay = 1
[dlr-thrower]
log_level = ERROR
retry_delay = 1
[deliversm-thrower]
log_level = ERROR
[jcli]
bind = 127.0.0.1
port = {jcli}
authentication = False
log_level = ERROR
"""
PROFILE = """group -a
gid g
ok
user -a
uid u
gid g
username bench
password bench
ok
smppccm -a
cid sink
host 127.0.0.1
port {smsc}
username {system_id}
password {password}
submit_throughput 0
con_loss_delay 1
con_fail_delay 1
requeue_delay 1
loglevel 40
ok
mtrouter -a
type DefaultRoute
connector smppc(sink)
rate 0
ok
smppccm -1 sink
persist
quit
"""
LOCKS = ("jasmind.lock*", "dlrlookupd-bench*.lock", "dlrd-bench*.lock")
QUICK_SOCKETS = """
import socket

class Socket(socket.socket):
    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        if self.family in (socket.AF_INET, socket.AF_INET6) and self.type == socket.SOCK_STREAM:
            self.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

socket.socket = Socket
"""
"""A sitecustomize of its processes."""


def install() -> None:
    """Make the environment, once. It stays outside of the project's."""
    if not (ENVIRONMENT / "ready").exists():
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", ENVIRONMENT], check=True)
        pip = [ENVIRONMENT / "bin" / "pip", "--disable-pip-version-check", "-q", "install"]
        subprocess.run([*pip, f"jasmin=={VERSION}", "setuptools<81"], check=True)
        (ENVIRONMENT / "ready").touch()
    listeners = _packages() / "jasmin" / "managers" / "listeners.py"
    text = listeners.read_text()
    if "_pdu.response" in text:
        listeners.write_text(text.replace("_pdu.response", "r.response"))


def _packages() -> Path:
    return next((ENVIRONMENT / "lib").glob("python3*")) / "site-packages"


class Jasmin(Gateway):
    name = f"Jasmin {VERSION}"
    supports = "jasmind, dlrlookupd, dlrd, RabbitMQ (with epmd), Redis"

    def start(self) -> Target:
        missing = [name for name in ("redis-server", "epmd") if shutil.which(name) is None]
        if missing or not RABBIT.exists():
            sys.exit("Jasmin needs RabbitMQ and Redis: apt-get install rabbitmq-server redis-server")
        install()
        names = ("amqp", "redis", "http", "smpps", "pb", "router", "clients", "jcli")
        self._ports = {name: free_port() for name in names}
        (self.folder / "etc" / "jasmin" / "store").mkdir(parents=True)
        (self.folder / "var" / "log" / "jasmin").mkdir(parents=True)
        self._config = self.folder / "etc" / "jasmin" / "jasmin.cfg"
        spec = _packages() / "txamqp" / "specs" / "standard" / "amqp0-9-1.stripped.xml"
        self._config.write_text(CONFIG.format(spec=spec, access_log=self.folder / "access.log", **self._ports))
        self._start_stores()
        self._stores = len(self.processes)
        self.restart(configured=False)
        told = quote(f"http://127.0.0.1:{self.customer_port}/", safe="") + "{token}"
        text = quote(TEXT, safe="{}")
        query = (
            f"username=bench&password=bench&from=33647000001&to=33612345678&content={text}"
            f"&dlr=yes&dlr-level=2&dlr-method=GET&dlr-url={told}"
        )
        return Target(self._ports["http"], f"GET /send?{query} HTTP/1.1\r\nHost: 127.0.0.1\r\n")

    def restart(self, *, configured: bool = True) -> None:
        quick = self.folder / "quick"
        quick.mkdir(exist_ok=True)
        (quick / "sitecustomize.py").write_text(QUICK_SOCKETS)
        environment = {"ROOT_PATH": str(self.folder), "TMPDIR": str(self.folder), "PYTHONPATH": str(quick)}
        programs = ENVIRONMENT / "bin"
        for stale in (each for lock in LOCKS for each in Path("/tmp").glob(lock)):
            stale.unlink(missing_ok=True)  # of those that were killed; they would not start beside it
        profile = ["-u", "jcliadmin", "-p", "jclipwd"] if configured else []
        python = programs / "python"
        self.spawn([python, programs / "jasmind.py", "-c", self._config, *profile], environment=environment)
        wait_for_port(self._ports["pb"])
        wait_for_port(self._ports["http"])
        for number, name in enumerate(("dlrlookupd.py", "dlrd.py")):
            daemon = f"bench{os.getpid()}{number}{len(self.processes)}"
            self.spawn([python, programs / name, "-c", self._config, "-i", daemon], environment=environment)
        if not configured:
            wait_for_port(self._ports["jcli"])
            self._configure()

    def kill(self) -> None:
        for process in self.processes[self._stores :]:
            kill(process)
        del self.processes[self._stores :]

    def _start_stores(self) -> None:
        redis = ["redis-server", "--bind", "127.0.0.1", "--port", str(self._ports["redis"]), "--dir", self.folder]
        self.spawn(redis)
        epmd, distribution = free_port(), free_port()
        self.spawn(["epmd", "-address", "127.0.0.1", "-port", str(epmd)])
        environment = {
            "HOME": str(self.folder),
            "ERL_EPMD_PORT": str(epmd),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"bench{os.getpid()}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self._ports["amqp"]),
            "RABBITMQ_DIST_PORT": str(distribution),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "rabbit"),
            "RABBITMQ_LOG_BASE": str(self.folder / "rabbit-log"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "none"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        }
        self.spawn([RABBIT], environment=environment)
        wait_for_port(self._ports["redis"])
        wait_for_port(self._ports["amqp"])

    def _configure(self) -> None:
        """By its console, as an operator would."""
        lines = PROFILE.format(smsc=self.smsc_port, system_id=SYSTEM_ID, password=PASSWORD).splitlines()
        with socket.create_connection(("127.0.0.1", self._ports["jcli"]), timeout=20) as console:
            _read_until_quiet(console)
            for line in lines:
                console.sendall(f"{line}\r\n".encode())
                answer = _read_until_quiet(console)
                if "Error" in answer or "Unknown" in answer:
                    sys.exit(f"Jasmin's console does not take {line!r}: {answer}")


def _read_until_quiet(console: socket.socket) -> str:
    """What it says until it says nothing for a moment: its prompts differ."""
    said = b""
    console.settimeout(10)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            piece = console.recv(65_536)
        except TimeoutError:
            break
        if not piece:
            break
        said += piece
        console.settimeout(0.3)
    return said.decode(errors="replace")
