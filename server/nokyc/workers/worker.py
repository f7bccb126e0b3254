"""One worker process: its carriers, its queues, and their orderly end."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog

from nokyc.carriers.port import Report, SmsCarrier
from nokyc.carriers.simulated.carrier import NAME as SIMULATED
from nokyc.carriers.simulated.carrier import SimulatedCarrier
from nokyc.http.outbound import OutboundClient
from nokyc.http.versions import Versions
from nokyc.kit import ids
from nokyc.kit.faults import where
from nokyc.resources.carriers.actions import configured
from nokyc.resources.carriers.routing import Routing
from nokyc.resources.sms.inbox import Reported, enqueue_reports
from nokyc.store.batcher import Batcher
from nokyc.store.store import LOST, Store
from nokyc.workers.deliverer import Deliverer
from nokyc.workers.inbox import Inbox
from nokyc.workers.runner import Runner
from nokyc.workers.scheduler import Scheduler
from nokyc.workers.submitter import Submitter
from nokyc.workers.sweeper import sweep

SWEEP_EVERY_SEC = 600.0
LINKS_EVERY_SEC = 2.0

MakeCarrier = Callable[[str, str, dict[str, Any]], SmsCarrier | None]
"""Kind, name and configuration to an adapter; None for a kind that takes no SMS."""

log = structlog.get_logger("nokyc.worker")


class Worker:
    """Everything that one worker process does."""

    def __init__(
        self, store: Store, routing: Routing, client: OutboundClient, versions: Versions, make_carrier: MakeCarrier
    ) -> None:
        self._store = store
        self._routing = routing
        self._make_carrier = make_carrier
        self._name = ids.request_id().removeprefix("req_")
        self._deliverer = Deliverer(store, client, versions)
        self._scheduler = Scheduler(store, routing)
        self._runners = [
            Runner("inbox", Inbox(store).once),
            Runner("schedule", self._scheduler.once),
            Runner("expiry", self._scheduler.expire),
            Runner("webhooks", self._deliverer.once),
        ]
        self._carriers: dict[str, tuple[str, SmsCarrier, Submitter, asyncio.Task[None] | None]] = {}
        self._reports: Batcher[tuple[str, tuple[Report, ...]], None] = Batcher(self._store_reports, lanes=2)
        self._submit_runners: dict[str, Runner] = {}
        self._changed = asyncio.Event()
        store.on_change(self._changed.set)

    def wake(self, queue: str | None) -> None:
        """A queue has work; None for "perhaps any"."""
        for runner in [*self._runners, *self._submit_runners.values()]:
            if queue in (None, runner.name):
                runner.wake()

    async def run(self) -> None:
        """Until cancelled; then what is in flight is finished."""
        async with asyncio.TaskGroup() as group:
            try:
                for runner in self._runners:
                    group.create_task(runner.run())
                group.create_task(self._every(SWEEP_EVERY_SEC, lambda: sweep(self._store)))
                group.create_task(self._every(LINKS_EVERY_SEC, self._report_links))
                await self._follow_carriers()
            finally:
                await self.stop()

    async def drain(self) -> None:
        """Do everything that is due by the store's clock, and come back when nothing is left (for tests)."""
        if not self._carriers:
            await self._reload(start_runners=False)
        while True:
            done = 0
            for _, _, submitter, _ in list(self._carriers.values()):
                done += await submitter.once()
                await submitter.settle()
            for runner in self._runners:
                done += await runner.once()
            await self._deliverer.settle()
            if not done:
                return

    async def stop(self) -> None:
        """Take nothing new; finish and disconnect."""
        for _, _, _, task in self._carriers.values():
            if task is not None:
                task.cancel()
        await asyncio.gather(*(carrier.stop() for _, carrier, _, _ in self._carriers.values()))
        for _, _, submitter, _ in self._carriers.values():
            await submitter.settle()
        await self._deliverer.settle()

    async def _follow_carriers(self) -> None:
        while True:
            self._changed.clear()
            try:
                await self._reload(start_runners=True)
                await self._changed.wait()
            except (*LOST, TimeoutError):
                await asyncio.sleep(1)

    async def _reload(self, *, start_runners: bool) -> None:
        """Start carriers that are new, stop those that went, restart those whose configuration changed."""
        async with self._store.reading() as connection:
            wanted = {SIMULATED: ("simulated", "{}")} | {
                name: (kind, json.dumps(config))
                for name, kind, config in await configured(connection, self._store.vault.open)
            }
        for name in list(self._carriers):
            config, carrier, submitter, task = self._carriers[name]
            if name not in wanted or wanted[name][1] != config:
                del self._carriers[name]
                self._submit_runners.pop(name, None)
                if task is not None:
                    task.cancel()
                await carrier.stop()
                await submitter.settle()
        for name, (kind, config) in wanted.items():
            if name not in self._carriers:
                made = self._make(kind, name, json.loads(config))
                if made is not None:
                    await self._start(name, config, made, start_runners)

    def _make(self, kind: str, name: str, config: dict[str, Any]) -> SmsCarrier | None:
        return SimulatedCarrier() if kind == "simulated" else self._make_carrier(kind, name, config)

    async def _start(self, name: str, config: str, carrier: SmsCarrier, start_runner: bool) -> None:
        async def sink(reports: Sequence[Report]) -> None:
            await self._reports.submit((name, tuple(reports)))

        await carrier.start(sink)
        submitter = Submitter(self._store, carrier, self._routing)
        task = None
        if start_runner:
            runner = self._submit_runners[name] = Runner(f"sms.{name}", submitter.once)
            task = asyncio.create_task(runner.run())
        self._carriers[name] = (config, carrier, submitter, task)
        log.info("carrier started", carrier=name)

    async def _store_reports(self, batch: Sequence[tuple[str, tuple[Report, ...]]]) -> list[None]:
        reported = [Reported(name, report) for name, reports in batch for report in reports]
        await self._store.run(lambda unit: enqueue_reports(unit, reported))
        return [None] * len(batch)

    async def _report_links(self) -> None:
        """Show operators every link as this worker sees it."""
        rows = [
            (self._name, name, link.name, link.up, link.detail, link.counters, self._store.clock.now())
            for name, (_, carrier, _, _) in self._carriers.items()
            for link in carrier.links()
        ]
        async with self._store.reading() as connection, connection.transaction():
            await connection.execute(
                "DELETE FROM links WHERE worker = $1 OR seen_at < now() - interval '10 seconds'", self._name
            )
            await connection.executemany("INSERT INTO links VALUES ($1, $2, $3, $4, $5, $6, $7)", rows)

    async def _every(self, seconds: float, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await work()
            except (*LOST, TimeoutError):
                pass
            except Exception as error:  # a bug here must not stop the worker
                log.error("housekeeping failed", error=type(error).__name__, where=where(error))
            await asyncio.sleep(seconds)
