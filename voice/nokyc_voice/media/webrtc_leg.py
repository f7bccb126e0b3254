"""One party's audio over WebRTC (a browser): aiortc with Opus or G.711, behind the same AudioLeg."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager

from aiortc import RTCConfiguration, RTCIceServer, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from aiortc.rtcicetransport import parse_stun_turn_uri

from nokyc_voice.media import sdp
from nokyc_voice.media.dtmf import DigitQueue
from nokyc_voice.media.errors import MediaRefusedError
from nokyc_voice.media.port import SILENCE, AudioLeg, Source, Undo
from nokyc_voice.media.sinks import Sinks
from nokyc_voice.media.ticker import Ticker
from nokyc_voice.media.webrtc_figures import Figures
from nokyc_voice.media.webrtc_track import FrameBuffer, Outgoing, frames_of
from nokyc_voice.platform import Quality

NEGOTIATION_SEC = 10
"""To gather candidates and write a description: a STUN or TURN server may not answer."""


class WebRtc:
    """Makes the WebRTC legs of one process. DTMF comes by SIP INFO there, which is the engine's job: `digit`."""

    def __init__(self, *, ticker: Ticker, ice_servers: Sequence[str] = ()) -> None:
        """`ice_servers` are `stun:host:port`, and `turn:user:password@host:port` or `turns:` likewise; of each kind the
        first one is used. Raises ValueError for what is neither."""
        self._ticker = ticker
        self._servers = [_server(url) for url in ice_servers]
        self._legs: set[WebRtcLeg] = set()

    async def offering(self) -> "tuple[WebRtcLeg, bytes]":
        """A leg and its SDP offer, with all candidates in it. Raises MediaRefusedError if that takes too long."""
        leg = self._leg()
        with _kept(leg):
            return leg, await leg.describe(leg.connection.createOffer)

    async def answering(self, offer: bytes) -> "tuple[WebRtcLeg, bytes]":
        """A leg for an offer, and the SDP answer. Raises MediaRefusedError."""
        _check(offer)
        leg = self._leg()
        with _kept(leg):
            await leg.take(offer, "offer")
            return leg, await leg.describe(leg.connection.createAnswer)

    async def aclose(self) -> None:
        """Close all legs, and wait for it."""
        await asyncio.gather(*(leg.aclose() for leg in list(self._legs)))

    def _leg(self) -> "WebRtcLeg":
        connection = RTCPeerConnection(RTCConfiguration(iceServers=self._servers))
        leg = WebRtcLeg(connection, self._ticker, closed=self._legs.discard)
        self._legs.add(leg)
        return leg


