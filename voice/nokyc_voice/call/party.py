"""One party of a call: its dialog and its audio, tied together."""

import asyncio

from nokyc_voice.call import causes
from nokyc_voice.media.dtmf import DIGITS
from nokyc_voice.media.errors import MediaRefusedError
from nokyc_voice.media.rtp_leg import RtpLeg
from nokyc_voice.media.webrtc_leg import WebRtcLeg
from nokyc_voice.platform import EndReason
from nokyc_voice.sip.endpoint import Ending, Session

Leg = RtpLeg | WebRtcLeg
DTMF_TYPES = frozenset({"application/dtmf-relay", "application/dtmf"})
MAX_INFO_BYTES = 200


class Party:
    """A confirmed dialog with its leg. Their re-INVITEs and their digits by INFO reach the leg from here."""

    def __init__(self, name: str, session: Session, leg: Leg, *, is_caller: bool = False) -> None:
        self.name = name
        """As in the ladder: `caller`, `callee`, `device`."""
        self.is_caller = is_caller
        """Whether the call is theirs: a device may be either side."""
        self.session = session
        self.leg = leg
        self._since = asyncio.get_running_loop().time()
        session.on_info = self._take_info
        if isinstance(leg, RtpLeg):
            session.on_offer = self._take_offer
            session.on_answer = leg.answered

    @property
    def age_sec(self) -> float:
        """How long it has been in."""
        return asyncio.get_running_loop().time() - self._since

    @property
    def quiet(self) -> bool:
        """Hold was agreed on, so its silence means nothing."""
        return isinstance(self.leg, RtpLeg) and not self.leg.receives

    async def gone(self) -> tuple[EndReason, int | None]:
        """Wait until the far end hangs up or is lost; why the call ends then, and the Q.850 cause if it said one."""
        ending: Ending = await self.session.ended()
        match ending.by:
            case "expired":
                return "session_expired", None
            case "lost":
                return "carrier_timeout", None
            case _:
                return "caller_hangup" if self.is_caller else "callee_hangup", ending.cause

    def hang_up(self, reason: EndReason) -> None:
        """End dialog and audio; harmless when they are over."""
        self.session.bye(causes.cause_of(reason))
        self.leg.close()

    def _take_offer(self, offer: bytes | None) -> bytes | None:
        assert isinstance(self.leg, RtpLeg)
        try:
            return self.leg.reoffered(offer)
        except MediaRefusedError:
            return None

    def _take_info(self, content_type: str, body: bytes) -> None:
        """DTMF by INFO: `Signal=5` (application/dtmf-relay), or the digit alone (application/dtmf)."""
        if content_type.partition(";")[0].strip().lower() not in DTMF_TYPES:
            return
        for line in body[:MAX_INFO_BYTES].decode("ascii", "replace").splitlines():
            name, _, value = line.rpartition("=")
            digit = value.strip().upper()
            if name.strip().lower() in ("", "signal") and len(digit) == 1 and digit in DIGITS:
                self.leg.digit(digit)
                return
