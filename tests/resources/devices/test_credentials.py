"""SIP credentials of a number: made, rotated, shown without the password, taken away."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from nokyc.kit import ids
from nokyc.kit.clock import ManualClock
from nokyc.resources.devices import actions
from nokyc.settings import Settings
from nokyc.store.store import Store
from support import Client, Customer


async def ha1(store: Store, customer: Customer) -> Any:
    async with store.reading() as connection:
        sealed = await connection.fetchval("SELECT ha1 FROM sip_credentials WHERE account_id = $1", customer.test_id)
    return json.loads(store.vault.open(sealed))


async def test_a_password_is_shown_once(store: Store, api: Client, number: Any, customer: Customer) -> None:
    path = f"/v1/numbers/{number['id']}/sip_credentials"
    assert (await api.get(path)).status_code == 404
    first = await api.post(path, headers={"Idempotency-Key": "one"})
    assert first.status_code == 201
    made = first.json()
    assert made == {
        "object": "sip_credentials", "number_id": number["id"], "username": number["id"], "domain": "127.0.0.1",
        "transports": ["tcp", "udp"], "devices": [], "created_at": made["created_at"],
        "password": made["password"],
    }  # fmt: skip
    again = await api.post(path, headers={"Idempotency-Key": "one"})
    assert (again.json(), again.headers["idempotent-replayed"]) == (made, "true")
    assert "password" not in (await api.get(path)).json()
    text = f"{made['username']}:127.0.0.1:{made['password']}".encode()
    assert await ha1(store, customer) == {
        "MD5": hashlib.md5(text).hexdigest(), "SHA-256": hashlib.sha256(text).hexdigest(),
    }  # fmt: skip
    rotated = (await api.post(path)).json()
    assert rotated["password"] != made["password"]
    assert (await api.delete(path)).status_code == 204
    assert (await api.delete(path)).status_code == 404
    await api.delete(f"/v1/numbers/{number['id']}")
    assert (await api.post(path)).json()["error"]["code"] == "number_released"


def test_tls_is_offered_where_it_is_spoken(settings: Settings) -> None:
    spoken = replace(settings.sip, tls_cert=Path("cert.pem"), tls_key=Path("key.pem"))
    assert (settings.sip.transports, spoken.transports) == (("tcp", "udp"), ("tls", "tcp", "udp"))


async def test_devices_are_listed_while_they_are_registered(
    store: Store, api: Client, number: Any, customer: Customer, clock: ManualClock
) -> None:
    path = f"/v1/numbers/{number['id']}/sip_credentials"
    await api.post(path)
    number_id = ids.read("num", number["id"])
    assert number_id is not None

    async def register(n: int, *, seconds: float | None, agent: str = "Baresip") -> None:
        ends = None if seconds is None else clock.now() + timedelta(seconds=seconds)
        await store.run(
            lambda unit: actions.record_registration(
                unit, customer.test_id, number_id, contact=f"sip:{n}@192.0.2.1", user_agent=agent, transport="tls",
                expires_at=ends,
            )
        )  # fmt: skip

    async def agents() -> list[str]:
        return [device["user_agent"] for device in (await api.get(path)).json()["devices"]]

    await register(1, seconds=600)
    await register(2, seconds=300, agent="Linphone")
    assert await agents() == ["Baresip", "Linphone"]
    await register(2, seconds=-1)
    await register(1, seconds=600, agent="Baresip 3")
    assert await agents() == ["Baresip 3"]
    for n in range(20):
        await register(10 + n, seconds=1_000 + n)
    assert len(await agents()) == actions.MAX_DEVICES
    await register(29, seconds=None)
    assert len(await agents()) == actions.MAX_DEVICES - 1
    await api.post(path)
    assert await agents() == []