class WebRtcLeg(AudioLeg):
    """See AudioLeg."""

    def __init__(self, connection: RTCPeerConnection, ticker: Ticker, *, closed: Callable[["WebRtcLeg"], None]) -> None:
        self.connection = connection
        self._ticker = ticker
        self._closed = closed
        self._outgoing = Outgoing()
        self._incoming = FrameBuffer()
        self._figures = Figures(connection)
        self._source: Source | None = None
        self._queue = DigitQueue()
        self._heard = SILENCE
        self._heard_ns: int | None = None
        self._listeners: Sinks[[bytes]] = Sinks()
        self._taps: Sinks[[bytes, bytes]] = Sinks()
        self._digits: Sinks[[str]] = Sinks()
        self._reading: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None
        connection.addTrack(self._outgoing)
        connection.on("track", self._track)
        self._leave: Undo | None = ticker.add(self._hear, self._speak)

    async def answered(self, answer: bytes) -> None:
        """The far end's answer to our offer; the same again in a later message changes nothing. Raises
        MediaRefusedError, and the leg is closed."""
        if self.connection.signalingState == "stable":
            return
        try:
            _check(answer)
        except MediaRefusedError:
            await self.aclose()
            raise
        await self.take(answer, "answer")

    def digit(self, digit: str) -> None:
        """A digit that came by SIP INFO: told to those who asked by on_digit."""
        self._digits(digit)

    def play(self, source: Source | None) -> None:
        self._source = source

    def listen(self, sink: Callable[[bytes], None]) -> Undo:
        return self._listeners.add(sink)

    def tap(self, sink: Callable[[bytes, bytes], None]) -> Undo:
        return self._taps.add(sink)

    def on_digit(self, sink: Callable[[str], None]) -> Undo:
        return self._digits.add(sink)

    def send_digits(self, digits: str) -> None:
        """As tones, which is all that a browser can hear. Raises ValueError."""
        self._queue.add(digits)

    def heard_ms_ago(self) -> int | None:
        return None if self._heard_ns is None else (self._ticker.now_ns() - self._heard_ns) // 1_000_000

    def quality(self) -> Quality:
        return self._figures.quality(self._incoming)

    def close(self) -> None:
        if self._closing is not None:
            return
        if self._leave is not None:
            self._leave()
            self._leave = None
        for sinks in (self._listeners, self._taps, self._digits):
            sinks.clear()
        self._source = None
        self._closing = asyncio.ensure_future(self._shut())

    async def aclose(self) -> None:
        """As close(), and wait until ICE and DTLS are gone."""
        self.close()
        if self._closing is not None:
            await asyncio.shield(self._closing)

    async def take(self, description: bytes, kind: str) -> None:
        """Hand the far end's description to aiortc. Raises MediaRefusedError, and the leg is closed."""
        try:
            async with asyncio.timeout(NEGOTIATION_SEC):
                text = description.decode("utf-8", "replace")
                await self.connection.setRemoteDescription(RTCSessionDescription(text, kind))
        except Exception as problem:  # its parser lets through whatever a broken description makes Python raise
            await self.aclose()
            raise MediaRefusedError(f"the session description is refused: {type(problem).__name__}") from problem

    async def describe(self, create: Callable[[], Awaitable[RTCSessionDescription]]) -> bytes:
        """Our description, once all candidates are known. Raises MediaRefusedError, and the leg is closed."""
        try:
            async with asyncio.timeout(NEGOTIATION_SEC):
                await self.connection.setLocalDescription(await create())
        except Exception as problem:  # as above: no codec in common comes as one of several errors
            await self.aclose()
            raise MediaRefusedError(f"no description came about: {type(problem).__name__}") from problem
        return self.connection.localDescription.sdp.encode()

    def _track(self, track: MediaStreamTrack) -> None:
        if track.kind == "audio" and self._reading is None and self._closing is None:
            self._reading = asyncio.ensure_future(self._read(track))

    async def _read(self, track: MediaStreamTrack) -> None:
        """Let what comes run into the buffer, until the far end or we end it."""
        try:
            async for frame in frames_of(track):
                self._heard_ns = self._ticker.now_ns()
                self._incoming.put(frame)
                await self._figures.refresh()
        except MediaStreamError:
            return

    async def _shut(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
        await self.connection.close()
        self._closed(self)

    def _hear(self) -> None:
        self._heard = self._incoming.pop()
        self._listeners(self._heard)

    def _speak(self) -> None:
        source = self._source
        frame = source.read() if source is not None else None
        if self._queue.busy:
            frame = self._queue.tone()
        sent = SILENCE if frame is None else frame
        self._outgoing.put(sent)
        self._taps(self._heard, sent)


@contextmanager
def _kept(leg: WebRtcLeg) -> Iterator[None]:
    """A leg that does not come about is closed, also if nobody waits for it any more."""
    try:
        yield
    except BaseException:
        leg.close()
        raise


def _check(description: bytes) -> None:
    """Refuse what is no audio call, before aiortc builds anything for it."""
    try:
        parsed = sdp.parse(description)
    except sdp.SdpError as problem:
        raise MediaRefusedError(f"the session description is broken: {problem}") from None
    live = [media for media in parsed.media if media.port]
    if [media.kind for media in live] != ["audio"]:
        raise MediaRefusedError("it is not one stream of audio")
    if live[0].value("fingerprint") is None and "fingerprint" not in dict(parsed.attributes):
        raise MediaRefusedError("there is no DTLS fingerprint")


def _server(url: str) -> RTCIceServer:
    """`turn:user:password@host:port` as aiortc wants it."""
    scheme, _, rest = url.partition(":")
    credentials, _, place = rest.rpartition("@")
    username, _, password = credentials.partition(":")
    parse_stun_turn_uri(f"{scheme}:{place}")  # it would raise only when a browser calls
    return RTCIceServer(urls=f"{scheme}:{place}", username=username or None, credential=password or None)
