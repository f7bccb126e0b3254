"""Who calls and who is called, as SIP says it: what we state, and what we read."""

from contextlib import suppress

from nokyc_voice.sip.address import Address, parse_addresses
from nokyc_voice.sip.endpoint import Outgoing, Request
from nokyc_voice.sip.grammar import SipSyntaxError
from nokyc_voice.sip.uri import SipUri, read_e164

ANONYMOUS = "sip:anonymous@anonymous.invalid"
"""RFC 3323, 4.1.1.3."""


def stating(to: str, host: str, *, caller: str | None, shown: bool, identity: bool, display: str = "") -> Outgoing:
    """What our INVITE says of its parties. `host` is the far end's; `caller` is E.164, None if nobody told us.

    A withheld caller is anonymous in From; a trunk still learns whose call it is, by P-Asserted-Identity (RFC 3325)
    with Privacy: id. `identity` adds that header to a caller who is shown, too. `display` is what telephones show
    beside the number, or in its place.
    """
    own = f"sip:{caller}@{host};user=phone"
    headers: list[tuple[str, str]] = []
    if caller is not None and (identity or not shown):
        headers.append(("P-Asserted-Identity", f"<{own}>"))
    if not shown:
        headers.append(("Privacy", "id"))
    from_ = Address(own, display) if shown and caller is not None else Address(ANONYMOUS, display or "Anonymous")
    return Outgoing(from_, Address(f"sip:{to}@{host};user=phone"), headers)


def caller_of(request: Request) -> str | None:
    """The caller's number in E.164; None if it is withheld or is no number. For requests from a trunk."""
    asked = (each.strip() for value in request.headers.all("Privacy") for each in value.lower().split(";"))
    if "id" in asked:
        return None
    asserted = request.headers.get("P-Asserted-Identity")
    if asserted is not None:
        with suppress(SipSyntaxError):
            if (number := read_e164(parse_addresses([asserted])[0].uri)) is not None:
                return number
    return read_e164(request.from_.uri)


def callee_of(request: Request) -> str:
    """The number that was dialled: E.164 if the Request-URI reads like one, else what stands there."""
    number = read_e164(request.uri)
    if number is not None:
        return number
    with suppress(SipSyntaxError):
        return SipUri.parse(request.uri).unescaped_user or ""
    return ""
