"""The simulated carrier does what every carrier must do, as far as it has a far end at all."""

from collections.abc import AsyncIterator

import pytest

from carriers.conformance import HANDSET, Harness, SmsCarrierConformance, Store, submissions
from nokyc.carriers.port import Accepted, Inbound, Receipt, Submission, Verdict
from nokyc.carriers.simulated import carrier as simulated
from nokyc.carriers.simulated.carrier import SimulatedCarrier
from nokyc.kit.segments import join


class Watched(SimulatedCarrier):
    """Keeps what it accepted."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[Submission] = []

    async def submit(self, submission: Submission) -> Verdict:
        verdict = await super().submit(submission)
        if isinstance(verdict, Accepted):
            self.taken.append(submission)
        return verdict


class MagicNumbers:
    """The far end is a handful of numbers (decision S3)."""

    def __init__(self, carrier: Watched) -> None:
        self.carrier = carrier

    async def will_refuse(self) -> str:
        return simulated.BLOCKED

    async def will_throttle(self) -> str:
        return simulated.THROTTLED_ONCE

    async def will_stay_silent(self) -> str:
        raise NotImplementedError

    async def vanish(self) -> None:
        raise NotImplementedError

    async def return_(self) -> None:
        raise NotImplementedError

    def texts(self) -> list[str]:
        bodies: dict[str, list[Submission]] = {}
        for each in self.carrier.taken:
            bodies.setdefault(each.id.partition(".")[0], []).append(each)
        return [join(parts[0].encoding, [part.parts[0].payload for part in parts]) for parts in bodies.values()]

    async def send_receipt(self, carrier_ref: str, *, delivered: bool) -> bool:
        raise NotImplementedError

    async def send_inbound(self, sender: str, recipient: str, text: str) -> bool:
        raise NotImplementedError


class TestSimulated(SmsCarrierConformance):
    test_nobody_answers = None  # it is never silent at submission
    test_nobody_there_and_back_again = None  # there is no link to lose
    test_receipts_name_the_submission = None  # its reports travel with the verdict: the tests below
    test_inbound = None  # likewise; POST /v1/test/sms plays the outside world without it
    test_what_is_not_stored_is_not_acknowledged = None  # its reports are stored in the commit of the verdict

    @pytest.fixture
    async def harness(self) -> AsyncIterator[Harness]:
        carrier, store = Watched(), Store()
        await carrier.start(store.sink)
        yield Harness(carrier, MagicNumbers(carrier), store)
        await carrier.stop()

    async def test_receipts_travel_with_the_verdict(self, harness: Harness) -> None:
        for to, status in ((HANDSET, "delivered"), (simulated.UNREACHABLE, "undelivered")):
            verdict = await harness.send_one(to=to)
            assert isinstance(verdict, Accepted)
            receipt = verdict.later[0].report
            assert isinstance(receipt, Receipt)
            assert (receipt.carrier_ref, receipt.status) == (verdict.carrier_ref, status)
            assert verdict.later[0].delay_sec < 1

    async def test_a_whole_message_arrives_once(self, harness: Harness) -> None:
        """With its last segment, for whoever owns the recipient's number."""
        verdicts = [await harness.carrier.submit(each) for each in submissions(harness.carrier, "a" * 400)]
        arrivals = [
            later.report
            for verdict in verdicts
            if isinstance(verdict, Accepted)
            for later in verdict.later
            if isinstance(later.report, Inbound)
        ]
        assert [(each.recipient, each.text) for each in arrivals] == [(HANDSET, "a" * 400)]

    async def test_silence_and_the_lost_second_segment(self, harness: Harness) -> None:
        silent = await harness.send_one(to=simulated.SILENT)
        assert isinstance(silent, Accepted)
        assert silent.later == ()
        for first in await harness.send("a" * 200, to=simulated.SECOND_SEGMENT_LOST):
            assert isinstance(first, Accepted)
        statuses = [
            later.report.status
            for each in submissions(harness.carrier, "a" * 200, simulated.SECOND_SEGMENT_LOST)
            if isinstance(verdict := await harness.carrier.submit(each), Accepted)
            for later in verdict.later
            if isinstance(later.report, Receipt)
        ]
        assert statuses == ["delivered", "undelivered"]
