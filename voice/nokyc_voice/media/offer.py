"""Offer and answer (RFC 3264) for one audio stream: codecs, DTMF events, hold, and keys."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from nokyc_voice.media import srtp
from nokyc_voice.media.codecs import CODECS, Codec
from nokyc_voice.media.errors import MediaRefusedError
from nokyc_voice.media.port import FRAME_MS
from nokyc_voice.media.sdp import Description, Media, Rtpmap, SdpError, is_unspecified, number_of, parse, write

PLAIN, SECURE = "RTP/AVP", "RTP/SAVP"
PROTOCOLS = {PLAIN: False, "RTP/AVPF": False, SECURE: True, "RTP/SAVPF": True}
"""What we can speak, and whether it needs keys. An answer repeats the offer's."""
EVENT = "TELEPHONE-EVENT"
EVENT_TYPE = 101
EVENT_CLOCKS = (8_000, 16_000)
"""Best first. Some offer events for G.722 at its sampling rate, not at its RTP clock."""
COMFORT_NOISE = 13

Address = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Agreed:
    """What both ends said, as the stream needs it."""

    codec: Codec
    payload_type: int
    """What we send as."""
    receive: Mapping[int, Codec]
    """By payload type, what may come."""
    event_type: int | None
    """What we send DTMF as; None: in the audio."""
    event_clock: int
    events: frozenset[int]
    """Payload types of DTMF that may come."""
    remote: Address
    remote_rtcp: Address
    mux: bool
    """RTCP shares RTP's port (RFC 5761)."""
    sends: bool
    receives: bool
    held: bool
    """The far end does not want to hear us."""
    keys: tuple[srtp.Crypto, srtp.Crypto] | None
    """Ours and theirs."""


