"""The judge of whole runs judges, and only whole runs."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from contract.recorder import WORKER_KEY, Recorder
from nokyc.http.errors import catalogue


def a_run(root: Path, *args: str, **narrowed: Any) -> tuple[Recorder, Any]:
    none = dict.fromkeys(("keyword", "markexpr", "deselect", "ignore", "ignore_glob", "collectonly"))
    config = SimpleNamespace(
        option=SimpleNamespace(**none | narrowed),
        rootpath=root,
        invocation_params=SimpleNamespace(dir=root),
        args=list(args),
    )
    return Recorder(config), SimpleNamespace(exitstatus=pytest.ExitCode.OK)  # type: ignore[arg-type]


def test_a_whole_run_that_left_an_error_out_fails(tmp_path: Path) -> None:
    recorder, session = a_run(tmp_path, "tests")
    recorder.seen.update(set(catalogue()) - {"use_delete"})
    recorder.pytest_sessionfinish(session, pytest.ExitCode.OK)

    assert (recorder.missing, session.exitstatus) == (["use_delete"], pytest.ExitCode.TESTS_FAILED)


def test_workers_hand_their_part_to_the_controller(tmp_path: Path) -> None:
    worker, session = a_run(tmp_path, "tests")
    worker.config.workeroutput = {}  # type: ignore[attr-defined]
    worker.seen.update(catalogue())
    worker.pytest_sessionfinish(session, pytest.ExitCode.OK)
    controller, session = a_run(tmp_path, "tests")
    controller.pytest_testnodedown(SimpleNamespace(workeroutput=worker.config.workeroutput))  # type: ignore[attr-defined]
    controller.pytest_testnodedown(SimpleNamespace())  # one that crashed
    controller.pytest_sessionfinish(session, pytest.ExitCode.OK)

    assert worker.config.workeroutput[WORKER_KEY] == sorted(catalogue())  # type: ignore[attr-defined]
    assert (controller.missing, session.exitstatus) == ([], pytest.ExitCode.OK)


@pytest.mark.parametrize(
    ("args", "narrowed", "status"),
    [
        (["tests/http"], {}, pytest.ExitCode.OK),
        (["tests/http/test_auth.py::test_x"], {}, pytest.ExitCode.OK),
        (["tests"], {"keyword": "money"}, pytest.ExitCode.OK),
        (["tests"], {"deselect": ["x"]}, pytest.ExitCode.OK),
        (["tests"], {"lf": True}, pytest.ExitCode.OK),
        (["tests"], {}, pytest.ExitCode.TESTS_FAILED),
        (["tests"], {}, pytest.ExitCode.INTERRUPTED),
    ],
)
def test_other_runs_are_not_judged(tmp_path: Path, args: list[str], narrowed: Any, status: pytest.ExitCode) -> None:
    recorder, session = a_run(tmp_path, *args, **narrowed)
    recorder.pytest_sessionfinish(session, status)

    assert (recorder.missing, session.exitstatus) == ([], pytest.ExitCode.OK)
