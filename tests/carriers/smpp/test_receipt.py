"""Delivery receipts in every spelling."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nokyc.carriers.port import Receipt
from nokyc.carriers.smpp.pdu import (
    TLV_MESSAGE_PAYLOAD,
    TLV_MESSAGE_STATE,
    TLV_RECEIPTED_MESSAGE_ID,
    DeliverSm,
)
from nokyc.carriers.smpp.receipt import IdFormat, is_receipt, read_receipt, submitted_ref

NOW = datetime(2026, 4, 1, 9, 12, tzinfo=UTC)
DONE = datetime(2026, 4, 1, 9, 11, tzinfo=UTC)


def read(
    text: str | bytes = b"", id_format: IdFormat = "as_is", *, offset_min: int = 0, **settings: object
) -> Receipt | None:
    octets = text.encode("latin-1") if isinstance(text, str) else text
    pdu = DeliverSm(esm_class=4, short_message=octets, **settings)  # type: ignore[arg-type]
    assert is_receipt(pdu)
    return read_receipt(pdu, id_format=id_format, now=NOW, utc_offset_min=offset_min)


@pytest.mark.parametrize(
    "text",
    [
        "id:4F2a sub:001 dlvrd:001 submit date:2604010910 done date:2604010911 stat:DELIVRD err:000 text:Hello",
        "ID:4F2A SUB:001 DLVRD:001 SUBMIT DATE:2604010910 DONE DATE:2604010911 STAT:DELIVRD ERR:000 TEXT:Hello",
        "id:00004f2a sub:001 dlvrd:001 submit date:260401091000 done date:260401091100 stat:delivrd err:000 Text:",
        "id: 4f2a done_date:20260401091100 stat: DELIVERED err:000",
        "stat:DELIVRD id:4f2a err:000 done date:2604010911",
        "id:4f2a\nstat:DELIVRD\ndone date:2604010911\nerr:000",
        "id:4f2a sub: dlvrd: submit date: done date:2604010911 stat:DELIVRD err:000 text: stat:UNDELIV id:9",
    ],
)
def test_delivered(text: str) -> None:
    assert read(text) == Receipt("4f2a", "delivered", None, "DELIVRD err:000", DONE)


@pytest.mark.parametrize(
    ("stat", "failure_code"),
    [
        ("UNDELIV", "unreachable"),
        ("UNDELIVERABLE", "unreachable"),
        ("EXPIRED", "expired"),
        ("DELETED", "canceled"),
        ("REJECTD", "carrier_rejected"),
        ("UNKNOWN", "unknown"),
        ("STRANGE", "unknown"),
        ("", "unknown"),
    ],
)
def test_undelivered(stat: str, failure_code: str) -> None:
    receipt = read(f"id:1 stat:{stat} err:034 text:secret")
    assert receipt
    assert (receipt.status, receipt.failure_code, receipt.at) == ("undelivered", failure_code, None)
    assert receipt.raw == f"{stat[:7] or 'UNKNOWN'} err:034"


@pytest.mark.parametrize("text", ["id:1 stat:ENROUTE", "id:1 stat:ACCEPTD", "stat:DELIVRD err:000", "", "\xff\0"])
def test_nothing_to_report(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("id_format", "submitted", "receipted"),
    [
        ("as_is", "00AbC-9", "abc-9"),
        ("as_is", "0000", "0"),
        ("hex_submit_dec_receipt", "4F2A", "20266"),
        ("hex_submit_dec_receipt", "0x4f2a", "0000020266"),
        ("dec_submit_hex_receipt", "20266", "00004f2A"),
        ("hex_submit_dec_receipt", "not-a-number", "NOT-A-NUMBER"),
    ],
)
def test_ids_in_two_spellings(id_format: IdFormat, submitted: str, receipted: str) -> None:
    receipt = read(f"id:{receipted} stat:DELIVRD", id_format)
    assert receipt
    assert receipt.carrier_ref == submitted_ref(submitted, id_format)


def test_parameters_win_over_text() -> None:
    tlvs = {TLV_RECEIPTED_MESSAGE_ID: b"4f2a\0", TLV_MESSAGE_STATE: b"\x05"}
    assert read("id:20266 stat:DELIVRD", tlvs=tlvs) == Receipt("4f2a", "undelivered", "unreachable", "UNDELIV")
    assert read(tlvs=tlvs | {TLV_MESSAGE_STATE: b"\x02"}) == Receipt("4f2a", "delivered", None, "DELIVRD")
    # The parameter has the submitted spelling when the text has the other one.
    spelled_twice = read("id:20266 stat:DELIVRD", "hex_submit_dec_receipt", tlvs=tlvs)
    assert spelled_twice
    assert spelled_twice.carrier_ref == submitted_ref("4F2A", "hex_submit_dec_receipt")


def test_padding_is_no_other_spelling() -> None:
    """The text of some has ten digits whatever the id, and the parameter has the same one without its zeros."""
    for id_format, submitted in (("hex_submit_dec_receipt", "4F2A"), ("dec_submit_hex_receipt", "131686")):
        tlvs = {TLV_RECEIPTED_MESSAGE_ID: b"20266\0", TLV_MESSAGE_STATE: b"\x02"}
        receipt = read("id:0000020266 stat:DELIVRD", id_format, tlvs=tlvs)  # type: ignore[arg-type]
        assert receipt
        assert receipt.carrier_ref == submitted_ref(submitted, id_format)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["id:1", "id:1 err:027 text:", "id:1 stat:RETRY err:027"])
def test_an_intermediate_notification_ends_nothing_unless_it_says_so(text: str) -> None:
    def note(text: str) -> Receipt | None:
        pdu = DeliverSm(esm_class=0x20, short_message=text.encode())
        return read_receipt(pdu, id_format="as_is", now=NOW)

    assert note(text) is None
    assert note("id:1 stat:DELIVRD") == Receipt("1", "delivered", None, "DELIVRD")


def test_other_places_and_alphabets() -> None:
    text = "id:7 stat:DELIVRD done date:2604011111"
    wide = read(text.encode("utf-16-be"), data_coding=8, offset_min=120)
    assert wide == Receipt("7", "delivered", None, "DELIVRD", DONE)
    assert read(text.encode() + b"\0", data_coding=8, offset_min=120) == wide
    assert read(tlvs={TLV_MESSAGE_PAYLOAD: text.encode()}, offset_min=120) == wide


@pytest.mark.parametrize("date", ["2613010911", "26040109", "soon", "2001010000", "2604011500", "9912312359"])
def test_dates_that_are_not_believed(date: str) -> None:
    receipt = read(f"id:1 stat:DELIVRD done date:{date}")
    assert receipt
    assert receipt.at is None


def test_what_is_a_receipt() -> None:
    text = b"id:1 stat:DELIVRD"
    assert not is_receipt(DeliverSm(short_message=text))  # a handset may write that
    assert is_receipt(DeliverSm(esm_class=0x20))
    assert is_receipt(DeliverSm(tlvs={TLV_RECEIPTED_MESSAGE_ID: b"1\0", TLV_MESSAGE_STATE: b"\2"}))


@given(
    st.binary(max_size=300),
    st.integers(0, 255),
    st.dictionaries(st.sampled_from([0x1E, 0x427, 0x424]), st.binary(max_size=80)),
    st.sampled_from(["as_is", "hex_submit_dec_receipt", "dec_submit_hex_receipt"]),
)
def test_never_raises(octets: bytes, data_coding: int, tlvs: dict[int, bytes], id_format: IdFormat) -> None:
    pdu = DeliverSm(esm_class=4, short_message=octets, data_coding=data_coding, tlvs=tlvs)
    read_receipt(pdu, id_format=id_format, now=NOW)
