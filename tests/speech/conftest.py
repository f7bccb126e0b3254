"""Speech engines for tests: small ones that really work on synthetic audio, and the local ones if they are there."""

import os
from pathlib import Path

import pytest

from nokyc.speech.engines import local_engines
from nokyc.speech.port import Engines
from nokyc.speech.states import engine_states


@pytest.fixture(scope="session")
def local(repository: Path) -> Engines:
    """The local engines of DATA_DIR (`.data` as `make run` has it); the test is skipped without them."""
    data_dir = Path(os.environ.get("DATA_DIR") or repository / ".data")
    missing = [state.name for state in engine_states(data_dir) if not state.ok]
    if missing:
        pytest.skip(f"not installed in {data_dir.name}: {', '.join(missing)}")
    return local_engines(data_dir)
