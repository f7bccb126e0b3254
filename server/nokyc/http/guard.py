"""Where we may connect to when somebody else chose the URL: the guard against server-side request forgery.

Three questions, each asked on its own: is the URL sound (`check_url`), where does its name lead (`resolve`),
and is this address public (`forbidden`). What counts is the address, never the spelling of the host:
`2130706433`, `0x7f.1` and `①27.1` are all 127.0.0.1.
"""

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import quote

import idna

MAX_URL_CHARS = 2_048
MAX_HOST_CHARS = 253
MAX_ADDRESSES = 16
MAX_LOOKUPS = 32
ADMIT_DNS_TIMEOUT_SEC = 5.0
HTTPS_ONLY = frozenset({443})

Address = IPv4Address | IPv6Address
Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""Host and port to numeric addresses; raises OSError when the name does not resolve."""


class UrlInvalid(ValueError):  # noqa: N818 - it is the API code url_invalid
    """Not a URL that anybody could be reached at: the API answers 400 `url_invalid`."""


class UrlForbidden(ValueError):  # noqa: N818 - it is the API code url_forbidden
    """A sound URL that leads where we do not go: the API answers 422 `url_forbidden`."""


def forbidden(address: str | Address) -> str | None:
    """Why this address is not for us, or None if it is public. What is no address is forbidden too."""
    try:
        parsed = ip_address(address.partition("%")[0]) if isinstance(address, str) else address
    except ValueError:
        return "not an address"
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    table = _NETWORKS_V4 if isinstance(parsed, IPv4Address) else _NETWORKS_V6
    number = int(parsed)
    return next((reason for shift, prefix, reason in table if number >> shift == prefix), None)


def check_url(url: str, *, allow_private: bool = False, ports: Collection[int] = HTTPS_ONLY) -> str:
    """The URL in plain ASCII (IDN as punycode, numeric hosts dotted), fit to be requested byte for byte.

    `allow_private` also admits http, private hosts and any port. Raises UrlInvalid or UrlForbidden. Nothing
    is looked up: a name that leads to a private address is found by `resolve`.
    """
    scheme, host, port, rest = split(url)
    if scheme != "https" and not (scheme == "http" and allow_private):
        raise UrlInvalid("the URL must begin with https://")
    if not allow_private:
        if port not in ports:
            raise UrlForbidden(f"port {port} is not allowed")
        reason = _special_name(host) if _literal(host) is None else forbidden(host.strip("[]"))
        if reason is not None:
            raise UrlForbidden(f"the host is {reason}")
    default = 443 if scheme == "https" else 80
    return f"{scheme}://{host}{'' if port == default else f':{port}'}{rest}"


def as_http(url: str) -> str:
    """A WebSocket's URL as the HTTP URL of its handshake (RFC 6455, 3).

    Raises:
        UrlInvalid: it is no WebSocket's URL.
    """
    scheme, colon, rest = url.partition(":")
    if scheme.lower() not in ("ws", "wss"):
        raise UrlInvalid("the scheme is not wss")
    return f"{scheme.lower().replace('ws', 'http')}{colon}{rest}"


def split(url: str) -> tuple[str, str, int, str]:
    """Scheme, ASCII host (IPv6 in brackets), port, and the rest quoted to ASCII. Raises UrlInvalid."""
    if len(url) > MAX_URL_CHARS:
        raise UrlInvalid(f"the URL has more than {MAX_URL_CHARS} characters")
    if _UNSAFE.search(url):
        raise UrlInvalid("the URL has spaces, backslashes or control characters")
    if "#" in url:
        raise UrlInvalid("the URL has a fragment")
    match = _URL.fullmatch(url)
    if match is None:
        raise UrlInvalid("this is not an http(s) URL")
    scheme, authority, rest = match.group(1).lower(), match.group(2), match.group(3)
    if "@" in authority:
        raise UrlInvalid("the URL has a user name or password")
    parts = _AUTHORITY.fullmatch(authority)
    if parts is None:
        raise UrlInvalid("the URL has no sound host")
    port = int(parts.group(2) or (443 if scheme == "https" else 80))
    if not 0 < port < 65_536:
        raise UrlInvalid("the port is out of range")
    return scheme, _host(parts.group(1)), port, quote(rest, safe=_RFC3986_AND_PERCENT)


async def lookup(host: str, port: int) -> list[str]:
    """The system's addresses of a name, as numbers. Raises OSError (gaierror)."""
    found = await asyncio.get_running_loop().run_in_executor(
        _DNS_THREADS, partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    )
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


async def resolve(host: str, port: int, *, allow_private: bool = False, resolver: Resolver = lookup) -> list[Address]:
    """Look a name up once; UrlForbidden if any of its addresses is private, OSError if it has none."""
    found = await resolver(host, port)
    if not found:
        raise OSError("the name has no address")
    if not allow_private:
        for address in found:
            reason = forbidden(address)
            if reason is not None:
                raise UrlForbidden(f"the host leads to an address that is {reason}")
    return [ip_address(address.partition("%")[0]) for address in found[:MAX_ADDRESSES]]


async def admit(
    url: str, *, allow_private: bool = False, ports: Collection[int] = HTTPS_ONLY, resolver: Resolver = lookup
) -> str:
    """`check_url` and `resolve` at once, for the moment at which a customer registers a URL.

    A name that does not resolve is admitted: it may resolve tomorrow, and every attempt checks again.
    """
    checked = check_url(url, allow_private=allow_private, ports=ports)
    _, host, port, _ = split(checked)
    if allow_private or _literal(host) is not None:
        return checked
    try:
        async with asyncio.timeout(ADMIT_DNS_TIMEOUT_SEC):
            await resolve(host, port, resolver=resolver)
    except OSError:  # TimeoutError is one
        pass
    return checked


