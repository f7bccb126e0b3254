"""`nokyc torture`: load, carrier faults and kill -9 of every process; then what was promised against what is there."""

import asyncio
import random
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from nokyc.cli import context

if TYPE_CHECKING:
    from nokyc.torture.count import Result


def torture(*, seconds: float = 1_800, seed: int | None = None) -> None:
    """Run a platform of its own under load, break what can break, and prove that nothing was lost or charged twice.

    Args:
        seconds: How long to go on; half an hour by default.
        seed: For the same faults in the same order again.
    """
    from nokyc.torture.run import torture as run

    folder = Path(tempfile.mkdtemp(prefix="nokyc-torture-"))
    folder.chmod(0o711)  # PostgreSQL's own user has to get in
    context.end_in_order()
    try:
        result = asyncio.run(run(folder, seconds, random.Random(seed)))  # noqa: S311 - chooses victims
    except (KeyboardInterrupt, SystemExit):
        shutil.rmtree(folder, ignore_errors=True)
        raise
    context.answer(result.as_json(), *_table(result))
    if not result.ok:
        context.refuse(f"something broke; what is left of it is in {folder}")
    shutil.rmtree(folder, ignore_errors=True)


def _table(result: "Result") -> list[str]:
    faults = ", ".join(f"{name} {n}" for name, n in sorted(result.faults.items()))
    rows = [(line.invariant, line.looked_at, line.broken or "-") for line in result.invariants]
    ends = f"{result.delivered} delivered, {result.failed} failed"
    return [
        *context.table(("invariant", "looked at", "broken"), rows, empty=""),
        "",
        f"{result.accepted} messages ({ends}) and {result.calls} calls were accepted.",
        f"{result.resent} submissions were repeated after an unknown outcome.",
        f"Faults: {faults}.",
    ]
