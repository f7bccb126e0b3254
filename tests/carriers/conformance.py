"""What every SMS carrier adapter must do, whatever protocol it speaks.

An adapter's test subclasses `SmsCarrierConformance` and gives it one fixture, `harness`, that yields a `Harness`
whose carrier is started and ready. A test that an adapter cannot meet by its nature is switched off by name in the
subclass (`test_nobody_answers = None`), with the reason beside it.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol, get_args

from nokyc.carriers.port import (
    Accepted,
    FailureCode,
    Inbound,
    NotSent,
    Receipt,
    Refused,
    Report,
    SmsCarrier,
    Submission,
    Throttled,
    Unknown,
    Verdict,
)
from nokyc.kit.segments import split

NUMBER = "+33644630001"
"""One of ours."""
HANDSET = "+33612345678"
WAIT_SEC = 5.0
LONG_GSM7 = "It is 5 € {each} for à la carte, says Ærø. " * 30
LONG_UCS2 = "Доставка 🚚 прибудет в 5 часов. " * 20

_serial = count(1)


class FarEnd(Protocol):
    """The carrier's own side, under the control of the test.

    The `will_…` methods tell it how to treat what comes next, and return the recipient for which that holds
    (magic numbers for a simulated carrier, simply HANDSET for a scripted server).
    """

    async def will_refuse(self) -> str:
        """The next submission gets a final no."""
        ...

    async def will_throttle(self) -> str:
        """The next submission is told to come again; the one after it is accepted."""
        ...

    async def will_stay_silent(self) -> str:
        """The next submission is taken and never answered."""
        ...

    async def vanish(self) -> None:
        """Cut every connection and listen no more; returns once the carrier can know."""
        ...

    async def return_(self) -> None:
        """Listen again at the same address."""
        ...

    def texts(self) -> list[str]:
        """The bodies that it has taken, put together again from their segments, oldest first."""
        ...

    async def send_receipt(self, carrier_ref: str, *, delivered: bool) -> bool:
        """Tell how that submission ended; whether the telling was acknowledged."""
        ...

    async def send_inbound(self, sender: str, recipient: str, text: str) -> bool:
        """Bring an SMS from a handset; whether it was acknowledged."""
        ...


@dataclass
class Store:
    """The report sink of the platform, as a test sees it."""

    reports: list[Report] = field(default_factory=list)
    broken: bool = False

    async def sink(self, reports: Sequence[Report]) -> None:
        await asyncio.sleep(0)
        if self.broken:
            raise RuntimeError("the store is down")
        self.reports += reports


@dataclass
class Harness:
    carrier: SmsCarrier
    far_end: FarEnd
    store: Store

    async def send(self, text: str = "Hello", to: str = HANDSET) -> list[Verdict]:
        """One message, as many submissions as the carrier's unit asks for."""
        return [await self.carrier.submit(each) for each in submissions(self.carrier, text, to)]

    async def send_one(self, text: str = "Hello", to: str = HANDSET) -> Verdict:
        (verdict,) = await self.send(text, to)
        return verdict

    async def arrived(self, *texts: str) -> None:
        """These and no others came to the far end; it may take a moment to tell the test."""
        with suppress(TimeoutError):
            await until(lambda: self.far_end.texts() == list(texts))
        assert self.far_end.texts() == list(texts)


def submissions(carrier: SmsCarrier, text: str, to: str = HANDSET) -> list[Submission]:
    """What the platform would hand over for this message."""
    serial = next(_serial)
    parts = split(text, reference=serial % 256)
    encoding = parts[0].encoding
    if carrier.unit == "message":
        return [Submission(f"sms_{serial}", NUMBER, to, text, encoding, parts)]
    return [
        Submission(f"sms_{serial}.{index}", NUMBER, to, text, encoding, (part,), index, len(parts))
        for index, part in enumerate(parts, start=1)
    ]


async def until(condition: Callable[[], object]) -> None:
    """Let the loop run until it holds; fails after WAIT_SEC."""
    async with asyncio.timeout(WAIT_SEC):
        while not condition():  # noqa: ASYNC110 - any condition, not an event
            await asyncio.sleep(0.001)


