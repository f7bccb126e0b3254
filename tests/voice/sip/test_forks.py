"""One INVITE, several far ends behind a proxy: the first 2xx wins, the rest is hung up (RFC 3261 13.2.2.4)."""

import asyncio

import pytest

from nokyc_voice.sip.endpoint import Address, Attempt, Credentials, Final, Outgoing, Target
from voice.sip.test_calls import ANSWER, OFFER, steps_of
from voice.sip.wires import Party, Raw, VirtualTimers, Wire


@pytest.fixture
def raw(wire: Wire) -> Raw:
    return Raw(wire)


def call(caller: Party, raw: Raw, credentials: Credentials | None = None, **message: object) -> Attempt:
    outgoing = Outgoing(Address("sip:me@nokyc.example"), Address(raw.uri), **message)  # type: ignore[arg-type]
    return caller.endpoint.invite(Target(raw.uri, credentials=credentials), outgoing, OFFER)


async def test_the_first_2xx_wins_and_the_others_are_hung_up(timers: VirtualTimers, caller: Party, raw: Raw) -> None:
    attempt = call(caller, raw)
    await timers.run(0.1)
    (invite,) = raw.requests("INVITE")
    for tag in ("one", "two", "three"):
        raw.reply(invite, 180, tag=tag)
    raw.reply(invite, 200, body=b"two", tag="two")
    raw.reply(invite, 200, body=b"one", tag="one")
    raw.reply(invite, 200, body=b"two", tag="two")
    steps = await timers.until(steps_of(attempt))
    await timers.run(1)

    assert [step.status for step in steps] == [180, 180, 180, 200]
    assert isinstance(steps[-1], Final)
    assert steps[-1].session is not None
    assert steps[-1].session.remote_body == b"two"
    assert sorted(ack.to.tag or "" for ack in raw.requests("ACK")) == ["one", "two", "two"]
    assert {bye.to.tag for bye in raw.requests("BYE")} == {"one"}
    await timers.run(40)
    assert caller.endpoint.load["dialogs"] == 1


async def test_a_refusal_after_early_dialogs_leaves_none(timers: VirtualTimers, caller: Party, raw: Raw) -> None:
    attempt = call(caller, raw)
    await timers.run(0.1)
    (invite,) = raw.requests("INVITE")
    raw.reply(invite, 183, body=ANSWER, tag="one")
    raw.reply(invite, 180, tag="two")
    raw.reply(invite, 486, [("Reason", 'SIP;cause=200, Q.850 ;cause=17;text="busy"')], tag="two")
    steps = await timers.until(steps_of(attempt))

    assert [(step.status, step.body, step.cause) for step in steps] == [
        (183, ANSWER, None), (180, None, None), (486, None, 17),
    ]  # fmt: skip
    await timers.run(40)
    assert caller.endpoint.load == {"dialogs": 0, "transactions": 0}


async def test_more_forks_than_we_follow(timers: VirtualTimers, caller: Party, raw: Raw) -> None:
    call(caller, raw)
    await timers.run(0.1)
    (invite,) = raw.requests("INVITE")
    for number in range(100):
        raw.reply(invite, 180, tag=f"fork{number}")
    await timers.run(1)
    assert caller.endpoint.load["dialogs"] == 16


async def test_early_media_stays_if_the_2xx_says_nothing_new(timers: VirtualTimers, caller: Party, raw: Raw) -> None:
    attempt = call(caller, raw)
    await timers.run(0.1)
    (invite,) = raw.requests("INVITE")
    raw.reply(invite, 183, body=ANSWER)
    raw.reply(invite, 200)
    final = (await timers.until(steps_of(attempt)))[-1]
    assert isinstance(final, Final)
    assert final.session is not None
    assert final.session.remote_body == ANSWER


