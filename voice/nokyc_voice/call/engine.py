"""One voice process, put together: it takes the platform's orders and answers the world's INVITEs."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from random import SystemRandom

from nokyc.kit.clock import Clock
from nokyc.speech.port import Engines
from nokyc.speech.prompts import PromptCache
from nokyc_voice.call import inbound
from nokyc_voice.call.callerid import callee_of, caller_of
from nokyc_voice.call.calls import Calls
from nokyc_voice.call.config import VoiceConfig
from nokyc_voice.call.reception import RETRY_SEC, Reception
from nokyc_voice.call.sentences import Sentences
from nokyc_voice.call.services import ReadPrompt, Services
from nokyc_voice.call.stream import OpenStream
from nokyc_voice.call.trunks import Trunks
from nokyc_voice.media.rtp_leg import Audio
from nokyc_voice.media.spool import Spool
from nokyc_voice.media.ticker import Ticker
from nokyc_voice.media.webrtc_leg import WebRtc
from nokyc_voice.platform import (
    Device,
    Dialled,
    Incoming,
    Place,
    Platform,
    PlatformAwayError,
    Refuse,
    Registration,
    Trunk,
    TrunkState,
)
from nokyc_voice.sip.endpoint import Endpoint, Invitation, LoopTimers, RegisterRequest, Request, Source

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
        engines: Engines,
        prompts: PromptCache,
        prompt: ReadPrompt,
        open_stream: OpenStream,
    ) -> None:
        timers, random = LoopTimers(), SystemRandom()
        self.endpoint = Endpoint(config.listeners, self, timers=timers, random=random, advertise=config.advertise)
        self.ticker = Ticker()
        self.started = asyncio.Event()
        """Set once all listeners are open."""
        self._platform = platform
        self._spool = Spool()
        self._trunks = Trunks(self.endpoint, platform, timers=timers, random=random)
        self._reception = Reception(
            config, platform, self._trunks, clock=clock, timers=timers, random=random, tell=self._tell
        )
        self.endpoint.on_closed(self._reception.registrar.closed)
        self._registrations: asyncio.Queue[Registration] = asyncio.Queue()
        audio = Audio(host=config.rtp_host, ports=config.rtp_ports, ticker=self.ticker, advertise=config.advertise)
        self._sentences = Sentences(engines.tts, prompts)
        services = Services(
            platform=platform,
            endpoint=self.endpoint,
            audio=audio,
            webrtc=WebRtc(ticker=self.ticker, ice_servers=config.ice_servers),
            spool=self._spool,
            clock=clock,
            devices=self._reception.devices,
            engines=engines,
            sentences=self._sentences,
            prompt=prompt,
            open_stream=open_stream,
            folder=config.folder,
        )
        self._calls = Calls(services)

    async def run(self) -> None:
        """Until cancelled; then calls end in good order. OSError if a port is taken."""
        await self.endpoint.start()
        self.started.set()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self.ticker.run())
                group.create_task(self._trunks.reload())
                group.create_task(self._beat_on())
                group.create_task(self._tell_registrations())
        finally:
            await self._calls.close()
            await self._trunks.stop()
            await self.endpoint.stop()
            self._sentences.close()
            self._spool.close()

    # --- the platform's orders ---

    @property
    def full(self) -> bool:
        """No call more is taken."""
        return self._calls.full

    async def place(self, plan: Place) -> None:
        """Begin an outbound call; what becomes of it is reported."""
        self._calls.place(plan)

    async def hang_up(self, call_id: int) -> None:
        """End a call that goes on here; harmless if none does."""
        self._calls.hang_up(call_id)

    async def changed(self) -> None:
        """Trunks may have changed."""
        await self._trunks.reload()

    def states(self) -> Sequence[TrunkState]:
        """Every trunk as it is now."""
        return self._trunks.states()

    # --- the world's requests ---

    def admits(self, source: Source, request: Request) -> bool:
        return self._reception.admits(source, request)

    async def registered(self, register: RegisterRequest) -> None:
        await self._reception.register(register)

    async def invited(self, invitation: Invitation) -> None:
        """Find out who calls, have it decided upon, and follow the call to its end."""
        if self.full:
            invitation.refuse(503, cause=42, headers=[("Retry-After", RETRY_SEC)])
            return
        try:
            match await self._reception.identify(invitation):
                case Trunk() as trunk:
                    await self._from_trunk(invitation, trunk)
                case Device() as device:
                    await self._from_device(invitation, device)
                case None:
                    pass  # it was challenged
        except PlatformAwayError:
            invitation.refuse(503, cause=41, headers=[("Retry-After", RETRY_SEC)])

    async def _from_trunk(self, invitation: Invitation, trunk: Trunk) -> None:
        request = invitation.request
        incoming = Incoming(trunk.name, callee_of(request), caller_of(request))
        plan = await self._platform.incoming(incoming)
        if isinstance(plan, Refuse):
            invitation.refuse(plan.status, plan.reason, cause=plan.cause)
            return
        call = self._calls.open(plan)
        await self._calls.follow(call, inbound.take(call, invitation, plan, incoming, trunk))

    async def _from_device(self, invitation: Invitation, device: Device) -> None:
        invitation.pin()  # where it calls from counts, whatever its Contact says
        plan = await self._platform.dialled(Dialled(device, callee_of(invitation.request)))
        if isinstance(plan, Refuse):
            invitation.refuse(plan.status, plan.reason, cause=plan.cause)
            return
        call = self._calls.open(plan)
        await self._calls.follow(call, inbound.connect(call, invitation, plan))

    # --- the process ---

    async def beat(self) -> None:
        """Tell the platform which calls live, hear what is paid for, look at the audio."""
        self._reception.registrar.sweep()
        for call in self._calls:
            call.check()
            await asyncio.sleep(0)  # hundreds of them at a stretch would hold up the audio
        talking, waiting = self._calls.lives()
        if talking or waiting:
            with suppress(PlatformAwayError):  # what was paid for goes on; a few missing beats are forgiven
                self._calls.allow(await self._platform.beat(talking, waiting))

    async def _beat_on(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SEC)
            await self.beat()

    def _tell(self, registration: Registration) -> None:
        self._registrations.put_nowait(registration)

    async def _tell_registrations(self) -> None:
        while True:
            await self._platform.report(await self._registrations.get())
