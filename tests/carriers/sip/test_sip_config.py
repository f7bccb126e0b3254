"""What an operator can say about a SIP trunk."""

from typing import Any

import pytest

from nokyc.carriers.sip.config import SipConfig
from nokyc_voice.platform import Trunk

FULL = {
    "name": "acme", "host": "sip.example", "port": 5061, "transport": "tls", "username": "me", "password": "secret",
    "register": True, "targets": ["sip2.example", "[2001:db8::1]:5070"], "srtp": True, "ping_sec": 0,
    "allow": ["192.0.2.0/24", "2001:db8::/32"], "caller_id_in": "from", "codecs": ["G722"],
}  # fmt: skip


def test_what_is_stored_is_what_was_said() -> None:
    config = SipConfig.from_json(FULL)
    assert SipConfig.from_json(config.to_json()) == config
    assert config.to_json() == FULL
    assert "secret" not in repr(config)
    assert config.trunk() == Trunk(
        "acme", (("sip.example", 5061), ("sip2.example", 5061), ("2001:db8::1", 5070)), "tls", "me", "secret", True,
        True, 0, ("192.0.2.0/24", "2001:db8::/32"), "from", ("G722",),
    )  # fmt: skip
    assert "secret" not in repr(config.trunk())


def test_little_is_needed() -> None:
    assert SipConfig.from_json({"name": "a", "host": "h"}).trunk() == Trunk("a", (("h", 5060),))


@pytest.mark.parametrize(
    "wrong",
    [
        {"transport": "sctp"}, {"username": None}, {"username": None, "password": None},
        {"ping_sec": -1}, {"codecs": []}, {"codecs": ["opus"]}, {"targets": ["h:x"]}, {"targets": ["h"] * 16},
        {"allow": ["example.com"]}, {"caller_id_in": "to"}, {"unknown": 1},
    ],
)  # fmt: skip
def test_nonsense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        SipConfig.from_json(FULL | wrong)


def test_a_host_is_needed() -> None:
    with pytest.raises(ValueError, match="host"):
        SipConfig.from_json({"name": "a"})
