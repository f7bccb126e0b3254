"""A phone made of PyPI's baresip-python, which has one runtime per process. Its orders come from robot.py."""

import asyncio
import json
import logging
import math
import struct
import sys
import wave
from array import array
from contextlib import suppress
from pathlib import Path
from typing import Any

from baresip import (
    Account,
    AudioNotActive,
    AudioRestarted,
    BaresipError,
    Call,
    Config,
    Event,
    Runtime,
    StackEvent,
    UserAgent,
)

RATE = 8_000
AMPLITUDE = 8_000
WATCHED = {
    Event.CALL_RINGING: "ringing", Event.CALL_PROGRESS: "progress", Event.CALL_ESTABLISHED: "established",
    Event.CALL_HOLD: "held", Event.CALL_RESUME: "resumed", Event.CALL_MENC: "encrypted",
}  # fmt: skip


def say(event: str, **details: Any) -> None:
    print(json.dumps({"event": event, **details}), flush=True)  # noqa: T201  # it is the protocol


class Phone:
    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings
        self.call: Call | None = None
        self.heard = array("h")
        self.tasks: set[asyncio.Task[None]] = set()

    def incoming(self, call: Call) -> None:
        self.take(call)
        say("incoming")
        if self.settings.get("answer", True):
            self.spawn(self.answer(call))

    async def answer(self, call: Call) -> None:
        """Once our 180 is acknowledged: before, it is refused where provisionals are reliable."""
        while self.call is call:
            try:
                await call.answer()
                break
            except BaresipError:
                await asyncio.sleep(0.05)

    def take(self, call: Call) -> None:
        self.call = call
        call.on(self.happened)
        call.on_dtmf(lambda pressed: say("digit", digit=pressed.digit))
        self.spawn(self.talk(call))

    def happened(self, event: StackEvent) -> None:
        if event.event in WATCHED:
            say(WATCHED[event.event], text=event.text)
        elif event.event is Event.CALL_CLOSED:
            self.call = None
            self.write()
            say("closed", text=event.text)

    async def talk(self, call: Call) -> None:
        """Say the tone, hear the far end, frame by frame, until the call is over."""
        sent = 0
        while self.call is call:
            with suppress(AudioNotActive, AudioRestarted):
                info = call.audio.info()
                if info.tx_ready and info.tx_buffered < info.tx_sample_rate // 5:
                    count, step = info.tx_sample_rate // 50, 2 * math.pi * self.settings["hz"] / info.tx_sample_rate
                    samples = (round(AMPLITUDE * math.sin(step * n)) for n in range(sent, sent + count))
                    sent += call.audio.write(struct.pack(f"<{count}h", *samples)) // 2
                if info.rx_ready:
                    self.heard += array("h", call.audio.read(65_536))[:: info.rx_sample_rate // RATE]
            await asyncio.sleep(0.01)

    def write(self) -> None:
        with wave.open(str(Path(self.settings["folder"]) / "heard.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(self.heard.tobytes())
        self.heard = array("h")

    def spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)


async def obey(phone: Phone, agent: UserAgent, order: dict[str, Any]) -> None:
    call = phone.call
    if order["do"] == "dial":
        phone.take(await agent.dial(order["uri"]))
    elif order["do"] == "register":
        await agent.register()
        say("registered")
    elif call is not None:
        match order["do"]:
            case "hang_up":
                await call.hangup()
            case "press":
                await call.send_dtmf(order["digits"])
            case "hold":
                await call.hold()
            case "resume":
                await call.resume()


async def main(settings: dict[str, Any]) -> None:
    logging.basicConfig(level=logging.DEBUG)  # for whoever looks into a test that failed
    lines = [f"sip_listen 127.0.0.1:{settings['port']}", *settings.get("config", [])]
    runtime = Runtime()
    await runtime.start(
        Config(
            net_interface="127.0.0.1",
            native_log_level="info",
            sip_trace=True,
            extra_config_text="\n".join(lines) + "\n",
        )
    )
    account = Account(
        user=settings.get("username", settings["user"]),
        domain=settings.get("domain", f"127.0.0.1:{settings['port']}"),
        password=settings.get("password", ""),
        reg_interval=60 if "domain" in settings else 0,
        transport=settings.get("transport", "udp"),
        audio_codecs=tuple(settings.get("codecs", ("pcma", "pcmu"))),
        extra_params=tuple(settings.get("params", ())),
    )
    agent = await UserAgent.create(runtime, account)
    phone = Phone(settings)
    agent.on_incoming(phone.incoming)
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    say("ready")
    while line := await reader.readline():
        await obey(phone, agent, json.loads(line))
    await runtime.close()


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
