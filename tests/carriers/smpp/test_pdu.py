"""The codec: what is written is read back, and whatever comes in, nothing but PduError comes out."""

from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nokyc.carriers.smpp import pdu as pdus
from nokyc.carriers.smpp.fields import PduError
from nokyc.carriers.smpp.pdu import (
    MAX_FRAME_OCTETS,
    Deframer,
    DeliverSm,
    EnquireLink,
    Pdu,
    SubmitSm,
    SubmitSmResp,
    parse,
)

KINDS: list[type[Pdu]] = list(pdus._PDUS.values())

octet = st.integers(0, 255)
c_string = st.text(st.characters(min_codepoint=1, max_codepoint=255), max_size=70)
FIELDS: dict[object, st.SearchStrategy[Any]] = {
    int: octet,
    str: c_string,
    bytes: st.binary(max_size=254),
    dict[int, bytes]: st.dictionaries(st.integers(0, 0xFFFF), st.binary(max_size=300), max_size=4),
}


def any_of(kind: type[Pdu]) -> st.SearchStrategy[Pdu]:
    values = {each.name: FIELDS[each.type] for each in fields(kind)}
    values["sequence"] = values["status"] = st.integers(0, 0xFFFF_FFFF)
    return st.builds(kind, **values)


any_pdu = st.sampled_from(KINDS).flatmap(any_of)


@given(any_pdu)
def test_round_trip(pdu: Pdu) -> None:
    assert parse(bytes(pdu)) == pdu


@given(st.lists(any_pdu, max_size=5), st.integers(1, 40))
def test_frames_survive_any_cut(sent: list[Pdu], size: int) -> None:
    stream = b"".join(map(bytes, sent))
    deframer = Deframer()
    chunks = [stream[at : at + size] for at in range(0, len(stream), size)]
    assert [parse(frame) for chunk in chunks for frame in deframer.feed(chunk)] == sent


@given(st.binary(max_size=200))
def test_random_octets(data: bytes) -> None:
    try:
        for frame in Deframer().feed(data):
            parse(frame)
    except PduError:
        pass


@given(st.sampled_from(KINDS), st.binary(max_size=200))
def test_random_bodies(kind: type[Pdu], body: bytes) -> None:
    header = (len(body) + 16).to_bytes(4, "big") + kind.command.to_bytes(4, "big") + bytes(8)
    try:
        parse(header + body)
    except PduError as error:
        assert error.command == kind.command  # noqa: PT017 - it need not raise


@given(any_pdu, st.data())
def test_damaged_frames(pdu: Pdu, data: st.DataObject) -> None:
    frame = bytearray(bytes(pdu))
    frame[data.draw(st.integers(0, len(frame) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        for whole in Deframer().feed(bytes(frame)):
            parse(whole)
    except PduError:
        pass


@pytest.mark.parametrize("length", [0, 4, 15, MAX_FRAME_OCTETS + 1, 0xFFFF_FFFF])
def test_an_impossible_length_ends_the_stream(length: int) -> None:
    with pytest.raises(PduError):
        list(Deframer().feed(length.to_bytes(4, "big")))


def test_known_frames() -> None:
    assert bytes(EnquireLink(sequence=7)).hex() == "00000010000000150000000000000007"
    submit = SubmitSm(sequence=1, source="1", dest="2", short_message=b"Hi", tlvs={0x0204: b"\0\x05"})
    assert bytes(submit).hex(" ", 4) == bytes.fromhex(
        "0000002b 00000004 00000000 0000000100 0000 3100 0000 3200 000000 00 00 00000000 02 4869 0204 0002 0005"
    ).hex(" ", 4)


def test_lenient_where_the_field_is() -> None:
    """An error answer without a body, an id without its NUL, padding after the last field."""
    header = bytes.fromhex("80000004 00000058 00000001")
    assert parse(b"\0\0\0\x10" + header) == SubmitSmResp(sequence=1, status=0x58)
    assert parse(b"\0\0\0\x12" + header + b"ab") == SubmitSmResp(sequence=1, status=0x58, message_id="ab")
    padded = bytes(DeliverSm(source="1")) + b"\0\0"
    assert parse(len(padded).to_bytes(4, "big") + padded[4:]) == DeliverSm(source="1")


@pytest.mark.parametrize(
    "pdu",
    [
        SubmitSm(short_message=bytes(255)),
        SubmitSm(source="a\0b"),
        SubmitSm(source="Ж"),
        SubmitSm(data_coding=256),
        SubmitSm(tlvs={1: bytes(70_000)}),
    ],
)
def test_what_cannot_be_written(pdu: Pdu) -> None:
    with pytest.raises(PduError):
        bytes(pdu)
