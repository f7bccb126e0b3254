"""A call's audio to and from a customer's program, over a WebSocket.

The frames have the shape of Twilio Media Streams (bidirectional), since that is what voice programs already speak:
docs/guides/media-streams.md has them one by one. Audio is G.711 µ-law at 8 kHz in Base64, 20 ms a frame.
"""

import asyncio
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, Any, Protocol

import msgspec
from msgspec import Meta, Struct

from nokyc.kit import ids
from nokyc_voice.media.codecs import CODECS
from nokyc_voice.media.errors import PlayerFullError
from nokyc_voice.media.port import FRAME_MS, AudioLeg
from nokyc_voice.media.sources import Player
from nokyc_voice.platform import Stream

MAX_MESSAGE_BYTES = 1_000_000
MAX_WAITING_MS = 60_000
"""Audio that a program may be ahead of what is spoken; what comes beyond that ends the stream."""
MAX_UNSENT = 250
"""Messages to the program that wait (5 s of audio); it is too slow for a call then, and its audio is dropped."""
MAX_MARKS = 1_000
MAX_NAME = 256
MAX_DIGITS = 32
STOP_SEC = 2.0
"""How long the goodbye to a program may take."""


class StreamSocket(Protocol):
    """An open WebSocket of text messages, of at most MAX_MESSAGE_BYTES."""

    async def send(self, text: str) -> None:
        """Raises ConnectionError once it is closed."""
        ...

    async def receive(self) -> str | None:
        """The next message; None at the end, however it came."""
        ...

    async def close(self) -> None: ...


OpenStream = Callable[[str], Awaitable[StreamSocket]]
"""Connects to a customer's URL, through the guard; raises ConnectionError."""


class StreamError(Exception):
    """The program said something that is no frame, or more than we keep."""


class _Media(Struct):
    payload: str


class _Mark(Struct):
    name: Annotated[str, Meta(max_length=MAX_NAME)]


class _Dtmf(Struct):
    digit: Annotated[str, Meta(pattern=r"^[0-9*#A-D]+$", max_length=MAX_DIGITS)]


class _Said(Struct):
    """A message of the program; fields that we do not know are ignored, and those of events that we do not know."""

    event: str
    media: msgspec.Raw = msgspec.Raw(b"null")
    mark: msgspec.Raw = msgspec.Raw(b"null")
    dtmf: msgspec.Raw = msgspec.Raw(b"null")


_DECODER = msgspec.json.Decoder(_Said)
_MEDIA, _MARK, _DTMF = (msgspec.json.Decoder(kind | None) for kind in (_Media, _Mark, _Dtmf))


class MediaStream:
    """One stream of one call."""

    def __init__(self, socket: StreamSocket, leg: AudioLeg, plan: Stream, *, call_id: int, account_id: int) -> None:
        self._socket = socket
        self._leg = leg
        self._parameters = dict(plan.parameters)
        self._call = ids.show("call", call_id)
        self._account = ids.show("acct", account_id)
        self._id = f"stream_{self._call.removeprefix('call_')}"
        self._player = Player(limit_ms=MAX_WAITING_MS)
        self._encode, self._decode = CODECS["PCMU"].encoder(), CODECS["PCMU"].decoder()
        self._marks = 0
        self._sequence = 0
        self._heard = 0
        self._unsent: asyncio.Queue[dict[str, Any]] = asyncio.Queue(MAX_UNSENT)

    async def run(self) -> None:
        """Until the program closes the socket.

        Raises:
            StreamError: the program said something that is no frame, or more than we keep.
            ConnectionError: the socket broke while we spoke.
        """
        undo = [self._leg.listen(self._hear), self._leg.on_digit(self._hear_digit)]
        self._leg.play(self._player)
        ways: list[asyncio.Task[None]] = []
        try:
            await self._send({"event": "connected", "protocol": "Call", "version": "1.0.0"})
            await self._send(self._start())
            ways = [asyncio.create_task(self._receive_all()), asyncio.create_task(self._send_all())]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            next(way for way in ways if way.done()).result()  # raises what ended it; what came in counts first
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            for each in undo:
                each()
            self._leg.play(None)

    async def stop(self) -> None:
        """Tell the program that the call is over, and close the socket."""
        told = {"accountSid": self._account, "callSid": self._call}
        try:
            async with asyncio.timeout(STOP_SEC):
                await self._send({"event": "stop", "streamSid": self._id, "stop": told})
                await self._socket.close()
        except (ConnectionError, TimeoutError):
            pass  # it was gone before us

    def _start(self) -> dict[str, Any]:
        start = {
            "accountSid": self._account,
            "streamSid": self._id,
            "callSid": self._call,
            "tracks": ["inbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": self._parameters,
        }
        return {"event": "start", "streamSid": self._id, "start": start}

    def _hear(self, frame: bytes) -> None:
        self._heard += 1
        media = {
            "track": "inbound",
            "chunk": str(self._heard),
            "timestamp": str(self._heard * FRAME_MS),
            "payload": b64encode(self._encode(frame)).decode(),
        }
        self._queue({"event": "media", "streamSid": self._id, "media": media})

    def _hear_digit(self, digit: str) -> None:
        told = {"track": "inbound_track", "digit": digit}
        self._queue({"event": "dtmf", "streamSid": self._id, "dtmf": told})

    def _reached(self, mark: str) -> None:
        self._marks -= 1
        self._queue({"event": "mark", "streamSid": self._id, "mark": {"name": mark}})

    async def _receive_all(self) -> None:
        while (text := await self._socket.receive()) is not None:
            try:
                self._take(_DECODER.decode(text))
            except msgspec.MsgspecError as error:
                raise StreamError("a message is no frame") from error

    def _take(self, said: _Said) -> None:
        match said.event:
            case "media":
                if (media := _MEDIA.decode(said.media)) is not None:
                    self._say(media.payload)
            case "mark":
                if (mark := _MARK.decode(said.mark)) is not None:
                    self._mark(mark.name)
            case "clear":
                self._player.flush()
            case "dtmf":
                if (dtmf := _DTMF.decode(said.dtmf)) is not None:
                    self._press(dtmf.digit)
            case _:
                pass  # it may come from a newer dialect

    def _mark(self, name: str) -> None:
        self._marks += 1
        if self._marks > MAX_MARKS:
            raise StreamError("too many marks wait")
        self._player.mark(partial(self._reached, name))

    def _say(self, payload: str) -> None:
        try:
            self._player.write(self._decode(b64decode(payload, validate=True)))
        except ValueError as error:
            raise StreamError("audio is not Base64") from error
        except PlayerFullError as error:
            raise StreamError("more than a minute of audio waits to be spoken") from error

    def _press(self, digits: str) -> None:
        try:
            self._leg.send_digits(digits)
        except ValueError as error:
            raise StreamError("too many digits wait") from error

    def _queue(self, message: dict[str, Any]) -> None:
        if self._unsent.full():
            if message["event"] == "media":
                return
            self._unsent.get_nowait()
        self._unsent.put_nowait(message)

    async def _send_all(self) -> None:
        while True:
            await self._send(await self._unsent.get())

    async def _send(self, message: dict[str, Any]) -> None:
        if message["event"] != "connected":
            self._sequence += 1
            message["sequenceNumber"] = str(self._sequence)
        await self._socket.send(msgspec.json.encode(message).decode())
