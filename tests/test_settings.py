"""Settings: an empty variable is one that is not set, and one that makes no sense is named instead of guessed at."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from nokyc.settings import read_settings

DOCUMENT = Path(__file__).parent.parent / "docs" / "operating" / "settings.md"


def test_every_documented_variable_may_be_empty() -> None:
    names = re.findall(r"`((?:NOKYC_)?[A-Z_]{4,})`", DOCUMENT.read_text("utf-8"))
    assert "NOKYC_HOST" in names
    assert "DATA_DIR" in names
    assert read_settings(dict.fromkeys(names, "")) == read_settings({})


@pytest.mark.parametrize(
    "environment",
    [
        {"PORT": "eighty"},
        {"PORT": "0"},
        {"PORT": "99999"},
        {"PUBLIC_URL": "sms.example.com"},
        {"PUBLIC_URL": "ftp://sms.example.com"},
        {"NOKYC_LIMITER": "Shared"},
        {"NOKYC_LOOPBACK_HTTP": "no"},
        {"NOKYC_SPEECH": "true"},
        {"NOKYC_WEBHOOK_ALLOW_PRIVATE": "yes"},
        {"NOKYC_TRUSTED_PROXIES": "10.0.0.0/8"},
        {"NOKYC_SMS_PRICE_MICRO": "-1"},
        {"NOKYC_SMS_VALIDITY_SEC": "0"},
        {"NOKYC_CALLS_AT_ONCE": "-1"},
        {"NOKYC_SIP_PORT": "70000"},
        {"NOKYC_SIP_TLS_CERT": "chain.pem"},
        {"NOKYC_RTP_PORTS": "1-2"},
        {"NOKYC_SECRET_KEY": "ab"},
    ],
)
def test_what_makes_no_sense_is_named(environment: Mapping[str, str]) -> None:
    with pytest.raises(ValueError, match=next(iter(environment))):
        read_settings(environment)


def test_trusted_proxies_are_addresses_in_any_spelling() -> None:
    settings = read_settings({"NOKYC_TRUSTED_PROXIES": "10.0.0.1, 2001:DB8:0:0::1"})
    assert settings.trusted_proxies == {"10.0.0.1", "2001:db8::1"}


def test_an_ipv6_address_stands_in_urls_as_urls_write_it() -> None:
    assert read_settings({"NOKYC_HOST": "::1"}).public_url == "http://[::1]:8080"