class Negotiation:
    """One leg's offers and answers. What was agreed on counts until the next answer, given or taken."""

    def __init__(
        self,
        *,
        address: str,
        port: int,
        codecs: Sequence[str],
        secure: bool,
        random_bytes: Callable[[int], bytes],
    ) -> None:
        """`codecs` are names of CODECS, best first; `secure` offers SRTP and insists on it."""
        self._address = address
        self._port = port
        self._codecs = [CODECS[name] for name in codecs]
        self._secure = secure
        self._random_bytes = random_bytes
        self._session = int.from_bytes(random_bytes(4), "big")
        self._version = 0
        self._layout: list[Media] = []
        """Streams of the session in their order, ours among them: later descriptions must keep it."""
        self._at = 0
        """Our stream's place there."""
        self._ours: list[srtp.Crypto] = []
        self._event_type = EVENT_TYPE
        self._hold = False
        self._offered_hold = False
        self.agreed: Agreed | None = None

    @property
    def first_codec(self) -> str:
        """The name of what we would like best."""
        return self._codecs[0].name

    def offer(self, *, hold: bool | None = None) -> bytes:
        """Our offer; `hold` None leaves that as it is."""
        self._offered_hold = self._hold if hold is None else hold
        agreed = self.agreed
        protocol = self._layout[self._at].protocol if self._layout else SECURE if self._secure else PLAIN
        if agreed is None and self._secure and not self._ours:
            self._ours = srtp.offers(self._random_bytes)
        # What is spoken comes first, so that a hold does not change the codec by the way.
        codecs = sorted(self._codecs, key=lambda codec: agreed is not None and codec != agreed.codec)
        attributes = [("rtpmap", f"{codec.payload_type} {codec.name}/{codec.rate}") for codec in codecs]
        attributes += [("rtpmap", f"{self._event_type} telephone-event/8000"), ("fmtp", f"{self._event_type} 0-16")]
        attributes += [("crypto", str(line)) for line in self._ours]
        if agreed is not None and agreed.mux:
            attributes.append(("rtcp-mux", ""))
        attributes += [("ptime", str(FRAME_MS)), ("sendonly" if self._offered_hold else "sendrecv", "")]
        formats = (*(str(codec.payload_type) for codec in codecs), str(self._event_type))
        return self._describe(Media("audio", self._port, protocol, formats, attributes=attributes))

    def accept(self, answer: bytes) -> Agreed:
        """Take the far end's answer to our last offer. Raises MediaRefusedError, and nothing changes."""
        description = _parse(answer)
        media = next((one for one in description.media if one.kind == "audio" and one.port), None)
        if media is None:
            raise MediaRefusedError("the answer refuses audio")
        theirs = srtp.choose(media.values("crypto"))
        ours = next((line for line in self._ours if theirs is not None and line.tag == theirs.tag), None)
        if self._ours and (ours is None or theirs is None or ours.suite != theirs.suite):
            raise MediaRefusedError("the answer takes none of our keys")
        keys = (ours, theirs) if ours is not None and theirs is not None else None
        self.agreed = self._agree(description, media, keys, hold=self._offered_hold)
        self._hold = self._offered_hold
        return self.agreed

    def answer(self, offer: bytes) -> tuple[Agreed, bytes]:
        """Take the far end's offer, and say so. Raises MediaRefusedError, and nothing changes."""
        description = _parse(offer)
        reason = "the offer has no audio"
        for at, media in enumerate(description.media):
            if media.kind != "audio" or media.port == 0:
                continue
            try:
                agreed = self._agree(description, media, self._keys(media), hold=self._hold)
            except MediaRefusedError as refused:
                reason = refused.reason
                continue
            self.agreed = agreed
            self._layout, self._at = description.media, at
            self._ours = [agreed.keys[0]] if agreed.keys is not None else []
            self._event_type = agreed.event_type if agreed.event_type is not None else self._event_type
            return agreed, self._describe(self._answer(media, agreed))
        raise MediaRefusedError(reason)

    def _keys(self, media: Media) -> tuple[srtp.Crypto, srtp.Crypto] | None:
        """Keys for an offer, ours as before if the far end's choice is as before."""
        needed = PROTOCOLS.get(media.protocol, False)
        theirs = srtp.choose(media.values("crypto"))
        if theirs is None:
            if needed or self._secure:
                raise MediaRefusedError("the offer has no key that we can use" if needed else "SRTP is required")
            return None
        before = self.agreed.keys if self.agreed is not None else None
        if before is not None and before[1].suite == theirs.suite:
            return srtp.Crypto(theirs.tag, theirs.suite, before[0].key), theirs
        return srtp.Crypto(theirs.tag, theirs.suite, self._random_bytes(srtp.KEY_BYTES)), theirs

    def _agree(
        self, description: Description, media: Media, keys: tuple[srtp.Crypto, srtp.Crypto] | None, *, hold: bool
    ) -> Agreed:
        if media.protocol not in PROTOCOLS:
            raise MediaRefusedError("the transport is none that we know")
        address = description.address_of(media)
        if address is None:
            raise MediaRefusedError("there is no address")
        if (":" in address) != (":" in self._address):
            raise MediaRefusedError("the address is of the other IP version")
        types = media.rtpmaps()
        receive = self._common(media, types)
        if not receive:
            raise MediaRefusedError("there is no codec in common")
        chosen = next(iter(receive))
        event = _event(types)
        direction = description.direction_of(media)
        held = direction in ("sendonly", "inactive") or is_unspecified(address)
        mux = media.value("rtcp-mux") is not None
        return Agreed(
            codec=receive[chosen],
            payload_type=chosen,
            receive={**{codec.payload_type: codec for codec in receive.values()}, **receive},
            event_type=event.payload_type if event is not None else None,
            event_clock=event.rate if event is not None else EVENT_CLOCKS[0],
            events=frozenset({event.payload_type, self._event_type}) if event is not None else frozenset(),
            remote=(address, media.port),
            remote_rtcp=(address, media.port) if mux else _rtcp_address(media, address),
            mux=mux,
            sends=not held,
            receives=direction in ("sendrecv", "sendonly") and not hold,
            held=held,
            keys=keys,
        )

    def _common(self, media: Media, types: Mapping[int, Rtpmap]) -> dict[int, Codec]:
        """Their payload types that we can do, in their order (RFC 3264, 6.1)."""
        allowed = {codec.name: codec for codec in self._codecs}
        listed = [number_of(text, below=128) for text in media.formats]
        return {
            number: allowed[types[number].name]
            for number in listed
            if number is not None and number in types and types[number].name in allowed
        }

    def _answer(self, media: Media, agreed: Agreed) -> Media:
        codec = agreed.codec
        formats = [str(agreed.payload_type)]
        attributes = [("rtpmap", f"{agreed.payload_type} {codec.name}/{codec.rate}")]
        if agreed.event_type is not None:
            formats.append(str(agreed.event_type))
            attributes.append(("rtpmap", f"{agreed.event_type} telephone-event/{agreed.event_clock}"))
            attributes.append(("fmtp", f"{agreed.event_type} 0-16"))
        if agreed.keys is not None:
            attributes.append(("crypto", str(agreed.keys[0])))
        if agreed.mux:
            attributes.append(("rtcp-mux", ""))
        attributes += [("ptime", str(FRAME_MS)), (_DIRECTION[agreed.sends, agreed.receives], "")]
        return Media("audio", self._port, media.protocol, tuple(formats), attributes=attributes)

    def _describe(self, audio: Media) -> bytes:
        """All streams: ours, and the others refused by port 0 (RFC 3264, 6)."""
        media = [Media(one.kind, 0, one.protocol, one.formats) for one in self._layout] or [audio]
        media[self._at] = audio
        self._version += 1
        return write(f"- {self._session} {self._version}", self._address, media)


def _parse(raw: bytes) -> Description:
    try:
        return parse(raw)
    except SdpError as problem:
        raise MediaRefusedError(f"the session description is broken: {problem}") from None


def _event(types: Mapping[int, Rtpmap]) -> Rtpmap | None:
    """How the far end takes DTMF, at the best clock that it offers."""
    found = {one.rate: one for one in types.values() if one.name == EVENT}
    return next((found[rate] for rate in EVENT_CLOCKS if rate in found), None)


def _rtcp_address(media: Media, address: str) -> Address:
    """RFC 3605, else the next port."""
    port = number_of((media.value("rtcp") or "").partition(" ")[0], below=65_536)
    return address, port or min(media.port + 1, 65_535)


_DIRECTION = {
    (True, True): "sendrecv",
    (True, False): "sendonly",
    (False, True): "recvonly",
    (False, False): "inactive",
}
