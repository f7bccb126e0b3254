"""Reading server-sent events (WHATWG HTML, section 9.2): only their data, which is all that this protocol uses."""

from collections.abc import AsyncIterator

MAX_EVENT_BYTES = 256_000


class SseError(ValueError):
    """An event without an end."""


async def events(chunks: AsyncIterator[bytes]) -> AsyncIterator[str]:
    """The data of each event; lines may end in LF, CR LF or CR, and be cut anywhere."""
    data: list[str] = []
    size = 0
    async for line in _lines(chunks):
        if not line:
            if data:
                yield "\n".join(data)
            data, size = [], 0
        elif line.startswith("data:"):
            data.append(line[5:].removeprefix(" "))
            size += len(line)
            if size > MAX_EVENT_BYTES:
                raise SseError("an event is too long")


async def _lines(chunks: AsyncIterator[bytes]) -> AsyncIterator[str]:
    rest = b""
    after_cr = False
    async for chunk in chunks:
        if after_cr and chunk.startswith(b"\n"):  # the second half of a CR LF
            chunk = chunk[1:]
        if chunk:
            after_cr = chunk.endswith(b"\r")
        *whole, rest = (rest + chunk).replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        for line in whole:
            yield line.decode("utf-8", "replace")
        if len(rest) > MAX_EVENT_BYTES:
            raise SseError("a line is too long")
    if rest:
        yield rest.decode("utf-8", "replace")
