"""Bodies of several parts (RFC 5621): SIP-I carriers send ISUP beside the SDP."""

from nokyc_voice.sip.grammar import SipSyntaxError, parse_params, unquote

MAX_PARTS = 16


def find_part(body: bytes, content_type: str, wanted: str) -> bytes | None:
    """The first part of a media type (in lower case); None if there is none, or this is no multipart body."""
    kind, semicolon, params = content_type.partition(";")
    if not kind.strip().lower().startswith("multipart/"):
        return None
    try:
        boundary = unquote(parse_params(semicolon + params).get("boundary") or "")
    except SipSyntaxError:
        return None
    if not boundary:
        return None
    delimiter = b"\r\n--" + boundary.encode("utf-8", "surrogateescape")
    for part in (b"\r\n" + body).split(delimiter, MAX_PARTS + 1)[1 : MAX_PARTS + 1]:
        head, separator, content = part.partition(b"\r\n\r\n")
        if separator and _type_of(head) == wanted:
            return content
    return None


def _type_of(head: bytes) -> str:
    for line in head.decode("utf-8", "replace").split("\r\n"):
        name, _, value = line.partition(":")
        if name.strip().lower() in ("content-type", "c"):
            return value.partition(";")[0].strip().lower()
    return ""
