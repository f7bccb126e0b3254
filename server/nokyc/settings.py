"""One frozen object, read once from the environment; every default has its reason."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

API_VERSION = "2026-04-01"
"""The newest version of the API surface, and the pin of a new account."""


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
    """Settings from the environment; keyword arguments (command line flags) win.

    Raises:
        ValueError: a variable has no usable value; the message names it.
    """
    listen_host = host or environment.get("NOKYC_HOST", "127.0.0.1")
    listen_port = port or _integer(environment, "PORT", 8080)
    scheme = "https" if tls else "http"
    key = environment.get("NOKYC_SECRET_KEY")
    public_url = (environment.get("PUBLIC_URL") or f"{scheme}://{listen_host}:{listen_port}").rstrip("/")
    return Settings(
        data_dir=(data_dir or Path(environment.get("DATA_DIR", ".data"))).absolute(),
        database_url=environment.get("DATABASE_URL") or None,
        public_url=public_url,
        host=listen_host,
        port=listen_port,
        trusted_proxies=frozenset(filter(None, environment.get("NOKYC_TRUSTED_PROXIES", "").split(","))),
        loopback_http=environment.get("NOKYC_LOOPBACK_HTTP", "1") == "1",
        webhook_allow_private=environment.get("NOKYC_WEBHOOK_ALLOW_PRIVATE") == "1",
        secret_key=_key(key) if key else None,
        sms_validity_sec=_integer(environment, "NOKYC_SMS_VALIDITY_SEC", 86_400),
        default_sms_price_micro=_integer(environment, "NOKYC_SMS_PRICE_MICRO", 12_000),
        default_call_price_micro=_integer(environment, "NOKYC_CALL_PRICE_MICRO", 20_000),
        max_call_sec=_integer(environment, "NOKYC_CALL_MAX_SEC", 14_400),
        max_calls=_integer(environment, "NOKYC_CALLS_AT_ONCE", 1_000),
        sip=_sip(environment, host=listen_host, public_url=public_url),
        speech=environment.get("NOKYC_SPEECH") == "1",
        files=environment.get("NOKYC_FILES") or None,
        files_endpoint=environment.get("NOKYC_FILES_ENDPOINT") or None,
        files_region=environment.get("NOKYC_FILES_REGION") or "us-east-1",
        files_key=environment.get("NOKYC_FILES_KEY") or None,
        files_secret=environment.get("NOKYC_FILES_SECRET") or None,
        limiter=limiter or environment.get("NOKYC_LIMITER", "shared"),
    )


def _sip(environment: Mapping[str, str], *, host: str, public_url: str) -> SipSettings:
    return SipSettings(
        host=environment.get("NOKYC_SIP_HOST") or host,
        port=_integer(environment, "NOKYC_SIP_PORT", 5060),
        tls_port=_integer(environment, "NOKYC_SIP_TLS_PORT", 5061),
        tls_cert=_path(environment, "NOKYC_SIP_TLS_CERT"),
        tls_key=_path(environment, "NOKYC_SIP_TLS_KEY"),
        ws_port=_integer(environment, "NOKYC_SIP_WS_PORT", 5066),
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
    if not (first.isdecimal() and last.isdecimal() and 1_024 <= int(first) < int(last) <= 65_535):
        raise ValueError(f"{name}={text!r} is no range of ports such as 20000-29999")
    return range(int(first), int(last) + 1)


def _integer(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name)
    if text is None or text == "":
        return default
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"{name}={text!r} is not a whole number") from None


def _key(text: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise ValueError("NOKYC_SECRET_KEY must be 64 hex digits (32 bytes)")
    return key
