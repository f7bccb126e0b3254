"""What every call of this process uses; put together once, in `engine.py`."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from nokyc.kit.clock import Clock
from nokyc.speech.port import Engines
from nokyc_voice.call.destinations import Destination
from nokyc_voice.call.sentences import Sentences
from nokyc_voice.call.stream import OpenStream
from nokyc_voice.media.rtp_leg import Audio
from nokyc_voice.media.spool import Spool
from nokyc_voice.media.webrtc_leg import WebRtc
from nokyc_voice.platform import Platform, Prompt
from nokyc_voice.sip.endpoint import Endpoint

ReadPrompt = Callable[[Prompt, str], bytes]
"""A prompt that comes with us, by its name and language, as PCM; in English where that language has none."""


@dataclass(frozen=True, slots=True)
class Services:
    platform: Platform
    endpoint: Endpoint
    audio: Audio
    webrtc: WebRtc
    spool: Spool
    clock: Clock
    devices: Callable[[int], Awaitable[Sequence[Destination]]]
    """Where the devices of a number can be reached now."""
    engines: Engines
    sentences: Sentences
    prompt: ReadPrompt
    open_stream: OpenStream
    folder: Path
    """Where recordings lie until the platform takes them over."""
