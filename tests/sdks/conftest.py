"""What the tests of all SDKs share: the server that plays the conformance cases, and a real platform."""

import contextlib
import datetime
import ipaddress
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from cli.conftest import Installation, served
from nokyc.torture.ports import free_port
from sdks.lossy import losing_first_answers
from support import open_folder


class Hospitable(Installation):
    """A platform that delivers webhooks to this machine."""

    def environment(self, **more: str) -> dict[str, str]:
        return super().environment(**{"NOKYC_WEBHOOK_ALLOW_PRIVATE": "1"} | more)


@pytest.fixture(scope="session")
def fault_server(repository: Path) -> Iterator[str]:
    """The address of sdks/conformance/server.py."""
    command = [sys.executable, str(repository / "sdks" / "conformance" / "server.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.communicate("")


@pytest.fixture(scope="session")
def real_server() -> Iterator[Installation]:
    """`nokyc serve` on a port of its own."""
    with open_folder() as folder:
        yield from served(Hospitable(folder, free_port()))


@pytest.fixture(scope="session")
def lossy_url(real_server: Installation) -> Iterator[str]:
    """The same server behind a proxy that loses the first answer to every POST."""
    with losing_first_answers(real_server.port) as url:
        yield url


@pytest.fixture
def real_account(real_server: Installation, lossy_url: str) -> dict[str, str]:
    """The environment of a program whose key is a fresh sandbox's."""
    account: Any = real_server.json("accounts", "create", "--balance", "100.00", "--country", "fr")
    return {"NOKYC_API_KEY": account["test_api_key"], "NOKYC_BASE_URL": real_server.url, "NOKYC_LOSSY_URL": lossy_url}


@pytest.fixture(scope="session")
def untrusted() -> dict[str, str]:
    """A key and a certificate for 127.0.0.1 that nobody vouches for, as an environment."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    text = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    return {"TLS_KEY": text.decode(), "TLS_CERT": certificate.public_bytes(pem).decode()}


@pytest.fixture(scope="session")
def untrusted_url(untrusted: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with that certificate."""
    pem = tmp_path_factory.mktemp("tls") / "server.pem"
    pem.write_text(untrusted["TLS_KEY"] + untrusted["TLS_CERT"])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    with _Quiet(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"https://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class _Quiet(ThreadingHTTPServer):
    """Clients that hang up on it are what it is there for."""

    daemon_threads = True

    def finish_request(self, *request: Any) -> None:
        with contextlib.suppress(OSError):
            super().finish_request(*request)

    def handle_error(self, *request: Any) -> None:
        pass
