"""Which errors of the catalogue the run has seen: a whole run that leaves one out fails.

Every process of the run writes down the codes that it answered with; under xdist they meet in the controller. A run
of some tests only, or one that failed anyway, is not judged.
"""

from pathlib import Path
from typing import Any

import pytest

from nokyc.http.errors import ApiError, catalogue

WORKER_KEY = "nokyc_error_codes"


def pytest_configure(config: pytest.Config) -> None:
    recorder = Recorder(config)
    recorder.listen()
    config.pluginmanager.register(recorder, "nokyc-error-recorder")


class Recorder:
    """Collects codes, and judges the whole run at its end."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.seen: set[str] = set()
        self.missing: list[str] = []

    def listen(self) -> None:
        """Every envelope, in whatever form, is made of these fields."""
        seen, make = self.seen, ApiError._fields

        def recorded(error: ApiError, request_id: str, public_url: str) -> dict[str, Any]:
            seen.add(error.code)
            return make(error, request_id, public_url)

        ApiError._fields = recorded  # type: ignore[method-assign]

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        self.seen.update(getattr(node, "workeroutput", {}).get(WORKER_KEY, ()))

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if hasattr(self.config, "workeroutput"):
            self.config.workeroutput[WORKER_KEY] = sorted(self.seen)
        elif exitstatus == pytest.ExitCode.OK and self._is_whole(session):
            self.missing = [code for code in catalogue() if code not in self.seen]
            if self.missing:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if self.missing:
            terminalreporter.section("errors that no test has raised")
            terminalreporter.line(", ".join(self.missing))

    def _is_whole(self, session: pytest.Session) -> bool:
        """Whether the run was of all tests there are."""
        option = self.config.option
        narrowed = option.keyword, option.markexpr, option.deselect, option.ignore, option.ignore_glob
        if any(narrowed) or option.collectonly or getattr(option, "lf", False):
            return False
        everything = {self.config.rootpath, self.config.rootpath / "tests"}
        return bool(everything & {Path(self.config.invocation_params.dir, a).resolve() for a in self.config.args})
