"""Messages: what is written is read again, what is read is bounded, and nothing else than SipSyntaxError comes out."""

from functools import partial
from urllib.parse import quote as percent_encoded

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nokyc_voice.sip.address import Address
from nokyc_voice.sip.framing import PING, Deframer
from nokyc_voice.sip.grammar import SipSyntaxError, format_params, parse_params, quote, split_list
from nokyc_voice.sip.headers import Headers
from nokyc_voice.sip.message import MAX_FOLDS, MAX_HEADER_LINES, MAX_MESSAGE, Request, parse
from nokyc_voice.sip.statuses import read_cause, reason_of
from nokyc_voice.sip.uri import SipUri, read_e164
from nokyc_voice.sip.via import Via
from voice import fuzz

BASE = (
    "OPTIONS sip:b@192.0.2.2 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\nFrom: <sip:a@h>;tag=a\r\n"
    "To: <sip:b@h>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\n"
)

tokens = st.from_regex(r"[A-Za-z0-9\-.!%*_+`'~]{1,12}", fullmatch=True)
values = st.none() | tokens | st.text(max_size=20).map(quote)
params = st.dictionaries(tokens.map(str.lower), values, max_size=5)
line_values = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=40).map(
    lambda text: text.strip(" \t")
)
hosts = st.from_regex(r"[a-z][a-z0-9]{0,10}(\.[a-z][a-z0-9]{0,5}){0,2}", fullmatch=True)
users = st.text(min_size=1, max_size=20).map(partial(percent_encoded, safe="!~*'()&=+$,;?/"))
uris = st.builds(
    SipUri,
    host=hosts | st.ip_addresses().map(str),
    port=st.none() | st.integers(1, 65_535),
    user=st.none() | users,
    secure=st.booleans(),
    params=st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.none() | hosts, max_size=3),
)
bodies = st.binary(max_size=200)


@settings(deadline=None)
@given(tokens, uris, st.lists(st.tuples(tokens.map(lambda name: f"X-{name}"), line_values), max_size=10), bodies)
def test_a_request_is_read_as_it_was_written(
    method: str, uri: SipUri, extra: list[tuple[str, str]], body: bytes
) -> None:
    headers = Headers(
        [
            ("Via", "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1"),
            ("From", f"<{uri}>;tag=a"),
            ("To", f"<{uri}>"),
            ("Call-ID", "c"),
            ("CSeq", f"1 {method}"),
            *extra,
        ]
    )
    message = parse(bytes(Request(method, str(uri), headers, body)))
    assert isinstance(message, Request)
    assert (message.method, message.uri, message.body) == (method, str(uri), body)
    assert list(message.headers)[:-1] == list(headers)


@settings(deadline=None)
@given(uris)
def test_uris(uri: SipUri) -> None:
    assert SipUri.parse(str(uri)) == uri
    assert uri.is_same(SipUri.parse(str(uri)))


@settings(deadline=None)
@given(st.text(max_size=30), uris, params)
def test_addresses(display: str, uri: SipUri, params: dict[str, str | None]) -> None:
    address = Address.parse(str(Address(str(uri), display, params)))
    assert (address.uri, address.params) == (str(uri), params)
    assert Address.parse(str(address)) == address


@settings(deadline=None)
@given(hosts, st.none() | st.integers(0, 65_535), params)
def test_vias(host: str, port: int | None, params: dict[str, str | None]) -> None:
    via = Via("TLS", host, port, {**params, "branch": "z9hG4bK7", "ttl": "1", "rport": None})
    assert Via.parse(str(via)) == via


@settings(deadline=None)
@given(params)
def test_params(params: dict[str, str | None]) -> None:
    assert parse_params(format_params(params)) == params


@settings(deadline=None)
@given(st.lists(st.text(max_size=10).map(quote) | tokens, min_size=1, max_size=6))
def test_lists(parts: list[str]) -> None:
    assert split_list(" , ".join(parts)) == parts


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_random_bytes(data: bytes) -> None:
    with pytest.raises(SipSyntaxError):
        parse(b"\x01" + data)


@settings(deadline=None)
@given(st.lists(bodies, min_size=1, max_size=5), st.integers(1, 50))
def test_a_stream_is_cut_into_its_messages(contents: list[bytes], step: int) -> None:
    messages = [BASE.encode() + b"l: %d\r\n\r\n" % len(body) + body for body in contents]
    stream = (b"\r\n\r\n" + b"".join(messages)).replace(b"\x00", b"\x00")
    deframer = Deframer()
    came = [part for at in range(0, len(stream), step) for part in deframer.feed(stream[at : at + step])]
    assert [part for part in came if part != PING] == messages
    assert came[0] == PING


