"""SIP, SIPS and TEL URIs (RFC 3261 19.1, RFC 3966), and the phone number that one stands for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv6Address
from urllib.parse import unquote

from nokyc_voice.sip.grammar import SipSyntaxError

REMEMBERED = 4_096
"""URIs that were found to be well formed."""
MAX_REMEMBERED = 128
"""Characters; longer ones are read each time."""

_ESCAPED = "%[0-9A-Fa-f]{2}"
_UNRESERVED = r"A-Za-z0-9\-_.!~*'()"
_USER = re.compile(rf"(?:[{_UNRESERVED}&=+$,;?/#\[\]]|{_ESCAPED})+")
_PASSWORD = re.compile(rf"(?:[{_UNRESERVED}&=+$,]|{_ESCAPED})*")
_HOST_PORT = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9.\-_])*)(?::([0-9]{1,5}))?")
_PARAM = re.compile(rf"((?:[{_UNRESERVED}\[\]/:&+$]|{_ESCAPED})+)(?:=((?:[{_UNRESERVED}\[\]/:&+$]|{_ESCAPED})*))?")
_HEADERS = re.compile(rf"(?:[{_UNRESERVED}\[\]/?:+$&=;,@]|{_ESCAPED})+")
_GENERIC = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>\"]+")
_TEL = re.compile(r"tel:(\+?[0-9A-Fa-f*#\-.()]+)((?:;[^\s<>\"]*)?)", re.IGNORECASE)
_SEPARATORS = str.maketrans("", "", "-.() ")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_COMPARED = ("user", "ttl", "method", "maddr", "transport")


@dataclass(frozen=True, slots=True)
class SipUri:
    """`user` and `password` as on the wire, with their escapes."""

    host: str
    """IPv6 without its brackets."""
    port: int | None = None
    user: str | None = None
    password: str | None = None
    secure: bool = False
    params: Mapping[str, str | None] = field(default_factory=dict)
    headers: str = ""

    @classmethod
    def parse(cls, text: str) -> "SipUri":
        """SipSyntaxError if it is none."""
        scheme, colon, rest = text.partition(":")
        if not colon or scheme.lower() not in ("sip", "sips"):
            raise SipSyntaxError("no SIP URI", 416)
        user = password = None
        if "@" in rest:
            userinfo, _, rest = rest.partition("@")
            user, password_colon, secret = userinfo.partition(":")
            password = secret if password_colon else None
            if not _USER.fullmatch(user) or not _PASSWORD.fullmatch(secret):
                raise SipSyntaxError("malformed user part of a URI")
        match = _HOST_PORT.match(rest)
        if match is None:
            raise SipSyntaxError("malformed host of a URI")
        host, port = parse_host_port(match[1], match[2])
        params, question, headers = rest[match.end() :].partition("?")
        if question and not _HEADERS.fullmatch(headers):
            raise SipSyntaxError("malformed headers of a URI")
        return cls(host, port, user, password, scheme.lower() == "sips", _parse_params(params), headers)

    @property
    def unescaped_user(self) -> str | None:
        return None if self.user is None else unquote(self.user)

    def param(self, name: str) -> str | None:
        """In lower case, if it has a value."""
        value = self.params.get(name)
        return None if value is None else value.lower()

    def __str__(self) -> str:
        user = "" if self.user is None else self.user + ("" if self.password is None else f":{self.password}") + "@"
        params = "".join(f";{key}" if value is None else f";{key}={value}" for key, value in self.params.items())
        headers = f"?{self.headers}" if self.headers else ""
        return f"{'sips' if self.secure else 'sip'}:{user}{format_host_port(self.host, self.port)}{params}{headers}"

    def is_same(self, other: "SipUri") -> bool:
        """RFC 3261 19.1.4, for what contacts are made of: parameters that only one side has are not compared,
        but those that mean another place."""
        return (
            self.secure == other.secure
            and (self.unescaped_user, self.password) == (other.unescaped_user, other.password)
            and (self.host.lower(), self.port) == (other.host.lower(), other.port)
            and all(self.param(name) == other.param(name) for name in _COMPARED)
            and all(self.param(name) == other.param(name) for name in self.params.keys() & other.params.keys())
        )


def check_uri(text: str) -> None:
    """SipSyntaxError if this is no URI, of whatever scheme; SIP and TEL URIs are read to their end."""
    if len(text) <= MAX_REMEMBERED:
        _check_short_uri(text)
    else:
        _check_uri(text)


def read_e164(uri: str) -> str | None:
    """The number that a SIP or TEL URI stands for, with its plus; None if it is no such thing.

    Carriers write them with `+`, with `00`, or bare; national numbers count with a global phone-context only.
    """
    if match := _TEL.fullmatch(uri):
        user = match[1] + match[2]
    else:
        try:
            user = SipUri.parse(uri).unescaped_user or ""
        except SipSyntaxError:
            return None
    digits, *params = user.split(";")
    digits = digits.translate(_SEPARATORS)
    if not digits.startswith("+"):
        context = next((param[14:] for param in params if param.lower().startswith("phone-context=+")), "")
        digits = context.translate(_SEPARATORS) + digits if context else f"+{digits.removeprefix('00')}"
    return digits if digits.isascii() and _E164.fullmatch(digits) else None


def parse_host_port(host: str, port: str | None) -> tuple[str, int | None]:
    """Host without brackets, and port, both checked."""
    if host.startswith("["):
        host = host[1:-1]
        try:
            IPv6Address(host)
        except ValueError:
            raise SipSyntaxError("malformed IPv6 address") from None
    if port is not None and int(port) > 65_535:
        raise SipSyntaxError("port out of range")
    return host, None if port is None else int(port)


def format_host_port(host: str, port: int | None) -> str:
    name = f"[{host}]" if ":" in host else host
    return name if port is None else f"{name}:{port}"


def _parse_params(text: str) -> dict[str, str | None]:
    params: dict[str, str | None] = {}
    if not text:
        return params
    first, *parts = text.split(";")
    if first or len(parts) > 64:
        raise SipSyntaxError("malformed parameters of a URI")
    for part in parts:
        match = _PARAM.fullmatch(part)
        if match is None or match[1].lower() in params:
            raise SipSyntaxError("malformed parameters of a URI")
        params[match[1].lower()] = match[2]
    return params


def _check_uri(text: str) -> None:
    scheme = text.partition(":")[0].lower()
    if scheme in ("sip", "sips"):
        SipUri.parse(text)
    elif not _GENERIC.fullmatch(text) or (scheme == "tel" and not _TEL.fullmatch(text)):
        raise SipSyntaxError("malformed URI")


_check_short_uri = lru_cache(REMEMBERED)(_check_uri)
"""A call repeats its URIs in each message."""