class SmsCarrierConformance:
    """Mixin; the subclass brings the `harness` fixture."""

    async def test_accepted_under_a_name(self, harness: Harness) -> None:
        first, second = await harness.send_one("one"), await harness.send_one("two")
        assert isinstance(first, Accepted)
        assert isinstance(second, Accepted)
        assert first.carrier_ref
        assert first.carrier_ref != second.carrier_ref
        await harness.arrived("one", "two")

    async def test_long_texts_arrive_whole(self, harness: Harness) -> None:
        for text in (LONG_GSM7, LONG_UCS2):
            assert all(isinstance(verdict, Accepted) for verdict in await harness.send(text))
        await harness.arrived(LONG_GSM7, LONG_UCS2)

    async def test_a_final_no(self, harness: Harness) -> None:
        verdict = await harness.send_one(to=await harness.far_end.will_refuse())
        assert isinstance(verdict, Refused)
        assert verdict.failure_code in get_args(FailureCode)
        assert verdict.raw

    async def test_not_now(self, harness: Harness) -> None:
        verdict = await harness.send_one(to=await harness.far_end.will_throttle())
        assert isinstance(verdict, Throttled)
        assert verdict.retry_after_sec > 0
        await until(harness.carrier.capacity)
        assert isinstance(await harness.send_one(), Accepted)

    async def test_nobody_answers(self, harness: Harness) -> None:
        verdict = await harness.send_one(to=await harness.far_end.will_stay_silent())
        assert isinstance(verdict, Unknown)

    async def test_nobody_there_and_back_again(self, harness: Harness) -> None:
        await harness.far_end.vanish()
        assert isinstance(await harness.send_one(), NotSent)
        assert not (await harness.carrier.probe()).up
        await harness.far_end.return_()
        await until(harness.carrier.capacity)
        assert isinstance(await harness.send_one(), Accepted)

    async def test_more_than_the_capacity_gets_verdicts_too(self, harness: Harness) -> None:
        many = harness.carrier.capacity() + 5
        verdicts = await asyncio.gather(*(harness.send_one() for _ in range(min(many, 500))))
        assert {type(verdict) for verdict in verdicts} <= {Accepted, Throttled}
        assert sum(isinstance(verdict, Accepted) for verdict in verdicts) >= min(many - 5, 495)

    async def test_receipts_name_the_submission(self, harness: Harness) -> None:
        for delivered in (True, False):
            verdict = await harness.send_one()
            assert isinstance(verdict, Accepted)
            assert await harness.far_end.send_receipt(verdict.raw or verdict.carrier_ref, delivered=delivered)
            receipt = harness.store.reports.pop()
            assert isinstance(receipt, Receipt)
            assert receipt.carrier_ref == verdict.carrier_ref
            assert receipt.status == ("delivered" if delivered else "undelivered")
            assert (receipt.failure_code is None) == delivered

    async def test_inbound(self, harness: Harness) -> None:
        for text in ("Bonjour à tous", "Привет 👋"):
            assert await harness.far_end.send_inbound(HANDSET, NUMBER, text)
            inbound = harness.store.reports.pop()
            assert isinstance(inbound, Inbound)
            assert (inbound.sender, inbound.recipient, inbound.text) == (HANDSET, NUMBER, text)
            assert not inbound.undecodable

    async def test_what_is_not_stored_is_not_acknowledged(self, harness: Harness) -> None:
        harness.store.broken = True
        assert not await harness.far_end.send_inbound(HANDSET, NUMBER, "keep me")
        harness.store.broken = False
        assert await harness.far_end.send_inbound(HANDSET, NUMBER, "keep me")
        assert len(harness.store.reports) == 1

    async def test_links_and_probe_speak_to_the_operator(self, harness: Harness) -> None:
        assert all(link.up and link.name and link.detail for link in harness.carrier.links())
        assert (await harness.carrier.probe()).up

    async def test_stop_is_the_end(self, harness: Harness) -> None:
        await harness.carrier.stop()
        assert harness.carrier.capacity() == 0
        assert isinstance(await harness.send_one(), NotSent)
        assert not any(link.up for link in harness.carrier.links())
