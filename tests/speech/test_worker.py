"""The queue `speech`: load, process, write down; again when an engine was down; once when done twice."""

from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

from nokyc.kit.clock import ManualClock
from nokyc.speech.port import Engines, SpeechError, SpeechFailed, SpeechUnavailable
from nokyc.speech.prompts import PromptCache
from nokyc.speech.voicemail import VoicemailTranscript
from nokyc.store import tasks
from nokyc.store.store import Store, Unit
from nokyc.store.tasks import Task
from nokyc.workers.sentences import SentenceMaker
from nokyc.workers.speech import QUEUE, RETRY_SEC, SpeechJob, SpeechWorker
from speech.small import FRENCH, QUIET, SECOND, Ears, Mouth, small_engines
from support import Client, Customer, activate


class Shelf:
    """Voicemails in memory."""

    def __init__(self) -> None:
        self.jobs: dict[int, SpeechJob] = {}
        self.written: list[tuple[int, VoicemailTranscript | None]] = []
        self.error: Exception | None = None
        self.unheard = False

    async def load(self, task: Task) -> SpeechJob | None:
        return self.jobs.get(task.subject_id)

    async def record(
        self, unit: Unit, task: Task, transcript: VoicemailTranscript | None, *, unheard: bool = False
    ) -> None:
        if self.error is not None:
            raise self.error
        self.written.append((task.subject_id, transcript))

    async def waits(self) -> bool:
        return self.unheard

    async def take_up(self, unit: Unit) -> int:
        self.unheard = False
        return 1


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def engines() -> Engines:
    return small_engines()


@pytest.fixture
def ears(engines: Engines) -> Ears:
    assert isinstance(engines.stt, Ears)
    return engines.stt


@pytest.fixture
def worker(store: Store, engines: Engines, shelf: Shelf) -> SpeechWorker:
    return SpeechWorker(store, engines, shelf)


async def enqueue(store: Store, customer: Customer, subject: int) -> None:
    await store.run(lambda unit: tasks.enqueue(unit, QUEUE, "voicemail", customer.live_id, subject))


async def drain(worker: SpeechWorker) -> None:
    while await worker.once():
        pass


async def left(store: Store, customer: Customer) -> int:
    async with store.reading() as connection:
        return int(await connection.fetchval("SELECT count(*) FROM tasks WHERE account_id = $1", customer.live_id))


async def test_voicemails_are_understood_and_written_down(
    store: Store, customer: Customer, worker: SpeechWorker, shelf: Shelf
) -> None:
    shelf.jobs = {1: SpeechJob(SECOND, addons=["ai-summary"], include_sentiment=True), 2: SpeechJob(QUIET)}
    await enqueue(store, customer, 1)
    await enqueue(store, customer, 2)
    await drain(worker)
    written = dict(shelf.written)
    assert written[2] is None
    assert written[1] is not None
    assert (written[1]["text"], written[1]["summary"]) == (FRENCH, "Marc asks for a callback.")
    assert await left(store, customer) == 0


async def test_what_was_deleted_meanwhile_is_dropped(
    store: Store, customer: Customer, worker: SpeechWorker, shelf: Shelf
) -> None:
    await enqueue(store, customer, 1)
    await drain(worker)
    assert (shelf.written, await left(store, customer)) == ([], 0)


async def test_an_engine_that_was_down_is_tried_again(
    store: Store, customer: Customer, worker: SpeechWorker, shelf: Shelf, ears: Ears, clock: ManualClock
) -> None:
    shelf.jobs = {1: SpeechJob(SECOND)}
    ears.errors = [SpeechFailed("endpoint", "it answers 503")] * 2
    await enqueue(store, customer, 1)
    for wait in RETRY_SEC[:2]:
        await drain(worker)
        assert shelf.written == []
        clock.advance(wait)
    await drain(worker)
    assert [transcript is not None for _, transcript in shelf.written] == [True]


