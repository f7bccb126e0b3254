"""SMSCs that others wrote, as `FarEnd`s: the PyPI library smpp34 and the npm library smpp."""

import asyncio
import json
from collections import deque
from pathlib import Path
from typing import Any

import smpp34

from carriers.conformance import HANDSET, until
from carriers.smpp.smsc import receipt, texts
from nokyc.carriers.smpp import SmppCarrier
from nokyc.carriers.smpp.pdu import SubmitSm
from nokyc.kit import gsm0338
from nokyc.torture.ports import free_port

NODE_SMSC = Path(__file__).parent / "peer_node" / "smsc.js"


class Smpp34FarEnd:
    """smpp34's server. It takes any password."""

    def __init__(self) -> None:
        self.port = free_port()
        self.carrier: SmppCarrier
        self._next: deque[int | None] = deque()
        self._submits: list[SubmitSm] = []
        self.sessions: dict[str, smpp34.Esme] = {}
        self._unanswered: list[object] = []
        self._serial = 0

    async def return_(self) -> None:
        self._server = smpp34.Server("127.0.0.1", self.port)
        await self._server.start()
        self._pump = asyncio.ensure_future(self._run())

    async def close(self) -> None:
        self._pump.cancel()
        await asyncio.wait([self._pump])
        await self._server.stop()

    async def vanish(self) -> None:
        await self._server.stop()  # first, lest the carrier come back between the two; sessions live on
        while self.sessions:
            _, session = self.sessions.popitem()
            await session.unbind()
        await until(lambda: not any(link.up for link in self.carrier.links()))
        await self.close()

    async def will_refuse(self) -> str:
        self._next.append(0x0B)
        return HANDSET

    async def will_throttle(self) -> str:
        self._next.append(0x58)
        return HANDSET

    async def will_stay_silent(self) -> str:
        self._next.append(None)
        return HANDSET

    def texts(self) -> list[str]:
        return texts(self._submits)

    async def send_receipt(self, carrier_ref: str, *, delivered: bool) -> bool:
        pdu = receipt(carrier_ref, "DELIVRD" if delivered else "UNDELIV")
        return await self._deliver(HANDSET, "", pdu.short_message, esm_class=4)

    async def send_inbound(self, sender: str, recipient: str, text: str) -> bool:
        septets = gsm0338.encode(text)
        coding, body = (8, text.encode("utf-16-be")) if septets is None else (0, septets)
        return await self._deliver(sender, recipient, body, data_coding=coding)

    async def _deliver(self, source: str, dest: str, body: bytes, **settings: Any) -> bool:
        session = next(each for each in self.sessions.values() if each.can_receive)
        answer = await session.deliver_sm(
            dest.removeprefix("+"),
            body,
            source_addr=source.removeprefix("+"),
            source_addr_ton=1,
            source_addr_npi=1,
            **settings,
        )
        return answer.is_success

    async def _run(self) -> None:
        while True:
            event = await self._server.next()
            if isinstance(event, smpp34.Esme):
                self.sessions[event.session_id] = event
            elif isinstance(event, smpp34.SubmitSmEvent):
                self._answer(event)
            else:
                self.sessions.pop(event.session_id, None)

    def _answer(self, event: smpp34.SubmitSmEvent) -> None:
        treatment = self._next.popleft() if self._next else 0
        if treatment is None:
            self._unanswered.append(event)
        elif treatment:
            event.reject(treatment)
        else:
            self._submits.append(
                SubmitSm(
                    source=event.source_addr,
                    dest=event.destination_addr,
                    esm_class=event.esm_class,
                    data_coding=event.data_coding,
                    short_message=event.short_message,
                )
            )
            self._serial += 1
            event.accept(f"{self._serial:08X}")


class NodeFarEnd:
    """npm smpp's server in a process of its own; it decodes the texts by itself."""

    def __init__(self) -> None:
        self.port = 0
        self.carrier: SmppCarrier
        self._taken: list[dict[str, Any]] = []
        self._said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            "node", str(NODE_SMSC), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        self._listener = asyncio.ensure_future(self._listen())
        self.port = (await self._said.get())["listening"]

    async def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        await self._process.wait()
        await self._listener

    async def return_(self) -> None:
        await self._order(order="listen")

    async def vanish(self) -> None:
        await self._order(order="vanish")
        await until(lambda: not any(link.up for link in self.carrier.links()))

    async def will_refuse(self) -> str:
        await self._order(order="next", treatment=0x0B)
        return HANDSET

    async def will_throttle(self) -> str:
        await self._order(order="next", treatment=0x58)
        return HANDSET

    async def will_stay_silent(self) -> str:
        await self._order(order="next", treatment="silent")
        return HANDSET

    def texts(self) -> list[str]:
        bodies: dict[object, dict[int, str]] = {}
        for serial, taken in enumerate(self._taken):
            reference, _, index = taken["part"] or (f"single {serial}", 1, 1)
            bodies.setdefault(reference, {})[index] = taken["text"]
        return ["".join(text for _, text in sorted(parts.items())) for parts in bodies.values()]

    async def send_receipt(self, carrier_ref: str, *, delivered: bool) -> bool:
        text = receipt(carrier_ref, "DELIVRD" if delivered else "UNDELIV").short_message.decode()
        return await self._deliver(short_message=text, esm_class=4)

    async def send_inbound(self, sender: str, recipient: str, text: str) -> bool:
        return await self._deliver(
            source_addr=sender.removeprefix("+"),
            source_addr_ton=1,
            destination_addr=recipient.removeprefix("+"),
            short_message=text,
            data_coding=8 if gsm0338.encode(text) is None else 0,
        )

    async def _deliver(self, **pdu: Any) -> bool:
        return (await self._order(order="deliver", pdu=pdu))["answered"] == 0

    async def _order(self, **order: Any) -> dict[str, Any]:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        return await self._said.get()

    async def _listen(self) -> None:
        assert self._process.stdout
        async for line in self._process.stdout:
            said = json.loads(line)
            if "text" in said:
                self._taken.append(said)
            else:
                self._said.put_nowait(said)
