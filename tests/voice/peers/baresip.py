"""Debian's baresip as a phone: driven over its control socket, heard through the files it writes."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from nokyc.torture.ports import free_port
from voice.audio import read_wav

MODULES = Path("/usr/lib/baresip/modules")
PATIENCE_SEC = 15.0
NUMBER = "+33612345678"
"""Whom it takes calls for."""


class Baresip:
    """One phone with one account. What it hears and says is dumped into WAV files in its folder."""

    def __init__(self, folder: Path, sip_port: int, control_port: int, host: str) -> None:
        self.folder = folder
        self.host = host
        self.port = sip_port
        self.uri = f"sip:{NUMBER}@{host}:{sip_port}"
        self._control_port = control_port
        self._events: list[dict[str, Any]] = []
        self._news = asyncio.Event()
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        deadline = asyncio.get_running_loop().time() + PATIENCE_SEC
        while True:
            try:
                reader, self._writer = await asyncio.open_connection(self.host, self._control_port)
                break
            except OSError:
                assert asyncio.get_running_loop().time() < deadline, (self.folder / "log").read_text()
                await asyncio.sleep(0.05)
        self._reading = asyncio.create_task(self._read(reader))

    async def close(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
        if self._writer is not None:
            self._writer.close()

    def command(self, name: str, params: str = "") -> None:
        assert self._writer is not None
        message = json.dumps({"command": name, "params": params}).encode()
        self._writer.write(b"%d:%s," % (len(message), message))

    def dial(self, uri: str) -> None:
        self.command("dial", uri)

    def answer(self) -> None:
        self.command("accept")

    def hang_up(self) -> None:
        self.command("hangup")

    def press(self, digits: str) -> None:
        """Press keys of the call, one after the other."""
        self.command("sndcode", digits)

    async def event(self, kind: str, *, where: Callable[[dict[str, Any]], bool] = lambda event: True) -> dict[str, Any]:
        """The first event of a kind, waited for; each is given once."""
        async with asyncio.timeout(PATIENCE_SEC):
            while True:
                for event in self._events:
                    if event["type"] == kind and where(event):
                        self._events.remove(event)
                        return event
                self._news.clear()
                await self._news.wait()

    def heard(self) -> list[int]:
        """Samples that it received in its last call."""
        return read_wav(max(self.folder.glob("dump-*-dec.wav")))[0]

    def said(self) -> list[int]:
        return read_wav(max(self.folder.glob("dump-*-enc.wav")))[0]

    async def _read(self, reader: asyncio.StreamReader) -> None:
        while True:
            length = int((await reader.readuntil(b":"))[:-1])
            message = json.loads((await reader.readexactly(length + 1))[:length])
            if message.get("event"):
                self._events.append(message)
                self._news.set()


@asynccontextmanager
async def baresip(
    folder: Path,
    sound: Path,
    *,
    answer: bool = True,
    account: str = "",
    modules: tuple[str, ...] = (),
    host: str = "127.0.0.1",
    within: tuple[str, ...] = (),
) -> AsyncIterator[Baresip]:
    """A phone that says `sound` (8 kHz WAV) in each call. `account` adds parameters (`;auth_pass=…`), `within` is a
    command that it runs under, such as one that enters the namespace with its `host`."""
    sip_port = free_port(2)  # it takes the next one for TLS
    phone = Baresip(folder, sip_port, sip_port + 2, host)
    mode = "auto" if answer else "manual"
    _furnish(phone, sound, account or f"<{phone.uri}>;regint=0;answermode={mode}", modules)
    with (folder / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *within, "baresip", "-f", str(folder), "-v", stdout=log, stderr=log
        )
    try:
        await phone.connect()
        yield phone
    finally:
        await phone.close()
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(5):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


def _furnish(phone: Baresip, sound: Path, account: str, modules: tuple[str, ...]) -> None:
    phone.folder.mkdir(parents=True, exist_ok=True)
    (phone.folder / "config").write_text(_config(phone, sound, modules))
    (phone.folder / "accounts").write_text(account)


def _config(phone: Baresip, sound: Path, modules: tuple[str, ...]) -> str:
    names = ("g711", "g722", *modules, "aufile", "sndfile")
    return "\n".join(
        [
            "poll_method epoll",
            f"net_interface {phone.host}",
            f"sip_listen {phone.host}:{phone.port}",
            f"audio_source aufile,{sound}",
            "audio_player aufile,/dev/null",
            "ausrc_srate 8000",
            "auplay_srate 8000",
            "ausrc_channels 1",
            "auplay_channels 1",
            "audio_buffer 20-160",
            f"snd_path {phone.folder}",
            f"module_path {MODULES}",
            *(f"module {name}.so" for name in names),
            "module_tmp account.so",
            "module_app menu.so",
            "module_app ctrl_tcp.so",
            f"ctrl_tcp_listen {phone.host}:{phone._control_port}",
            "",
        ]
    )
