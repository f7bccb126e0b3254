"""How well one source's packets arrive: sequence numbers, loss and jitter (RFC 3550, A.1, A.3, A.8)."""

from nokyc_voice.media.rtcp import Block
from nokyc_voice.media.rtp import ahead

MAX_DROPOUT = 3_000
"""A jump of sequence numbers beyond this is a restart of the source."""
MAX_TRANSIT_CHANGE = 80_000
"""In units of the timestamp: more than ten seconds is a new beginning, no jitter."""
WINDOW = 64
"""So far back packets are remembered one by one, to tell late from repeated."""


class Reception:
    """The figures of one SSRC. Packets are counted as often as they are new: a repeat makes up for no loss."""

    def __init__(self, ssrc: int) -> None:
        self.ssrc = ssrc
        self.received = 0
        self.duplicates = 0
        self.reordered = 0
        self._jitter = 0.0
        self._first = 0
        self._highest = -1
        """Extended sequence number; -1 before the first packet."""
        self._seen = 0
        """Bit n: the packet n before the highest one has come."""
        self._transit: int | None = None
        self._told_expected = 0
        self._told_received = 0
        self._carried = 0
        """Expected before the source restarted."""

    def arrived(self, sequence: int) -> bool:
        """Count a packet. False if it is a repeat."""
        highest = self._highest
        if sequence == (highest + 1) & 0xFFFF and highest >= 0:  # nearly always
            self._highest = highest + 1
            self._seen = (self._seen << 1 | 1) & _MASK
        elif highest < 0:
            self._first = self._highest = sequence
            self._seen = 1
        elif not self._placed(ahead(sequence, highest & 0xFFFF, 16), sequence):
            return False
        self.received += 1
        return True

    def timed(self, timestamp: int, arrival: int) -> None:
        """Let a packet of audio count for the jitter; `arrival` is our clock in units of the timestamp."""
        transit = arrival - timestamp
        if self._transit is not None:
            change = abs(ahead(transit, self._transit, 32))
            if change < MAX_TRANSIT_CHANGE:
                self._jitter += (change - self._jitter) / 16
        self._transit = transit

    @property
    def jitter_ms(self) -> float:
        """Smoothed (RFC 3550, 6.4.1)."""
        return self._jitter / 8

    @property
    def expected(self) -> int:
        return self._carried + (self._highest - self._first + 1 if self._highest >= 0 else 0)

    @property
    def lost(self) -> int:
        """Packets that never came."""
        return max(0, self.expected - self.received)

    def block(self, last_report: int, delay: int) -> Block:
        """What a report says about this source, and the beginning of the next interval."""
        expected, received = self.expected - self._told_expected, self.received - self._told_received
        self._told_expected, self._told_received = self.expected, self.received
        lost = max(0, expected - received)
        fraction = min(255, lost * 256 // expected) if expected > 0 else 0
        return Block(self.ssrc, fraction, self.lost, self._highest & 0xFFFFFFFF, int(self._jitter), last_report, delay)

    def _placed(self, step: int, sequence: int) -> bool:
        """Count a packet that is not the next one; False if it is a repeat."""
        if 0 < step <= MAX_DROPOUT:
            self._highest += step
            self._seen = (self._seen << step | 1) & _MASK if step < WINDOW else 1
            return True
        if -WINDOW < step <= 0:
            bit = 1 << -step
            if self._seen & bit:
                self.duplicates += 1
                return False
            self._seen |= bit
            self.reordered += 1
            return True
        if step < 0 and step > -MAX_DROPOUT:
            return True
        self._carried = self.expected
        self._first = self._highest = sequence
        self._seen = 1
        return True


_MASK = (1 << WINDOW) - 1
