"""How an SMS body becomes segments: encoding, cuts and user data headers (3GPP TS 23.040 §9.2.3.24, TS 23.038)."""

from dataclasses import dataclass
from typing import Literal

Encoding = Literal["gsm7", "ucs2"]


@dataclass(frozen=True, slots=True)
class Part:
    """The encoded bytes of one segment."""

    encoding: Encoding
    payload: bytes
    """`gsm7`: one septet per octet (unpacked), ESC sequences included; `ucs2`: UTF-16BE."""
    udh: bytes = b""
    """User data header with its length octet, empty for a single segment."""
    text: str = ""
    """The characters that this part carries."""
