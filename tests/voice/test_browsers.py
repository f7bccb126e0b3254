"""What a browser's line may do at the engine, without a browser."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from nokyc_voice.platform import Trunk
from nokyc_voice.sip.endpoint import Listener
from voice.rig import Rig, rig

INVITE = """\
INVITE sip:+33647189022@127.0.0.1 SIP/2.0
Via: SIP/2.0/WS abc.invalid;branch=z9hG4bK1
Max-Forwards: 70
From: <sip:{user}@127.0.0.1>;tag=raw
To: <sip:+33647189022@127.0.0.1>
Call-ID: one
CSeq: 1 INVITE
Contact: <sip:x@abc.invalid;transport=ws>
Content-Length: 0

"""


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Rig]:
    async with rig(tmp_path, Listener("udp", "127.0.0.1"), Listener("ws", "127.0.0.1")) as made:
        yield made


async def answer_to(desk: Rig, user: str, **headers: str) -> tuple[str, str]:
    """The first answer's status and Via."""
    url = f"ws://127.0.0.1:{desk.port('ws')}"
    async with connect(url, subprotocols=[Subprotocol("sip")], additional_headers=headers) as browser:
        await browser.send(INVITE.format(user=user).replace("\n", "\r\n"))
        while True:
            lines: list[Any] = (await browser.recv(decode=True)).splitlines()
            if not lines[0].startswith("SIP/2.0 100"):
                return lines[0].split()[1], next(line for line in lines if line.startswith("Via:"))


async def test_a_browser_at_a_carriers_address_is_no_carrier(desk: Rig) -> None:
    await desk.use_trunks(Trunk("acme", (("127.0.0.1", 5_060),), ping_sec=0))
    assert (await answer_to(desk, "+33612345678"))[0] == "403"
    assert (await answer_to(desk, "bws_000000000000"))[0] == "407"
    assert desk.platform.incomings == []


async def test_the_relay_says_whom_it_speaks_for(desk: Rig) -> None:
    for stated, seen in (("192.0.2.7", "192.0.2.7"), ("nonsense", "127.0.0.1")):
        _, via = await answer_to(desk, "nobody", **{"X-Forwarded-For": stated})
        assert f"received={seen}" in via
