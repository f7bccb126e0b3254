"""The jitter buffer: puts packets in order and plays them 40 to 120 ms after they came, as the network asks for.

All our codecs send one byte for each unit of the timestamp, so payloads are cut by timestamp, whatever the far end's
packet length (10 to 60 ms and odd ones).
"""

from nokyc_voice.media.port import FRAME_MS, FRAME_SAMPLES
from nokyc_voice.media.rtp import ahead

MIN_FRAMES = 40 // FRAME_MS
MAX_FRAMES = 120 // FRAME_MS
OVERFLOW_FRAMES = 2 * MAX_FRAMES
"""What waits beyond this is thrown away down to the target at once: a burst after the network stood still."""
IDLE_FRAMES = 5
"""So many frames in a row that nothing came for: the far end is silent on purpose. The next packet starts anew."""
SHRINK_FRAMES = 50
"""So long there must have been one frame too many in the buffer before it is dropped; half as long for two."""
CALM_FRAMES = 500
"""So long nothing must have come late before the target goes down by one."""
JUMP = 8_000 * 2
"""Timestamps that jump by more, either way, belong to a stream that began anew."""
MAX_PIECES = 256
"""Packets held at once: more than fit into JUMP at 10 ms each come only from those who mean harm."""
MAX_PACKET = 10 * FRAME_SAMPLES


class JitterBuffer:
    """Holds one stream's payloads by timestamp."""

    def __init__(self) -> None:
        self.target = MIN_FRAMES
        """Frames to hold back, from MIN_FRAMES to MAX_FRAMES."""
        self.late = 0
        """Packets that came after their time."""
        self.repeated = 0
        self.discarded = 0
        """Frames thrown away, to get shorter."""
        self.concealed = 0
        """Frames, or parts of them, that were due and not there."""
        self._pieces: dict[int, bytes] = {}
        """By timestamp, which goes on counting in here where the packets' own begin again at 0."""
        self._play = 0
        """Timestamp of the next unit to play."""
        self._end = 0
        """Timestamp behind the newest unit."""
        self._playing = False
        self._starved = 0
        """Frames concealed in a row while the buffer was empty."""
        self._resting = False
        self._calm = 0
        self._rich = 0
        """Frames above the target, summed over the pops in a row that found some."""

    def put(self, timestamp: int, payload: bytes) -> None:
        """Take a packet. Late and repeated ones are counted and dropped."""
        size = len(payload)
        if size == 0 or size > MAX_PACKET:
            return
        pieces = self._pieces
        if not self._playing and not pieces:
            self._play = self._end = timestamp
        else:
            timestamp = self._end + ahead(timestamp, self._end, 32)
        lead = timestamp - self._play
        if lead < 0:
            if lead > -JUMP:
                self._missed(lead, timestamp, payload)
                return
            self.restart(timestamp)
        elif lead > JUMP:
            self.restart(timestamp)
        elif self._starved:
            self._settle(lead)
        if timestamp in pieces:
            self.repeated += 1
            return
        if len(pieces) >= MAX_PIECES:
            self.discarded += 1
            return
        self._resting = False
        if size > FRAME_SAMPLES:
            for offset in range(0, size, FRAME_SAMPLES):
                pieces[timestamp + offset] = payload[offset : offset + FRAME_SAMPLES]
        else:
            pieces[timestamp] = payload
        if timestamp + size > self._end:
            self._end = timestamp + size

    def pop(self) -> bytes | None:
        """The next 20 ms: FRAME_SAMPLES bytes, or fewer if the rest is to be concealed. None while nothing is due,
        at the beginning and while the far end is silent."""
        pieces = self._pieces
        depth = self._end - self._play
        if not self._playing:
            if depth < self.target * FRAME_SAMPLES:
                return None
            self._playing = True
        if depth <= 0:
            return self._starve()
        self._adapt(depth)
        play = self._play
        payload = pieces.pop(play, None)
        if payload is not None and len(payload) == FRAME_SAMPLES:
            self._play = play + FRAME_SAMPLES
            self._starved = 0
            return payload
        return self._assemble(payload)

    def rest(self) -> None:
        """The far end says that it sends no audio just now: an event, or comfort noise. That is no loss."""
        self._resting = True

    def restart(self, timestamp: int | None = None) -> None:
        """Forget what is held: another source, codec or clock. The target is kept."""
        self._pieces.clear()
        self._playing = False
        self._starved = 0
        if timestamp is not None:
            self._play = self._end = timestamp

    def _missed(self, lead: int, timestamp: int, payload: bytes) -> None:
        """A packet that is older than what is due. Before the first frame it is only out of order."""
        if not self._playing:
            self._play = timestamp
            self._pieces[timestamp] = payload[:-lead]
            return
        self.late += 1
        self._hold_back_more()

    def _hold_back_more(self) -> None:
        self._calm = 0
        if self.target < MAX_FRAMES:
            self.target += 1

    def _settle(self, lead: int) -> None:
        """The buffer ran dry, and now a packet comes. If it is the due one, it was late and is heard after all. If it
        is beyond that, what was concealed meanwhile stands in for what is missing in between."""
        if lead == 0:
            self._hold_back_more()
        self._play += min(lead, self._starved * FRAME_SAMPLES)
        self._starved = 0

    def _starve(self) -> bytes | None:
        """Nothing is there. Playing stands still, so that a late packet is heard after all."""
        self._rich = 0
        if self._resting or self._starved == IDLE_FRAMES:
            self.concealed -= self._starved
            self.restart()
            return None
        self._starved += 1
        self.concealed += 1
        return b""

    def _adapt(self, depth: int) -> None:
        self._calm += 1
        if self._calm > CALM_FRAMES:
            self._calm = 0
            if self.target > MIN_FRAMES:
                self.target -= 1
        frames = depth // FRAME_SAMPLES
        if frames <= self.target:
            self._rich = 0
            return
        self._rich += frames - self.target
        if frames > OVERFLOW_FRAMES:
            self._discard(frames - self.target)
        elif self._rich > SHRINK_FRAMES:
            self._discard(1)

    def _discard(self, frames: int) -> None:
        self._rich = 0
        self.discarded += frames
        for _ in range(frames):
            payload = self._pieces.pop(self._play, None)
            self._play += FRAME_SAMPLES
            if payload is None or len(payload) != FRAME_SAMPLES:
                self._purge()

    def _purge(self) -> None:
        """Drop pieces that playing has passed."""
        for timestamp in [timestamp for timestamp in self._pieces if timestamp < self._play]:
            payload = self._pieces.pop(timestamp)
            over = timestamp + len(payload) - self._play
            if over > 0:
                self._pieces[self._play] = payload[-over:]

    def _assemble(self, payload: bytes | None) -> bytes:
        """A frame out of pieces of other lengths, up to the first gap. A gap is concealed to the frame's end."""
        got = b""
        play = self._play
        while payload is not None:
            need = FRAME_SAMPLES - len(got)
            if len(payload) > need:
                self._pieces[play + need] = payload[need:]
                payload = payload[:need]
            got += payload
            play += len(payload)
            if len(got) == FRAME_SAMPLES:
                break
            payload = self._pieces.pop(play, None)
        if len(got) < FRAME_SAMPLES:
            self.concealed += 1
        self._starved = 0
        self._play += FRAME_SAMPLES
        if len(got) < FRAME_SAMPLES:
            self._purge()
        return got
