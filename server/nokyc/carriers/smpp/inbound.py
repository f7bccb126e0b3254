"""deliver_sm from a handset (MO) to the port's `Inbound`: whole, a fragment, or octets we cannot read."""

from dataclasses import dataclass

from nokyc.carriers.port import Fragment, Inbound
from nokyc.carriers.smpp.config import DefaultAlphabet
from nokyc.carriers.smpp.pdu import (
    TLV_MESSAGE_PAYLOAD,
    TLV_RECEIPTED_MESSAGE_ID,
    TLV_SAR_MSG_REF_NUM,
    TLV_SAR_SEGMENT_SEQNUM,
    TLV_SAR_TOTAL_SEGMENTS,
    UDHI,
    DeliverSm,
)
from nokyc.kit import e164
from nokyc.kit.segments import Encoding, decode_part

TON_UNKNOWN = 0
TON_INTERNATIONAL = 1
MAX_E164_CHARS = 16

_CONCAT_8_BIT = 0x00
_CONCAT_16_BIT = 0x08

_CHARSETS = {
    1: "ascii",
    3: "latin-1",
    5: "shift_jis",
    6: "iso8859-5",
    7: "iso8859-8",
    8: "ucs2",
    10: "iso2022_jp",
    14: "euc_kr",
}
"""data_coding (§5.2.19) that says by itself what it is; 2 and 4 are binary."""


@dataclass(frozen=True, slots=True)
class _Place:
    reference: int
    total: int
    index: int


def read_inbound(pdu: DeliverSm, default_alphabet: DefaultAlphabet) -> Inbound:
    """Never raises: a body that makes no sense comes back whole as `undecodable`."""
    body = pdu.tlvs.get(TLV_MESSAGE_PAYLOAD, b"") or pdu.short_message
    sender = _sender(pdu)
    recipient = _e164(pdu.dest)
    ref = pdu.tlvs.get(TLV_RECEIPTED_MESSAGE_ID, b"").rstrip(b"\0").decode("latin-1")
    try:
        place, octets = _place(pdu, body)
        encoding, data = _body(octets, _charset(pdu.data_coding, default_alphabet))
        if place is None:
            return Inbound(sender, recipient, text=_text(encoding, data), carrier_ref=ref)
    except ValueError:  # UnicodeError is one
        return Inbound(sender, recipient, carrier_ref=ref, undecodable=body)
    fragment = Fragment(place.reference, place.total, place.index, encoding, data)
    return Inbound(sender, recipient, fragment=fragment, carrier_ref=ref)


def _sender(pdu: DeliverSm) -> str:
    """Many SMSCs do not say what kind a number is: then it is international if some country has such a one."""
    written = _e164(pdu.source)
    if pdu.source_ton == TON_INTERNATIONAL:
        return written
    return written if pdu.source_ton == TON_UNKNOWN and _exists(written) else pdu.source


def _exists(address: str) -> bool:
    return address.startswith("+") and len(address) <= MAX_E164_CHARS and e164.kind(address) == "ok"


def _e164(address: str) -> str:
    """No country's code begins with a zero: two of them are a plus."""
    return f"+{address.removeprefix('00')}" if address.isascii() and address.isdigit() else address


def _place(pdu: DeliverSm, body: bytes) -> tuple[_Place | None, bytes]:
    """Which part of which message (UDH, else SAR parameters), and the body without its header."""
    place = None
    if pdu.esm_class & UDHI:
        place, body = _from_header(body)
    if place is None and TLV_SAR_MSG_REF_NUM in pdu.tlvs:
        number = {
            tag: int.from_bytes(pdu.tlvs.get(tag, b""), "big")
            for tag in (TLV_SAR_MSG_REF_NUM, TLV_SAR_TOTAL_SEGMENTS, TLV_SAR_SEGMENT_SEQNUM)
        }
        place = _Place(number[TLV_SAR_MSG_REF_NUM], number[TLV_SAR_TOTAL_SEGMENTS], number[TLV_SAR_SEGMENT_SEQNUM])
    if place and not (1 <= place.index <= place.total <= 255 and place.total > 1 and place.reference <= 0xFFFF):
        place = None  # one of one, or nonsense: then at least its text is shown
    return place, body


def _from_header(body: bytes) -> tuple[_Place | None, bytes]:
    """3GPP TS 23.040 §9.2.3.24: length, then tag, length, value. ValueError if it does not add up."""
    if not body or 1 + body[0] > len(body):
        raise ValueError("a user data header longer than its message")
    end = 1 + body[0]
    place, at = None, 1
    while at + 2 <= end:
        tag, value = body[at], body[at + 2 : min(at + 2 + body[at + 1], end)]
        if tag == _CONCAT_8_BIT and len(value) == 3:
            place = _Place(value[0], value[1], value[2])
        elif tag == _CONCAT_16_BIT and len(value) == 4:
            place = _Place(value[0] << 8 | value[1], value[2], value[3])
        at += 2 + body[at + 1]
    return place, body[end:]


def _charset(data_coding: int, default_alphabet: DefaultAlphabet) -> str:
    """The name of the charset. ValueError for binary and for what nobody knows."""
    if data_coding == 0:
        return default_alphabet
    if data_coding in _CHARSETS:
        return _CHARSETS[data_coding]
    group, low = data_coding >> 4, data_coding >> 2 & 3
    if group in (1, 2, 3) and low in (0, 2):  # TS 23.038 §4: general data coding, some with a class
        return "ucs2" if low == 2 else "gsm7"
    if group in (0xC, 0xD):
        return "gsm7"
    if group == 0xE:
        return "ucs2"
    if group == 0xF and not data_coding & 0x04:
        return "gsm7"
    raise ValueError("binary or reserved data_coding")


def _body(octets: bytes, charset: str) -> tuple[Encoding, bytes]:
    """The octets in one of the port's two encodings. ValueError if they are not of that charset."""
    if charset == "gsm7":
        if not octets.isascii():
            raise ValueError("an octet that is not a septet")
        return "gsm7", octets
    if charset == "ucs2":
        if len(octets) % 2:
            raise ValueError("half a character")
        return "ucs2", octets
    name = "latin-1" if charset == "latin1" else charset
    return "ucs2", octets.decode(name).encode("utf-16-be")


def _text(encoding: Encoding, data: bytes) -> str:
    """Decoded. No database text can hold U+0000: dropped at the end, shown as U+FFFD elsewhere."""
    return decode_part(encoding, data).rstrip("\0").replace("\0", "\ufffd")