def _host(host: str) -> str:
    """Lower-case ASCII; every numeric spelling of IPv4 becomes dotted, IPv6 compressed without its zone."""
    if host.startswith("["):
        try:
            return f"[{IPv6Address(host[1:-1].partition('%')[0]).compressed}]"
        except ValueError as error:
            raise UrlInvalid("the host is not an IPv6 address") from error
    try:
        ascii_host = host.lower() if host.isascii() else idna.encode(host, uts46=True).decode()
    except (idna.IDNAError, UnicodeError) as error:
        raise UrlInvalid("the host is not a valid international name") from error
    ascii_host = ascii_host.removesuffix(".")
    if _NUMERIC_END.search(ascii_host):
        try:
            # As the C library would read it: one to four parts, decimal, octal or hexadecimal.
            return str(IPv4Address(socket.inet_aton(ascii_host)))
        except OSError as error:
            raise UrlInvalid("the host ends in a number but is not an address") from error
    if len(ascii_host) > MAX_HOST_CHARS or not _HOST_NAME.fullmatch(ascii_host):
        raise UrlInvalid("the host is not a valid name")
    return ascii_host


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        return None


def _special_name(host: str) -> str | None:
    """Names that mean this machine or this network, whatever the resolver says today."""
    label = host.rpartition(".")[2]
    if label == host:
        return "a name without a domain"
    if label in _SPECIAL_TOPS or host.endswith(".home.arpa"):
        return "a name of the local network"
    return None


_DNS_THREADS = ThreadPoolExecutor(MAX_LOOKUPS, "dns")
"""Of our own: a name server that never answers must not fill the loop's few threads."""
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029\u3000\ud800-\udfff]")
_URL = re.compile(r"(https?)://([^/?]+)((?:[/?].*)?)", re.IGNORECASE)
_AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:.]+(?:%[0-9A-Za-z._~-]+)?\]|[^:\[\]]+)(?::([0-9]{0,5}))?")
_HOST_NAME = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_NUMERIC_END = re.compile(r"(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)$")
"""The "ends in a number" rule of the WHATWG URL standard, §3.5."""
_RFC3986_AND_PERCENT = "!$%&'()*+,-./:;=?@[]_~"
_SPECIAL_TOPS = frozenset({"localhost", "local", "internal", "intranet", "lan", "localdomain", "onion"})
"""RFC 6761, RFC 6762, ICANN's reservation of .internal, three habits, RFC 7686."""


def _table(*rows: tuple[str, str]) -> tuple[tuple[int, int, str], ...]:
    """Rows of shift, prefix and reason: ipaddress's own membership test is ten times slower."""
    table = []
    for text, reason in rows:
        network = ip_network(text)
        shift = network.max_prefixlen - network.prefixlen
        table.append((shift, int(network.network_address) >> shift, reason))
    return tuple(table)


_NETWORKS_V4 = _table(
    ("0.0.0.0/8", "this network (RFC 791)"),
    ("10.0.0.0/8", "private (RFC 1918)"),
    ("100.64.0.0/10", "carrier-grade NAT (RFC 6598)"),
    ("127.0.0.0/8", "loopback (RFC 1122)"),
    ("168.63.129.16/32", "a cloud's host service"),
    ("169.254.0.0/16", "link-local (RFC 3927)"),
    ("172.16.0.0/12", "private (RFC 1918)"),
    ("192.0.0.0/24", "protocol assignments (RFC 6890)"),
    ("192.0.2.0/24", "documentation (RFC 5737)"),
    ("192.88.99.0/24", "6to4 relay (RFC 7526)"),
    ("192.168.0.0/16", "private (RFC 1918)"),
    ("198.18.0.0/15", "benchmarking (RFC 2544)"),
    ("198.51.100.0/24", "documentation (RFC 5737)"),
    ("203.0.113.0/24", "documentation (RFC 5737)"),
    ("224.0.0.0/4", "multicast (RFC 5771)"),
    ("240.0.0.0/4", "reserved or broadcast (RFC 1112, RFC 919)"),
)
_NETWORKS_V6 = _table(
    ("::/128", "unspecified (RFC 4291)"),
    ("::1/128", "loopback (RFC 4291)"),
    ("::/96", "IPv4-compatible (RFC 4291 §2.5.5.1)"),
    ("64:ff9b::/96", "NAT64 (RFC 6052)"),
    ("64:ff9b:1::/48", "local NAT64 (RFC 8215)"),
    ("100::/64", "discard-only (RFC 6666)"),
    ("2001::/32", "Teredo (RFC 4380)"),
    ("2001::/23", "protocol assignments (RFC 2928)"),
    ("2001:db8::/32", "documentation (RFC 3849)"),
    ("2002::/16", "6to4 (RFC 3056)"),
    ("3fff::/20", "documentation (RFC 9637)"),
    ("5f00::/16", "segment routing (RFC 9602)"),
    ("fc00::/7", "unique local (RFC 4193)"),
    ("fe80::/10", "link-local (RFC 4291)"),
    ("fec0::/10", "site-local (RFC 3879)"),
    ("ff00::/8", "multicast (RFC 4291)"),
    # 2000::/3 is all that IANA gives out: what is new elsewhere is new to us too.
    ("::/3", "not global unicast (RFC 4291 §2.4)"),
    ("4000::/2", "not global unicast (RFC 4291 §2.4)"),
    ("8000::/1", "not global unicast (RFC 4291 §2.4)"),
)
