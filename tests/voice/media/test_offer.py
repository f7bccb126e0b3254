"""Offer and answer (RFC 3264) as peers word them."""

import random

import pytest

from nokyc_voice.media.errors import MediaRefusedError
from nokyc_voice.media.offer import Agreed, Negotiation
from nokyc_voice.media.sdp import parse

CODECS = ("PCMA", "PCMU", "G722")

ASTERISK = b"""v=0\r
o=- 1649 1649 IN IP4 192.0.2.10\r
s=Asterisk\r
c=IN IP4 192.0.2.10\r
t=0 0\r
m=audio 14002 RTP/AVP 9 8 0 101\r
a=rtpmap:9 G722/8000\r
a=rtpmap:8 PCMA/8000\r
a=rtpmap:0 PCMU/8000\r
a=rtpmap:101 telephone-event/8000\r
a=fmtp:101 0-16\r
a=ptime:20\r
a=maxptime:150\r
a=sendrecv\r
"""
KEY = "inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj"


def negotiation(
    codecs: tuple[str, ...] = CODECS, *, secure: bool = False, address: str = "198.51.100.1"
) -> Negotiation:
    return Negotiation(
        address=address, port=30_000, codecs=codecs, secure=secure, random_bytes=random.Random(1).randbytes
    )


def answer(offer: str | bytes, **given: object) -> tuple[Agreed, list[str]]:
    raw = offer if isinstance(offer, bytes) else offer.replace("\n", "\r\n").encode()
    agreed, said = negotiation(**given).answer(raw)  # type: ignore[arg-type]
    return agreed, said.decode().split("\r\n")


def audio(*lines: str, port: int = 4_000, formats: str = "8 0", protocol: str = "RTP/AVP") -> str:
    return "\n".join(["v=0", "c=IN IP4 192.0.2.1", f"m=audio {port} {protocol} {formats}", *lines]) + "\n"


def test_an_offer_and_its_answer_agree() -> None:
    caller, callee = negotiation(), negotiation(address="198.51.100.2")
    callee_has, said = callee.answer(caller.offer())
    caller_has = caller.accept(said)
    assert caller_has.codec is callee_has.codec
    assert caller_has.codec.name == "PCMA"
    assert caller_has.remote == ("198.51.100.2", 30_000)
    assert caller_has.remote_rtcp == ("198.51.100.2", 30_001)
    assert (caller_has.event_type, callee_has.event_type) == (101, 101)
    assert caller_has.sends
    assert caller_has.receives


def test_the_far_ends_order_decides_among_what_we_allow() -> None:
    agreed, said = answer(ASTERISK)
    assert agreed.codec.name == "G722"
    assert "m=audio 30000 RTP/AVP 9 101" in said
    assert "a=rtpmap:9 G722/8000" in said
    agreed, said = answer(ASTERISK, codecs=("PCMU",))
    assert agreed.codec.name == "PCMU"


def test_an_offer_says_who_where_and_what() -> None:
    said = negotiation().offer().decode().split("\r\n")
    assert said[0] == "v=0"
    assert said[3] == "c=IN IP4 198.51.100.1"
    assert "m=audio 30000 RTP/AVP 8 0 9 101" in said
    assert "a=rtpmap:101 telephone-event/8000" in said
    assert {"a=ptime:20", "a=sendrecv"} < set(said)
    assert said[-1] == ""


def test_each_description_has_a_later_version() -> None:
    ours = negotiation()
    versions = [int(ours.offer().split(b"\r\n")[1].split()[2]) for _ in range(3)]
    assert versions == [1, 2, 3]


def test_static_types_need_no_rtpmap_and_dynamic_ones_may_be_anything() -> None:
    agreed, _ = answer(audio())
    assert agreed.codec.name == "PCMA"
    assert agreed.event_type is None
    agreed, said = answer(audio("a=rtpmap:120 pcmu/8000/1", "a=rtpmap:96 Telephone-Event/8000", formats="120 96"))
    assert (agreed.codec.name, agreed.payload_type, agreed.event_type) == ("PCMU", 120, 96)
    assert "m=audio 30000 RTP/AVP 120 96" in said


