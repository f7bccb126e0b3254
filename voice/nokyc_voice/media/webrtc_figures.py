"""The quality of a WebRTC leg, out of aiortc's statistics (W3C webrtc-stats)."""

from typing import Any

from aiortc import RTCPeerConnection

from nokyc_voice.media.codecs import CODECS
from nokyc_voice.media.port import FRAME_MS
from nokyc_voice.media.quality import ONE_WAY_PACKETS, PACKETIZATION_MS, mos
from nokyc_voice.media.webrtc_track import READY_FRAMES, FrameBuffer
from nokyc_voice.platform import Quality

REFRESH_FRAMES = 50
"""aiortc gathers its figures only when asked, which is done once a second of audio."""


class Figures:
    """What is known by the last look."""

    def __init__(self, connection: RTCPeerConnection) -> None:
        self._connection = connection
        self._frames = 0
        self._stats: dict[str, Any] = {}
        """By type."""

    async def refresh(self) -> None:
        """Called with each frame heard; looks now and then."""
        self._frames += 1
        if self._frames % REFRESH_FRAMES == 1:
            self._stats = {found.type: found for found in (await self._connection.getStats()).values()}

    def quality(self, buffer: FrameBuffer) -> Quality:
        inbound, outbound = self._stats.get("inbound-rtp"), self._stats.get("outbound-rtp")
        far = self._stats.get("remote-inbound-rtp")
        round_trip_ms = far.roundTripTime * 1_000 if far is not None and far.roundTripTime is not None else None
        codec = self._codec()
        sent = outbound.packetsSent if outbound is not None else 0
        received = max(self._frames, inbound.packetsReceived if inbound is not None else 0)
        score = None
        if buffer.frames:
            delay = PACKETIZATION_MS + READY_FRAMES * FRAME_MS + (round_trip_ms or 0.0) / 2
            rated = CODECS.get(codec, CODECS["PCMU"])  # Opus at these rates is at least as good
            score = mos(rated, loss=buffer.concealed / buffer.frames, one_way_delay_ms=delay)
        return Quality(
            codec=codec,
            packets_sent=sent,
            packets_received=received,
            packets_lost=max(0, inbound.packetsLost) if inbound is not None else 0,
            jitter_ms=round(inbound.jitter * 1_000 / self._clock(codec), 1) if inbound is not None else 0.0,
            round_trip_ms=None if round_trip_ms is None else round(round_trip_ms, 1),
            mos=score,
            one_way=self._frames == 0 and sent >= ONE_WAY_PACKETS,
            concealed_ms=buffer.concealed * FRAME_MS,
        )

    def _codec(self) -> str:
        description = self._connection.localDescription
        text = description.sdp if description is not None else ""
        first = next((line.split()[3] for line in text.splitlines() if line.startswith("m=audio")), "")
        line = next((line for line in text.splitlines() if line.startswith(f"a=rtpmap:{first} ")), " opus/")
        return line.partition(" ")[2].partition("/")[0]

    @staticmethod
    def _clock(codec: str) -> int:
        return 8_000 if codec in CODECS else 48_000
