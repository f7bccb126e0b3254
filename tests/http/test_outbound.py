"""The outbound client against far ends that misbehave, on real loopback sockets."""

import asyncio
import datetime
import gzip
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from nokyc.http import outbound
from nokyc.http.outbound import Answer, Failure, OutboundClient

Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class FarEnd:
    """A TCP server whose every connection runs a script; it keeps what it read."""

    def __init__(self, script: Script | None = None) -> None:
        self.script = script
        self.connections = 0
        self.heads: list[str] = []
        self.bodies: list[bytes] = []
        self.port = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            if self.script is not None:
                await self.script(reader, writer)
            else:
                while True:
                    await self.read(reader)
                    writer.write(OK)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def read(self, reader: asyncio.StreamReader) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.heads.append(head)
        length = next((ln[16:] for ln in head.split("\r\n") if ln.lower().startswith("content-length: ")), "0")
        self.bodies.append(await reader.readexactly(int(length)))


@asynccontextmanager
async def serving(
    script: Script | None = None, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"
) -> AsyncIterator[FarEnd]:
    far_end = FarEnd(script)
    server = await asyncio.start_server(far_end, host, 0, ssl=tls)
    far_end.port = server.sockets[0].getsockname()[1]
    try:
        yield far_end
    finally:
        server.close()


def saying(raw: bytes) -> Script:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(raw)
        await writer.drain()

    return script


@pytest.fixture
async def client() -> AsyncIterator[OutboundClient]:
    made = OutboundClient(allow_private=True)
    yield made
    await made.close()


@asynccontextmanager
async def public_client(*addresses: str) -> AsyncIterator[OutboundClient]:
    """A client as in production, but every name leads to these addresses and every port is allowed."""

    async def resolver(host: str, port: int) -> Sequence[str]:
        return addresses

    made = OutboundClient(ports=range(1, 65_536), resolver=resolver)
    try:
        yield made
    finally:
        await made.close()


def failed(outcome: Answer | Failure) -> Failure:
    assert isinstance(outcome, Failure), outcome
    return outcome


def answered(outcome: Answer | Failure) -> Answer:
    assert isinstance(outcome, Answer), outcome
    return outcome


