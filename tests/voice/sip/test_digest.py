"""Digest: the vectors of RFC 7616 and RFC 8760, nonces that prove themselves, and replays."""

from random import Random

import pytest

from nokyc_voice.sip.digest import (
    NONCE_SEC,
    Authenticator,
    Verdict,
    authorize,
    compute_ha1,
    compute_response,
    parse_challenges,
)
from nokyc_voice.sip.headers import Headers
from nokyc_voice.sip.message import Request
from voice.sip.wires import VirtualTimers

URI = "sip:+33612345678@nokyc.example"
HA1 = {name: compute_ha1(name, "alice", "nokyc", "secret") for name in ("MD5", "SHA-256")}


@pytest.fixture
def authenticator(timers: VirtualTimers) -> Authenticator:
    return Authenticator("nokyc", b"k" * 32, timers=timers, random=Random(1))


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_vectors_of_rfc_7616(algorithm: str, response: str) -> None:
    ha1 = compute_ha1(algorithm, "Mufasa", "http-auth@example.org", "Circle of Life")
    nonce, cnonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
    assert compute_response(algorithm, ha1, nonce, "GET", "/dir/index.html", nc="00000001", cnonce=cnonce) == response


def test_vector_of_rfc_2617_and_without_qop() -> None:
    ha1 = compute_ha1("MD5", "Mufasa", "testrealm@host.com", "Circle Of Life")
    nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093"
    with_qop = compute_response("MD5", ha1, nonce, "GET", "/dir/index.html", nc="00000001", cnonce="0a4f113b")
    assert with_qop == "6629fae49393a05397450978507c4ef1"
    assert (
        compute_response("MD5", ha1, nonce, "GET", "/dir/index.html", qop=False) == "670fd8c2df070c60b045671b8b24ff02"
    )


def answer(
    authenticator: Authenticator, algorithm: str, *, password: str = "secret", count: int = 1, uri: str = URI
) -> Request:
    """A REGISTER that answers a challenge; of the two, the one with this algorithm."""
    challenges = list(parse_challenges([value for _, value in authenticator.challenges()], proxy=False))
    challenge = next(each for each in challenges if each.hash_name == algorithm)
    return authorized(challenge, password=password, count=count, uri=uri)


def authorized(challenge: object, *, password: str = "secret", count: int = 1, uri: str = URI) -> Request:
    field = authorize(challenge, "alice", password, "INVITE", uri, cnonce="c", count=count)  # type: ignore[arg-type]
    return Request("INVITE", URI, Headers([field]))


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
def test_who_knows_the_password(authenticator: Authenticator, algorithm: str) -> None:
    assert authenticator.verify(answer(authenticator, algorithm), HA1) == "ok"
    assert authenticator.verify(answer(authenticator, algorithm, password="wrong"), HA1) == "wrong"
    assert authenticator.claimed(answer(authenticator, algorithm)) == "alice"


def test_sha_256_is_offered_first(authenticator: Authenticator) -> None:
    challenges = list(parse_challenges([value for _, value in authenticator.challenges()], proxy=False))
    assert [challenge.algorithm for challenge in challenges] == ["SHA-256", "MD5"]


def test_no_answer_and_no_such_user(authenticator: Authenticator) -> None:
    assert authenticator.verify(Request("INVITE", URI, Headers()), HA1) == "absent"
    assert authenticator.claimed(Request("INVITE", URI, Headers())) is None
    assert authenticator.verify(answer(authenticator, "MD5"), {}) == "wrong"


def test_an_old_nonce_is_stale_even_if_the_answer_is_right(authenticator: Authenticator, timers: VirtualTimers) -> None:
    request = answer(authenticator, "SHA-256")
    timers.call_later(0, lambda: None)
    timers._now += NONCE_SEC + 1
    assert authenticator.verify(request, HA1) == "stale"
    assert "stale=true" in authenticator.challenges(stale=True)[0][1]


def test_a_nonce_of_somebody_else_is_stale(authenticator: Authenticator, timers: VirtualTimers) -> None:
    other = Authenticator("nokyc", b"x" * 32, timers=timers, random=Random(1))
    assert authenticator.verify(answer(other, "MD5"), HA1) == "stale"


def test_counts_may_come_out_of_order_but_not_twice(authenticator: Authenticator) -> None:
    challenge = next(parse_challenges([authenticator.challenges()[0][1]], proxy=False))
    verdicts: list[Verdict] = [
        authenticator.verify(authorized(challenge, count=count), HA1) for count in (1, 3, 2, 2, 3, 70, 71, 6, 8, 1)
    ]
    assert verdicts == ["ok", "ok", "ok", "stale", "stale", "ok", "ok", "stale", "ok", "stale"]


def test_what_one_worker_took_is_not_taken_again_by_another_or_after_a_restart(
    authenticator: Authenticator, timers: VirtualTimers
) -> None:
    proven = answer(authenticator, "MD5")
    other = Authenticator("nokyc", b"k" * 32, timers=timers, random=Random(2))
    assert (authenticator.verify(proven, HA1), other.verify(proven, HA1)) == ("ok", "stale")


def test_without_qop_a_nonce_counts_once(authenticator: Authenticator) -> None:
    value = authenticator.challenges()[1][1].replace(', qop="auth"', "")
    challenge = next(parse_challenges([value], proxy=False))
    assert not challenge.qop
    assert authenticator.verify(authorized(challenge), HA1) == "ok"
    assert authenticator.verify(authorized(challenge), HA1) == "stale"


def test_the_callee_may_not_be_changed_but_the_host_may(authenticator: Authenticator) -> None:
    assert authenticator.verify(answer(authenticator, "MD5", uri="sip:+33612345678@proxy.example"), HA1) == "ok"
    assert authenticator.verify(answer(authenticator, "MD5", uri="sip:+900@nokyc.example"), HA1) == "wrong"


def test_what_cannot_be_answered_is_passed_over() -> None:
    values = [
        'Digest realm="a", nonce="n", algorithm=SHA-512-256, qop="auth"',
        'Digest realm="a", nonce="n", algorithm=MD5-sess',
        'Digest realm="a", nonce="n", qop="auth-int"',
        'Basic realm="a"',
        'Digest realm="a',
        'Digest realm="a", nonce="n", qop="auth-int,auth", stale=TRUE, opaque="o\\"p"',
    ]
    (challenge,) = parse_challenges(values, proxy=True)
    assert (challenge.qop, challenge.stale, challenge.opaque, challenge.algorithm) == (True, True, 'o"p', None)
    name, value = authorize(challenge, "a", "b", "INVITE", "sip:x", cnonce="c")
    assert name == "Proxy-Authorization"
    assert 'opaque="o\\"p"' in value
    assert "algorithm" not in value
