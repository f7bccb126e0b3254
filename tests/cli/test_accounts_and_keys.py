"""`nokyc accounts` and `nokyc keys` beside a running server."""

import re
import time
from typing import Any

from cli.conftest import Installation


def test_an_account_comes_with_keys_that_work_at_once(platform: Installation, account: Any) -> None:
    assert list(account) == ["account_id", "api_key", "test_api_key", "panel_url"]
    assert re.fullmatch(r"acct_[0-9a-z]{12}", account["account_id"])
    assert account["panel_url"].startswith(f"{platform.url}/panel/sign-in/")
    for key in ("api_key", "test_api_key"):
        with platform.api(account[key]) as api:
            shown = api.get("/account").json()
        assert (shown["balance_usd"], shown["default_country"]) == (100, "fr")


def test_a_credit_goes_to_both_balances_or_to_the_one_that_is_named(platform: Installation, account: Any) -> None:
    account_id = account["account_id"]
    assert platform.json("accounts", "credit", account_id, "25.5") == {"account_id": account_id, "balance_usd": 125.5}
    # Options of every command stand before it as well as behind.
    done = platform.json("--data-dir", platform.data_dir, "accounts", "credit", account_id, "1", "--mode", "test")
    assert done["balance_usd"] == 126.5
    assert (
        platform.json("accounts", "credit", done["account_id"], "0.000001", "--mode=live")["balance_usd"] == 125.500001
    )

    with platform.api(account["api_key"]) as live, platform.api(account["test_api_key"]) as test:
        assert live.get("/account").json()["balance_usd"] == 125.500001
        assert test.get("/account").json()["balance_usd"] == 126.5
    assert {"account_id": account_id, "balance_usd": 125.500001} in platform.json("accounts", "list")


def test_amounts_and_accounts_that_make_no_sense(platform: Installation) -> None:
    assert platform.run("accounts", "credit", "acct_000000000000", "5").returncode == 1
    assert platform.refusal("accounts", "credit", "acct_000000000000", "5") == "there is no account 'acct_000000000000'"
    assert platform.refusal("accounts", "create", "--country", "zz") == "'zz' is not an ISO 3166 country code"
    for amount in ("-5", "0", "0.0000001", "much", "NaN"):
        done = platform.call("accounts", "credit", "acct_000000000000", amount)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_keys_are_made_rotated_and_revoked(platform: Installation, account: Any) -> None:
    made = platform.json(
        "keys", "create", account["account_id"], "--scope", "read", "--mode", "test", "--rate-limit", 700
    )
    assert list(made) == ["id", "secret", "scope", "mode", "rate_limit"]
    assert (made["scope"], made["mode"], made["rate_limit"]) == ("read", "test", 700)
    with platform.api(made["secret"]) as api:
        assert api.get("/numbers").status_code == 200
        assert api.post("/numbers", json={}).status_code == 403

        rotated = platform.json("keys", "rotate", made["id"])
        assert list(rotated) == ["id", "secret"]
        assert api.get("/numbers").status_code == 200, "the old secret works five minutes more"
        with platform.api(rotated["secret"]) as renewed:
            assert renewed.get("/numbers").status_code == 200

            assert platform.json("keys", "revoke", made["id"]) == {"id": made["id"], "secret": None}
            deadline = time.monotonic() + 1
            while renewed.get("/numbers").status_code != 401:
                assert time.monotonic() < deadline, "revoked means within a second"
                time.sleep(0.01)
        assert api.get("/numbers").status_code == 401

    assert platform.refusal("keys", "rotate", made["id"]) == f"there is no key '{made['id']}' that works"
    listed = platform.json("keys", "list", account["account_id"])
    assert [(key["mode"], key["scope"], key["status"]) for key in listed] == [
        ("live", "admin", "active"),
        ("test", "admin", "active"),
        ("test", "read", "revoked"),
    ]
    assert not any("secret" in key for key in listed)
