"""Cuts, headers and counts: nothing is lost, nothing is cut in two, and `count` agrees with `split`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nokyc.kit import gsm0338, segments
from nokyc.kit.segments import Part

alphabet = st.sampled_from("ab @é\n^{€")
gsm_text = st.text(alphabet, max_size=30).flatmap(lambda text: st.integers(1, 40).map(lambda n: text * n))
any_text = st.text(st.sampled_from("aé€ç漢😀👍🏽\n"), max_size=30).flatmap(
    lambda text: st.integers(1, 20).map(lambda n: text * n)
)


@pytest.mark.parametrize(
    ("text", "encoding", "total"),
    [
        ("", "gsm7", 1),
        ("a" * 160, "gsm7", 1),
        ("a" * 161, "gsm7", 2),
        ("a" * 306, "gsm7", 2),
        ("a" * 307, "gsm7", 3),
        ("a" * 1530, "gsm7", 10),
        ("a" * 1600, "gsm7", 11),
        ("€" * 80, "gsm7", 1),
        ("€" * 81, "gsm7", 2),
        ("€" * 152, "gsm7", 2),
        ("€" * 153, "gsm7", 3),  # 306 septets, but an odd part holds 152 of them
        ("a" + "€" * 152, "gsm7", 2),
        ("ç" * 70, "ucs2", 1),
        ("ç" * 71, "ucs2", 2),
        ("ç" * 134, "ucs2", 2),
        ("ç" * 670, "ucs2", 10),
        ("😀" * 35, "ucs2", 1),
        ("😀" * 36, "ucs2", 2),
        ("😀" * 67, "ucs2", 3),  # 134 units, but a part holds 33 pairs
        ("ç" + "😀" * 66, "ucs2", 2),
    ],
)
def test_counts(text: str, encoding: str, total: int) -> None:
    assert segments.count(text) == (encoding, total)
    assert len(segments.split(text, 0)) == total


@given(st.one_of(gsm_text, any_text), st.integers(0, 255))
def test_parts_carry_exactly_the_text(text: str, reference: int) -> None:
    encoding, total = segments.count(text)
    parts = segments.split(text, reference)
    assert len(parts) == total
    assert {part.encoding for part in parts} == {encoding}
    assert "".join(part.text for part in parts) == text
    assert segments.join(encoding, [part.payload for part in parts]) == text
    for part in parts:
        assert segments.decode_part(encoding, part.payload) == part.text
        assert not part.payload.endswith(b"\x1b") or encoding == "ucs2"
        assert "\ufffd" not in part.text


@given(st.one_of(gsm_text, any_text))
def test_parts_are_full_and_fit(text: str) -> None:
    parts = segments.split(text, 7)
    if len(parts) == 1:
        assert len(parts[0].payload) <= segments.SINGLE[parts[0].encoding]
        assert parts[0].udh == b""
        return
    size = segments.JOINED[parts[0].encoding]
    for index, part in enumerate(parts, start=1):
        assert part.udh == bytes((5, 0, 3, 7, len(parts), index))
        assert len(part.payload) <= size
        if index < len(parts):
            following = parts[index].text[0]
            width = len(gsm0338.encode(following) or b"") or len(following.encode("utf-16-be"))
            assert part.encoding == "ucs2" or len(part.payload) + width > size
            assert part.encoding == "gsm7" or size - len(part.payload) in (0, 2)


def test_a_single_part_has_no_header() -> None:
    assert segments.split("Hi", 9) == (Part("gsm7", b"Hi", b"", "Hi"),)
    assert segments.split("ê", 9) == (Part("ucs2", b"\x00\xea", b"", "ê"),)


def test_limits() -> None:
    assert len(segments.split("a" * 153 * 255, 255)) == 255
    with pytest.raises(ValueError, match="256 parts"):
        segments.split("a" * (153 * 255 + 1), 0)
    for reference in (-1, 256):
        with pytest.raises(ValueError, match="reference"):
            segments.split("a", reference)


@pytest.mark.parametrize("text", ["\ud83d", "a\ude00b", "\ude00\ud83d", "é" * 80 + "\ud83d"])
def test_lone_surrogates_are_refused(text: str) -> None:
    for function in (segments.count, segments.units, lambda text: segments.split(text, 0)):
        with pytest.raises(ValueError, match="lone surrogate"):
            function(text)


@given(st.text())
def test_units_are_utf16(text: str) -> None:
    assert segments.units(text) == len(text.encode("utf-16-le")) // 2


def test_a_sloppy_cut_is_healed_by_joining() -> None:
    smile = "😀".encode("utf-16-be")
    assert segments.join("ucs2", [smile[:2], smile[2:]]) == "😀"
    assert segments.join("ucs2", [smile[:1], smile[1:]]) == "😀"
    assert segments.join("gsm7", [b"5\x1b", b"\x65"]) == "5€"
    assert segments.decode_part("ucs2", smile[:2]) == "\ufffd"
    assert segments.decode_part("ucs2", b"\x00a\x00") == "a\ufffd"


@given(st.sampled_from(["gsm7", "ucs2"]), st.lists(st.binary(max_size=140), max_size=4))
def test_inbound_bytes_never_raise(encoding: segments.Encoding, payloads: list[bytes]) -> None:
    segments.join(encoding, payloads)
