"""What those try who look for telephone systems: finding users, guessing passwords, calling on others' money."""

import asyncio
import re
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from nokyc.torture.ports import free_port
from nokyc_voice.sip.endpoint import Address, Credentials, Final, Invitation, Outgoing, Target
from nokyc_voice.sip.message import Response, parse
from voice.house import Guest, House, open_house
from voice.peers.agent import SDP, Agent, running

STRANGERS = (f"127.0.0.{n}" for n in range(2, 250))
"""Loopback, but no trunk's; who is refused too often hears nothing any more."""
UNKNOWN = "num_0123456789ab"
"""As a device's name is, and nobody's."""
REFUSED = {
    "+33899123456",
    "+18005551234567",
    "112",
    "+881612345678",
    "+88213212345",
    "+33112",
    "911",
    "+1911",
    "+33",
    "alice",
}
PATIENCE_SEC = 15.0
SCAN_SEC = 60.0


@pytest.fixture(scope="module")
async def house() -> AsyncIterator[House]:
    async with open_house() as made:
        yield made


@pytest.fixture(scope="module")
async def guest(house: House) -> AsyncIterator[Guest]:
    """Beside a carrier that is busy whenever it is called."""

    async def busy(invitation: Invitation) -> None:
        invitation.refuse(486)

    async with running() as carrier:
        carrier.on_invite = busy
        await house.connect("acme", carrier.port)
        yield await house.customer()


@pytest.fixture(scope="module")
async def phone(guest: Guest) -> Any:
    """The user name and password of a device of the guest's."""
    return (await guest.api.post(f"/v1/numbers/{guest.number['id']}/sip_credentials")).json()


@pytest.fixture(scope="module")
async def agent() -> AsyncIterator[Agent]:
    """Signals for the device."""
    async with running() as made:
        yield made


class Stranger:
    """Somebody with a socket."""

    def __init__(self, house: House) -> None:
        self._to = ("127.0.0.1", int(house.uri("x").rpartition(":")[2]))
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((next(STRANGERS), 0))
        self._socket.setblocking(False)
        self._sent = 0

    async def ask(self, method: str, user: str, *lines: str, to: str = "+33612345678") -> Response:
        """The first answer that is final."""
        self._sent += 1
        token = f"{method}{self._sent}"
        host, port = self._socket.getsockname()
        text = "\r\n".join(
            [
                f"{method} sip:{to}@127.0.0.1 SIP/2.0", f"Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bK{token}",
                f"From: <sip:{user}@127.0.0.1>;tag=x", f"To: <sip:{to}@127.0.0.1>", f"Call-ID: {token}@{port}",
                f"CSeq: 1 {method}", f"Contact: <sip:{user}@{host}:{port}>", "Max-Forwards: 70", *lines,
                "Content-Length: 0", "", "",
            ]
        )  # fmt: skip
        loop = asyncio.get_running_loop()
        await loop.sock_sendto(self._socket, text.encode(), self._to)
        async with asyncio.timeout(PATIENCE_SEC):
            while True:
                answer = parse(await loop.sock_recv(self._socket, 65_536))
                if isinstance(answer, Response) and answer.status >= 200 and answer.call_id.startswith(token):
                    return answer

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def stranger(house: House, guest: Guest) -> Any:
    made = Stranger(house)
    yield made
    made.close()


def shape(answer: Response) -> tuple[int, Sequence[tuple[str, str]]]:
    """What an answer says, but for what is new in each."""
    varying = {"via", "from", "to", "call-id", "cseq", "contact"}
    lines = [(name, re.sub(r'nonce="[^"]*"', "", value)) for name, value in answer.headers]
    return answer.status, [line for line in lines if line[0].lower() not in varying]


@pytest.mark.parametrize("method", ["REGISTER", "INVITE"])
async def test_a_known_name_answers_like_an_unknown_one(stranger: Stranger, phone: Any, method: str) -> None:
    known, unknown = await stranger.ask(method, phone["username"]), await stranger.ask(method, UNKNOWN)
    assert shape(known) == shape(unknown)
    assert known.status in (401, 407)
    header, realm, said = ("Authorization", known.status == 401, [])
    for user, challenge in ((phone["username"], known), (UNKNOWN, unknown)):
        name = "WWW-Authenticate" if realm else "Proxy-Authenticate"
        nonce = re.search(r'nonce="([^"]*)"', challenge.headers.get(name) or "")
        assert nonce is not None
        proof = f'Digest username="{user}", realm="127.0.0.1", nonce="{nonce[1]}", uri="sip:x", response="{"0" * 32}"'
        said.append(shape(await stranger.ask(method, user, f"{header if realm else 'Proxy-Authorization'}: {proof}")))
    assert said[0] == said[1]


