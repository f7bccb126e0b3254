"""The SMPP adapter against the scripted SMSC: everything that every carrier must do, in both kinds of binds."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from carriers.conformance import HANDSET, Harness, SmsCarrierConformance, Store, until
from carriers.smpp import smsc as scripted
from carriers.smpp.smsc import PASSWORD, SYSTEM_ID, Smsc
from nokyc.carriers.smpp import SmppCarrier, SmppConfig, Timers
from nokyc.carriers.smpp.config import BindKind
from nokyc.carriers.smpp.pdu import DeliverSm
from nokyc.kit import gsm0338

QUICK = Timers(
    connect_sec=1.0,
    response_sec=0.2,
    idle_sec=0.5,
    backoff_base_sec=0.005,
    backoff_max_sec=0.02,
    stable_sec=0.0,
    drain_sec=1.0,
)


@dataclass
class ScriptedFarEnd:
    smsc: Smsc
    carrier: SmppCarrier

    async def will_refuse(self) -> str:
        self.smsc.next.append(0x0B)
        return HANDSET

    async def will_throttle(self) -> str:
        self.smsc.next.append(0x58)
        return HANDSET

    async def will_stay_silent(self) -> str:
        self.smsc.next.append("silent")
        return HANDSET

    async def vanish(self) -> None:
        await self.smsc.stop()
        await until(lambda: not any(link.up for link in self.carrier.links()))

    async def return_(self) -> None:
        await self.smsc.start()

    def texts(self) -> list[str]:
        return scripted.texts(self.smsc.submits)

    async def send_receipt(self, carrier_ref: str, *, delivered: bool) -> bool:
        pdu = scripted.receipt(carrier_ref, "DELIVRD" if delivered else "UNDELIV")
        return await self.smsc.deliver(pdu) == 0

    async def send_inbound(self, sender: str, recipient: str, text: str) -> bool:
        return await self.smsc.deliver(inbound(sender, recipient, text)) == 0


def inbound(sender: str, recipient: str, text: str) -> DeliverSm:
    septets = gsm0338.encode(text)
    return DeliverSm(
        source_ton=1,
        source_npi=1,
        source=sender.removeprefix("+"),
        dest_ton=1,
        dest_npi=1,
        dest=recipient.removeprefix("+"),
        data_coding=8 if septets is None else 0,
        short_message=text.encode("utf-16-be") if septets is None else septets,
    )


def config(port: int, bind: BindKind = "transceiver", **settings: object) -> SmppConfig:
    return SmppConfig("acme", "127.0.0.1", port, SYSTEM_ID, PASSWORD, bind=bind, **settings)  # type: ignore[arg-type]


class TestSmpp(SmsCarrierConformance):
    @pytest.fixture(params=["transceiver", "transmitter_receiver"])
    async def harness(self, request: pytest.FixtureRequest) -> AsyncIterator[Harness]:
        smsc, store = Smsc(), Store()
        await smsc.start()
        carrier = SmppCarrier(config(smsc.port, request.param, binds=2), timers=QUICK)
        await carrier.start(store.sink)
        await until(lambda: all(link.up for link in carrier.links()))
        yield Harness(carrier, ScriptedFarEnd(smsc, carrier), store)
        await carrier.stop()
        await smsc.stop()
