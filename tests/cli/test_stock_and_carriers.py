"""`nokyc inventory`, `nokyc carriers` and `nokyc routes` beside a running server."""

import json
from pathlib import Path

import pytest

from cli.conftest import Installation


def test_a_number_is_offered_once(platform: Installation) -> None:
    number = ("inventory", "add", "+33647112233", "--country", "fr", "--type", "mobile")
    done = platform.run(*number, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {
        "number": "+33647112233",
        "country": "fr",
        "type": "mobile",
        "tier": "premium",
        "tier_pattern": "double-repeat",
    }
    assert platform.refusal(*number) == "+33647112233 is in the inventory already"
    assert "belongs to 'fr'" in platform.refusal("inventory", "add", "+33647112234", "--country=us", "--type=mobile")
    unknown = platform.refusal("inventory", "add", "+33647112299", "--country=fr", "--type=mobile", "--carrier=nobody")
    assert "there is no carrier 'nobody'" in unknown


def test_an_import_is_all_or_nothing_unless_told_otherwise(platform: Installation, tmp_path: Path) -> None:
    file = tmp_path / "numbers.csv"
    file.write_text(
        "number,country,type,tier,carrier\n+33647330001,fr,mobile,,\n12,fr,mobile,,\n+33647330002,fr,fax,,\n"
    )

    done = platform.run("inventory", "import", file)
    assert (done.returncode, done.stdout) == (1, "")
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == ["line 3", "line 4", "nokyc"]
    offered = {item["number"] for item in platform.json("inventory", "list")}
    assert "+33647330001" not in offered

    done = platform.call("inventory", "import", file, "--skip-bad", "--json")
    assert done.returncode == 0
    assert [item["number"] for item in json.loads(done.stdout)] == ["+33647330001"]

    file.write_bytes("number,country,type\n".encode("utf-16"))
    assert f"{file} is not in UTF-8" in platform.refusal("inventory", "import", file)


def test_a_carrier_is_added_proven_routed_and_removed(platform: Installation) -> None:
    host = ("--host", "127.0.0.1", "--port", 9)
    smpp = ("carriers", "add", "smpp", "smsc-1", *host, "--system-id", "us")
    try:
        assert platform.json(*smpp, NOKYC_CARRIER_PASSWORD="secret") == {"name": "smsc-1", "kind": "smpp"}
        assert platform.refusal(*smpp, "--password", "secret") == "there is a carrier 'smsc-1' already"
        done = platform.call("carriers", "test", "smsc-1", "--json")
        assert done.returncode == 1
        (state,) = json.loads(done.stdout)
        assert (state["name"], state["up"]) == ("smsc-1", False)
        assert "Connect call failed" in state["detail"]

        route = {"prefix": "337", "carrier": "smsc-1", "sms": True, "voice": True, "price_usd": 0.02}
        assert platform.json("routes", "add", "+337", "smsc-1", "--price", "0.02") == route
        assert platform.json("routes", "add", "", "smsc-1", "--sms")["voice"] is False
        listed = platform.json("routes", "list")
        assert listed[0] == route
        assert [one["prefix"] for one in listed] == ["337", ""]
        assert platform.json("routes", "remove", "337", "smsc-1")["removed"] is True
        assert "there is no route" in platform.refusal("routes", "remove", "337", "smsc-1")
    finally:
        platform.json("carriers", "remove", "smsc-1")
        platform.json("routes", "add", "default", "simulated")
    assert [one["carrier"] for one in platform.json("routes", "list")] == ["simulated"]


def test_trunks_and_http_carriers(platform: Installation) -> None:
    try:
        trunk = ("carriers", "add", "sip", "trunk", "--host", "sip.example", "--username", "u", "--password", "p")
        assert platform.json(*trunk, "--register", "--transport", "tls") == {"name": "trunk", "kind": "sip"}
        assert "takes no SMS" in platform.refusal("routes", "add", "1", "trunk", "--sms")
        assert platform.json("routes", "add", "1", "trunk")["sms"] is False
        http = ("carriers", "add", "http", "tw", "--preset", "twilio")
        assert platform.refusal(*http) == "twilio needs account and password"
        assert platform.json(*http, "--account=AC1", "--password=x") == {"name": "tw", "kind": "http"}
        listed = {one["name"]: one["kind"] for one in platform.json("carriers", "list")}
        assert listed == {"simulated": "simulated", "trunk": "sip", "tw": "http"}
    finally:
        for name in ("trunk", "tw"):
            platform.call("carriers", "remove", name)
        platform.json("routes", "add", "default", "simulated")


def test_a_trunk_has_settings_from_a_file_and_options_win(platform: Installation, tmp_path: Path) -> None:
    file = tmp_path / "trunk.json"
    file.write_text(json.dumps({"ping_sec": 0, "codecs": ["G722"], "transport": "tcp", "targets": ["sip9.example"]}))
    add = ("carriers", "add", "sip", "line", "--host", "sip.example", "--config", file)
    options = ("--transport", "tls", "--srtp", "--target", "sip2.example", "--target", "sip3.example:5070",
               "--allow", "192.0.2.0/24")  # fmt: skip
    assert "not an address" in platform.refusal(*add, "--allow", "not an address")
    try:
        assert platform.json(*add, *options) == {"name": "line", "kind": "sip"}
    finally:
        platform.call("carriers", "remove", "line")
        platform.json("routes", "add", "default", "simulated")
    file.write_text('{"colour": "red"}')
    assert "unknown settings: colour" in platform.refusal(*add)
    file.write_text('{"ping_sec": 0')
    assert f"{file} is no JSON" in platform.refusal(*add)


def test_a_trunk_is_asked_and_answers_in_words(platform: Installation) -> None:
    at = ("--host", "127.0.0.1", "--port", 9, "--transport", "tcp")
    try:
        platform.json("carriers", "add", "sip", "near", *at)
        done = platform.call("carriers", "test", "near", "--json")
    finally:
        platform.call("carriers", "remove", "near")
        platform.json("routes", "add", "default", "simulated")
    (state,) = json.loads(done.stdout)
    assert (done.returncode, state["up"]) == (1, False)
    assert state["detail"].startswith("OPTIONS to 127.0.0.1:9 over TCP: no way there")


def test_the_simulated_carrier_is_always_up(platform: Installation) -> None:
    (state,) = platform.json("carriers", "test", "simulated")
    assert (state["name"], state["up"]) == ("simulated", True)
    assert platform.refusal("carriers", "test", "nobody") == "there is no carrier 'nobody'"


@pytest.mark.parametrize("name", ["Über", "a b", "a/b", ""])
def test_a_carriers_name_fits_into_urls(name: str, platform: Installation) -> None:
    done = platform.call("carriers", "add", "sip", name, "--host", "h")
    assert done.returncode == 2
