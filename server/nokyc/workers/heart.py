"""A worker's sign of life, and its look at the others': what a dead one had claimed is due again in seconds.

Life is counted in beats and by no clock: another is dead when it did not move for as many of our own beats. So nobody
dies of an outage of the database, or of a pause of ours, in which all stand still alike.
"""

from nokyc.store import tasks
from nokyc.store.store import Store, Unit

BEAT_SEC = 1.0
SILENT_BEATS = 4
"""Long for a loop that is alive, and short for a customer who waits for a code. One that was taken for dead and is
not may have its messages sent twice: those that were with it, and no others."""


class Heart:
    """One worker's. Tasks are claimed under its `id`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.id = store.ids.new()
        self._others: dict[int, tuple[int, int]] = {}
        """By worker: its beats as last seen, and for how many of ours they did not move."""

    async def beat(self) -> int:
        """Show that we live; returns how many tasks of the dead were given back."""
        await self._store.pool.execute(_BEAT, self.id)
        rows = await self._store.pool.fetch("SELECT id, beats FROM workers WHERE id <> $1", self.id)
        seen = {}
        for row in rows:
            beats, silent = self._others.get(row["id"], (-1, 0))
            seen[row["id"]] = row["beats"], silent + 1 if beats == row["beats"] else 0
        self._others = seen
        given_back = 0
        for other, (beats, silent) in seen.items():
            if silent >= SILENT_BEATS:
                given_back += await self._store.run(lambda unit, o=other, b=beats: _bury(unit, o, b))  # type: ignore[misc]
        return given_back


async def _bury(unit: Unit, worker: int, beats: int) -> int:
    """Give its tasks back, unless it has moved since, or somebody else did it."""
    gone = await unit.connection.fetchval(
        "DELETE FROM workers WHERE id = $1 AND beats = $2 RETURNING id", worker, beats
    )
    return await tasks.give_back(unit, worker) if gone is not None else 0


_BEAT = "INSERT INTO workers VALUES ($1, 0) ON CONFLICT (id) DO UPDATE SET beats = workers.beats + 1"
