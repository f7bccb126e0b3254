"""SIPp, and the scenarios in `sipp/` that it follows."""

import asyncio
import shutil
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "sipp"
LIMIT_SEC = 25


async def sipp(
    folder: Path,
    scenario: str,
    *arguments: str,
    remote: int | None = None,
    port: int = 0,
    status: int | str | None = None,
    limit_sec: int = LIMIT_SEC,
) -> None:
    """Run one scenario to its end; AssertionError with SIPp's own words if it is not content. `status` takes the
    place of 999 in it."""
    text = (FOLDER / f"{scenario}.xml").read_text()
    path = folder / f"{scenario}.xml"
    path.write_text(text if status is None else text.replace("999", str(status)))
    where = [] if remote is None else [f"127.0.0.1:{remote}"]
    local = ["-p", str(port)] if port else []
    process = await asyncio.create_subprocess_exec(
        "sipp", *where, "-sf", path, "-i", "127.0.0.1", *local, "-nostdin", "-m", "1", "-timeout", f"{limit_sec}s",
        "-timeout_error", "-trace_err", "-error_file", folder / "errors", *arguments,
        cwd=folder, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        _, stderr = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    errors = folder / "errors"
    said = (errors.read_text() if errors.exists() else "") + stderr.decode()
    assert process.returncode == 0, f"{scenario}: {process.returncode}\n{said[-3000:]}"


def absent(*programs: str) -> pytest.MarkDecorator:
    """Skips where Debian's packages are not installed; `make peers` does it."""
    missing = [name for name in programs if shutil.which(name) is None]
    return pytest.mark.skipif(bool(missing), reason=f"not installed: {', '.join(missing)}")