def test_a_stream_that_never_ends_its_headers() -> None:
    deframer = Deframer()
    for _ in range(MAX_MESSAGE // 128):
        assert list(deframer.feed(b"a" * 128)) == []
    with pytest.raises(SipSyntaxError):
        list(deframer.feed(b"a"))


@pytest.mark.parametrize(
    ("message", "status"),
    [
        (BASE + "Content-Length: 5\r\n\r\nabc", 400),
        (BASE + "X: 1\r\n" * (MAX_HEADER_LINES + 1) + "\r\n", 400),
        (BASE + "X: 1" + "\r\n 2" * (MAX_FOLDS + 1) + "\r\n\r\n", 400),
        (BASE + "\r\n" + "x" * MAX_MESSAGE, 513),
        (BASE + "no colon\r\n\r\n", 400),
        (BASE + "Max-Forwards: 256\r\n\r\n", 400),
        (BASE + "Session-Expires: soon\r\n\r\n", 400),
        (BASE.replace("Call-ID: c", "Call-ID: \u00e9"), 400),
        (BASE.replace("2.0\r", "3.0\r", 1) + "\r\n", 505),
        (BASE.replace("\r\n", "\n") + "\n", 400),
    ],
)
def test_limits(message: str, status: int) -> None:
    with pytest.raises(SipSyntaxError) as refused:
        parse(message.encode())
    assert refused.value.status == status


def test_framings() -> None:
    surplus = (BASE + "Content-Length: 3\r\n\r\nabcdef").encode()
    assert parse(surplus).body == b"abc"
    assert parse((BASE + "\r\nabcdef").encode()).body == b"abcdef"
    for data in (surplus, (BASE + "\r\n").encode()):
        with pytest.raises(SipSyntaxError):
            parse(data, "stream")


def test_headers() -> None:
    headers = Headers([("v", "1"), ("VIA", "2"), ("X", "3")])
    assert (headers.all("Via"), headers.get("via"), headers.get("none"), "V" in headers) == (
        ["1", "2"],
        "1",
        None,
        True,
    )
    headers.set("Via", "a", "b", "c")
    headers.set("New", "n")
    headers.remove("x")
    headers.prepend("Via", "0")
    assert list(headers) == [("Via", "0"), ("Via", "a"), ("Via", "b"), ("Via", "c"), ("New", "n")]
    with pytest.raises(ValueError, match="line break"):
        headers.add("X", "1\r\nInjected: yes")


@pytest.mark.parametrize(
    ("uri", "number"),
    [
        ("sip:+33612345678@h", "+33612345678"),
        ("sip:33612345678@h;user=phone", "+33612345678"),
        ("sip:0033612345678@h", "+33612345678"),
        ("sip:+33-6.12(34)5678;npdi;rn=1@h", "+33612345678"),
        ("sip:%2B33612345678@h", "+33612345678"),
        ("tel:+1-201-555-0123", "+12015550123"),
        ("tel:612345678;phone-context=+33", "+33612345678"),
        ("sip:0612345678@h", None),
        ("sip:alice@h", None),
        ("sip:anonymous@anonymous.invalid", None),
        ("sip:h", None),
        ("http://x", None),
        ("sip:+3361234567890123456@h", None),
    ],
)
def test_numbers_of_uris(uri: str, number: str | None) -> None:
    assert read_e164(uri) == number


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("sip:%61lice@h;transport=TCP", "sip:alice@H;transport=tcp", True),
        ("sip:alice@h", "sip:alice@h;method=INVITE", False),
        ("sip:alice@h", "sip:alice@h:5060", False),
        ("sip:alice@h;transport=tcp", "sip:alice@h", False),
        ("sip:alice@h;x=1", "sip:alice@h", True),
        ("sip:alice@h;x=1", "sip:alice@h;x=2", False),
        ("sip:alice@h", "sip:Alice@h", False),
        ("sip:alice@h", "sips:alice@h", False),
    ],
)
def test_when_uris_are_the_same(one: str, other: str, same: bool) -> None:
    assert SipUri.parse(one).is_same(SipUri.parse(other)) is same


def test_causes_and_reasons() -> None:
    assert read_cause(['SIP;cause=580, Q.850;text="x";cause=17']) == 17
    assert read_cause(["q.850 ; cause = 21"]) == 21
    assert read_cause(["SIP;cause=200", "Q.850;cause=999"]) is None
    assert read_cause([]) is None
    assert (reason_of(486), reason_of(499), reason_of(299)) == ("Busy Here", "Request Failure", "OK")


@pytest.mark.parametrize(
    ("content_type", "sdp"),
    [
        ('multipart/mixed; boundary="x y"', b"v=0\r\n"),
        ("application/sdp;charset=utf-8", b"all of it"),
        ("multipart/mixed", None),
        ("multipart/mixed;boundary=other", None),
        ('multipart/mixed;boundary="', None),
        ("text/plain", None),
    ],
)
def test_sdp_beside_isup(content_type: str, sdp: bytes | None) -> None:
    body = (
        b"--x y\r\nContent-Type: application/ISUP; version=itu-t92+\r\n\r\n\x00\xff\r\n--x y\r\n"
        b"c: application/SDP\r\nContent-Disposition: session\r\n\r\nv=0\r\n\r\n--x y--\r\n"
    )
    if sdp == b"all of it":
        sdp = body
    message = parse((BASE + f"Content-Type: {content_type}\r\nl: {len(body)}\r\n\r\n").encode() + body)
    assert message.sdp == sdp


async def test_two_seconds_of_fuzz() -> None:
    assert await fuzz.run(2.0, seed=1) > 100