def test_events_at_the_wrong_clock_of_g722() -> None:
    lines = ("a=rtpmap:97 telephone-event/16000", "a=rtpmap:96 telephone-event/48000")
    agreed, said = answer(audio(*lines, formats="9 96 97"))
    assert (agreed.event_type, agreed.event_clock) == (97, 16_000)
    assert "a=rtpmap:97 telephone-event/16000" in said
    agreed, _ = answer(audio(*lines, "a=rtpmap:98 telephone-event/8000", formats="9 96 97 98"))
    assert (agreed.event_type, agreed.event_clock) == (98, 8_000)


@pytest.mark.parametrize(
    ("theirs", "ours", "sends", "receives", "held"),
    [
        ("sendrecv", "sendrecv", True, True, False),
        ("sendonly", "recvonly", False, True, True),
        ("recvonly", "sendonly", True, False, False),
        ("inactive", "inactive", False, False, True),
    ],
)
def test_directions(theirs: str, ours: str, sends: bool, receives: bool, held: bool) -> None:
    for offer in (audio(f"a={theirs}"), f"v=0\nc=IN IP4 192.0.2.1\na={theirs}\nm=audio 4000 RTP/AVP 8\n"):
        agreed, said = answer(offer)
        assert f"a={ours}" in said
        assert (agreed.sends, agreed.receives, agreed.held) == (sends, receives, held)


def test_the_old_way_to_hold() -> None:
    agreed, said = answer(audio().replace("192.0.2.1", "0.0.0.0"))
    assert "a=recvonly" in said
    assert agreed.held


def test_a_re_offer_names_first_what_is_spoken() -> None:
    ours = negotiation()
    ours.answer(ASTERISK)
    assert b"m=audio 30000 RTP/AVP 9 8 0 101" in ours.offer(hold=True)


def test_our_own_hold_and_its_end() -> None:
    caller, callee = negotiation(), negotiation()
    caller.accept(callee.answer(caller.offer())[1])

    held, said = callee.answer(caller.offer(hold=True))
    agreed = caller.accept(said)
    assert held.held
    assert not agreed.receives
    assert agreed.sends

    # While we hold, a re-INVITE of theirs does not end it; nor does an offer of ours that nobody answers.
    assert b"a=sendonly" in caller.answer(callee.offer())[1]
    caller.offer(hold=False)
    assert b"a=sendonly" in caller.offer()
    agreed = caller.accept(callee.answer(caller.offer(hold=False))[1])
    assert agreed.receives


def test_streams_that_we_refuse_keep_their_places() -> None:
    offer = audio("a=rtpmap:96 H264/90000").replace("m=audio", "m=video 5000 RTP/AVP 96\nm=audio")
    ours = negotiation()
    _, said = ours.answer((offer + "m=audio 4010 RTP/AVP 0\nm=image 4012 udptl t38\n").encode())
    media = [line for line in said.decode().split("\r\n") if line.startswith("m=")]
    assert media == [
        "m=video 0 RTP/AVP 96",
        "m=audio 30000 RTP/AVP 8",
        "m=audio 0 RTP/AVP 0",
        "m=image 0 UDPTL t38",
    ]
    assert [one.port for one in parse(ours.offer()).media] == [0, 30_000, 0, 0]


def test_rtcp_addresses() -> None:
    assert answer(audio("a=rtcp:5555"))[0].remote_rtcp == ("192.0.2.1", 5_555)
    assert answer(audio("a=rtcp:" + "0" * 5_000 + "7"))[0].remote_rtcp == ("192.0.2.1", 4_001)
    assert answer(audio("a=rtcp:0"))[0].remote_rtcp == ("192.0.2.1", 4_001)
    agreed, said = answer(audio("a=rtcp-mux"))
    assert agreed.mux
    assert agreed.remote_rtcp == ("192.0.2.1", 4_000)
    assert "a=rtcp-mux" in said


