"""MO to `Inbound`, and `Submission` to submit_sm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nokyc.carriers.port import Fragment, Inbound, Submission
from nokyc.carriers.smpp import SmppConfig
from nokyc.carriers.smpp.fields import PduError
from nokyc.carriers.smpp.inbound import read_inbound
from nokyc.carriers.smpp.outbound import write_submit
from nokyc.carriers.smpp.pdu import UDHI, DeliverSm, SubmitSm
from nokyc.kit.segments import Part, join, split

SAR = {0x020C: b"\x12\x34", 0x020E: b"\x02", 0x020F: b"\x01"}


def read(body: bytes, data_coding: int = 0, *, latin1: bool = False, **settings: object) -> Inbound:
    pdu = DeliverSm(
        source_ton=1,
        source="33612345678",
        dest="33644630001",
        data_coding=data_coding,
        short_message=body,
        **settings,  # type: ignore[arg-type]
    )
    inbound = read_inbound(pdu, "latin1" if latin1 else "gsm7")
    assert (inbound.sender, inbound.recipient) == ("+33612345678", "+33644630001")
    return inbound


@pytest.mark.parametrize(
    ("body", "data_coding", "text"),
    [
        (b"\x00 \x1be\x05", 0, "@ €é"),
        (b"plain", 1, "plain"),
        ("déjà".encode("latin-1"), 3, "déjà"),
        ("Привет 👋".encode("utf-16-be"), 8, "Привет 👋"),
        ("Привет".encode("iso8859-5"), 6, "Привет"),
        ("שלום".encode("iso8859-8"), 7, "שלום"),
        ("こんにちは".encode("iso2022_jp"), 10, "こんにちは"),
        (b"\x00 flash", 0x10, "@ flash"),
        ("flash é".encode("utf-16-be"), 0x18, "flash é"),
        (b"\x00", 0xF0, "@"),
        (b"\x00", 0xC0, "@"),
        ("é".encode("utf-16-be"), 0xE0, "é"),
        (b"\0a\0\0\0b\0\0", 8, "a\ufffdb"),
        (b"\xd8\x3d\0a", 8, "\ufffda"),
        (b"", 0, ""),
    ],
)
def test_alphabets(body: bytes, data_coding: int, text: str) -> None:
    assert read(body, data_coding).text == text


def test_default_alphabet_of_the_carrier() -> None:
    assert read("à@".encode("latin-1"), latin1=True).text == "à@"


@pytest.mark.parametrize(
    ("body", "data_coding", "esm_class"),
    [(b"\xff\xfe", 0, 0), (b"\xff", 1, 0), (b"a", 2, 0), (b"a", 4, 0), (b"abc", 8, 0), (b"a", 0x0B, 0),
     (b"a", 0x14, 0), (b"a", 0xF4, 0), (b"\x20", 0, UDHI), (b"", 0, UDHI)],
)  # fmt: skip
def test_undecodable_is_kept_as_it_came(body: bytes, data_coding: int, esm_class: int) -> None:
    inbound = read(body, data_coding, esm_class=esm_class)
    assert (inbound.undecodable, inbound.text, inbound.fragment) == (body, "", None)


@pytest.mark.parametrize(
    ("settings", "header", "reference"),
    [
        ({"esm_class": UDHI}, "050003340201", 0x34),
        ({"esm_class": UDHI}, "06080412340201", 0x1234),
        ({"esm_class": UDHI}, "0b0504000000000003340201", 0x34),  # ports first
        ({"tlvs": SAR}, "", 0x1234),
    ],
)
def test_fragments(settings: dict[str, object], header: str, reference: int) -> None:
    head = bytes.fromhex(header)
    assert read(head + b"\x00a", **settings).fragment == Fragment(reference, 2, 1, "gsm7", b"\x00a")
    ucs2 = read(head + b"\xd8\x3d", 8, **settings).fragment  # half of a surrogate pair
    assert ucs2 == Fragment(reference, 2, 1, "ucs2", b"\xd8\x3d")
    latin = read(head + b"\xe9", 3, **settings).fragment
    assert latin == Fragment(reference, 2, 1, "ucs2", b"\0\xe9")


@pytest.mark.parametrize("header", ["050003340101", "050003340203", "050003340000", "0570023456ff", "00"])
def test_headers_without_a_place_still_show_the_text(header: str) -> None:
    inbound = read(bytes.fromhex(header) + b"Hi", esm_class=UDHI)
    assert (inbound.text, inbound.fragment) == ("Hi", None)


def test_payload_parameter_and_addresses() -> None:
    assert read(b"", tlvs={0x0424: b"x" * 300}).text == "x" * 300
    pdu = DeliverSm(source_ton=5, source="Bank", dest="+33644630001", tlvs={0x001E: b"mo-1\0"})
    inbound = read_inbound(pdu, "gsm7")
    assert (inbound.sender, inbound.recipient, inbound.carrier_ref) == ("Bank", "+33644630001", "mo-1")
    assert read_inbound(DeliverSm(source_ton=3, source="36000"), "gsm7").sender == "36000"


@pytest.mark.parametrize(
    ("ton", "source", "sender"),
    [
        (1, "0033612345678", "+33612345678"),
        (0, "0033612345678", "+33612345678"),
        (0, "33612345678", "+33612345678"),
        (0, "+33612345678", "+33612345678"),
        (0, "0612345678", "0612345678"),  # within some country
        (0, "2125550100", "2125550100"),
        (0, "36000", "36000"),
        (0, "33112", "33112"),
        (0, "3" * 5_000, "3" * 5_000),
        (2, "612345678", "612345678"),
        (3, "33612345678", "33612345678"),
        (5, "33612345678", "33612345678"),
        (1, "", ""),
    ],
)
def test_senders_as_carriers_write_them(ton: int, source: str, sender: str) -> None:
    assert read_inbound(DeliverSm(source_ton=ton, source=source, dest="33644630001"), "gsm7").sender == sender


@pytest.mark.parametrize("dest", ["33644630001", "+33644630001", "0033644630001"])
def test_recipients_as_carriers_write_them(dest: str) -> None:
    assert read_inbound(DeliverSm(source="36000", dest=dest), "gsm7").recipient == "+33644630001"


@given(
    st.binary(max_size=254),
    st.integers(0, 255),
    st.integers(0, 255),
    st.dictionaries(st.sampled_from([*SAR, 0x0424, 0x001E]), st.binary(max_size=4)),
    st.booleans(),
)
def test_never_raises(body: bytes, coding: int, esm_class: int, tlvs: dict[int, bytes], latin1: bool) -> None:
    inbound = read(body, coding, esm_class=esm_class, tlvs=tlvs, latin1=latin1)
    assert "\0" not in inbound.text
    inbound.text.encode()


# --- outbound


CONFIG = SmppConfig("acme", "127.0.0.1", 2775, "nokyc", "secret")


def write(part: Part, config: SmppConfig = CONFIG, *, sender: str = "+33644630001", validity: int = 90) -> SubmitSm:
    submission = Submission("sms_1.1", sender, "+33612345678", part.text, part.encoding, (part,), validity_sec=validity)
    return write_submit(submission, config)


def test_submit_sm() -> None:
    (part,) = split("à €", 1)
    assert write(part) == SubmitSm(
        source_ton=1,
        source_npi=1,
        source="33644630001",
        dest_ton=1,
        dest_npi=1,
        dest="33612345678",
        validity_period="000000000130000R",
        registered_delivery=1,
        short_message=b"\x7f \x1be",
    )


def test_parts_say_that_they_are_parts() -> None:
    parts = split("Ж" * 100, 7)
    written = [write(part) for part in parts]
    assert {(each.esm_class, each.data_coding) for each in written} == {(UDHI, 8)}
    assert join("ucs2", [each.short_message[6:] for each in written]) == "Ж" * 100


@pytest.mark.parametrize(("sender", "kind"), [("+4477", (1, 1)), ("36000", (3, 0)), ("Bank", (5, 0))])
def test_source_kinds(sender: str, kind: tuple[int, int]) -> None:
    (part,) = split("x", 1)
    pdu = write(part, sender=sender)
    assert (pdu.source_ton, pdu.source_npi) == kind


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "000000000001000R"), (86_400, "000001000000000R"), (10**9, "000030000000000R")],
)
def test_validity(seconds: int, text: str) -> None:
    (part,) = split("x", 1)
    assert write(part, validity=seconds).validity_period == text


def test_latin1_carrier() -> None:
    config = SmppConfig("acme", "127.0.0.1", 2775, "nokyc", "secret", default_alphabet="latin1")
    (plain,), (greek,) = split("à@", 1), split("Δ", 1)
    assert (write(plain, config).data_coding, write(plain, config).short_message) == (0, b"\xe0@")
    assert (write(greek, config).data_coding, write(greek, config).short_message) == (8, b"\x03\x94")
    with pytest.raises(PduError):
        write(split("Δ" * 160, 1)[0], config)


def test_config_is_stored_and_read_back() -> None:
    config = SmppConfig(
        "acme",
        "smsc.example",
        2775,
        "nokyc",
        "secret",
        fallback_hosts=("b.example", "c.example:2776", "[::1]:2777"),
        tps=30.0,
        failure_codes={0x0410: "blocked"},
    )
    assert SmppConfig.from_json(config.to_json()) == config
    assert config.hosts()[1:] == (("b.example", 2775), ("c.example", 2776), ("::1", 2777))
    assert "secret" not in repr(config)
    stored = config.to_json()
    for wrong in ({"x": 1}, {"binds": 0}, {"bind": "both"}, {"tps": 0}, {"failure_codes": {"0x1": "no"}},
                  {"fallback_hosts": ["a:b"]}, {"window": 10_000}, {"host": ""}, {"host": "a..b"}, {"host": "a" * 64},
                  {"port": 0}, {"port": 65_536}, {"port": "2775"}, {"fallback_hosts": ["a:70000"]},
                  {"password": "пароль"}, {"system_id": "a\0b"}, {"source_ton": 256}):  # fmt: skip
        with pytest.raises(ValueError):  # noqa: PT011 - each says it in its own words
            SmppConfig.from_json(stored | wrong)
    with pytest.raises(ValueError, match="port"):
        SmppConfig.from_json({key: value for key, value in stored.items() if key != "port"})
