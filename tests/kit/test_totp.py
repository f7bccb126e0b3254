"""One-time passwords, against the vectors of RFC 6238, appendix B (the last six of its eight digits)."""

import pytest

from nokyc.kit import totp

SECRET = b"12345678901234567890"
VECTORS = [
    (59, "287082"),
    (1_111_111_109, "081804"),
    (1_111_111_111, "050471"),
    (1_234_567_890, "005924"),
    (2_000_000_000, "279037"),
    (20_000_000_000, "353130"),
]


@pytest.mark.parametrize(("unix_sec", "code"), VECTORS)
def test_the_vectors_of_the_rfc(unix_sec: int, code: str) -> None:
    assert totp.code_at(SECRET, unix_sec // totp.STEP_SEC) == code
    assert totp.step_of(SECRET, f" {code[:3]} {code[3:]}", unix_sec, after=0) == unix_sec // totp.STEP_SEC


def test_a_code_works_half_a_minute_early_or_late_and_once() -> None:
    step = 59 // totp.STEP_SEC
    code = "287082"
    assert [totp.step_of(SECRET, code, 59 + 30 * n, after=0) for n in (-2, -1, 0, 1, 2)] == [None, 1, 1, 1, None]
    assert totp.step_of(SECRET, code, 59, after=step) is None


@pytest.mark.parametrize("code", ["", "28708", "2870821", "abcdef", "２８７０８２"])
def test_what_is_no_code(code: str) -> None:
    assert totp.step_of(SECRET, code, 59, after=0) is None


def test_what_an_app_reads() -> None:
    uri = totp.uri(SECRET, "acct_1")
    assert uri == f"otpauth://totp/NoKYCNumber:acct_1?secret={totp.spelled(SECRET)}&issuer=NoKYCNumber"
