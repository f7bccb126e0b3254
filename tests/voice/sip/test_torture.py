"""The messages of RFC 4475: valid ones are read, invalid ones refused, and an endpoint answers each as it should."""

from pathlib import Path

import pytest

from nokyc_voice.sip.grammar import SipSyntaxError
from nokyc_voice.sip.message import Request, parse
from voice.sip.wires import Party, Raw, VirtualTimers, Wire

FOLDER = Path(__file__).parent / "torture"

VALID = {
    "wsinv", "intmeth", "esc01", "escnull", "esc02", "lwsdisp", "longreq", "dblreq", "semiuri", "transports",
    "mpart01", "unreason", "noreason",
}  # fmt: skip
"""Section 3.1.1."""
READABLE = {
    "badbranch", "unkscm", "novelsc", "unksm2", "bext01", "invut", "regaut01", "bcast", "zeromf", "cparam01",
    "cparam02", "regescrt", "sdp01", "inv2543", "baddate",
}  # fmt: skip
"""Sections 3.2 to 3.4: well formed, whatever else is wrong. `baddate` is not, but nothing here reads Date."""
REFUSED = {
    "badinv01": 400, "clerr": 400, "ncl": 400, "scalar02": 400, "scalarlg": 400, "quotbal": 400, "ltgtruri": 400,
    "lwsruri": 400, "lwsstart": 400, "trws": 400, "escruri": 400, "regbadct": 400, "badaspec": 400, "baddn": 400,
    "badvers": 505, "mismatch01": 400, "mismatch02": 400, "bigcode": 400, "insuf": 400, "multi01": 400, "mcl01": 400,
}  # fmt: skip
ANSWERS = {
    "wsinv": [481], "intmeth": [501], "esc01": [100, 500], "escnull": [500], "esc02": [501], "lwsdisp": [200],
    "longreq": [100, 500], "dblreq": [500], "semiuri": [200], "transports": [200], "mpart01": [405],
    "unreason": [], "noreason": [],
    "badbranch": [200], "unkscm": [416], "novelsc": [416], "unksm2": [500], "bext01": [420], "invut": [415],
    "regaut01": [500], "bcast": [], "zeromf": [200], "cparam01": [500], "cparam02": [500], "regescrt": [500],
    "sdp01": [100, 500], "inv2543": [400], "baddate": [100, 500],
    "scalarlg": [], "bigcode": [], "insuf": [400], "badinv01": [], "lwsstart": [], "ltgtruri": [], "lwsruri": [],
    "trws": [], "badvers": [],
}  # fmt: skip
"""What an endpoint answers whose handlers decide nothing (500). Responses, and what has no readable first line or
Via, are dropped; everything else that is malformed gets its status."""


def read(name: str) -> bytes:
    return (FOLDER / f"{name}.sip").read_bytes()


def test_every_message_is_there() -> None:
    assert {path.stem for path in FOLDER.glob("*.sip")} == VALID | READABLE | REFUSED.keys()


@pytest.mark.parametrize("name", sorted(VALID | READABLE))
def test_a_readable_message_is_read_and_means_the_same_when_written(name: str) -> None:
    message = parse(read(name))
    again = parse(bytes(message))
    assert type(again) is type(message)
    assert again.body == message.body
    for attribute in ("vias", "from_", "to", "call_id", "cseq", "contacts"):
        assert getattr(again, attribute) == getattr(message, attribute)


@pytest.mark.parametrize(("name", "status"), sorted(REFUSED.items()))
def test_an_invalid_message_is_refused(name: str, status: int) -> None:
    with pytest.raises(SipSyntaxError) as refused:
        parse(read(name))
    assert refused.value.status == status


@pytest.mark.parametrize("name", sorted(VALID | READABLE | REFUSED.keys()))
async def test_what_an_endpoint_answers(timers: VirtualTimers, wire: Wire, callee: Party, name: str) -> None:
    raw = Raw(wire)
    raw.send(callee, read(name))
    await timers.run(0.2)
    answers = [int(packet.first_line.split()[1]) for packet in wire.log[1:]]
    assert answers == ANSWERS.get(name, [REFUSED.get(name)])
    await timers.run(80)
    assert callee.endpoint.load == {"dialogs": 0, "transactions": 0}


def test_what_the_hard_ones_say() -> None:
    wsinv = parse(read("wsinv"))
    assert isinstance(wsinv, Request)
    assert (wsinv.to.uri, wsinv.to.tag) == ("sip:vivekg@chair-dnrc.example.com", "1918181833n")
    assert wsinv.from_.display == 'J Rosenberg \\"'
    assert [via.host for via in wsinv.vias] == ["192.0.2.2", "spindle.example.com", "192.168.255.111"]
    assert wsinv.contacts[0].params == {"newparam": "newvalue", "secondparam": None, "q": "0.33"}
    assert wsinv.headers.get("NewFangledHeader") == "newfangled value continued newfangled value"
    dblreq = parse(read("dblreq"))
    assert isinstance(dblreq, Request)
    assert (dblreq.method, dblreq.body) == ("REGISTER", b"")
    assert len(parse(read("longreq")).vias) == 33
    assert parse(read("mpart01")).body.endswith(b"--7a9cbec02ceef655--\r\n")
