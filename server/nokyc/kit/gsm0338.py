"""The GSM 7-bit default alphabet and its extension table (3GPP TS 23.038 §6.1.2.1.1, §6.2.1)."""

import re
from codecs import charmap_decode

ESC = 0x1B

ALPHABET = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The character of every septet; ESC holds its place but is no character."""

EXTENSION = {
    0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\",
    0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|", 0x65: "€",
}  # fmt: skip
"""The character of every septet that follows an ESC."""


def encode(text: str) -> bytes | None:
    """One septet per octet, ESC and a second octet for an extension character; None if UCS-2 is needed."""
    if _same_as_ascii(text):
        return text.encode("ascii")
    if not _encodable(text):
        return None
    return text.translate(_TRANSLATION).encode("latin-1")


def decode(data: bytes) -> str:
    """The text of unpacked septets, never an error: what a handset shows (§6.2.1, notes 1 and 4).

    ESC before a septet that the extension table lacks yields the septet's plain character; ESC at the end, or
    twice, yields a space; an octet above 0x7F is no septet and yields U+FFFD.
    """
    text: str = charmap_decode(data, "replace", ALPHABET)[0]
    return _ESCAPED.sub(_unescape, text) if "\x1b" in text else text


def unencodable(text: str) -> list[str]:
    """The distinct characters that force UCS-2, in order of appearance."""
    return list(dict.fromkeys(_FOREIGN.findall(text)))


def pack(septets: bytes, fill_bits: int = 0) -> bytes:
    """Eight septets into seven octets, low bits first, after `fill_bits` zero bits (§6.1.2.1).

    Raises:
        ValueError: an octet above 0x7F.
    """
    if not septets.isascii():
        raise ValueError("a septet has seven bits")
    bits = 0
    for septet in reversed(septets):
        bits = bits << 7 | septet
    return (bits << fill_bits).to_bytes((len(septets) * 7 + fill_bits + 7) // 8, "little")


def unpack(packed: bytes, count: int, fill_bits: int = 0) -> bytes:
    """The inverse of `pack`; `count` septets, for seven spare bits look like one more.

    Raises:
        ValueError: fewer than `count` septets are there.
    """
    if count * 7 + fill_bits > len(packed) * 8:
        raise ValueError(f"{len(packed)} octets do not hold {count} septets")
    bits = int.from_bytes(packed, "little") >> fill_bits
    return bytes(bits >> shift & 0x7F for shift in range(0, count * 7, 7))


_OCTETS = {char: chr(septet) for septet, char in enumerate(ALPHABET) if septet != ESC} | {
    char: "\x1b" + chr(septet) for septet, char in EXTENSION.items()
}
_CLASS = re.escape("".join(_OCTETS))
_ASCII_CLASS = re.escape("".join(char for char, octets in _OCTETS.items() if char == octets))
_TRANSLATION = str.maketrans(_OCTETS)

# Most bodies are plain ASCII: one match tells so and spares the table.
_same_as_ascii = re.compile(f"[{_ASCII_CLASS}]*").fullmatch
_encodable = re.compile(f"[{_CLASS}]*").fullmatch
_FOREIGN = re.compile(f"[^{_CLASS}]")

_ESCAPED = re.compile("\x1b(.?)", re.DOTALL)
_UNESCAPED = {ALPHABET[septet]: char for septet, char in EXTENSION.items()} | {"\x1b": " ", "": " "}


def _unescape(match: re.Match[str]) -> str:
    return _UNESCAPED.get(match[1], match[1])