def test_ipv6() -> None:
    offer = audio().replace("IP4 192.0.2.1", "IP6 2001:DB8::1")
    agreed, said = answer(offer, address="2001:db8::2")
    assert agreed.remote == ("2001:db8::1", 4_000)
    assert "c=IN IP6 2001:db8::2" in said


def test_srtp_by_offer() -> None:
    lines = (
        f"a=crypto:1 AES_256_CM_HMAC_SHA1_80 {KEY}",
        f"a=crypto:2 AES_CM_128_HMAC_SHA1_32 {KEY}|2^31 UNENCRYPTED_SRTP",
        f"a=crypto:3 AES_CM_128_HMAC_SHA1_32 {KEY}|2^20",
    )
    for protocol in ("RTP/SAVP", "RTP/AVP"):
        agreed, said = answer(audio(*lines, protocol=protocol))
        assert agreed.keys is not None
        assert agreed.keys[1].suite == "AES_CM_128_HMAC_SHA1_32"
        assert f"m=audio 30000 {protocol} 8" in said
        assert any(line.startswith("a=crypto:3 AES_CM_128_HMAC_SHA1_32 inline:") for line in said)


def test_keys_stay_while_the_far_ends_stay() -> None:
    caller, callee = negotiation(secure=True), negotiation()
    first, said = callee.answer(caller.offer())
    assert caller.accept(said).keys is not None
    again, said = callee.answer(caller.offer(hold=True))
    assert again.keys == first.keys
    assert caller.accept(said).keys == (first.keys[1], first.keys[0])  # type: ignore[index]


@pytest.mark.parametrize(
    ("offer", "reason"),
    [
        ("", "no v="),
        ("v=0\n", "no audio"),
        (audio(port=0), "no audio"),
        (audio(formats="18 3"), "no codec"),
        (audio(protocol="UDP/TLS/RTP/SAVPF"), "transport"),
        (audio(protocol="RTP/SAVP"), "no key"),
        (audio(f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 {KEY[:-2]}", protocol="RTP/SAVP"), "no key"),
        (audio().replace("c=IN IP4 192.0.2.1\n", ""), "no address"),
        (audio().replace("192.0.2.1", "pbx.example.com"), "a name"),
        (audio().replace("192.0.2.1", "224.2.0.1"), "multicast"),
        (audio().replace("IP4 192.0.2.1", "IP6 fe80::1%eth0"), "for an address"),
        (audio().replace("IP4 192.0.2.1", "IP6 ::1"), "other IP version"),
        ("v=0\nm=audio x RTP/AVP 0\n", "no port"),
        ("v=0\nm=audio 1\n", "cut short"),
        (audio(formats="1" * 5_000), "no codec"),
        (audio("a=rtpmap:8 X/" + "8" * 5_000, "a=rtpmap:" + "9" * 5_000 + " X/8000", formats="18"), "no codec"),
        (f"v=0\nm=audio {'1' * 5_000} RTP/AVP 0\n", "no port"),
        (audio(f"a=crypto:{'1' * 5_000} AES_CM_128_HMAC_SHA1_80 {KEY}", protocol="RTP/SAVP"), "no key"),
        ("v=0\n" + "m=audio 1 RTP/AVP 0\n" * 17, "over 16"),
        ("v=0\na=" + "x" * 17_000, "bytes"),
    ],
)
def test_what_is_refused_and_why(offer: str, reason: str) -> None:
    with pytest.raises(MediaRefusedError, match=reason):
        answer(offer)


def test_srtp_that_is_required() -> None:
    with pytest.raises(MediaRefusedError, match="required"):
        answer(audio(), secure=True)
    caller = negotiation(secure=True)
    caller.offer()
    with pytest.raises(MediaRefusedError, match="keys"):
        caller.accept(audio().encode())


@pytest.mark.parametrize(("answered", "reason"), [(audio(port=0), "refuses"), (audio(formats="18"), "no codec")])
def test_answers_that_are_refused(answered: str, reason: str) -> None:
    caller = negotiation()
    caller.offer()
    with pytest.raises(MediaRefusedError, match=reason):
        caller.accept(answered.encode())
