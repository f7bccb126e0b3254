"""One voice process, put together: it takes the platform's orders and answers the world's INVITEs."""

from random import SystemRandom

from nokyc.kit.clock import Clock
from nokyc.speech.port import TextToSpeech
from nokyc_voice.call.calls import Calls
from nokyc_voice.call.config import VoiceConfig
from nokyc_voice.call.reception import Reception
from nokyc_voice.call.services import Prompt, Services
from nokyc_voice.call.stream import OpenStream
from nokyc_voice.media.rtp_leg import Audio
from nokyc_voice.media.spool import Spool
from nokyc_voice.media.ticker import Ticker
from nokyc_voice.media.webrtc_leg import WebRtc
from nokyc_voice.platform import Platform
from nokyc_voice.sip.endpoint import Endpoint, LoopTimers

BEAT_SEC = 5.0
"""How often the platform hears that our calls live, and audio is looked at. It gives up on them after four beats."""


class Engine:
    """Made inside a running loop. Implements `sip.endpoint.Handlers`."""

    def __init__(
        self,
        config: VoiceConfig,
        platform: Platform,
        *,
        clock: Clock,
        mouth: TextToSpeech,
        prompt: Prompt,
        open_stream: OpenStream,
    ) -> None:
        timers, random = LoopTimers(), SystemRandom()
        self.ticker = Ticker()
        self.endpoint = Endpoint(config.listeners, self, timers=timers, random=random, advertise=config.advertise)
        self._platform = platform
        self._spool = Spool()
        self._reception = Reception(config, platform, self.endpoint, timers=timers, random=random)
        services = Services(
            platform=platform,
            endpoint=self.endpoint,
            audio=Audio(host=config.rtp_host, ports=config.rtp_ports, ticker=self.ticker, advertise=config.advertise),
            webrtc=WebRtc(ticker=self.ticker, ice_servers=config.ice_servers, host_addresses=config.ice_hosts),
            spool=self._spool,
            clock=clock,
            devices=self._reception.devices,
            mouth=mouth,
            prompt=prompt,
            open_stream=open_stream,
            folder=config.folder,
        )
        self.calls = Calls(services)
