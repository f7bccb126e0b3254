"""Webhook signatures: the published vectors, rotation, and each way to be wrong."""

import base64
import hmac
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nokyc.kit.signing import SignatureError, new_secret, signature_headers, verify

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OLD = "whsec_" + base64.b64encode(bytes(range(32))).decode()
NOW = 1_777_202_742
BODY = b'{"id":"evt_3d4a7c8a4c2f","object":"event","type":"sms.received"}'
OURS = "84e2809e20cccf0fc8cc411fc67d8c41fc4f51184427c7c03848079b18a5c160"


def headers(*secrets: str, body: bytes = BODY, at: int = NOW) -> dict[str, str]:
    return signature_headers(secrets, "evt_3d4a7c8a4c2f", body, at)


def test_the_published_vectors() -> None:
    assert headers(SECRET) == {
        "X-NoKYC-Signature": f"t={NOW},v1={OURS}",
        "webhook-id": "evt_3d4a7c8a4c2f",
        "webhook-timestamp": str(NOW),
        "webhook-signature": "v1,oYCtgVVQCc2SGaNHcqIahWmdafLxu4JiQ3Q7uFJFGig=",
    }


def test_during_a_rotation_both_secrets_verify_the_same_delivery() -> None:
    signed = headers(SECRET, OLD)

    assert signed["X-NoKYC-Signature"].count(",v1=") == 2
    assert len(signed["webhook-signature"].split(" ")) == 2
    verify(signed["X-NoKYC-Signature"], BODY, [SECRET], NOW)
    verify(signed["X-NoKYC-Signature"], BODY, [OLD], NOW)


def test_a_new_secret_has_32_random_bytes() -> None:
    secret = new_secret(lambda count: b"\x01" * count)

    assert secret.startswith("whsec_")
    assert base64.b64decode(secret.removeprefix("whsec_")) == b"\x01" * 32


@pytest.mark.parametrize("drift", [-300, 0, 300])
def test_five_minutes_of_drift_pass(drift: int) -> None:
    verify(headers(SECRET)["X-NoKYC-Signature"], BODY, [SECRET], NOW + drift)


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (None, "missing"),
        ("", "missing"),
        ("v1=" + OURS, "malformed"),
        (f"t={NOW}", "malformed"),
        (f"t={NOW}x,v1={OURS}", "malformed"),
        (f"t=-{NOW},v1={OURS}", "malformed"),
        (f"t=١٢٣,v1={OURS}", "malformed"),
        (f"t={NOW},t={NOW},v1={OURS}", "malformed"),
        (f"t={NOW},v0={OURS}", "malformed"),
        ("t=1,v1=" + "a" * 5000, "malformed"),
        (f"t={NOW - 301},v1={OURS}", "too_old"),
        (f"t={NOW + 301},v1={OURS}", "too_new"),
        (f"t={NOW - 1},v1={OURS}", "mismatch"),
        (f"t={NOW},v1=é", "mismatch"),
        (f"t={NOW},v1={OURS.upper()}", "mismatch"),
    ],
)
def test_each_way_to_be_wrong_has_its_reason(header: str | None, reason: str) -> None:
    with pytest.raises(SignatureError) as caught:
        verify(header, BODY, [SECRET], NOW)

    assert caught.value.reason == reason


def test_unknown_schemes_are_ignored() -> None:
    verify(f"t={NOW},v0=abc,v2=def,v1=00,v1={OURS}", BODY, [SECRET], NOW)


def test_no_secret_verifies_nothing() -> None:
    with pytest.raises(SignatureError):
        verify(headers(SECRET)["X-NoKYC-Signature"], BODY, [], NOW)


def test_a_secret_that_is_not_base64_is_refused() -> None:
    with pytest.raises(ValueError, match="Base64"):
        headers("whsec_not base64")


@given(key=st.binary(min_size=32, max_size=32), body=st.binary(max_size=200), at=st.integers(0, 2**33))
def test_what_is_signed_verifies_and_a_changed_byte_does_not(key: bytes, body: bytes, at: int) -> None:
    secret = new_secret(lambda _: key)
    signed = headers(secret, body=body, at=at)

    verify(signed["X-NoKYC-Signature"], body, [secret], at)
    with pytest.raises(SignatureError):
        verify(signed["X-NoKYC-Signature"], body + b" ", [secret], at)
    standard = hmac.new(key, f"evt_3d4a7c8a4c2f.{at}.".encode() + body, sha256).digest()
    assert signed["webhook-signature"] == "v1," + base64.b64encode(standard).decode()
