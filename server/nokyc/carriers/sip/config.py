"""What an operator tells us about one SIP trunk."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from ipaddress import ip_network
from typing import Any, Literal, Self, get_args

from nokyc.kit.hosts import host_and_port
from nokyc_voice.platform import Trunk

MAX_TARGETS = 16
MAX_PING_SEC = 3_600
CODECS = ("PCMA", "PCMU", "G722")
DEFAULT_PORT = 5060

SipTransport = Literal["udp", "tcp", "tls"]
CallerIdIn = Literal["from", "pai"]


@dataclass(frozen=True, slots=True)
class SipConfig:
    """One relation with one carrier."""

    name: str
    host: str
    port: int = DEFAULT_PORT
    transport: SipTransport = "udp"
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    register: bool = False
    """Register there, so that its calls find us (RFC 3261, 10)."""
    targets: tuple[str, ...] = ()
    """`host` or `host:port`, tried in turn when one does not answer or says 503."""
    srtp: bool = False
    """Insist on encrypted audio (SDES, RFC 4568)."""
    ping_sec: int = 30
    """Ask with OPTIONS whether it is there; 0: never."""
    allow: tuple[str, ...] = ()
    """Further addresses or networks that its calls come from."""
    caller_id_in: CallerIdIn = "pai"
    codecs: tuple[str, ...] = CODECS

    def __post_init__(self) -> None:
        for name, kind in _CHOICES.items():
            if getattr(self, name) not in get_args(kind):
                raise ValueError(f"{name} must be one of {', '.join(get_args(kind))}")
        if (self.username is None) != (self.password is None):
            raise ValueError("username and password belong together")
        if self.register and self.username is None:
            raise ValueError("register needs username and password")
        if not 0 <= self.ping_sec <= MAX_PING_SEC:
            raise ValueError(f"ping_sec must be 0–{MAX_PING_SEC}")
        if not self.codecs or set(self.codecs) - set(CODECS):
            raise ValueError(f"codecs must be some of {', '.join(CODECS)}")
        if len(self.targets) >= MAX_TARGETS:
            raise ValueError(f"at most {MAX_TARGETS} targets")
        for network in self.allow:
            ip_network(network, strict=False)
        self.addresses()

    def addresses(self) -> tuple[tuple[str, int], ...]:
        """Where to send, in order of preference. ValueError if a port is not a number."""
        return ((self.host, self.port), *(host_and_port(each, self.port) for each in self.targets))

    def trunk(self) -> Trunk:
        """The same as the voice engine takes it."""
        return Trunk(
            name=self.name,
            targets=self.addresses(),
            transport=self.transport,
            username=self.username,
            password=self.password,
            register=self.register,
            srtp=self.srtp,
            ping_sec=self.ping_sec,
            allow=self.allow,
            caller_id_in=self.caller_id_in,
            codecs=self.codecs,
        )

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types, password included: whoever stores it encrypts it."""
        return asdict(self) | {name: list(getattr(self, name)) for name in _LISTS}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The reverse of `to_json`. ValueError if a key is unknown or missing, or a value impossible."""
        if unknown := set(stored) - {each.name for each in fields(cls)}:
            raise ValueError(f"unknown settings: {', '.join(sorted(unknown))}")
        try:
            return cls(**dict(stored) | {name: tuple(stored[name]) for name in _LISTS if name in stored})
        except TypeError as error:
            raise ValueError(str(error)) from None


_CHOICES: dict[str, Any] = {"transport": SipTransport, "caller_id_in": CallerIdIn}
_LISTS = ("targets", "allow", "codecs")
