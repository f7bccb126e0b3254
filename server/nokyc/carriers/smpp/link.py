"""A link that wants to be up: connects, binds, and comes back after every loss with growing patience."""

import asyncio
import ssl
from collections import Counter
from collections.abc import Callable

import structlog

from nokyc.carriers.port import LinkState
from nokyc.carriers.smpp.config import SmppConfig, Timers
from nokyc.carriers.smpp.pdu import Bind, BindReceiver, BindTransceiver, BindTransmitter, DeliverSm
from nokyc.carriers.smpp.session import LinkError, Session, open_session

log = structlog.get_logger(__name__)

_MODES: dict[type[Bind], str] = {
    BindTransceiver: "transceiver",
    BindTransmitter: "transmitter",
    BindReceiver: "receiver",
}


class Link:
    """One bind of a carrier, over as many connections as it takes. `session` is None while it is down."""

    def __init__(
        self,
        name: str,
        kind: type[Bind],
        config: SmppConfig,
        timers: Timers,
        random: Callable[[], float],
        on_deliver: Callable[[Session, DeliverSm], None],
        *,
        first_host: int = 0,
    ) -> None:
        self.name = name
        self.session: Session | None = None
        self.counters: Counter[str] = Counter()
        self.paced = 0
        """Submissions that wait for their turn and have a place in the window already."""
        self.sends = kind is not BindReceiver
        self._kind = kind
        self._config = config
        self._timers = timers
        self._random = random
        self._on_deliver = on_deliver
        self._host = first_host
        self._detail = "not started"

    @property
    def free(self) -> int:
        """Free places in the window."""
        if not self.sends or self.session is None or not self.session.takes_requests:
            return 0
        return max(0, self._config.window - self.session.in_flight - self.paced)

    def state(self) -> LinkState:
        session = self.session
        up = session is not None and session.is_open
        detail = self._detail
        if up and session and self.sends:
            detail += f", window {session.in_flight + self.paced}/{self._config.window}"
        return LinkState(self.name, up, detail, dict(self.counters))

    async def run(self) -> None:
        """Until cancelled."""
        failures = 0
        while True:
            self._detail = "connecting"
            began = asyncio.get_running_loop().time()
            try:
                reason = await self._hold()
            except LinkError as error:
                reason = str(error)
                self._host += 1
            if asyncio.get_running_loop().time() - began >= self._timers.stable_sec:
                failures = 0
            self._detail = reason
            self.counters["drops"] += 1
            log.warning("smpp.link_down", link=self.name, reason=reason)
            await asyncio.sleep(self._backoff_sec(failures))
            failures += 1

    async def open(self) -> Session:
        """A fresh bound session. LinkError says why not."""
        hosts = self._config.hosts()
        address = hosts[self._host % len(hosts)]
        session = await open_session(address, _tls(self._config), self._timers, self._on_deliver, self.counters)
        try:
            await session.bind(
                self._kind(
                    system_id=self._config.system_id,
                    password=self._config.password,
                    system_type=self._config.system_type,
                )
            )
        except BaseException:
            session.close("not bound")
            raise
        return session

    async def _hold(self) -> str:
        """Bind and stay bound; returns why it ended."""
        session = await self.open()
        self.session = session
        self.counters["binds"] += 1
        self._detail = f"bound as {_MODES[self._kind]}"
        log.info("smpp.link_up", link=self.name)
        try:
            return await asyncio.shield(session.closed)
        finally:
            self.session = None

    def _backoff_sec(self, failures: int) -> float:
        """Full jitter: anything from nothing to a ceiling that doubles with every failure."""
        ceiling = self._timers.backoff_base_sec * 2.0 ** min(failures, 16)
        return self._random() * min(ceiling, self._timers.backoff_max_sec)


def _tls(config: SmppConfig) -> ssl.SSLContext | None:
    """LinkError if the authorities' file cannot be read."""
    if not config.tls:
        return None
    try:
        return ssl.create_default_context(cafile=config.tls_ca_file or None)
    except OSError as error:  # ssl.SSLError is one
        raise LinkError(f"tls_ca_file: {error}") from None
