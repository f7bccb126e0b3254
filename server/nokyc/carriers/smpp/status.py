"""command_status (SMPP 3.4 §5.1.3): its names, and the one table that says what each means for us."""

from collections.abc import Mapping

from nokyc.carriers.port import FailureCode, NotSent, Refused, Throttled

ROK = 0x00
RINVCMDLEN = 0x02
RINVCMDID = 0x03
RINVBNDSTS = 0x04
RALYBND = 0x05
RSYSERR = 0x08
RINVSRCADR = 0x0A
RINVDSTADR = 0x0B
RBINDFAIL = 0x0D
RINVPASWD = 0x0E
RMSGQFUL = 0x14
RTHROTTLED = 0x58
RX_T_APPN = 0x64

THROTTLED = frozenset({RMSGQFUL, RTHROTTLED})
"""We are too fast."""

THROTTLED_RETRY_SEC = 1.0
TROUBLE_RETRY_SEC = 5.0

_TROUBLE = frozenset({RSYSERR, RX_T_APPN})
"""The SMSC has a passing trouble of its own: asking again later is right, going slower is not the cure."""

_TABLE: dict[int, tuple[str, FailureCode]] = {
    0x01: ("ESME_RINVMSGLEN", "carrier_rejected"),
    RINVCMDLEN: ("ESME_RINVCMDLEN", "carrier_rejected"),
    RINVCMDID: ("ESME_RINVCMDID", "carrier_rejected"),
    RINVBNDSTS: ("ESME_RINVBNDSTS", "carrier_rejected"),
    RALYBND: ("ESME_RALYBND", "carrier_rejected"),
    0x06: ("ESME_RINVPRTFLG", "carrier_rejected"),
    0x07: ("ESME_RINVREGDLVFLG", "carrier_rejected"),
    RSYSERR: ("ESME_RSYSERR", "carrier_rejected"),
    RINVSRCADR: ("ESME_RINVSRCADR", "carrier_rejected"),
    RINVDSTADR: ("ESME_RINVDSTADR", "invalid_destination"),
    0x0C: ("ESME_RINVMSGID", "carrier_rejected"),
    RBINDFAIL: ("ESME_RBINDFAIL", "carrier_rejected"),
    RINVPASWD: ("ESME_RINVPASWD", "carrier_rejected"),
    0x0F: ("ESME_RINVSYSID", "carrier_rejected"),
    0x11: ("ESME_RCANCELFAIL", "carrier_rejected"),
    0x13: ("ESME_RREPLACEFAIL", "carrier_rejected"),
    RMSGQFUL: ("ESME_RMSGQFUL", "carrier_rejected"),
    0x15: ("ESME_RINVSERTYP", "carrier_rejected"),
    0x33: ("ESME_RINVNUMDESTS", "invalid_destination"),
    0x34: ("ESME_RINVDLNAME", "invalid_destination"),
    0x40: ("ESME_RINVDESTFLAG", "invalid_destination"),
    0x42: ("ESME_RINVSUBREP", "carrier_rejected"),
    0x43: ("ESME_RINVESMCLASS", "carrier_rejected"),
    0x44: ("ESME_RCNTSUBDL", "carrier_rejected"),
    0x45: ("ESME_RSUBMITFAIL", "carrier_rejected"),
    0x48: ("ESME_RINVSRCTON", "carrier_rejected"),
    0x49: ("ESME_RINVSRCNPI", "carrier_rejected"),
    0x50: ("ESME_RINVDSTTON", "invalid_destination"),
    0x51: ("ESME_RINVDSTNPI", "invalid_destination"),
    0x53: ("ESME_RINVSYSTYP", "carrier_rejected"),
    0x54: ("ESME_RINVREPFLAG", "carrier_rejected"),
    0x55: ("ESME_RINVNUMMSGS", "carrier_rejected"),
    RTHROTTLED: ("ESME_RTHROTTLED", "carrier_rejected"),
    0x61: ("ESME_RINVSCHED", "carrier_rejected"),
    0x62: ("ESME_RINVEXPIRY", "carrier_rejected"),
    0x63: ("ESME_RINVDFTMSGID", "carrier_rejected"),
    RX_T_APPN: ("ESME_RX_T_APPN", "carrier_rejected"),
    0x65: ("ESME_RX_P_APPN", "carrier_rejected"),
    0x66: ("ESME_RX_R_APPN", "carrier_rejected"),
    0x67: ("ESME_RQUERYFAIL", "carrier_rejected"),
    0xC0: ("ESME_RINVOPTPARSTREAM", "carrier_rejected"),
    0xC1: ("ESME_ROPTPARNOTALLWD", "carrier_rejected"),
    0xC2: ("ESME_RINVPARLEN", "carrier_rejected"),
    0xC3: ("ESME_RMISSINGOPTPARAM", "carrier_rejected"),
    0xC4: ("ESME_RINVOPTPARAMVAL", "carrier_rejected"),
    0xFE: ("ESME_RDELIVERYFAILURE", "unreachable"),
    0xFF: ("ESME_RUNKNOWNERR", "unknown"),
    # SMPP 5.0, sent by some over 3.4
    0x0100: ("ESME_RSERTYPUNAUTH", "carrier_rejected"),
    0x0101: ("ESME_RPROHIBITED", "blocked"),
    0x0102: ("ESME_RSERTYPUNAVAIL", "carrier_rejected"),
    0x0103: ("ESME_RSERTYPDENIED", "carrier_rejected"),
    0x0104: ("ESME_RINVDCS", "carrier_rejected"),
}


def status_name(status: int) -> str:
    """`ESME_RTHROTTLED`; a carrier's private status is shown as its number."""
    if status == ROK:
        return "ESME_ROK"
    return _TABLE[status][0] if status in _TABLE else f"0x{status:08X}"


def verdict_of(status: int, private: Mapping[int, FailureCode]) -> Refused | Throttled | NotSent:
    """What an error status means for a submission. `private` holds one carrier's own codes and wins."""
    name = status_name(status)
    if status in private:
        return Refused(private[status], name)
    if status in THROTTLED:
        return Throttled(THROTTLED_RETRY_SEC, name)
    if status in _TROUBLE:
        return Throttled(TROUBLE_RETRY_SEC, name)
    if status == RINVBNDSTS:  # the SMSC no longer holds us for bound: nothing was taken
        return NotSent(name)
    return Refused(_TABLE[status][1] if status in _TABLE else "carrier_rejected", name)
