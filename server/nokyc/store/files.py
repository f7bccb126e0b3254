"""Where recordings and voicemails lie: a small port, a folder by default, or any store that speaks S3.

Keys are our own (`rec/…`, `vm/…`) and never hold what somebody else wrote. A file is written once and never changed.
"""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from nokyc.settings import Settings

if TYPE_CHECKING:
    from obstore.store import S3Store

CHUNK_BYTES = 64 * 1024
TIMEOUT = timedelta(seconds=30)
"""Of one request to an S3 store."""
MAX_RETRIES = 3
FOLDER_MODE = 0o700
"""Names of files tell which calls there were."""


class FilesAwayError(Exception):
    """The files cannot be reached just now. No OSError, so that nobody takes it for the database."""


class Files(Protocol):
    """A store of files by key. Every method raises FilesAwayError while it cannot be reached."""

    async def put(self, key: str, source: Path) -> None:
        """Take a copy of a file of this machine; what was there under the key is replaced, all or nothing.

        Raises:
            FileNotFoundError: there is no such file on this machine.
        """
        ...

    async def size(self, key: str) -> int | None:
        """Bytes; None if there is no such file."""
        ...

    def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` up to before `end`. Raises FileNotFoundError."""
        ...

    async def delete(self, key: str) -> None:
        """Forget a file; one that is not there is forgotten already."""
        ...


class LocalFiles:
    """Files below a folder of this machine."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def put(self, key: str, source: Path) -> None:
        with _local():
            await asyncio.to_thread(_copy, source, self._path(key))

    async def size(self, key: str) -> int | None:
        with suppress(FileNotFoundError), _local():
            return (await asyncio.to_thread(self._path(key).stat)).st_size
        return None

    async def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        path = self._path(key)
        while start < end:
            with _local():
                chunk = await asyncio.to_thread(_slice, path, start, min(CHUNK_BYTES, end - start))
            if not chunk:
                return
            yield chunk
            start += len(chunk)

    async def delete(self, key: str) -> None:
        with _local():
            await asyncio.to_thread(self._path(key).unlink, missing_ok=True)

    def _path(self, key: str) -> Path:
        return self._root / key


class S3Files:
    """Files in a bucket of Amazon S3 or of anything that speaks its protocol."""

    def __init__(self, store: "S3Store") -> None:
        self._store = store

    async def put(self, key: str, source: Path) -> None:
        if not await asyncio.to_thread(source.exists):
            raise FileNotFoundError("there is no such file on this machine")
        with _remote():
            await self._store.put_async(key, source)

    async def size(self, key: str) -> int | None:
        with suppress(FileNotFoundError), _remote():
            return (await self._store.head_async(key))["size"]
        return None

    async def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        if start >= end:
            return
        with _remote():
            answer = await self._store.get_async(key, options={"range": (start, end)})
            async for chunk in answer.stream(CHUNK_BYTES):
                yield bytes(chunk)

    async def delete(self, key: str) -> None:
        with suppress(FileNotFoundError), _remote():
            await self._store.delete_async(key)


def open_files(settings: Settings) -> Files:
    """The files of this installation: in a bucket, or in a folder of the data folder.

    Raises:
        ValueError: NOKYC_FILES makes no sense.
    """
    if settings.files is None:
        return LocalFiles(settings.data_dir / "files")
    scheme, _, rest = settings.files.partition("://")
    bucket, _, prefix = rest.partition("/")
    if scheme != "s3" or not bucket:
        raise ValueError("NOKYC_FILES must be s3://bucket or s3://bucket/prefix")
    from obstore.store import S3Store

    access: dict[str, Any] = {
        "endpoint": settings.files_endpoint,
        "access_key_id": settings.files_key,
        "secret_access_key": settings.files_secret,
    }
    plain = settings.files_endpoint is not None and settings.files_endpoint.startswith("http:")
    return S3Files(
        S3Store(
            bucket,
            prefix=prefix or None,
            region=settings.files_region,
            client_options={"timeout": TIMEOUT, "allow_http": plain},
            retry_config={"max_retries": MAX_RETRIES, "retry_timeout": TIMEOUT},
            **{name: value for name, value in access.items() if value is not None},
        )
    )


@contextmanager
def _remote() -> Iterator[None]:
    """Inside it, what an S3 store can fail with is one of our two errors."""
    from obstore.exceptions import BaseError, NotFoundError

    try:
        yield
    except (NotFoundError, FileNotFoundError):
        raise FileNotFoundError("the store of files has no such file") from None
    except (BaseError, OSError) as error:
        raise FilesAwayError(f"the store of files said {type(error).__name__}") from None


@contextmanager
def _local() -> Iterator[None]:
    """Inside it, what a folder can fail with is one of our two errors."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise FilesAwayError(f"the folder of files said {error.strerror}") from None


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
    with source.open("rb") as original, tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as copy:
        shutil.copyfileobj(original, copy)
        copy.flush()
        os.fsync(copy.fileno())  # the row that names it will be durable too
    Path(copy.name).replace(target)


def _slice(path: Path, start: int, count: int) -> bytes:
    with path.open("rb") as file:
        file.seek(start)
        return file.read(count)
