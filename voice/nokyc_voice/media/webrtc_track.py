"""PCM on its way into aiortc and out of it: aiortc pulls and pushes frames at its own pace, the ticker at ours."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from fractions import Fraction

from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av import AudioFrame, AudioResampler

from nokyc_voice.media.codecs import audioop
from nokyc_voice.media.concealment import Concealer
from nokyc_voice.media.port import FRAME_BYTES, FRAME_SAMPLES, RATE_HZ, SILENCE

READY_FRAMES = 2
"""In the buffer before it is played: aiortc has put packets in order before, so little is needed."""
MAX_FRAMES = 6
"""What comes beyond this pushes the oldest frame out."""
IDLE_FRAMES = 5
MAX_UNSENT = 4
"""Frames that wait for aiortc's encoder. Beyond this the oldest is dropped."""
_TIME_BASE = Fraction(1, RATE_HZ)


class Outgoing(MediaStreamTrack):
    """The track that aiortc sends. It encodes, and resamples before that, in a thread."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._frames: deque[bytes] = deque(maxlen=MAX_UNSENT)
        self._more = asyncio.Event()
        self._timestamp = 0

    def put(self, pcm: bytes) -> None:
        """The frame of this tick."""
        self._frames.append(pcm)
        self._more.set()

    async def recv(self) -> AudioFrame:
        """The next frame, for aiortc."""
        while not self._frames:
            if self.readyState != "live":
                raise MediaStreamError
            self._more.clear()
            await self._more.wait()
        # Opus wants stereo, and to make it out of mono would cost 3 dB on its way there.
        frame = AudioFrame(format="s16", layout="stereo", samples=FRAME_SAMPLES)
        frame.planes[0].update(audioop.tostereo(self._frames.popleft(), 2, 1, 1))
        frame.sample_rate = RATE_HZ
        frame.pts = self._timestamp
        frame.time_base = _TIME_BASE
        self._timestamp += FRAME_SAMPLES
        return frame

    def stop(self) -> None:
        super().stop()
        self._more.set()


async def frames_of(track: MediaStreamTrack) -> AsyncIterator[bytes]:
    """What a track brings, as frames of ours. Raises MediaStreamError at its end."""
    resampler = AudioResampler(format="s16", layout="mono", rate=RATE_HZ)
    rest = b""
    while True:
        frame = await track.recv()
        if not isinstance(frame, AudioFrame):
            continue
        for resampled in resampler.resample(frame):
            rest += bytes(resampled.planes[0])[: 2 * resampled.samples]
        while len(rest) >= FRAME_BYTES:
            yield rest[:FRAME_BYTES]
            rest = rest[FRAME_BYTES:]


class FrameBuffer:
    """Evens out the pace between aiortc and the ticker."""

    def __init__(self) -> None:
        self.frames = 0
        """Played, concealed ones among them."""
        self.concealed = 0
        self._waiting: deque[bytes] = deque(maxlen=MAX_FRAMES)
        self._concealer = Concealer()
        self._playing = False
        self._starved = 0

    def put(self, frame: bytes) -> None:
        self._waiting.append(frame)

    def pop(self) -> bytes:
        """The frame of this tick; concealed if none is there in time, silence if none comes any more."""
        waiting = self._waiting
        if not self._playing:
            if len(waiting) < READY_FRAMES:
                return SILENCE
            self._playing = True
        if waiting:
            self._starved = 0
            self.frames += 1
            frame = waiting.popleft()
            self._concealer.heard(frame)
            return frame
        self._starved += 1
        if self._starved > IDLE_FRAMES:
            self.concealed -= IDLE_FRAMES
            self.frames -= IDLE_FRAMES
            self._playing, self._starved = False, 0
            return SILENCE
        self.frames += 1
        self.concealed += 1
        return self._concealer.fill()
