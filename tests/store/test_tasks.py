"""Tasks whose claim is lost between the database and us."""

from typing import Any

import pytest

from nokyc.store import tasks
from nokyc.store.store import Store
from nokyc.workers.runner import Claimer
from support import Customer

QUEUE = "answers"
HOLDER, OTHER = 7, 8


async def test_a_claim_whose_answer_is_lost_is_given_back(
    store: Store, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for subject in (1, 2):
        await store.run(lambda unit, s=subject: tasks.enqueue(unit, QUEUE, "kind", customer.live_id, s))  # type: ignore[misc]
    ours, theirs = Claimer(store, QUEUE, HOLDER), Claimer(store, QUEUE, OTHER)
    [kept] = await theirs.claim(1)
    claim = tasks.claim

    async def cut_off(*arguments: Any) -> None:
        await claim(*arguments)
        raise ConnectionResetError

    with monkeypatch.context() as broken:
        broken.setattr(tasks, "claim", cut_off)
        with pytest.raises(ConnectionResetError):
            await ours.claim(5)
    assert await theirs.claim(5) == []

    [again] = await ours.claim(5)
    assert (again.subject_id, again.attempts) == ({1, 2}.difference({kept.subject_id}).pop(), 1)
