"""What an operator tells us about one SMPP carrier."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, Self, get_args

from nokyc.carriers.port import FailureCode
from nokyc.carriers.smpp.fields import PduError, write_c_string, write_octets
from nokyc.carriers.smpp.receipt import IdFormat
from nokyc.kit.hosts import host_and_port

MAX_BINDS = 32
MAX_WINDOW = 1_000

BindKind = Literal["transceiver", "transmitter_receiver"]
DefaultAlphabet = Literal["gsm7", "latin1"]


@dataclass(frozen=True, slots=True)
class Timers:
    """Seconds. Tests shorten them; SMPP 3.4 §7.2 names them."""

    connect_sec: float = 10.0
    response_sec: float = 10.0
    """How long a request may stay unanswered."""
    idle_sec: float = 30.0
    """After this long without a word from the SMSC we ask whether it is there."""
    backoff_base_sec: float = 1.0
    backoff_max_sec: float = 60.0
    stable_sec: float = 10.0
    """A bind that lived this long starts its backoff anew."""
    drain_sec: float = 10.0
    """How long `stop` waits for what is in flight."""


@dataclass(frozen=True, slots=True)
class SmppConfig:
    """One account with one SMSC."""

    name: str
    host: str
    port: int
    system_id: str
    password: str = field(repr=False)
    system_type: str = ""
    fallback_hosts: tuple[str, ...] = ()
    """`host` or `host:port`, tried in turn when one cannot be bound."""
    bind: BindKind = "transceiver"
    binds: int = 1
    """Links of that kind at the same time; a transmitter and its receiver count as one."""
    window: int = 10
    """Unanswered submissions per link."""
    tps: float | None = None
    """Submissions a second over all links that the contract allows; None: until the SMSC complains."""
    tls: bool = False
    tls_ca_file: str = ""
    """PEM file to trust instead of the system's authorities."""
    id_format: IdFormat = "as_is"
    default_alphabet: DefaultAlphabet = "gsm7"
    """What data_coding 0 means at this SMSC, in both directions."""
    source_ton: int | None = None
    """None: derived from the sender; so is the NPI."""
    source_npi: int | None = None
    service_type: str = ""
    receipt_utc_offset_min: int = 0
    """The SMSC's local time, in which receipts are dated."""
    failure_codes: Mapping[int, FailureCode] = field(default_factory=dict)
    """This carrier's private command_status values."""

    def __post_init__(self) -> None:
        if not 1 <= self.binds <= MAX_BINDS:
            raise ValueError(f"binds must be 1–{MAX_BINDS}")
        if not 1 <= self.window <= MAX_WINDOW:
            raise ValueError(f"window must be 1–{MAX_WINDOW}")
        if self.tps is not None and self.tps <= 0:
            raise ValueError("tps must be above 0")
        for name, kind in _CHOICES.items():
            if getattr(self, name) not in get_args(kind):
                raise ValueError(f"{name} must be one of {', '.join(get_args(kind))}")
        for code in self.failure_codes.values():
            if code not in get_args(FailureCode):
                raise ValueError(f"unknown failure code {code}")
        for host, port in self.hosts():
            host.encode("idna")  # as the look-up will: UnicodeError is a ValueError
            if not host or "\0" in host or not 0 < port < 65_536:
                raise ValueError(f"{host}:{port} is no host and port")
        try:
            for text in (self.system_id, self.password, self.system_type, self.service_type):
                write_c_string(text)
            write_octets(self.source_ton or 0, self.source_npi or 0)
        except PduError as error:
            raise ValueError(f"system_id, password, system_type, service_type, source_ton or _npi: {error}") from None

    def hosts(self) -> tuple[tuple[str, int], ...]:
        """Where to connect, in order of preference. ValueError if a port is not a number."""
        return ((self.host, self.port), *(host_and_port(each, self.port) for each in self.fallback_hosts))

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types, password included: whoever stores it encrypts it."""
        return asdict(self) | {
            "fallback_hosts": list(self.fallback_hosts),
            "failure_codes": {f"0x{status:08X}": code for status, code in self.failure_codes.items()},
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The reverse of `to_json`. ValueError if a key is unknown or missing, or a value impossible."""
        known = {each.name for each in fields(cls)}
        if unknown := set(stored) - known:
            raise ValueError(f"unknown settings: {', '.join(sorted(unknown))}")
        values = dict(stored)
        values["fallback_hosts"] = tuple(values.get("fallback_hosts", ()))
        values["failure_codes"] = {int(status, 0): code for status, code in values.get("failure_codes", {}).items()}
        try:
            return cls(**values)
        except TypeError as error:
            raise ValueError(str(error)) from None


_CHOICES: dict[str, Any] = {"bind": BindKind, "id_format": IdFormat, "default_alphabet": DefaultAlphabet}
