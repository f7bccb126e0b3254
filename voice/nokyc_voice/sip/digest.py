"""Digest authentication (RFC 8760, RFC 7616, RFC 3261 22): MD5 and SHA-256, with qop=auth and without; both sides."""

import base64
import hashlib
import hmac
import re
import struct
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

from nokyc_voice.sip.grammar import SipSyntaxError, quote, unquote
from nokyc_voice.sip.message import Request
from nokyc_voice.sip.timers import Timers
from nokyc_voice.sip.uri import SipUri

NONCE_SEC = 300.0
"""A nonce is good for that long; then the far end is told that it is stale."""
MAX_NONCES = 65_536
"""Nonces whose counts are remembered. Only who proved itself gets one remembered."""
REPLAY_WINDOW = 64
"""Counts of one nonce may arrive out of order by that many."""
MAX_CHALLENGES = 8

ALGORITHMS = {"SHA-256": hashlib.sha256, "MD5": hashlib.md5}
"""Best first; the names are those of RFC 8760."""

Verdict = Literal["ok", "stale", "wrong", "absent"]

_PARAM = re.compile(r"\s*([A-Za-z0-9*\-]+)\s*=\s*(\"(?:[^\"\\]|\\.)*\"|[^\s,\"]+)\s*(?:,|$)")


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a 401 or 407 asks for."""

    realm: str
    nonce: str
    algorithm: str | None
    """As written; None: not stated, which means MD5."""
    qop: bool
    opaque: str | None
    stale: bool
    proxy: bool

    @property
    def hash_name(self) -> str:
        return (self.algorithm or "MD5").upper()


def compute_ha1(algorithm: str, username: str, realm: str, password: str) -> str:
    """H(username:realm:password), in hex: what a server keeps in place of the password."""
    return _hash(algorithm, f"{username}:{realm}:{password}")


def compute_response(
    algorithm: str, ha1: str, nonce: str, method: str, uri: str, *, nc: str = "", cnonce: str = "", qop: bool = True
) -> str:
    """RFC 7616 3.4.1; without qop as in RFC 2069."""
    middle = f"{nonce}:{nc}:{cnonce}:auth" if qop else nonce
    return _hash(algorithm, f"{ha1}:{middle}:{_hash(algorithm, f'{method}:{uri}')}")


def parse_challenges(values: list[str], *, proxy: bool) -> Iterator[Challenge]:
    """Those that we can answer, in their order, which is the server's preference (RFC 8760 2.4)."""
    for value in values[:MAX_CHALLENGES]:
        try:
            params = parse_digest(value)
        except SipSyntaxError:
            continue
        algorithm = params.get("algorithm")
        qop = [option.strip().lower() for option in params.get("qop", "").split(",") if option.strip()]
        known = (algorithm or "MD5").upper() in ALGORITHMS and (not qop or "auth" in qop)
        if known and "realm" in params and "nonce" in params:
            stale = params.get("stale", "").lower() == "true"
            yield Challenge(params["realm"], params["nonce"], algorithm, bool(qop), params.get("opaque"), stale, proxy)


def authorize(
    challenge: Challenge, username: str, password: str, method: str, uri: str, *, cnonce: str, count: int = 1
) -> tuple[str, str]:
    """The header that answers a challenge."""
    name = challenge.hash_name
    nc = f"{count:08x}"
    ha1 = compute_ha1(name, username, challenge.realm, password)
    response = compute_response(
        name, ha1, challenge.nonce, method, uri, nc=nc, cnonce=cnonce, qop=challenge.qop
    )  # fmt: skip
    fields = [f"username={quote(username)}", f"realm={quote(challenge.realm)}", f"nonce={quote(challenge.nonce)}"]
    fields += [f"uri={quote(uri)}", f'response="{response}"']
    if challenge.algorithm is not None:
        fields.append(f"algorithm={challenge.algorithm}")
    if challenge.qop:
        fields += ["qop=auth", f"nc={nc}", f'cnonce="{cnonce}"']
    if challenge.opaque is not None:
        fields.append(f"opaque={quote(challenge.opaque)}")
    return "Proxy-Authorization" if challenge.proxy else "Authorization", "Digest " + ", ".join(fields)


def parse_digest(value: str) -> dict[str, str]:
    """The parameters of `Digest a="b", c=d`, names in lower case, unquoted; SipSyntaxError if it is not that."""
    scheme, _, rest = value.strip().partition(" ")
    if scheme.lower() != "digest":
        raise SipSyntaxError("no Digest")
    params: dict[str, str] = {}
    at = 0
    while at < len(rest):
        match = _PARAM.match(rest, at)
        if match is None or match[1].lower() in params:
            raise SipSyntaxError("malformed Digest")
        params[match[1].lower()] = unquote(match[2])
        at = match.end()
    return params