async def test_the_bytes_arrive_as_given_and_connections_are_reused(client: OutboundClient) -> None:
    async with serving() as far_end:
        url = f"http://127.0.0.1:{far_end.port}/h%2Fk?a=%7E&b"
        for _ in range(3):
            answer = answered(await client.post(url, b'{"a":1}', {"X-Test": "yes"}))

    assert (answer.status, answer.body, answer.headers["content-length"]) == (200, b"ok", "2")
    assert far_end.connections == 1
    assert far_end.bodies == [b'{"a":1}'] * 3
    head = far_end.heads[0]
    assert head.startswith("POST /h%2Fk?a=%7E&b HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{far_end.port}\r\n" in head
    assert "X-Test: yes\r\n" in head
    assert "Accept-Encoding: identity\r\n" in head
    assert "cookie" not in head.lower()


async def test_a_url_without_a_path_asks_for_the_root(client: OutboundClient) -> None:
    async with serving() as far_end:
        await client.post(f"http://127.0.0.1:{far_end.port}", b"", {})
        await client.post(f"http://127.0.0.1:{far_end.port}?a=1", b"", {})

    assert [head.split(" ")[1] for head in far_end.heads] == ["/", "/?a=1"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_answers(client: OutboundClient, status: int) -> None:
    async with serving() as target:
        location = f"http://127.0.0.1:{target.port}/secret"
        raw = f"HTTP/1.1 {status} Go\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()
        async with serving(saying(raw)) as far_end:
            answer = answered(await client.post(f"http://127.0.0.1:{far_end.port}/", b"", {}))

    assert answer.status == status
    assert target.connections == 0


async def test_cookies_are_not_kept(client: OutboundClient) -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await far_end.read(reader)
            writer.write(b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b; Path=/\r\nContent-Length: 0\r\n\r\n")

    async with serving(script) as far_end:
        for _ in range(2):
            await client.post(f"http://127.0.0.1:{far_end.port}/", b"", {})

    assert "a=b" not in far_end.heads[1]


async def test_a_proxy_of_the_environment_is_not_believed(
    client: OutboundClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving() as proxy, serving() as far_end:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        answered(await client.post(f"http://127.0.0.1:{far_end.port}/", b"", {}))

    assert (proxy.connections, far_end.connections) == (0, 1)


async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while True:
        writer.write(b".")
        await writer.drain()
        await asyncio.sleep(0.001)


async def drip_head(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"A: b\r\n")
        await writer.drain()
        await asyncio.sleep(0.02)


async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1_000_000)
    await reader.read()


@pytest.mark.parametrize("script", [drip, drip_head, silence])
async def test_the_time_out_covers_a_far_end_that_drips(client: OutboundClient, script: Script) -> None:
    async with serving(script) as far_end:
        failure = failed(await client.post(f"http://127.0.0.1:{far_end.port}/", b"x", {}, timeout_sec=0.05))

    assert (failure.kind, failure.sent) == ("timeout", True)
    assert 40 <= failure.elapsed_ms < 500


async def test_an_endless_answer_is_cut_for_a_webhook_and_a_failure_for_a_carrier(
    client: OutboundClient,
) -> None:
    hung_up = asyncio.Event()

    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        try:
            while True:
                writer.write(b"1000\r\n" + b"a" * 4096 + b"\r\n")
                await writer.drain()
        finally:
            hung_up.set()

    async with serving(endless) as far_end:
        url = f"http://127.0.0.1:{far_end.port}/"
        answer = answered(await client.post(url, b"", {}))
        await asyncio.wait_for(hung_up.wait(), 5)
        failure = failed(await client.request("GET", url, max_bytes=10_000))

    assert answer.body == b"a" * 16_384
    assert failure.kind == "too_large"


async def test_a_declared_length_over_the_limit(client: OutboundClient) -> None:
    raw = b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n01234567890"
    async with serving(saying(raw)) as far_end:
        url = f"http://127.0.0.1:{far_end.port}/"
        assert failed(await client.request("GET", url, max_bytes=10)).kind == "too_large"
        assert answered(await client.request("GET", url, max_bytes=11)).body == b"01234567890"


@pytest.mark.parametrize("truncate", [True, False])
async def test_a_gzip_bomb_is_unpacked_to_the_limit_only(client: OutboundClient, truncate: bool) -> None:
    bomb = gzip.compress(b"\0" * 20_000_000)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n".encode()
    async with serving(saying(head + bomb)) as far_end:
        url = f"http://127.0.0.1:{far_end.port}/"
        outcome = await client.request("GET", url, max_bytes=100_000, truncate=truncate)

    if truncate:
        assert answered(outcome).body == b"\0" * 100_000
    else:
        assert failed(outcome).kind == "too_large"


@pytest.mark.parametrize(("encoding", "body"), [("gzip", gzip.compress(b"hello", mtime=0)), ("br", b"as it is")])
async def test_compression_that_we_did_not_ask_for(client: OutboundClient, encoding: str, body: bytes) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    async with serving(saying(head + body)) as far_end:
        answer = answered(await client.request("GET", f"http://127.0.0.1:{far_end.port}/"))

    assert answer.body == (b"hello" if encoding == "gzip" else body)


@pytest.mark.parametrize(
    "raw",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
        b"",
    ],
)
async def test_what_is_not_http_is_a_failure_in_our_own_words(client: OutboundClient, raw: bytes) -> None:
    async with serving(saying(raw)) as far_end:
        failure = failed(await client.post(f"http://127.0.0.1:{far_end.port}/", b"", {"Authorization": "s3cret"}))

    assert (failure.kind, failure.sent) == ("protocol", True)
    assert "s3cret" not in failure.detail
    assert "127.0.0.1" not in failure.detail


async def test_foreign_bytes_in_a_header_become_text_that_can_be_stored(client: OutboundClient) -> None:
    raw = b"HTTP/1.1 200 OK\r\nX-A: \xffb\r\nContent-Length: 0\r\n\r\n"
    async with serving(saying(raw)) as far_end:
        answer = answered(await client.post(f"http://127.0.0.1:{far_end.port}/", b"", {}))

    assert answer.headers["x-a"] == "?b"


async def test_nobody_listens(client: OutboundClient) -> None:
    async with serving() as far_end:
        port = far_end.port
    failure = failed(await client.post(f"http://127.0.0.1:{port}/", b"", {}))

    assert (failure.kind, failure.detail, failure.sent) == ("connect", "Connection refused", False)


async def test_a_name_that_does_not_resolve() -> None:
    async def resolver(host: str, port: int) -> Sequence[str]:
        raise OSError("NXDOMAIN")

    client = OutboundClient(resolver=resolver)
    failure = failed(await client.post("https://nowhere.example/", b"", {}))
    await client.close()

    assert (failure.kind, failure.sent) == ("dns", False)


async def test_a_name_server_that_never_answers_costs_the_time_out_and_one_look_up() -> None:
    asked: list[str] = []

    async def resolver(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return await asyncio.Future()

    client = OutboundClient(resolver=resolver)
    attempts = [client.post("https://tarpit.example/", b"", {}, timeout_sec=0.02) for _ in range(5)]
    failures = [failed(outcome) for outcome in await asyncio.gather(*attempts)]
    await client.close()

    assert {(failure.kind, failure.sent) for failure in failures} == {("timeout", False)}
    assert asked == ["tarpit.example"]


@pytest.mark.parametrize(
    "host",
    [
        *(
            "127.0.0.1",
            "2130706433",
            "0x7f.1",
            "127.1",
            "0177.1",
            "[::1]",
            "[::127.0.0.1]",
            "[::ffff:127.0.0.1]",
        ),
        *("[64:ff9b::7f00:1]", "[2002:7f00:1::]", "localhost", "0", "0.0.0.0", "①②⑦.1"),
    ],
)
async def test_literal_private_hosts_see_no_connection(host: str) -> None:
    async with serving() as far_end, public_client("127.0.0.1") as client:
        failure = failed(await client.post(f"https://{host}:{far_end.port}/", b"", {}))

    assert (failure.kind, failure.sent, far_end.connections) == ("forbidden", False, 0)


@pytest.mark.parametrize("addresses", [("127.0.0.1",), ("8.8.8.8", "127.0.0.1"), ("::ffff:127.0.0.1",), ("::1%lo",)])
async def test_a_name_that_leads_home_sees_no_connection(addresses: tuple[str, ...]) -> None:
    async with serving() as far_end, public_client(*addresses) as client:
        failure = failed(await client.post(f"https://rebind.example:{far_end.port}/", b"", {}))

    assert (failure.kind, failure.sent, far_end.connections) == ("forbidden", False, 0)


async def test_the_resolver_is_asked_once_and_what_it_said_is_where_we_connect() -> None:
    """A rebinding name server says something public first and something private from then on."""
    answers = iter([["203.0.114.1"], ["127.0.0.1"], ["127.0.0.1"]])
    asked: list[str] = []

    async def resolver(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return next(answers)

    client = OutboundClient(resolver=resolver)
    opened: list[str] = []

    def open_nothing(info: tuple[object, ...]) -> object:
        opened.append(str(info[4]))
        raise OSError(113, "no route")

    client._session.connector._socket_factory = open_nothing  # type: ignore[union-attr]
    failure = failed(await client.post("https://rebind.example/", b"", {}))
    await client.close()

    assert failure.kind == "connect"
    assert asked == ["rebind.example"]
    assert opened == ["('203.0.114.1', 443)"]


async def test_the_socket_is_the_last_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even if every earlier check were wrong, the address is looked at once more."""
    monkeypatch.setattr(outbound, "check_url", lambda url, **_: url)
    async with serving() as far_end, public_client() as client:
        failure = failed(await client.post(f"http://127.0.0.1:{far_end.port}/", b"", {}))

    assert (failure.kind, failure.sent, far_end.connections) == ("forbidden", False, 0)


async def test_http_and_other_ports_are_refused_in_production() -> None:
    async with public_client("8.8.8.8") as client:
        assert failed(await client.post("http://example.com/", b"", {})).kind == "forbidden"
    client = OutboundClient()
    assert failed(await client.post("https://example.com:8443/", b"", {})).kind == "forbidden"
    await client.close()


@pytest.mark.parametrize("header", ["a\r\nX-Evil: 1", "a\nb", "a\0b"])
async def test_no_header_can_be_smuggled_in(client: OutboundClient, header: str) -> None:
    async with serving() as far_end:
        failure = failed(await client.post(f"http://127.0.0.1:{far_end.port}/", b"", {"X-A": header}))

    assert failure.kind == "protocol"
    assert not any("X-Evil" in head for head in far_end.heads)


async def one_answer_then_close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Says that it keeps the connection, and closes it on the next request."""
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
    await reader.readuntil(b"\r\n\r\n")


async def test_a_stale_connection_is_forgiven_to_webhooks_and_reported_to_carriers(
    client: OutboundClient,
) -> None:
    async with serving(one_answer_then_close) as far_end:
        url = f"http://127.0.0.1:{far_end.port}/"
        assert answered(await client.post(url, b"", {})).status == 204
        assert answered(await client.post(url, b"", {})).status == 204
        assert far_end.connections == 2
        failure = failed(await client.request("POST", url))

    assert (failure.kind, failure.sent) == ("protocol", True)


async def test_waiting_for_a_free_connection_counts_and_nothing_was_sent() -> None:
    client = OutboundClient(allow_private=True, per_host=1)
    async with serving(silence) as far_end:
        url = f"http://127.0.0.1:{far_end.port}/"
        first = asyncio.create_task(client.post(url, b"", {}, timeout_sec=0.08))
        await asyncio.sleep(0.01)
        second = failed(await client.post(url, b"", {}, timeout_sec=0.02))
        assert failed(await first).sent
    await client.close()

    assert (second.kind, second.sent) == ("timeout", False)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for hooks.example.com, key and certificate in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks.example.com")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hooks.example.com")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@asynccontextmanager
async def tls_client(trusted: Path | None) -> AsyncIterator[OutboundClient]:
    async def resolver(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    tls = ssl.create_default_context(cafile=trusted) if trusted else None
    made = OutboundClient(allow_private=True, resolver=resolver, tls=tls)
    try:
        yield made
    finally:
        await made.close()


async def test_tls_keeps_the_name_in_sni_and_host(certificate: Path) -> None:
    names: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _, name, __: names.append(name)
    async with serving(tls=context) as far_end, tls_client(certificate) as client:
        url = f"https://hooks.example.com:{far_end.port}/"
        assert answered(await client.post(url, b"", {})).status == 200
        wrong_name = failed(await client.post(f"https://other.example.com:{far_end.port}/", b"", {}))

    assert names[0] == "hooks.example.com"
    assert f"Host: hooks.example.com:{far_end.port}\r\n" in far_end.heads[0]
    assert (wrong_name.kind, wrong_name.sent) == ("tls", False)
    assert "other.example.com" in wrong_name.detail


async def test_a_certificate_that_nobody_signed_and_a_far_end_without_tls(certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    async def greeting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example.com ESMTP\r\n")
        await writer.drain()

    async with serving(tls=context) as signed, serving(greeting) as plain, tls_client(None) as client:
        unknown = failed(await client.post(f"https://hooks.example.com:{signed.port}/", b"", {}))
        clear = failed(await client.post(f"https://hooks.example.com:{plain.port}/", b"", {}))

    assert (unknown.kind, unknown.sent) == ("tls", False)
    assert (clear.kind, clear.sent) == ("tls", False)
