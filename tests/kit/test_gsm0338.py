"""The alphabet against a peer's, and the rules that are easy to get wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smpplib import gsm as peer

from nokyc.kit import gsm0338

CHARACTERS = [char for char in gsm0338.ALPHABET if char != "\x1b"] + list(gsm0338.EXTENSION.values())
gsm_text = st.text(st.sampled_from(CHARACTERS), max_size=200)
septets = st.binary(max_size=200).map(lambda data: bytes(octet & 0x7F for octet in data))


def test_the_tables_have_their_size() -> None:
    assert len(gsm0338.ALPHABET) == len(set(gsm0338.ALPHABET)) == 128
    assert len(set(CHARACTERS)) == 127 + 10


# smpplib 2.2 has a slip at § (0x5F) and no page break.
@pytest.mark.parametrize("char", [char for char in CHARACTERS if char not in "§\f"])
def test_every_character_agrees_with_a_peer(char: str) -> None:
    assert gsm0338.encode(char) == peer.gsm_encode(char)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", b""),
        ("@", b"\x00"),
        ("Hello", b"Hello"),
        ("$_", b"\x02\x11"),
        ("àéÇ§", b"\x7f\x05\x09\x5f"),
        ("{€}", b"\x1b\x28\x1b\x65\x1b\x29"),
        ("a\r\n\f", b"a\x0d\x0a\x1b\x0a"),
    ],
)
def test_known_encodings(text: str, expected: bytes) -> None:
    assert gsm0338.encode(text) == expected
    assert gsm0338.decode(expected) == text


@pytest.mark.parametrize("char", ["ç", "á", "ê", "`", "\u00a0", "\x1b", "\x00", "\t", "’", "…", "😀", "\ud800"])
def test_what_is_not_in_the_alphabet(char: str) -> None:
    assert gsm0338.encode(f"ok {char}") is None
    assert gsm0338.unencodable(f"ok {char}") == [char]


def test_unencodable_lists_each_character_once_in_order() -> None:
    assert gsm0338.unencodable("Ça va très ‘bien’ ? ‘oui’ ê") == ["‘", "’", "ê"]
    assert gsm0338.unencodable("Où ça ?") == ["ç"]
    assert gsm0338.unencodable("plain {€}") == []


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\x1bA", "A"),  # no such extension: the plain character
        (b"\x1b\x00", "@"),
        (b"end\x1b", "end "),
        (b"\x1b\x1bA", " A"),  # a further table that nobody defined
        (b"\x1b\x1b\x1b\x65", " €"),
        (b"a\x80\xff", "a\ufffd\ufffd"),
        (b"\x1b\xff", "\ufffd"),
    ],
)
def test_decoding_is_lenient(data: bytes, text: str) -> None:
    assert gsm0338.decode(data) == text


@given(gsm_text)
def test_encoding_round_trips(text: str) -> None:
    encoded = gsm0338.encode(text)
    assert encoded is not None
    assert encoded.isascii()
    assert gsm0338.decode(encoded) == text


@given(st.text())
def test_either_everything_is_encodable_or_something_is_named(text: str) -> None:
    assert (gsm0338.encode(text) is None) == bool(gsm0338.unencodable(text))


@given(st.binary())
def test_decoding_never_fails(data: bytes) -> None:
    gsm0338.decode(data)


def test_packing_known_values() -> None:
    assert gsm0338.pack(b"hello") == bytes.fromhex("e8329bfd06")
    assert gsm0338.pack(b"hellohello") == bytes.fromhex("e8329bfd4697d9ec37")
    assert gsm0338.pack(b"A", fill_bits=1) == b"\x82"
    assert len(gsm0338.pack(bytes(160))) == 140


@given(septets, st.integers(0, 6))
def test_packing_round_trips(data: bytes, fill_bits: int) -> None:
    packed = gsm0338.pack(data, fill_bits)
    assert len(packed) == (len(data) * 7 + fill_bits + 7) // 8
    assert gsm0338.unpack(packed, len(data), fill_bits) == data


def test_packing_refuses_what_cannot_be() -> None:
    with pytest.raises(ValueError, match="seven bits"):
        gsm0338.pack(b"\x80")
    with pytest.raises(ValueError, match="do not hold"):
        gsm0338.unpack(bytes(7), 9)