class Authenticator:
    """The server's side for one realm. Nonces prove themselves (HMAC over their time), so none is kept until used.

    `timers` tells their age; after a restart, or at another worker, an older nonce is simply stale.
    """

    def __init__(
        self,
        realm: str,
        secret: bytes,
        *,
        timers: Timers,
        random: Random,
        algorithms: Sequence[str] = tuple(ALGORITHMS),
    ) -> None:
        """`algorithms` are those offered, the best first; some devices fail at a first one that they do not know."""
        self.realm = realm
        self._algorithms = algorithms
        # Which counts were used is known here alone, so a nonce has to be good here alone.
        self._secret = hmac.digest(secret, random.getrandbits(256).to_bytes(32, "big"), "sha256")
        self._timers = timers
        self._random = random
        self._counts: OrderedDict[str, tuple[int, int]] = OrderedDict()
        """By nonce: the highest count, and which of those just below it have been."""

    def challenges(self, *, proxy: bool = False, stale: bool = False) -> list[tuple[str, str]]:
        """The headers of a 401, or 407 if `proxy`: one for each algorithm, the best first."""
        name = "Proxy-Authenticate" if proxy else "WWW-Authenticate"
        rest = f'nonce="{self._new_nonce()}", qop="auth"' + (", stale=true" if stale else "")
        return [(name, f"Digest realm={quote(self.realm)}, {rest}, algorithm={each}") for each in self._algorithms]

    def claimed(self, request: Request, *, proxy: bool = False) -> str | None:
        """The user name that a request claims in our realm, unproved; None if it claims none."""
        params = self._params(request, proxy)
        return params.get("username") if params else None

    def verify(self, request: Request, ha1: Mapping[str, str], *, proxy: bool = False) -> Verdict:
        """Whether it proves to know the password behind `ha1` (by algorithm). `stale`: it does, but has to say so
        again with a new nonce."""
        params = self._params(request, proxy)
        if params is None:
            return "absent"
        name = (params.get("algorithm") or "MD5").upper()
        uri, nonce, given = params.get("uri", ""), params.get("nonce", ""), params.get("response", "")
        qop = params.get("qop")
        if (
            name not in ha1
            or name not in self._algorithms
            or qop not in (None, "auth")
            or not _same_user(uri, request.uri)
        ):
            return "wrong"
        nc, cnonce = params.get("nc", ""), params.get("cnonce", "")
        if qop and not re.fullmatch(r"[0-9a-fA-F]{8}", nc):
            return "wrong"
        expected = compute_response(
            name, ha1[name], nonce, request.method, uri, nc=nc, cnonce=cnonce, qop=qop is not None
        )  # fmt: skip
        if not hmac.compare_digest(expected.encode(), given.lower().encode("utf-8", "surrogateescape")):
            return "wrong"
        age = self._age(nonce)
        if age is None or age > NONCE_SEC or not self._is_new(nonce, int(nc, 16) if qop else 1):
            return "stale"
        return "ok"

    def _params(self, request: Request, proxy: bool) -> dict[str, str] | None:
        for value in request.headers.all("Proxy-Authorization" if proxy else "Authorization")[:MAX_CHALLENGES]:
            try:
                params = parse_digest(value)
            except SipSyntaxError:
                continue
            if params.get("realm") == self.realm:
                return params
        return None

    def _new_nonce(self) -> str:
        stamp = struct.pack(">dQ", self._timers.now(), self._random.getrandbits(64))
        return base64.urlsafe_b64encode(stamp + self._proof(stamp)).decode().rstrip("=")

    def _age(self, nonce: str) -> float | None:
        """Seconds; None if it is not one of ours."""
        try:
            raw = base64.urlsafe_b64decode(nonce + "=" * (-len(nonce) % 4))
        except ValueError:
            return None
        if len(raw) != 32 or not hmac.compare_digest(self._proof(raw[:16]), raw[16:]):
            return None
        (made_at, _) = struct.unpack(">dQ", raw[:16])
        return self._timers.now() - float(made_at)

    def _proof(self, stamp: bytes) -> bytes:
        return hmac.digest(self._secret, stamp + self.realm.encode(), "sha256")[:16]

    def _is_new(self, nonce: str, count: int) -> bool:
        highest, seen = self._counts.pop(nonce, (0, 0))
        fresh = count > highest or (count > 0 and highest - count < REPLAY_WINDOW and not seen >> (highest - count) & 1)
        if fresh and count > highest:
            shift = count - highest
            highest, seen = count, ((seen << shift) | 1) & ((1 << REPLAY_WINDOW) - 1) if shift < REPLAY_WINDOW else 1
        elif fresh:
            seen |= 1 << (highest - count)
        self._counts[nonce] = highest, seen
        if len(self._counts) > MAX_NONCES:
            self._counts.popitem(last=False)
        return fresh


def _hash(algorithm: str, text: str) -> str:
    return ALGORITHMS[algorithm](text.encode("utf-8", "surrogateescape")).hexdigest()


def _same_user(stated: str, asked: str) -> bool:
    """A proxy in front may rewrite the host of the Request-URI; whom it asks for may not change."""
    try:
        return SipUri.parse(stated).unescaped_user == SipUri.parse(asked).unescaped_user
    except SipSyntaxError:
        return stated == asked
