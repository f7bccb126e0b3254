"""Devices that register with us, and our registration with a carrier."""

import asyncio
from dataclasses import replace
from random import Random

import pytest

from nokyc_voice.platform import Device
from nokyc_voice.sip.digest import Authenticator, compute_ha1
from nokyc_voice.sip.endpoint import Address, Credentials, Outgoing, RegisterRequest, Response, Target
from nokyc_voice.sip.registrar import MAX_CONTACTS, Registrar
from nokyc_voice.sip.trunk import Pinger, Registration
from voice.sip.wires import Party, Raw, VirtualTimers, Wire

HA1 = {name: compute_ha1(name, "alice", "nokyc", "secret") for name in ("MD5", "SHA-256")}
DEVICE = Device(number_id=7, account_id=1, username="alice", ha1=HA1)


class House:
    """A registrar behind the callee, and what it told."""

    def __init__(self, timers: VirtualTimers, party: Party) -> None:
        authenticator = Authenticator("nokyc", b"k" * 32, timers=timers, random=Random(5))
        self.told: list[tuple[str, bool]] = []
        self.device = DEVICE
        self.registrar = Registrar(
            authenticator, self.find, timers, lambda binding, there: self.told.append((binding.contact, there))
        )
        party.on_register = self.registrar.handle

    async def find(self, username: str) -> Device | None:
        return self.device if username == "alice" else None

    @property
    def contacts(self) -> list[str]:
        return [binding.contact for binding in self.registrar.bindings(7)]


@pytest.fixture
def house(timers: VirtualTimers, callee: Party) -> House:
    return House(timers, callee)


class Phone:
    """A device that registers from the caller's endpoint."""

    def __init__(self, timers: VirtualTimers, caller: Party, callee: Party) -> None:
        self.timers = timers
        self.endpoint = caller.endpoint
        self.where = callee.uri.replace("someone@", "")

    async def register(
        self, *contacts: str, expires: int | None = 300, password: str = "secret", user: str = "alice", **more: object
    ) -> Response:
        lines = [("Contact", contact) for contact in contacts]
        if expires is not None:
            lines.append(("Expires", str(expires)))
        me = Address(f"sip:{user}@nokyc")
        target = Target(self.where, credentials=Credentials(user, password))
        return await self.timers.until(
            self.endpoint.request(target, "REGISTER", Outgoing(me, me, lines), **more)  # type: ignore[arg-type]
        )


@pytest.fixture
def phone(timers: VirtualTimers, caller: Party, callee: Party) -> Phone:
    return Phone(timers, caller, callee)


async def test_register_refresh_and_take_away(phone: Phone, house: House, timers: VirtualTimers) -> None:
    response = await phone.register("<sip:alice@192.0.2.1>")
    assert response.status == 200
    assert response.headers.all("Contact") == ["<sip:alice@192.0.2.1>;expires=300"]
    await phone.register("<sip:alice@192.0.2.1:5060;transport=udp>;expires=120", expires=None)
    assert house.contacts == ["sip:alice@192.0.2.1:5060;transport=udp", "sip:alice@192.0.2.1"]
    assert house.registrar.bindings(7)[0].connection.remote == ("192.0.2.1", 5060)
    await phone.register("<sip:alice@192.0.2.1>", expires=0)
    assert house.contacts == ["sip:alice@192.0.2.1:5060;transport=udp"]
    await timers.run(121)
    house.registrar.sweep()
    assert (house.contacts, house.registrar.count) == ([], 0)
    assert [there for _, there in house.told] == [True, True, False, False]


async def test_all_contacts_are_taken_away_at_once(phone: Phone, house: House) -> None:
    await phone.register("<sip:alice@192.0.2.1>", "<sip:alice@192.0.2.1:7000>")
    assert len(house.contacts) == 2
    response = await phone.register("*", expires=0)
    assert (response.status, response.contacts, house.contacts) == (200, [], [])


