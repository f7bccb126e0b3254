"""One frozen object, read once from the environment; every default has its reason."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

API_VERSION = "2026-04-01"
"""The newest version of the API surface, and the pin of a new account."""
MAX_PORT = 65_535
MAX_INTEGER = 2**53
"""Far above whatever makes sense, and still a number to every program."""


@dataclass(frozen=True, slots=True)
class SipSettings:
    """How the voice process is reached."""

    host: str
    """Where SIP and RTP listen. As with HTTP, nobody outside of this machine is served by accident."""
    port: int
    """UDP and TCP."""
    tls_port: int
    tls_cert: Path | None
    """PEM; without it, TLS is not spoken."""
    tls_key: Path | None
    ws_port: int
    """WebSockets of browsers, on loopback: the API process passes them on."""
    rtp_ports: range
    """Two for each party of a call."""
    advertise: str | None
    """Our address as carriers see it, behind a NAT."""
    ice_servers: tuple[str, ...]
    """`stun:` and `turn:` URLs for calls with browsers."""
    turn_secret: str | None = field(repr=False)
    """Shared with the TURN servers, which then take short-lived credentials that we make."""
    domain: str
    """What devices register at, and the realm of their passwords."""

    @property
    def transports(self) -> tuple[Literal["tls", "tcp", "udp"], ...]:
        """What a softphone may use, best first."""
        return ("tls", "tcp", "udp") if self.tls_cert and self.tls_key else ("tcp", "udp")


@dataclass(frozen=True, slots=True)
class Settings:
    data_dir: Path
    """Embedded PostgreSQL, the secret key and recordings live here."""
    database_url: str | None
    """An existing PostgreSQL instead of the embedded one."""
    public_url: str
    """Every URL that we generate begins with it."""
    host: str
    port: int
    trusted_proxies: frozenset[str]
    """Addresses whose X-Forwarded-Proto is believed. None by default: any client could claim https."""
    loopback_http: bool
    """Whether this very machine may use plain HTTP. To be turned off behind a proxy on the same machine that does
    not send X-Forwarded-Proto: to us, all the world then comes from loopback."""
    webhook_allow_private: bool
    """Development and tests: webhook URLs may be http, private and on any port."""
    secret_key: bytes | None
    """32 bytes in hex; without it a key file in the data folder is made and used."""
    sms_validity_sec: int
    """How long a carrier may try to deliver; a day is what most carriers do at the most."""
    default_sms_price_micro: int
    """What a segment costs where the route says nothing: the price in the API document's example."""
    default_call_price_micro: int
    """What a minute costs where the route says nothing."""
    max_call_sec: int
    """When a call is ended at the latest."""
    max_calls: int
    """Outbound calls of one account at the same time: what a stolen key can do at the worst."""
    sip: SipSettings
    speech: bool
    """Whether somebody transcribes voicemails (`nokyc speech`); otherwise nobody waits for transcripts."""
    files: str | None
    """Where recordings and voicemails lie: `s3://bucket/prefix`, or the data folder."""
    files_endpoint: str | None
    """Of an S3 store that is not Amazon's."""
    files_region: str
    files_key: str | None
    files_secret: str | None = field(repr=False)
    limiter: str
    """`local`: exact buckets in this process (one api process). `shared`: exact buckets in PostgreSQL."""


def read_settings(
    environment: Mapping[str, str] = os.environ,
    *,
    data_dir: Path | None = None,
    host: str | None = None,
    port: int | None = None,
    limiter: str | None = None,
    tls: bool = False,
) -> Settings:
    """Settings from the environment, where an empty variable is one that is not set; keyword arguments (command line
    flags) win.

    Raises:
        ValueError: a variable has no usable value; the message names it.
    """
    listen_host = host or environment.get("NOKYC_HOST") or "127.0.0.1"
    listen_port = _port(environment, "PORT", 8080) if port is None else _within("the port", port, 1, MAX_PORT)
    scheme = "https" if tls else "http"
    key = environment.get("NOKYC_SECRET_KEY")
    public_url = _url(environment, "PUBLIC_URL", f"{scheme}://{in_url(listen_host)}:{listen_port}").rstrip("/")
    return Settings(
        data_dir=(data_dir or Path(environment.get("DATA_DIR") or ".data")).absolute(),
        database_url=environment.get("DATABASE_URL") or None,
        public_url=public_url,
        host=listen_host,
        port=listen_port,
        trusted_proxies=_addresses(environment, "NOKYC_TRUSTED_PROXIES"),
        loopback_http=_flag(environment, "NOKYC_LOOPBACK_HTTP", default=True),
        webhook_allow_private=_flag(environment, "NOKYC_WEBHOOK_ALLOW_PRIVATE"),
        secret_key=_key(key) if key else None,
        sms_validity_sec=_integer(environment, "NOKYC_SMS_VALIDITY_SEC", 86_400, least=1),
        default_sms_price_micro=_integer(environment, "NOKYC_SMS_PRICE_MICRO", 12_000),
        default_call_price_micro=_integer(environment, "NOKYC_CALL_PRICE_MICRO", 20_000),
        max_call_sec=_integer(environment, "NOKYC_CALL_MAX_SEC", 14_400, least=1),
        max_calls=_integer(environment, "NOKYC_CALLS_AT_ONCE", 1_000),
        sip=_sip(environment, host=listen_host, public_url=public_url),
        speech=_flag(environment, "NOKYC_SPEECH"),
        files=environment.get("NOKYC_FILES") or None,
        files_endpoint=environment.get("NOKYC_FILES_ENDPOINT") or None,
        files_region=environment.get("NOKYC_FILES_REGION") or "us-east-1",
        files_key=environment.get("NOKYC_FILES_KEY") or None,
        files_secret=environment.get("NOKYC_FILES_SECRET") or None,
        limiter=limiter or _one_of(environment, "NOKYC_LIMITER", ("shared", "local")),
    )


