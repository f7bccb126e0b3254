"""Who calls and who is called, as SIP says it: what we state, and what we read."""

import re

from nokyc_voice.sip.address import Address
from nokyc_voice.sip.endpoint import Outgoing, Request

ANONYMOUS = "sip:anonymous@anonymous.invalid"
"""RFC 3323, 4.1.1.3."""
_DIGITS = re.compile(r"\+?[0-9]{3,15}")
_SEPARATORS = re.compile(r"[-.() ]")


def stating(to: str, host: str, *, caller: str | None, shown: bool, identity: bool) -> Outgoing:
    """What our INVITE says of its parties. `host` is the far end's; `caller` is E.164, None if nobody told us.

    A withheld caller is anonymous in From; a trunk still learns whose call it is, by P-Asserted-Identity (RFC 3325)
    with Privacy: id. `identity` adds that header to a caller who is shown, too.
    """
    own = f"sip:{caller}@{host};user=phone"
    headers: list[tuple[str, str]] = []
    if caller is not None and (identity or not shown):
        headers.append(("P-Asserted-Identity", f"<{own}>"))
    if not shown:
        headers.append(("Privacy", "id"))
    from_ = Address(own) if shown and caller is not None else Address(ANONYMOUS, "Anonymous")
    return Outgoing(from_, Address(f"sip:{to}@{host};user=phone"), headers)


def caller_of(request: Request) -> str | None:
    """The caller's number in E.164; None if it is withheld or is no number. For requests from a trunk."""
    if any("id" in value.lower().split(";") for value in request.headers.all("Privacy")):
        return None
    for name in ("P-Asserted-Identity", "From"):
        for value in request.headers.all(name):
            number = _number(value)
            if number is not None:
                return number
    return None


def callee_of(request: Request) -> str:
    """The number that was dialled: E.164 if it has a plus or reads like one, else as it stands."""
    user = _user(request.uri)
    digits = _SEPARATORS.sub("", user)
    if not _DIGITS.fullmatch(digits):
        return user
    if digits.startswith("00"):
        return "+" + digits[2:]
    return digits if digits.startswith(("+", "0")) else "+" + digits


def _number(header: str) -> str | None:
    uri = header[header.find("<") + 1 : header.find(">")] if "<" in header else header.partition(";")[0]
    digits = _SEPARATORS.sub("", _user(uri.strip()))
    if not _DIGITS.fullmatch(digits) or digits.startswith("0"):
        return None
    return digits if digits.startswith("+") else "+" + digits


def _user(uri: str) -> str:
    """The user part of a SIP URI or the number of a tel URI, without parameters."""
    scheme, _, rest = uri.partition(":")
    if scheme.lower() == "tel":
        return rest.partition(";")[0]
    user, at, _ = rest.partition("@")
    return user.partition(";")[0].partition(":")[0] if at else ""
