"""One worker process: its carriers, its queues, and their orderly end."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from nokyc.carriers.port import Report, SmsCarrier
from nokyc.carriers.simulated.carrier import NAME as SIMULATED
from nokyc.carriers.simulated.carrier import SimulatedCarrier
from nokyc.http.outbound import OutboundClient
from nokyc.http.versions import Versions
from nokyc.kit import ids
from nokyc.kit.faults import where
from nokyc.resources.carriers import links
from nokyc.resources.carriers.actions import configured
from nokyc.resources.carriers.routing import Routing, queue_of
from nokyc.resources.events.actions import QUEUE as WEBHOOKS
from nokyc.resources.files.links import Links
from nokyc.resources.sms.actions import take_reports
from nokyc.resources.sms.inbox import Reported, enqueue_reports
from nokyc.settings import Settings
from nokyc.store.batcher import Batcher
from nokyc.store.files import Files, FilesAwayError
from nokyc.store.store import LOST, Store
from nokyc.store.tasks import SCHEDULE
from nokyc.workers.deliverer import Deliverer
from nokyc.workers.gate import is_up
from nokyc.workers.heart import BEAT_SEC, Heart
from nokyc.workers.inbox import Inbox
from nokyc.workers.media import Media
from nokyc.workers.rerouter import PATIENCE_SEC, Rerouter
from nokyc.workers.runner import REST_SEC, Runner
from nokyc.workers.scheduler import Scheduler
from nokyc.workers.simulator import Simulator
from nokyc.workers.submitter import REST_SEC as SUBMIT_REST_SEC
from nokyc.workers.submitter import Submitter
from nokyc.workers.sweeper import sweep

SWEEP_EVERY_SEC = 600.0
DRAIN_SEC = 10.0
"""How long a worker that is told to stop may take to finish what is in flight; the rest is done again by the next."""

MakeCarrier = Callable[[str, str, dict[str, Any]], SmsCarrier | None]
"""Kind, name and configuration to an adapter; None for a kind that takes no SMS."""

log = structlog.get_logger("nokyc.worker")


@dataclass(frozen=True, slots=True)
class _Running:
    """One carrier of this worker, with what feeds it."""

    config: str
    carrier: SmsCarrier
    submitter: Submitter
    runner: Runner
    task: asyncio.Task[None] | None


class Worker:
    """Everything that one worker process does."""

    def __init__(
        self,
        store: Store,
        routing: Routing,
        client: OutboundClient,
        versions: Versions,
        make_carrier: MakeCarrier,
        *,
        files: Files,
        settings: Settings,
        reroute_after_sec: float = PATIENCE_SEC,
    ) -> None:
        self._store = store
        self._routing = routing
        self._make_carrier = make_carrier
        self._name = ids.request_id().removeprefix("req_")
        self.heart = Heart(store)
        holder = self.heart.id
        self._deliverer = Deliverer(store, client, versions, holder)
        signer = Links(store.vault, settings.public_url)
        simulator = Simulator(files, signer, max_call_sec=settings.max_call_sec, speech=settings.speech)
        self._files = files
        self._scheduler = Scheduler(store, routing, simulator, files, signer, holder)
        self._rerouter = Rerouter(store, routing, self._reachable, patience_sec=reroute_after_sec)
        self._runners = [
            Runner("inbox", Inbox(store, holder).once, rest_sec=REST_SEC),
            Runner("media", Media(store, client, settings.public_url, holder).once),
            Runner(SCHEDULE, self._scheduler.once),
            Runner("expiry", self._scheduler.expire),
            Runner("reaper", self._scheduler.reap),
            Runner("reroute", self._rerouter.once),
            Runner(WEBHOOKS, self._deliverer.once, rest_sec=REST_SEC),
        ]
        self._carriers: dict[str, _Running] = {}
        self._reports: Batcher[tuple[str, tuple[Report, ...]], None] = Batcher(self._store_reports)
        self._tasks: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()
        self._changed.set()
        store.on_change(self._changed.set)

    def wake(self, queue: str | None) -> bool:
        """A queue has work; None for "perhaps any". Returns whether it is one of ours."""
        runners = [*self._runners, *(running.runner for running in self._carriers.values())]
        ours = [runner for runner in runners if queue in (None, runner.name)]
        for runner in ours:
            runner.wake()
        return bool(ours)

    async def run(self) -> None:
        """Until cancelled; then what is in flight is finished."""
        self._store.on_wake(self.wake)
        self._store.takers[WEBHOOKS] = self._deliverer
        async with asyncio.TaskGroup() as group:
            housekeeping = [
                group.create_task(self._every(BEAT_SEC, self.heart.beat)),
                group.create_task(self._every(SWEEP_EVERY_SEC, lambda: sweep(self._store, self._files))),
                group.create_task(self._every(links.EVERY_SEC, self._show_links)),
            ]
            self._tasks = {group.create_task(runner.run()) for runner in self._runners}
            try:
                await self._follow_carriers()
            finally:
                await self.stop()
                for task in housekeeping:
                    task.cancel()

    async def drain(self) -> None:
        """Do everything that is due by the store's clock, and come back when nothing is left (for tests)."""
        while True:
            if self._changed.is_set():
                self._changed.clear()
                await self._reload(start_runners=False)
            done = 0
            for running in list(self._carriers.values()):
                done += await running.submitter.once()
                await running.submitter.settle()
            for runner in self._runners:
                done += await runner.once()
            await self._deliverer.settle()
            if not done:
                return

    async def stop(self) -> None:
        """Take nothing new; finish what is in flight, within DRAIN_SEC; disconnect."""
        self._store.takers.pop(WEBHOOKS, None)
        running = list(self._carriers.values())
        for runner in [*self._runners, *(each.runner for each in running)]:
            runner.stop()
        for each in running:
            each.submitter.close()
        tasks = self._tasks | {each.task for each in running if each.task is not None}
        ends = [*(each.carrier.stop() for each in running), *(each.submitter.settle() for each in running)]
        finishing = [*map(asyncio.ensure_future, ends), *tasks]
        if finishing:
            await asyncio.wait(finishing, timeout=DRAIN_SEC)
        # What the runners still began as they ended.
        rest = [asyncio.ensure_future(each.submitter.settle()) for each in running]
        rest.append(asyncio.ensure_future(self._deliverer.settle()))
        await asyncio.wait(rest, timeout=DRAIN_SEC / 10 if any(not each.done() for each in finishing) else DRAIN_SEC)
        for task in [*finishing, *rest]:
            task.cancel()

    def _reachable(self, name: str) -> bool:
        return name in self._carriers and is_up(self._carriers[name].carrier)

    async def _follow_carriers(self) -> None:
        while True:
            self._changed.clear()
            try:
                await self._reload(start_runners=True)
                await self._changed.wait()
            except (*LOST, TimeoutError):
                self._changed.set()
                await asyncio.sleep(1)

    async def _reload(self, *, start_runners: bool) -> None:
        """Start carriers that are new, stop those that went, restart those whose configuration changed."""
        async with self._store.reading() as connection:
            wanted = {SIMULATED: ("simulated", "{}")} | {
                name: (kind, json.dumps(config))
                for name, kind, config in await configured(connection, self._store.vault.open)
            }
        gone = [name for name, each in self._carriers.items() if wanted.get(name, ("", ""))[1] != each.config]
        await asyncio.gather(*(self._end(self._carriers.pop(name)) for name in gone))
        for name, (kind, config) in wanted.items():
            if name in self._carriers:
                continue
            try:
                made = self._make(kind, name, json.loads(config))
            except ValueError as error:  # one carrier that cannot be understood does not stop the others
                log.error("carrier not started", carrier=name, error=type(error).__name__)
                continue
            if made is not None:
                await self._start(name, config, made, start_runners)

    def _make(self, kind: str, name: str, config: dict[str, Any]) -> SmsCarrier | None:
        return SimulatedCarrier() if kind == "simulated" else self._make_carrier(kind, name, config)

    async def _start(self, name: str, config: str, carrier: SmsCarrier, start_runner: bool) -> None:
        async def sink(reports: Sequence[Report]) -> None:
            await self._reports.submit((name, tuple(reports)))

        await carrier.start(sink)
        submitter = Submitter(self._store, carrier, self._routing, self._reachable, self.heart.id)
        runner = Runner(queue_of(name), submitter.once, rest_sec=SUBMIT_REST_SEC)
        task = asyncio.create_task(runner.run()) if start_runner else None
        self._carriers[name] = _Running(config, carrier, submitter, runner, task)
        log.info("carrier started", carrier=name)

    async def _end(self, running: _Running) -> None:
        running.runner.stop()
        running.submitter.close()
        await running.carrier.stop()
        if running.task is not None:
            await running.task
        await running.submitter.settle()

    async def _store_reports(self, batch: Sequence[tuple[str, tuple[Report, ...]]]) -> list[None]:
        """Receipts are applied before they are acknowledged, which spares their way through the inbox; what cannot be
        applied is stored there, and looked at by itself."""
        reported = [Reported(name, report) for name, reports in batch for report in reports]
        await asyncio.gather(*(each.submitter.recorded() for each in self._carriers.values()))
        try:
            await self._store.run(lambda unit: take_reports(unit, reported))
        except (*LOST, TimeoutError):
            raise
        except Exception as error:  # one report that we stumble over must not keep the others from being stored
            log.error("reports not applied", error=type(error).__name__, where=where(error))
            await self._store.run(lambda unit: enqueue_reports(unit, reported))
        return [None] * len(batch)

    async def _show_links(self) -> None:
        seen = [(name, link) for name, running in self._carriers.items() for link in running.carrier.links()]
        await self._store.run(lambda unit: links.show(unit, self._name, seen))

    async def _every(self, seconds: float, work: Callable[[], Awaitable[object]]) -> None:
        while True:
            try:
                await work()
            except (*LOST, TimeoutError, FilesAwayError):
                pass
            except Exception as error:  # a bug here must not stop the worker
                log.error("housekeeping failed", error=type(error).__name__, where=where(error))
            await asyncio.sleep(seconds)