@pytest.mark.parametrize("method", ["OPTIONS", "SUBSCRIBE", "MESSAGE", "BYE", "NOTIFY", "PUBLISH", "REFER"])
async def test_strangers_may_try_nothing_else(stranger: Stranger, phone: Any, method: str) -> None:
    answer = await stranger.ask(method, phone["username"])
    assert answer.status in (403, 481)
    assert not {"server", "user-agent", "allow", "supported"} & {name.lower() for name, _ in answer.headers}


@pytest.mark.parametrize("user", ["100", "admin", "+33647189022", "sip", "acme", "%00", "num_"])
async def test_names_that_nobody_gives_are_refused_without_a_challenge(stranger: Stranger, user: str) -> None:
    assert (await stranger.ask("INVITE", user)).status == 403


async def test_a_device_calls_nobody_dear(house: House, agent: Agent, guest: Guest, phone: Any) -> None:
    """Nor anything that is no number; each is refused by the platform, after the password was right."""
    before = await guest.get("/v1/account")
    for to in sorted(REFUSED):
        assert await dial(house, agent, phone, to) in (403, 404, 484), to
    assert (await guest.get("/v1/calls"))["data"] == []
    assert await guest.get("/v1/account") == before


async def test_a_device_calls_as_its_number_whatever_it_says(
    house: House, agent: Agent, guest: Guest, phone: Any
) -> None:
    theirs = (await house.customer()).number["number"]
    lines = [("P-Asserted-Identity", f"<sip:{theirs}@x>"), ("Remote-Party-ID", f"<sip:{theirs}@x>;party=calling")]
    await dial(
        house, agent, phone, "+33612345678", ("P-Preferred-Identity", f"<sip:{theirs}@x>"), *lines, display=theirs
    )
    (call,) = (await guest.get("/v1/calls"))["data"]
    assert (call["from_e164"], call["callerid"]) == (guest.number["number"], guest.number["number"])


async def test_a_password_is_of_one_name_alone(house: House, agent: Agent, phone: Any) -> None:
    other = await house.customer()
    theirs = (await other.api.post(f"/v1/numbers/{other.number['id']}/sip_credentials")).json()
    assert await dial(house, agent, phone | {"username": theirs["username"]}, "+33612345678") in (403, 407)
    assert (await other.get("/v1/calls"))["data"] == []


async def dial(house: House, agent: Agent, phone: Any, to: str, *lines: tuple[str, str], display: str = "") -> int:
    """The final status of a device's call."""
    uri = house.uri(to)
    me = Address(f"sip:{phone['username']}@127.0.0.1", display=display)
    target = Target(uri, "udp", credentials=Credentials(phone["username"], phone["password"]))
    attempt = agent.endpoint.invite(target, Outgoing(me, Address(uri), list(lines)), SDP)
    async with asyncio.timeout(PATIENCE_SEC):
        steps = [step async for step in attempt.progress()]
    assert isinstance(steps[-1], Final)
    return steps[-1].status


@pytest.mark.skipif(find_spec("sipvicious") is None, reason="SIPVicious is not installed")
class TestSipVicious:
    """The tools of the trade (GPL: programs of their own)."""

    async def test_they_find_no_names_no_program_and_no_password(
        self, house: House, guest: Guest, phone: Any, tmp_path: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        names = [phone["username"], UNKNOWN, "100", "admin", "acme"]
        (tmp_path / "names").write_text("\n".join(names))
        (tmp_path / "passwords").write_text("\n".join(["1234", "admin", phone["username"], "secret"]))
        port = house.uri("x").rpartition(":")[2]
        target = f"udp://127.0.0.1:{port}"

        mapped = await scan("svmap", "-p", port, "127.0.0.1", folder=tmp_path)
        assert "nokyc" not in mapped.lower()
        for method in ("REGISTER", "INVITE"):
            found = await scan("svwar", "-m", method, "--force", "-d", "names", target, folder=tmp_path)
            rows = [row for row in found.splitlines() if row.startswith("|")]
            # Nothing, or the name that is nobody's too.
            assert any(phone["username"] in row for row in rows) == any(UNKNOWN in row for row in rows), found
        cracked = await scan("svcrack", "-u", phone["username"], "-d", "passwords", target, folder=tmp_path)
        assert phone["password"] not in cracked
        assert "The password for" not in cracked
        assert (await guest.get(f"/v1/numbers/{guest.number['id']}/sip_credentials"))["devices"] == []
        assert capfd.readouterr() == ("", "")


async def scan(tool: str, *arguments: str, folder: Path) -> str:
    """All that one of them says."""
    program = f"import sys; from sipvicious.{tool} import main; sys.exit(main())"
    host = next(STRANGERS)
    options = ["-b", host, "-x", host, "-P", str(free_port()), "-t", "0.05"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, *options, *arguments, cwd=folder, env={"HOME": str(folder)},
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    async with asyncio.timeout(SCAN_SEC):
        said, _ = await process.communicate()
    return said.decode(errors="replace")
