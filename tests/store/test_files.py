"""Files lie in a folder or in an S3 store, and behave the same in both. The S3 store is nanio, a real server in a
process of its own, which checks the signature of every request."""

import asyncio
import os
import secrets
import socket
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from nokyc.settings import Settings, read_settings
from nokyc.store.files import Files, FilesAwayError, open_files
from nokyc.workers.salvage import Spoolfolder

START_SEC = 60
LARGE = 12_000_000
"""More than goes in one request."""
CONTENT = bytes(range(256)) * 4


@pytest.fixture(scope="module")
async def s3(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[str, str]]:
    """An S3 server with an empty bucket, as the environment of an installation that uses it."""
    folder = tmp_path_factory.mktemp("s3")
    (folder / "nokyc").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    key, secret = "operator", secrets.token_hex(16)
    process = await asyncio.create_subprocess_exec(
        Path(sys.executable).parent / "nanio", "serve", "--host", "127.0.0.1", "--port", str(port),
        "--data-dir", folder, "--log-level", "error", "--no-access-log",
        env=os.environ | {"NANIO_ACCESS_KEY": key, "NANIO_SECRET_KEY": secret},
    )  # fmt: skip
    async with asyncio.timeout(START_SEC):
        while not _listens(port):  # noqa: ASYNC110 - a foreign process tells no event
            await asyncio.sleep(0.05)
    yield {
        "NOKYC_FILES": "s3://nokyc/some/prefix", "NOKYC_FILES_ENDPOINT": f"http://127.0.0.1:{port}",
        "NOKYC_FILES_KEY": key, "NOKYC_FILES_SECRET": secret,
    }  # fmt: skip
    process.terminate()
    await process.wait()


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(params=["folder", "s3"])
def configured(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    environment = request.getfixturevalue("s3") if request.param == "s3" else {}
    return read_settings(environment, data_dir=tmp_path / "data")


@pytest.fixture
def files(configured: Settings) -> Files:
    return open_files(configured)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source"
    _write(path, CONTENT)
    return path


async def read(files: Files, key: str, start: int, end: int) -> bytes:
    return b"".join([chunk async for chunk in files.read(key, start, end)])


async def test_what_is_put_comes_back(files: Files, source: Path) -> None:
    await files.put("rec/one.mp3", source)
    content = CONTENT
    await files.put("rec/two.mp3", source)  # the file was copied, not moved
    assert await files.size("rec/one.mp3") == len(content)
    for start, end in ((0, len(content)), (0, 1), (5, 300), (1_023, 1_024), (7, 7)):
        assert await read(files, "rec/one.mp3", start, end) == content[start:end]


async def test_a_file_is_replaced_whole(files: Files, source: Path) -> None:
    await files.put("vm/two.wav", source)
    _write(source, b"short")
    await files.put("vm/two.wav", source)
    assert await files.size("vm/two.wav") == 5
    assert await read(files, "vm/two.wav", 0, 5) == b"short"


async def test_a_large_file(files: Files, source: Path) -> None:
    content = os.urandom(LARGE)
    _write(source, content)
    await files.put("rec/large.mp3", source)
    assert await files.size("rec/large.mp3") == LARGE
    assert await read(files, "rec/large.mp3", 0, LARGE) == content
    assert await read(files, "rec/large.mp3", LARGE - 10, LARGE) == content[-10:]


async def test_what_is_not_there(files: Files, source: Path, tmp_path: Path) -> None:
    assert await files.size("rec/none.mp3") is None
    with pytest.raises(FileNotFoundError):
        await read(files, "rec/none.mp3", 0, 1)
    await files.delete("rec/none.mp3")
    with pytest.raises(FileNotFoundError):
        await files.put("rec/none.mp3", tmp_path / "nothing")
    await files.put("rec/gone.mp3", source)
    await files.delete("rec/gone.mp3")
    assert await files.size("rec/gone.mp3") is None


async def test_a_folder_that_is_a_file_is_away(source: Path, tmp_path: Path) -> None:
    files = open_files(read_settings({}, data_dir=source))
    for work in (files.put("rec/one.mp3", source), files.size("rec/one.mp3"), files.delete("rec/one.mp3")):
        with pytest.raises(FilesAwayError):
            await work


async def test_a_wrong_secret_is_away(s3: dict[str, str], source: Path, tmp_path: Path) -> None:
    settings = read_settings(s3, data_dir=tmp_path)
    wrong = open_files(replace(settings, files_secret="wrong"))
    with pytest.raises(FilesAwayError, match="store of files"):
        await wrong.put("rec/one.mp3", source)


def test_where_files_lie_must_make_sense(tmp_path: Path) -> None:
    for nonsense in ("bucket", "s3://", "https://bucket/x"):
        with pytest.raises(ValueError, match="NOKYC_FILES"):
            open_files(read_settings({"NOKYC_FILES": nonsense}, data_dir=tmp_path))


async def test_what_was_said_is_open_to_nobody_else_on_the_machine(source: Path, tmp_path: Path) -> None:
    await open_files(read_settings({}, data_dir=tmp_path)).put("rec/one.mp3", source)
    spool = Spoolfolder(tmp_path / "voice", "one")
    for path in (tmp_path / "files" / "rec", tmp_path / "files" / "rec" / "one.mp3", spool.path):
        assert path.stat().st_mode & 0o077 == 0, path
    spool.close()