async def test_wrong_password_and_unknown_user_look_the_same(phone: Phone, house: House) -> None:
    wrong = await phone.register("<sip:alice@192.0.2.1>", password="wrong")
    unknown = await phone.register("<sip:bob@192.0.2.1>", user="bob")
    assert (wrong.status, unknown.status) == (401, 401)
    assert [name for name, _ in wrong.headers] == [name for name, _ in unknown.headers]
    assert house.contacts == []


async def test_only_so_many_contacts(phone: Phone, house: House) -> None:
    for number in range(MAX_CONTACTS + 3):
        await phone.register(f"<sip:alice@192.0.2.1:{6000 + number}>")
    assert len(house.contacts) == MAX_CONTACTS
    assert house.contacts[0] == f"sip:alice@192.0.2.1:{6000 + MAX_CONTACTS + 2}"


async def test_too_brief_and_out_of_order(phone: Phone, house: House) -> None:
    response = await phone.register("<sip:alice@192.0.2.1>", expires=10)
    assert (response.status, response.headers.get("Min-Expires")) == (423, "60")
    await phone.register("<sip:alice@192.0.2.1>", call_id="c", seq=10)
    assert (await phone.register("<sip:alice@192.0.2.1>", call_id="c", seq=5)).status == 500


async def test_a_closed_flow_takes_its_contacts_along(phone: Phone, house: House) -> None:
    await phone.register("<sip:alice@192.0.2.1>")
    connection = house.registrar.bindings(7)[0].connection
    connection.close()
    assert house.contacts == []
    house.registrar.closed(connection)
    assert house.told[-1] == ("sip:alice@192.0.2.1", False)


# --- we register


async def test_a_registration_is_kept_and_given_back(timers: VirtualTimers, wire: Wire, caller: Party) -> None:
    raw = Raw(wire)
    target = Target("sip:192.0.2.3", credentials=Credentials("alice", "secret"))
    registration = Registration(caller.endpoint, target, "alice", timers=timers, random=Random(1))
    caller_task = registration.run()

    async def carrier() -> None:
        await timers.run(0.1)
        raw.reply(raw.requests("REGISTER")[-1], 401, [("WWW-Authenticate", 'Digest realm="x", nonce="n"')])
        await timers.run(0.1)
        raw.reply(raw.requests("REGISTER")[-1], 200, [("Contact", "<sip:other@h>;expires=900"), ("Expires", "100")])
        await timers.run(0.1)

    task = asyncio.ensure_future(caller_task)
    await carrier()
    assert (registration.is_up, registration.state) == (True, "registered for 900 s")
    first = raw.requests("REGISTER")
    assert first[0].contacts[0].uri == "sip:alice@192.0.2.1:5060"
    assert [each.cseq[0] for each in first] == [1, 2]
    await timers.run(0.8 * 900)
    raw.reply(raw.requests("REGISTER")[-1], 403)
    await timers.run(0.1)
    assert raw.requests("REGISTER")[-1].call_id == first[0].call_id
    assert not registration.is_up
    assert registration.state.startswith("not registered: 403")
    await timers.run(3.1)
    raw.reply(raw.requests("REGISTER")[-1], 200)
    await timers.run(0.1)
    assert registration.is_up
    registration.stop()
    await timers.run(0.1)
    last = raw.requests("REGISTER")[-1]
    assert last.headers.get("Expires") == "0"
    raw.reply(last, 200)
    await timers.until(task)
    assert registration.state == "unregistered"
    assert [each.cseq[0] for each in raw.requests("REGISTER")] == [1, 2, 3, 4, 5]


async def test_a_silent_registrar_is_asked_less_and_less(timers: VirtualTimers, wire: Wire, caller: Party) -> None:
    wire.fate = lambda packet: []
    registration = Registration(caller.endpoint, Target("sip:192.0.2.3"), "alice", timers=timers, random=Random(1))
    task = asyncio.ensure_future(registration.run())
    await timers.run(3600)
    assert registration.state == "not registered: no answer"
    asked = len({packet.data for packet in wire.log})
    assert 10 <= asked <= 20
    registration.stop()
    await timers.run(40)
    assert task.done()