async def test_in_the_end_it_is_written_down_without_words(
    store: Store, customer: Customer, worker: SpeechWorker, shelf: Shelf, ears: Ears, clock: ManualClock
) -> None:
    shelf.jobs = {1: SpeechJob(SECOND)}
    ears.errors = [SpeechFailed("endpoint", "it answers 503")] * 20
    await enqueue(store, customer, 1)
    for wait in RETRY_SEC:
        await drain(worker)
        clock.advance(wait)
    await drain(worker)
    assert shelf.written == [(1, None)]
    assert await left(store, customer) == 0


@pytest.mark.parametrize("error", [SpeechUnavailable("ears", "x"), SpeechFailed("ears", "x", retryable=False)])
async def test_without_engines_nobody_waits(
    store: Store, customer: Customer, worker: SpeechWorker, shelf: Shelf, ears: Ears, error: SpeechError
) -> None:
    shelf.jobs = {1: SpeechJob(SECOND)}
    ears.errors = [error]
    await enqueue(store, customer, 1)
    await drain(worker)
    assert shelf.written == [(1, None)]


async def test_a_bug_of_ours_is_retried_and_nothing_is_lost(
    store: Store, customer: Customer, worker: SpeechWorker, shelf: Shelf, clock: ManualClock
) -> None:
    shelf.jobs = {1: SpeechJob(SECOND)}
    shelf.error = KeyError("column")
    await enqueue(store, customer, 1)
    await drain(worker)
    assert await left(store, customer) == 1
    shelf.error = None
    clock.advance(1)
    await drain(worker)
    assert len(shelf.written) == 1


async def test_what_ends_the_process_each_time_is_set_aside(
    store: Store, customer: Customer, worker: SpeechWorker, shelf: Shelf, ears: Ears, clock: ManualClock
) -> None:
    shelf.jobs = {1: SpeechJob(SECOND)}
    await enqueue(store, customer, 1)
    for _ in range(tasks.MAX_ATTEMPTS):
        async with store.reading() as connection:
            assert await tasks.claim(connection, QUEUE, clock.now(), holder=None) != []
        clock.advance(60)  # the process that had claimed it is dead, and so is its lease
    await drain(worker)
    assert (ears.asked, shelf.written, await left(store, customer)) == ([], [], 0)
    async with store.reading() as connection:
        dead = await connection.fetchval("SELECT error FROM dead_tasks WHERE account_id = $1", customer.live_id)
    assert dead == "the process died of it"


async def test_ears_are_asked_only_if_somebody_waits_for_them(worker: SpeechWorker, shelf: Shelf, ears: Ears) -> None:
    assert await worker.take_up_once() == 0
    assert ears.asked == []
    shelf.unheard = True
    assert await worker.take_up_once() == 1
    assert len(ears.asked) == 1


async def test_a_sentence_that_an_engine_chokes_on_is_passed_over(store: Store, api: Client, tmp_path: Path) -> None:
    number = await activate(store, api, addons=["ai-pickup"])
    script = f"This is {number['number']}."
    changed = await api.patch(f"/v1/numbers/{number['id']}/ai", json={"auto_pickup": {"script": script}})
    voice = changed.json()["auto_pickup"]["voice"]
    mouth = Mouth(voices=frozenset({voice}))
    mouth.error = cast(SpeechError, ZeroDivisionError())
    maker = SentenceMaker(store, PromptCache(tmp_path, [mouth]))
    assert await maker.once() == 0
    mouth.error = None
    maker.use(PromptCache(tmp_path, [mouth]))
    assert await maker.once() > 0
    assert script in mouth.said


async def test_a_slow_task_keeps_its_lease(store: Store, customer: Customer, clock: ManualClock) -> None:
    await enqueue(store, customer, 7)
    async with store.reading() as connection:
        [task] = await tasks.claim(connection, QUEUE, clock.now())
        await tasks.extend(connection, task, clock.now() + timedelta(seconds=120))
        clock.advance(90)
        assert await tasks.claim(connection, QUEUE, clock.now()) == []
        await tasks.postpone(connection, task, clock.now())
        await tasks.extend(connection, task, clock.now() + timedelta(seconds=120))  # no longer ours
        [again] = await tasks.claim(connection, QUEUE, clock.now())
        await tasks.finish(connection, [again])
