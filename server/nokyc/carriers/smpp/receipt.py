"""Delivery receipts (SMPP 3.4 §5.2.12, appendix B): a text that everyone writes differently, and TLVs."""

import re
from datetime import UTC, datetime, timedelta
from typing import Literal

from nokyc.carriers.port import FailureCode, Receipt
from nokyc.carriers.smpp.pdu import (
    TLV_MESSAGE_PAYLOAD,
    TLV_MESSAGE_STATE,
    TLV_RECEIPTED_MESSAGE_ID,
    DeliverSm,
)

IdFormat = Literal["as_is", "hex_submit_dec_receipt", "dec_submit_hex_receipt"]
"""How a carrier spells the same id in submit_sm_resp and in its receipts."""

OLDEST = timedelta(days=14)
AHEAD = timedelta(hours=1)
"""A receipt's date outside `now - OLDEST … now + AHEAD` is nonsense or another time zone: not believed."""

MAX_TEXT_OCTETS = 1_000

_MESSAGE_TYPE = 0x3C
_SMSC_RECEIPT = 0x04
_INTERMEDIATE = 0x20

_Outcome = tuple[Literal["delivered", "undelivered"], FailureCode | None]

_OUTCOMES: dict[str, _Outcome | None] = {
    "DELIVRD": ("delivered", None),
    "EXPIRED": ("undelivered", "expired"),
    "DELETED": ("undelivered", "canceled"),
    "UNDELIV": ("undelivered", "unreachable"),
    "REJECTD": ("undelivered", "carrier_rejected"),
    "SKIPPED": ("undelivered", "carrier_rejected"),
    "UNKNOWN": ("undelivered", "unknown"),
    "ENROUTE": None,
    "ACCEPTD": None,
    "SCHEDULED": None,
}
"""None: not final, more will follow."""

_STATES = {
    0: "SCHEDULED",
    1: "ENROUTE",
    2: "DELIVRD",
    3: "EXPIRED",
    4: "DELETED",
    5: "UNDELIV",
    6: "ACCEPTD",
    7: "UNKNOWN",
    8: "REJECTD",
    9: "SKIPPED",
}
"""message_state (§5.2.28; 0 and 9 are SMPP 5.0)."""

_SPELLINGS = {
    "DELIVERED": "DELIVRD",
    "UNDELIVERED": "UNDELIV",
    "UNDELIVERABLE": "UNDELIV",
    "UNDELIVRD": "UNDELIV",
    "REJECTED": "REJECTD",
    "ACCEPTED": "ACCEPTD",
    "BUFFERED": "ENROUTE",
    "BUFFRED": "ENROUTE",
    "FAILED": "UNDELIV",
}

_FIELD = re.compile(
    r"\b(id|sub|dlvrd|submit[ _]?date|done[ _]?date|stat|err)\s?:[ ]?"
    r"(?!(?:sub|dlvrd|submit[ _]?date|done[ _]?date|stat|err)\s?:)(\S*)",
    re.IGNORECASE,
)
_QUOTED_TEXT = re.compile(r"\btext\s?:", re.IGNORECASE)


def is_receipt(pdu: DeliverSm) -> bool:
    """Whether this speaks about a message of ours. Text alone proves nothing: a handset can write it."""
    kind = pdu.esm_class & _MESSAGE_TYPE
    return kind in (_SMSC_RECEIPT, _INTERMEDIATE) or (
        TLV_RECEIPTED_MESSAGE_ID in pdu.tlvs and TLV_MESSAGE_STATE in pdu.tlvs
    )