async def test_a_ping_says_what_came_back(timers: VirtualTimers, wire: Wire, caller: Party, callee: Party) -> None:
    pinger = Pinger(caller.endpoint, Target(callee.uri), Address("sip:nokyc@192.0.2.1"), 30, timers=timers)
    await timers.until(pinger.ping())
    assert (pinger.is_up, pinger.state) == (True, "answers (200 OK)")
    assert pinger.round_trip_ms == pytest.approx(20)
    callee.admitting = False
    await timers.until(pinger.ping())
    assert pinger.is_up
    assert pinger.state.startswith("403 Forbidden")
    wire.fate = lambda packet: []
    await timers.until(pinger.ping())
    assert (pinger.is_up, pinger.state, pinger.round_trip_ms) == (False, "no answer", None)


async def test_pings_go_on_until_stopped(timers: VirtualTimers, wire: Wire, caller: Party, callee: Party) -> None:
    pinger = Pinger(caller.endpoint, Target(callee.uri), Address("sip:nokyc@192.0.2.1"), 30, timers=timers)
    task = asyncio.ensure_future(pinger.run())
    await timers.run(100)
    assert wire.whats().count("OPTIONS") == 4
    pinger.stop()
    await timers.run(1)
    assert task.done()


async def test_a_register_that_nobody_decides_is_a_500(phone: Phone, callee: Party) -> None:
    async def fail(register: RegisterRequest) -> None:
        raise RuntimeError

    callee.on_register = fail
    assert (await phone.register("<sip:alice@192.0.2.1>")).status == 500


async def test_nobody_is_bound_longer_than_it_may_sign_in(phone: Phone, house: House) -> None:
    house.device = replace(DEVICE, valid_sec=90.5)
    response = await phone.register("<sip:alice@192.0.2.1>")
    assert response.headers.all("Contact") == ["<sip:alice@192.0.2.1>;expires=90"]


async def test_a_device_takes_away_its_own_contacts_alone(phone: Phone, house: House) -> None:
    """A page that signs out leaves the number's telephones signed in."""
    await phone.register("<sip:alice@192.0.2.1>")
    house.device = replace(DEVICE, username="bws")
    await phone.register("<sip:page@192.0.2.1>")
    response = await phone.register("*", expires=0)
    assert response.status == 200
    assert house.contacts == ["sip:alice@192.0.2.1"]


async def test_a_contact_in_other_words_is_told_in_place_of_the_old_one(phone: Phone, house: House) -> None:
    await phone.register("<sip:alice@192.0.2.1>")
    await phone.register("<sip:alice@192.0.2.1;ob>")
    assert (house.contacts, house.told) == (
        ["sip:alice@192.0.2.1;ob"],
        [("sip:alice@192.0.2.1", True), ("sip:alice@192.0.2.1", False), ("sip:alice@192.0.2.1;ob", True)],
    )


@pytest.mark.parametrize(
    ("status", "header"),
    [(503, ("Retry-After", "5 (overload)")), (503, ("Retry-After", "soon")), (423, ("Min-Expires", "long"))],
)
async def test_a_registration_outlives_what_is_said_oddly(
    timers: VirtualTimers, wire: Wire, caller: Party, status: int, header: tuple[str, str]
) -> None:
    raw = Raw(wire)
    registration = Registration(caller.endpoint, Target("sip:192.0.2.3"), "alice", timers=timers, random=Random(1))
    task = asyncio.ensure_future(registration.run())
    await timers.run(0.1)
    raw.reply(raw.requests("REGISTER")[0], status, [header])
    await timers.run(8)
    raw.reply(raw.requests("REGISTER")[-1], 200)
    await timers.run(0.1)
    assert registration.is_up
    registration.stop()
    await timers.run(0.1)
    raw.reply(raw.requests("REGISTER")[-1], 200)
    await timers.until(task)
