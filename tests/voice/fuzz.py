"""Feeds the SIP parsers and a whole endpoint with what nobody should send: random, mutated and grammar-made bytes.

    PYTHONPATH=tests python -m voice.fuzz --minutes 10 [--seed N]

Nothing but SipSyntaxError may come out of a parser, no input may take long, and an endpoint may not grow.
"""

import argparse
import asyncio
import contextlib
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import get_args

from nokyc_voice.sip.address import Address
from nokyc_voice.sip.digest import parse_challenges, parse_digest
from nokyc_voice.sip.endpoint import Invitation
from nokyc_voice.sip.framing import Deframer
from nokyc_voice.sip.grammar import SipSyntaxError
from nokyc_voice.sip.message import MAX_MESSAGE, Framing, parse
from nokyc_voice.sip.statuses import read_cause
from nokyc_voice.sip.uri import SipUri, read_e164
from nokyc_voice.sip.via import Via
from voice.sip.wires import Party, Raw, VirtualTimers, Wire

MAX_CPU_SEC = 0.25
"""For one input of any size."""
MAX_TRANSACTIONS = 2_000
"""That may be alive at once in the endpoint, given how often time passes here."""

PIECES = [
    b"\r\n", b"\r\n\r\n", b" ", b"\t", b";", b",", b"<", b">", b'"', b"\\", b":", b"=", b"?", b"@", b"[", b"]", b"%00",
    b"%", b"\x00", b"\xff", b"\xc3\x28", b"sip:", b"sips:", b"tel:+1", b";tag=", b";lr", b"z9hG4bK", b"Via: ", b"v: ",
    b"Content-Length: 99999999999999999999", b"l: -1", b"CSeq: 4294967296 INVITE", b"Contact: *", b"SIP/2.0",
    b"a" * 300,
    b"Require: 100rel\r\n", b"RSeq: 1\r\n", b"RAck: 1 1 INVITE\r\n", b"Session-Expires: 90;refresher=uas\r\n", b"[::1]",
    b'Digest realm="a", nonce="', b"Q.850;cause=16;", b"\r\n " * 40, b";a" * 100, b"," * 100, b'""' * 50, b"<" * 200,
]  # fmt: skip
METHODS = ["INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "REGISTER", "PRACK", "UPDATE", "INFO", "MESSAGE", "X"]


def corpus() -> list[bytes]:
    """The torture messages are where mutation begins."""
    return [path.read_bytes() for path in sorted((Path(__file__).parent / "sip" / "torture").glob("*.sip"))]


def mutate(random: Random, seeds: list[bytes]) -> bytes:
    """A message with some of it cut, repeated, replaced, or taken from another one."""
    data = bytearray(random.choice(seeds))
    for _ in range(random.randrange(1, 8)):
        at = random.randrange(len(data) + 1)
        match random.randrange(6):
            case 0:
                del data[at : at + random.randrange(1, 20)]
            case 1:
                data[at:at] = random.choice(PIECES)
            case 2:
                data[at : at + 1] = bytes([random.randrange(256)])
            case 3:
                data[at:at] = data[at : at + random.randrange(200)] * random.randrange(1, 5)
            case 4:
                other = random.choice(seeds)
                start = random.randrange(len(other))
                data[at:at] = other[start : start + random.randrange(200)]
            case _:
                data[at:at] = random.choice(PIECES) * random.randrange(1, 200)
    return bytes(data[: MAX_MESSAGE + 10])


def grammar(random: Random) -> bytes:
    """A message that is nearly right: its parts are valid more often than not."""

    def pick(*options: str) -> str:
        return random.choice(options)

    method = pick(*METHODS)
    tag = pick("", ";tag=a", ";tag=b", ";tag", ";tag=a;tag=b")
    start = pick(f"{method} sip:x@192.0.2.2 SIP/2.0", f"SIP/2.0 {random.randrange(0, 800)} {pick('', 'OK', 'é')}")
    branch = f"branch=z9hG4bK{random.randrange(50)}{pick('', ';rport', ';rport=1', ';received=::1')}"
    fields = [
        f"Via: SIP/2.0/{pick('UDP', 'TCP', 'WSS')} 192.0.2.3{pick('', ':5060', ':99999')};{branch}",
        f"From: {pick('<sip:a@192.0.2.3>', 'sip:a@192.0.2.3', 'a <sip:[::1]>')};tag={random.randrange(20)}",
        f"To: <sip:x@192.0.2.2>{tag}",
        f"Call-ID: {pick('one', 'two', 'three')}",
        f"CSeq: {random.randrange(5)} {pick(method, method, method, 'INVITE')}",
        f"Max-Forwards: {pick('70', '0', '255', '256')}",
        f"Contact: {pick('<sip:a@192.0.2.3>', '*', '<tel:+1>', 'x')}",
        f"Require: {pick('100rel', 'timer', 'x')}",
        f"Supported: {pick('100rel, timer', '')}",
        f"Session-Expires: {pick('90', '30', '1800;refresher=uac', 'x')}",
        f"Record-Route: {pick('<sip:192.0.2.3;lr>', '<sip:192.0.2.3>', 'x')}",
        f"RSeq: {random.randrange(3)}",
        f"RAck: {pick('1 1 INVITE', '1 INVITE')}",
        f"Reason: Q.850;cause={random.randrange(300)}",
        f"Expires: {pick('0', '60', '4294967296')}",
        f"Content-Type: {pick('application/sdp', 'text/plain')}",
    ]
    kept = [field for number, field in enumerate(fields) if number < 5 or random.random() < 0.5]
    if random.random() < 0.3:
        random.shuffle(kept)
    body = pick("", "v=0")
    return "\r\n".join([start, *kept, f"Content-Length: {len(body)}", "", body]).encode()


def attempts_on(data: bytes, *framings: Framing) -> list[Callable[[], object]]:
    """Each parser with the whole input, as if it stood where that parser looks; the message under `framings`."""
    line = data.decode("utf-8", "surrogateescape").replace("\r", "").replace("\n", "")
    return [
        *(partial(_rewrite, data, framing) for framing in framings),
        lambda: parse(data).sdp,
        lambda: list(Deframer().feed(data)),
        lambda: str(Address.parse(line)),
        lambda: str(SipUri.parse(line)),
        lambda: str(Via.parse(line)),
        lambda: parse_digest(line),
        lambda: list(parse_challenges([line], proxy=True)),
        lambda: (read_cause([line]), read_e164(line)),
    ]


def _rewrite(data: bytes, framing: Framing) -> bytes:
    return bytes(parse(data, framing))


def attack_parsers(data: bytes, random: Random) -> None:
    """None may take long."""
    for attempt in attempts_on(data, random.choice(get_args(Framing))):
        began = time.thread_time()
        with contextlib.suppress(SipSyntaxError):
            attempt()
        taken = time.thread_time() - began
        assert taken < MAX_CPU_SEC, f"{taken:.2f} s for {data[:200]!r}"


class Target:
    """An endpoint that answers some calls, and a stranger who throws things at it."""

    def __init__(self, random: Random) -> None:
        self.timers = VirtualTimers()
        wire = Wire(self.timers)
        wire.keeps_log = False
        self.party = Party(wire, "192.0.2.2", on_invite=self._decide)
        self.raw = Raw(wire)
        self._random = random

    async def _decide(self, invitation: Invitation) -> None:
        match self._random.randrange(4):
            case 0:
                invitation.progress(183, b"v=0")
                invitation.refuse(486)
            case 1:
                await invitation.answer(b"v=0")
            case 2:
                invitation.progress(180)
                await invitation.cancelled.wait()

    async def throw(self, data: bytes) -> None:
        self.raw.came.clear()
        self.raw.send(self.party, data)
        await self.timers.run(0.05)

    def check(self) -> None:
        load = self.party.endpoint.load
        assert max(load.values()) < MAX_TRANSACTIONS, load
        assert self.party.endpoint.counters["internal_errors"] == 0


async def run(seconds: float, seed: int) -> int:
    """The number of inputs tried; AssertionError, or whatever broke, with the seed in the message of `main`."""
    random, seeds = Random(seed), corpus()
    target = Target(random)
    await target.party.endpoint.start()
    tried, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        for _ in range(20):
            data = grammar(random) if random.random() < 0.4 else mutate(random, seeds)
            if random.random() < 0.05:
                data = random.randbytes(random.randrange(2000))
            attack_parsers(data, random)
            await target.throw(data)
            tried += 1
        target.check()
    await target.timers.until(target.party.endpoint.stop())
    return tried


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--minutes", type=float, default=10.0)
    arguments.add_argument("--seed", type=int, default=None)
    given = arguments.parse_args()
    seed = Random().randrange(2**32) if given.seed is None else given.seed
    print(f"seed {seed}")  # noqa: T201
    print(f"{asyncio.run(run(given.minutes * 60, seed))} inputs, nothing broke")  # noqa: T201


if __name__ == "__main__":
    main()