async def test_reliable_provisionals_are_pracked_once_and_in_order(
    timers: VirtualTimers, caller: Party, raw: Raw
) -> None:
    """RFC 3262 4: a repetition is absorbed, one that came too early waits for its repetition."""
    attempt = call(caller, raw)
    await timers.run(0.1)
    (invite,) = raw.requests("INVITE")
    for rseq in (100, 100, 102, 101, 102):
        raw.reply(invite, 183, [("Require", "100rel"), ("RSeq", str(rseq))], ANSWER)
        await timers.run(0.1)
    pracks = raw.requests("PRACK")
    raw.reply(invite, 200)
    steps = await timers.until(steps_of(attempt))

    first = invite.cseq[0]
    assert [prack.headers.get("RAck") for prack in {each.cseq: each for each in pracks}.values()] == [
        f"{rseq} {first} INVITE" for rseq in (100, 101, 102)
    ]
    assert [step.status for step in steps] == [183, 183, 183, 200]


async def test_route_set_and_target_of_the_dialog(timers: VirtualTimers, caller: Party, raw: Raw) -> None:
    attempt = call(caller, raw)
    await timers.run(0.1)
    (invite,) = raw.requests("INVITE")
    routes = [
        ("Record-Route", "<sip:192.0.2.3;lr>, <sip:10.0.0.7;lr;x=1>"),
        ("Record-Route", "<sip:192.0.2.3:5060;lr>"),
    ]
    raw.reply(invite, 200, routes)
    final = (await timers.until(steps_of(attempt)))[-1]
    assert isinstance(final, Final)
    assert final.session is not None
    final.session.bye()
    await timers.run(1)

    bye = raw.requests("BYE")[0]
    assert bye.uri == raw.uri
    assert bye.headers.all("Route") == ["<sip:192.0.2.3:5060;lr>", "<sip:10.0.0.7;lr;x=1>", "<sip:192.0.2.3;lr>"]
    assert (bye.from_.tag, bye.to.tag) == (invite.from_.tag, "raw")
    assert bye.cseq == (invite.cseq[0] + 1, "BYE")


async def test_a_strict_router_gets_its_own_address(timers: VirtualTimers, caller: Party, raw: Raw) -> None:
    attempt = call(caller, raw)
    await timers.run(0.1)
    raw.reply(raw.requests("INVITE")[0], 200, [("Record-Route", "<sip:192.0.2.3>")])
    final = (await timers.until(steps_of(attempt)))[-1]
    await timers.run(1)
    assert isinstance(final, Final)
    ack = raw.requests("ACK")[0]
    assert (ack.uri, ack.headers.all("Route")) == ("sip:192.0.2.3", [f"<{raw.uri}>"])


async def test_challenges_are_answered_once_for_each_realm(timers: VirtualTimers, caller: Party, raw: Raw) -> None:
    attempt = call(caller, raw, Credentials("alice", "secret"))
    for realm in ("one", "two", "two"):
        await timers.run(0.1)
        challenge = ("Proxy-Authenticate", f'Digest realm="{realm}", nonce="abc", qop="auth", algorithm=SHA-256')
        raw.reply(raw.requests("INVITE")[-1], 407, [challenge])
    steps = await timers.until(steps_of(attempt))
    invites = raw.requests("INVITE")

    assert steps[-1].status == 407
    assert [len(invite.headers.all("Proxy-Authorization")) for invite in invites] == [0, 1, 2]
    assert len({invite.cseq[0] for invite in invites}) == 3
    assert len({invite.call_id for invite in invites}) == 1


async def test_a_longer_session_interval_on_demand(timers: VirtualTimers, caller: Party, raw: Raw) -> None:
    """RFC 4028 7.4."""
    attempt = call(caller, raw, session_expires=120)
    await timers.run(0.1)
    raw.reply(raw.requests("INVITE")[0], 422, [("Min-SE", "600")])
    await timers.run(0.1)
    again = raw.requests("INVITE")[-1]
    assert (again.headers.get("Session-Expires"), again.headers.get("Min-SE")) == ("600", "600")
    raw.reply(again, 200)
    assert (await timers.until(steps_of(attempt)))[-1].status == 200


