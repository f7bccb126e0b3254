"""The main journey in a second browser."""

from pathlib import Path

import pytest

from nokyc.panel.sessions import make_link
from nokyc.store.store import Store
from panel.firefox import PROGRAM, Firefox
from support import Client, Customer, Drain, activate

PEER = "+33612345678"


@pytest.mark.skipif(PROGRAM is None, reason="needs Debian's firefox-esr")
async def test_from_the_front_door_to_an_answer(
    site: str, store: Store, customer: Customer, api: Client, drain: Drain, tmp_path: Path
) -> None:
    number = await activate(store, api)
    token = await store.run(lambda unit: make_link(unit, customer.live_id))
    async with Firefox(tmp_path) as firefox:
        await firefox.open(f"{site}/panel/sign-in/{token}")
        await firefox.at(f"{site}/panel")
        await firefox.see("Getting started")
        await firefox.open(f"{site}/panel/test")
        await firefox.click("link", "Numbers")
        await firefox.at(f"{site}/panel/test/numbers")
        await firefox.click("link", number["display"])
        await firefox.see("Quiet hours")
        await firefox.click("link", "Write the first one")
        await firefox.type("To", PEER)
        await firefox.type("Message", "Are you there?")
        await firefox.see("1 segment", within="#count")
        await firefox.click("button", "Send")
        await firefox.see("On its way.")
        await drain()
        await firefox.see("sms.sent", within="#whole")  # without a reload
        await firefox.click("link", "Conversation")
        await firefox.see("Are you there?", within="[role=log]")
        await api.post("/v1/test/sms", json={"from": PEER, "to": number["id"], "body": "Yes, I am."})
        await drain()
        await firefox.see("Yes, I am.", within="[role=log]")
        await firefox.click("link", "Developers")
        await firefox.see("works")
        assert firefox.errors == []