def read_receipt(pdu: DeliverSm, *, id_format: IdFormat, now: datetime, utc_offset_min: int = 0) -> Receipt | None:
    """What the receipt says; None when it is not final, or names no message so that nothing can be done."""
    fields = _fields(pdu)
    carrier_ref = _receipted_ref(pdu, fields, id_format)
    state = _state(pdu, fields)
    unheard_of = None if pdu.esm_class & _MESSAGE_TYPE == _INTERMEDIATE else _OUTCOMES["UNKNOWN"]
    outcome = _OUTCOMES.get(state, unheard_of)
    if not carrier_ref or outcome is None:
        return None
    status, failure_code = outcome
    named = state or "UNKNOWN"
    error = fields.get("err", "")[:20]
    return Receipt(
        carrier_ref=carrier_ref,
        status=status,
        failure_code=failure_code,
        raw=f"{named} err:{error}" if error else named,
        at=_instant(fields.get("donedate", ""), now, utc_offset_min),
    )


def submitted_ref(message_id: str, id_format: IdFormat) -> str:
    """The id of a submit_sm_resp in the form that `read_receipt` gives to the receipt's."""
    if id_format == "hex_submit_dec_receipt":
        return _renumber(message_id, 16)
    if id_format == "dec_submit_hex_receipt":
        return _renumber(message_id, 10)
    return _plain(message_id)


def _fields(pdu: DeliverSm) -> dict[str, str]:
    octets = (pdu.short_message or pdu.tlvs.get(TLV_MESSAGE_PAYLOAD, b""))[:MAX_TEXT_OCTETS].rstrip(b"\0")
    # Some SMSCs copy the message's data_coding to a receipt that is plain ASCII all the same.
    wide = pdu.data_coding == 8 and 0 in octets
    text = octets.decode("utf-16-be" if wide else "latin-1", errors="replace")
    if quoted := _QUOTED_TEXT.search(text):  # what follows was written by our customer, not by the SMSC
        text = text[: quoted.start()]
    fields: dict[str, str] = {}
    for name, value in _FIELD.findall(text):
        fields.setdefault(name.lower().replace(" ", "").replace("_", ""), value)
    return fields


def _receipted_ref(pdu: DeliverSm, fields: dict[str, str], id_format: IdFormat) -> str:
    in_tlv = pdu.tlvs.get(TLV_RECEIPTED_MESSAGE_ID, b"").rstrip(b"\0").decode("latin-1")
    in_text = fields.get("id", "")
    if in_tlv and in_text and _plain(in_tlv) != _plain(in_text):
        # Carriers that spell ids in two ways put the submitted spelling, as the standard wants, into the TLV.
        return submitted_ref(in_tlv, id_format)
    receipted = in_tlv or in_text
    if id_format == "hex_submit_dec_receipt":
        return _renumber(receipted, 10)
    if id_format == "dec_submit_hex_receipt":
        return _renumber(receipted, 16)
    return _plain(receipted)


def _renumber(message_id: str, base: int) -> str:
    try:
        return str(int(message_id, base))
    except ValueError:
        return _plain(message_id)


def _plain(message_id: str) -> str:
    trimmed = message_id.strip().lower()
    return trimmed.lstrip("0") or trimmed[:1]


def _state(pdu: DeliverSm, fields: dict[str, str]) -> str:
    in_tlv = pdu.tlvs.get(TLV_MESSAGE_STATE, b"")
    if len(in_tlv) == 1 and in_tlv[0] in _STATES:
        return _STATES[in_tlv[0]]
    spelled = fields.get("stat", "").upper()[:20]
    return _SPELLINGS.get(spelled, spelled)


def _instant(digits: str, now: datetime, utc_offset_min: int) -> datetime | None:
    """`YYMMDDhhmm`, with or without `ss`, or with a four-digit year, in the SMSC's local time."""
    formats = {10: "%y%m%d%H%M", 12: "%y%m%d%H%M%S", 14: "%Y%m%d%H%M%S"}
    if len(digits) not in formats or not (digits.isascii() and digits.isdigit()):
        return None
    try:
        local = datetime.strptime(digits, formats[len(digits)]).replace(tzinfo=UTC)
        at = local - timedelta(minutes=utc_offset_min)
    except (ValueError, OverflowError):
        return None
    return at if now - OLDEST <= at <= now + AHEAD else None
