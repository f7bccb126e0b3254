"""Via (RFC 3261 20.42): the way that a request took, and that its answers take back."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from nokyc_voice.sip.grammar import Params, SipSyntaxError, format_params, number, parse_params, split_list
from nokyc_voice.sip.uri import format_host_port, parse_host_port

COOKIE = "z9hG4bK"
"""What branches of RFC 3261 begin with."""

_VIA = re.compile(
    r"SIP[ \t]*/[ \t]*2\.0[ \t]*/[ \t]*([A-Za-z0-9\-.!%*_+`'~]+)[ \t]+"
    r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9][A-Za-z0-9.\-_]*)(?:[ \t]*:[ \t]*([0-9]{1,5}))?(?=[ \t;]|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Via:
    """One hop."""

    transport: str
    """In upper case: UDP, TCP, TLS, WS, WSS, or what else there may be."""
    host: str
    port: int | None = None
    params: Params = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> "Via":
        """One value; SipSyntaxError if it is none."""
        match = _VIA.match(text)
        if match is None:
            raise SipSyntaxError("malformed Via")
        host, port = parse_host_port(match[2], match[3])
        params = parse_params(text[match.end() :])
        if "ttl" in params:
            number(params["ttl"] or "", 255, "ttl")
        if params.get("rport"):
            number(params["rport"] or "", 65_535, "rport")
        return cls(match[1].upper(), host, port, params)

    @property
    def branch(self) -> str:
        return self.params.get("branch") or ""

    @property
    def has_cookie(self) -> bool:
        """Whether the branch identifies a transaction by itself."""
        return self.branch.startswith(COOKIE) and len(self.branch) > len(COOKIE)

    @property
    def sent_by(self) -> str:
        return format_host_port(self.host.lower(), self.port)

    def received_from(self, host: str, port: int) -> "Via":
        """With what RFC 3261 18.2.1 and RFC 3581 4 have the receiver write down, in place of what the sender says."""
        params = {name: value for name, value in self.params.items() if name != "received"}
        if "rport" in params:
            params["rport"] = str(port)
        if "rport" in params or host != self.host:
            params["received"] = host
        return replace(self, params=params)

    def answers_go_to(self) -> tuple[str, int]:
        """Where a response is sent over UDP (RFC 3261 18.2.2, RFC 3581 4).

        `maddr` is not followed: an answer must not go to whom the request did not come from.
        """
        host = self.params.get("received") or self.host
        rport = self.params.get("rport")
        return host.strip("[]"), int(rport) if rport else self.port or 5060

    def __str__(self) -> str:
        return f"SIP/2.0/{self.transport} {format_host_port(self.host, self.port)}{format_params(self.params)}"


def parse_vias(values: Iterable[str]) -> list[Via]:
    """All hops, the nearest first."""
    return [Via.parse(part) for value in values for part in split_list(value)]