async def test_an_offer_in_a_reliable_183_is_answered_in_its_prack(
    timers: VirtualTimers, caller: Party, raw: Raw
) -> None:
    outgoing = Outgoing(Address("sip:me@nokyc.example"), Address(raw.uri))
    attempt = caller.endpoint.invite(Target(raw.uri), outgoing, None)
    attempt.on_offer = lambda offer: b"answer to " + offer
    await timers.run(0.1)
    (invite,) = raw.requests("INVITE")
    raw.reply(invite, 183, [("Require", "100rel"), ("RSeq", "1")], OFFER)
    await timers.run(0.1)
    raw.reply(invite, 200)
    final = (await timers.until(steps_of(attempt)))[-1]
    await timers.run(0.1)
    assert isinstance(final, Final)
    assert final.session is not None
    assert raw.requests("PRACK")[0].sdp == b"answer to " + OFFER == final.session.local_body
    assert raw.requests("ACK")[0].sdp is None


async def test_a_2xx_that_crosses_the_cancel_leaves_no_early_dialog(
    timers: VirtualTimers, caller: Party, raw: Raw
) -> None:
    attempt = call(caller, raw)
    await timers.run(0.1)
    (invite,) = raw.requests("INVITE")
    raw.reply(invite, 180, tag="one")
    raw.reply(invite, 180, tag="two")
    await timers.run(0.1)
    attempt.cancel()
    raw.reply(invite, 200, body=ANSWER, tag="two")
    assert (await timers.until(steps_of(attempt)))[-1].status == 487
    await timers.run(0.1)
    raw.reply(raw.requests("BYE")[0], 200)
    await timers.run(40)
    assert caller.endpoint.load == {"dialogs": 0, "transactions": 0}


async def test_who_gives_up_answers_no_challenge(timers: VirtualTimers, caller: Party, raw: Raw) -> None:
    """A 407 that crosses the CANCEL: whoever tried again would ring a telephone that nothing stops."""
    attempt = call(caller, raw, Credentials("alice", "secret"))
    await timers.run(0.1)
    (invite,) = raw.requests("INVITE")
    raw.reply(invite, 100)
    await timers.run(0.1)
    attempt.cancel()
    raw.reply(invite, 407, [("Proxy-Authenticate", 'Digest realm="x", nonce="n"')])
    assert (await timers.until(steps_of(attempt)))[-1].status == 487
    assert {each.cseq for each in raw.requests("INVITE")} == {invite.cseq}


async def test_an_answer_that_nobody_waited_for_is_hung_up(timers: VirtualTimers, caller: Party, raw: Raw) -> None:
    """Whoever gives up in the moment of the 200 has not seen its Final yet."""
    attempt = call(caller, raw)
    await timers.run(0.1)
    raw.reply(raw.requests("INVITE")[0], 200, body=ANSWER)
    await timers.run(0.1)
    attempt.cancel(16)
    await timers.run(0.1)
    assert [each.headers.get("Reason") for each in raw.requests("BYE")] == ["Q.850;cause=16"]


async def test_a_contact_that_is_no_name_leaves_no_dialog(timers: VirtualTimers, caller: Party, raw: Raw) -> None:
    attempt = call(caller, raw)
    await timers.run(0.1)
    raw.reply(raw.requests("INVITE")[0], 200, [("Record-Route", f"<sip:{'a' * 64}.example;lr>")])
    final = (await timers.until(steps_of(attempt)))[-1]
    assert isinstance(final, Final)
    assert final.session is not None
    final.session.bye()
    async with asyncio.timeout(20):
        while caller.endpoint.load["dialogs"]:
            await asyncio.sleep(0.01)  # the resolver has a thread of its own
            await timers.run(1)
