"""Binds: kinds, refusals, other hosts, TLS, and coming back."""

import socket
import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from carriers.conformance import Store, until
from carriers.smpp.conftest import Start, one
from carriers.smpp.smsc import Smsc
from carriers.smpp.test_conformance import QUICK, config
from nokyc.carriers.port import Accepted, NotSent
from nokyc.carriers.smpp import SmppCarrier
from nokyc.carriers.smpp.pdu import (
    Bind,
    BindReceiver,
    BindTransceiver,
    BindTransmitter,
)


async def test_kinds_of_binds(start: Start, smsc: Smsc) -> None:
    await start(binds=2, system_type="VMA")
    assert [each.bound for each in smsc.connections] == [BindTransceiver] * 2
    carrier = await start(bind="transmitter_receiver")
    assert {each.bound for each in smsc.connections[2:]} == {BindTransmitter, BindReceiver}
    assert [link.name for link in carrier.links()] == ["acme#1-tx", "acme#1-rx"]
    bind = smsc.connections[0].received[0]
    assert isinstance(bind, Bind)
    assert (bind.system_type, bind.interface_version) == ("VMA", 0x34)


async def test_wrong_password(start: Start) -> None:
    carrier = await start(bound=False, password="wrong")
    await until(lambda: "ESME_RINVPASWD" in carrier.links()[0].detail)
    assert carrier.capacity() == 0
    assert await one(carrier) == NotSent("no link")
    probe = await carrier.probe()
    assert (probe.up, probe.detail) == (False, "refused: ESME_RINVPASWD")


async def test_a_bind_without_an_answer(start: Start, smsc: Smsc) -> None:
    smsc.answers_binds = False
    carrier = await start(bound=False, timers=replace(QUICK, response_sec=0.02))
    await until(lambda: carrier.links()[0].detail == "no answer in time")
    smsc.answers_binds = True
    await until(carrier.capacity)


async def test_second_host_when_the_first_is_dead(start: Start, smsc: Smsc) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        dead_port = closed.getsockname()[1]
    carrier = await start(port=dead_port, fallback_hosts=(f"127.0.0.1:{smsc.port}",))
    assert isinstance(await one(carrier), Accepted)


async def test_tls(tmp_path: Path, store: Store) -> None:
    authority = self_signed(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(authority)
    smsc = Smsc(tls=context)
    await smsc.start()
    trusting = replace(config(smsc.port), tls=True, tls_ca_file=str(authority))
    carrier = SmppCarrier(trusting, timers=QUICK)
    await carrier.start(store.sink)
    await until(carrier.capacity)
    assert isinstance(await one(carrier), Accepted)
    await carrier.stop()
    for doubting in (replace(trusting, tls_ca_file=""), replace(trusting, tls_ca_file="/nowhere.pem")):
        assert not (await SmppCarrier(doubting, timers=QUICK).probe()).up
    await smsc.stop()


def self_signed(folder: Path) -> Path:
    """Key and certificate of 127.0.0.1 in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "smsc")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), False)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "smsc.pem"
    pem.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + certificate.public_bytes(Encoding.PEM)
    )
    return pem


async def test_backoff_grows_and_is_jittered() -> None:
    draws = iter([1.0, 0.5, 1.0, 0.25] + [1.0] * 10)
    carrier = SmppCarrier(config(1), random=lambda: next(draws))
    link = carrier._links[0]
    assert [link._backoff_sec(n) for n in (0, 1, 2, 3, 10)] == [1.0, 1.0, 4.0, 2.0, 60.0]