def in_url(host: str) -> str:
    """A host as URLs write it: an IPv6 address in brackets (RFC 3986, section 3.2.2)."""
    return f"[{host}]" if ":" in host else host


def _sip(environment: Mapping[str, str], *, host: str, public_url: str) -> SipSettings:
    tls_cert, tls_key = _path(environment, "NOKYC_SIP_TLS_CERT"), _path(environment, "NOKYC_SIP_TLS_KEY")
    if (tls_cert is None) != (tls_key is None):
        raise ValueError("NOKYC_SIP_TLS_CERT and NOKYC_SIP_TLS_KEY belong together")
    return SipSettings(
        host=environment.get("NOKYC_SIP_HOST") or host,
        port=_port(environment, "NOKYC_SIP_PORT", 5060, least=0),
        tls_port=_port(environment, "NOKYC_SIP_TLS_PORT", 5061, least=0),
        tls_cert=tls_cert,
        tls_key=tls_key,
        ws_port=_port(environment, "NOKYC_SIP_WS_PORT", 5066, least=0),
        rtp_ports=_ports(environment, "NOKYC_RTP_PORTS", range(20_000, 30_000)),
        advertise=environment.get("NOKYC_SIP_ADVERTISE") or None,
        ice_servers=tuple(filter(None, environment.get("NOKYC_ICE_SERVERS", "").split(","))),
        turn_secret=environment.get("NOKYC_TURN_SECRET") or None,
        domain=environment.get("NOKYC_SIP_DOMAIN") or urlsplit(public_url).hostname or "localhost",
    )


def _path(environment: Mapping[str, str], name: str) -> Path | None:
    text = environment.get(name)
    return Path(text).absolute() if text else None


def _ports(environment: Mapping[str, str], name: str, default: range) -> range:
    """`20000-29999`."""
    text = environment.get(name)
    if not text:
        return default
    first, _, last = text.partition("-")
    if not (first.isdecimal() and last.isdecimal() and 1_024 <= int(first) < int(last) <= MAX_PORT):
        raise ValueError(f"{name}={text!r} is no range of ports such as 20000-29999")
    return range(int(first), int(last) + 1)


def _port(environment: Mapping[str, str], name: str, default: int, *, least: int = 1) -> int:
    return _within(name, _integer(environment, name, default), least, MAX_PORT)


def _integer(environment: Mapping[str, str], name: str, default: int, *, least: int = 0) -> int:
    text = environment.get(name)
    if not text:
        return default
    try:
        return _within(name, int(text), least, MAX_INTEGER)
    except ValueError:
        raise ValueError(f"{name}={text!r} is not a whole number from {least}") from None


def _within(name: str, number: int, least: int, most: int) -> int:
    if not least <= number <= most:
        raise ValueError(f"{name} is {least} to {most:,}, not {number}")
    return number


def _flag(environment: Mapping[str, str], name: str, *, default: bool = False) -> bool:
    return _one_of(environment, name, ("1", "0") if default else ("0", "1")) == "1"


def _one_of(environment: Mapping[str, str], name: str, words: tuple[str, ...]) -> str:
    """The first of the words if nothing is said. Another word is no guess of ours: `true` would silently mean no."""
    text = environment.get(name) or words[0]
    if text not in words:
        raise ValueError(f"{name}={text!r} is neither {words[0]} nor {words[1]}")
    return text


def _url(environment: Mapping[str, str], name: str, default: str) -> str:
    text = environment.get(name)
    if not text:
        return default
    if urlsplit(text).scheme not in ("http", "https") or not urlsplit(text).hostname:
        raise ValueError(f"{name}={text!r} is no address such as https://sms.example.com")
    return text


def _addresses(environment: Mapping[str, str], name: str) -> frozenset[str]:
    """Compared as they are with the other end of a connection, so a network or a name would never be believed."""
    words = [word.strip() for word in environment.get(name, "").split(",")]
    try:
        return frozenset(str(ip_address(word)) for word in words if word)
    except ValueError as error:
        raise ValueError(f"{name} has addresses separated by commas: {error}") from None


def _key(text: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise ValueError("NOKYC_SECRET_KEY must be 64 hex digits (32 bytes)")
    return key
