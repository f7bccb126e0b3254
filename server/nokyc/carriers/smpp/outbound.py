"""The port's `Submission` (one segment) to submit_sm."""

from nokyc.carriers.port import Submission
from nokyc.carriers.smpp.config import SmppConfig
from nokyc.carriers.smpp.fields import PduError
from nokyc.carriers.smpp.pdu import MAX_SHORT_MESSAGE_OCTETS, UDHI, SubmitSm

MAX_VALIDITY_SEC = 30 * 86_400

_GSM7_OR_DEFAULT = 0
_UCS2 = 8
_SMSC_RECEIPT_WANTED = 1
_INTERNATIONAL = (1, 1)
_NETWORK_SPECIFIC = (3, 0)
_ALPHANUMERIC = (5, 0)


def write_submit(submission: Submission, config: SmppConfig) -> SubmitSm:
    """PduError if this segment cannot be said in SMPP, or not in the carrier's alphabet."""
    part = submission.parts[0]
    data_coding, payload = _payload(submission, config)
    short_message = part.udh + payload
    if len(short_message) > MAX_SHORT_MESSAGE_OCTETS:
        raise PduError(f"a segment of {len(short_message)} octets")
    source_ton, source_npi = _address_kind(submission.sender)
    return SubmitSm(
        service_type=config.service_type,
        source_ton=source_ton if config.source_ton is None else config.source_ton,
        source_npi=source_npi if config.source_npi is None else config.source_npi,
        source=submission.sender.removeprefix("+"),
        dest_ton=1,
        dest_npi=1,
        dest=submission.recipient.removeprefix("+"),
        esm_class=UDHI if part.udh else 0,
        validity_period=_relative_time(submission.validity_sec),
        registered_delivery=_SMSC_RECEIPT_WANTED,
        data_coding=data_coding,
        short_message=short_message,
    )


def _payload(submission: Submission, config: SmppConfig) -> tuple[int, bytes]:
    part = submission.parts[0]
    if part.encoding == "ucs2":
        return _UCS2, part.payload
    if config.default_alphabet == "gsm7":
        return _GSM7_OR_DEFAULT, part.payload
    try:
        return _GSM7_OR_DEFAULT, part.text.encode("latin-1")
    except UnicodeEncodeError:  # € and Greek capitals are GSM-7 but not Latin-1
        return _UCS2, part.text.encode("utf-16-be")


def _address_kind(sender: str) -> tuple[int, int]:
    """Type of number and numbering plan (§5.2.5, §5.2.6)."""
    if sender.startswith("+"):
        return _INTERNATIONAL
    return _NETWORK_SPECIFIC if sender.isdigit() else _ALPHANUMERIC


def _relative_time(seconds: int) -> str:
    """`YYMMDDhhmmss000R`, counted from when the SMSC gets it (§7.1.1)."""
    minutes, second = divmod(max(1, min(seconds, MAX_VALIDITY_SEC)), 60)
    hours, minute = divmod(minutes, 60)
    day, hour = divmod(hours, 24)
    return f"0000{day:02}{hour:02}{minute:02}{second:02}000R"
