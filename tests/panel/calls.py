"""Calls and a voicemail as pages show them: with all that can be known of a call, and with text that is no markup."""

from datetime import timedelta
from typing import Any

from nokyc.kit import ids
from nokyc.kit.clock import ManualClock
from nokyc.resources.calls import actions
from nokyc.resources.calls.simulated import BUSY, STAYS
from nokyc.resources.files.links import Links
from nokyc.resources.voicemails import actions as voicemails
from nokyc.resources.voicemails.schemas import Transcript
from nokyc.store.store import Store, Unit
from nokyc_voice.platform import Caption, LadderStep, Quality
from support import Client, Customer, Drain

CALLER = "+33698765432"
CALLEE = "+33612345678"
MESSAGES = [
    ("callee", True, "INVITE"), ("callee", False, "100 Trying"), ("callee", False, "183 Session Progress"),
    ("device", True, "INVITE"), ("device", False, "486 Busy Here"), ("callee", False, "200 OK"),
    ("callee", True, "ACK"), ("callee", False, "BYE (Q.850 16)"), ("callee", True, "200 OK"),
]  # fmt: skip


async def fill_calls(
    store: Store, api: Client, customer: Customer, number: Any, drain: Drain, clock: ManualClock, hostile: str
) -> tuple[str, str, str]:
    """The ids of a call with everything, of a voicemail with everything, and of a call that goes on."""
    order = {"from": number["id"], "to": CALLEE, "recording_enabled": True, "metadata": {"order": hostile}}
    answer = await api.post("/v1/calls", json=order)
    assert answer.status_code == 201, answer.json()
    call = answer.json()
    await api.post("/v1/calls", json={"from": number["id"], "to": BUSY})
    await api.post("/v1/test/calls", json={"from": CALLER, "to": number["id"], "say": "Bonjour", "voicemail": True})
    for _ in range(20):
        await drain()
        clock.advance(1)
    live = (await api.post("/v1/calls", json={"from": number["id"], "to": STAYS})).json()
    for _ in range(4):
        await drain()
        clock.advance(1)
    (voicemail,) = (await api.get("/v1/voicemails")).json()["data"]

    async def tell(unit: Unit) -> None:
        await _trace(unit, customer.test_id, ids.read("call", call["id"]) or 0, hostile)
        await _transcript(unit, customer.test_id, ids.read("vm", voicemail["id"]) or 0, hostile)

    await store.run(tell)
    return call["id"], voicemail["id"], live["id"]


async def _trace(unit: Unit, account_id: int, call_id: int, hostile: str) -> None:
    began = unit.wall - timedelta(seconds=60)
    ladder = [LadderStep(began + timedelta(seconds=n), *message) for n, message in enumerate(MESSAGES)]
    quality = Quality("PCMA", 1_480, 1_502, 31, 12.4, 38.0, 3.9, False, 460)
    await actions.record_trace(unit, account_id, call_id, {"callee": quality, "device": quality}, ladder)
    await actions.record_alert(unit, account_id, call_id, began, "packet_loss", quality)
    for n, said in enumerate(("Bonjour, c'est Marc.", hostile)):
        caption = Caption(call_id, began, n, "callee", "fr", said, "Hello, this is Marc." if not n else hostile, "en")
        await actions.record_caption(unit, account_id, call_id, began, caption)


async def _transcript(unit: Unit, account_id: int, voicemail_id: int, hostile: str) -> None:
    words = Transcript(
        text=f"Bonjour, c'est Marc. Rappelez-moi au plus vite. {hostile}", language="fr",
        translation_en=f"Hello, this is Marc. Call me back as soon as you can. {hostile}",
        summary=f"Marc asks for a callback. {hostile}", sentiment="neutral",
    )  # fmt: skip
    links = Links(unit.vault, "http://127.0.0.1:8080")
    await voicemails.record_transcript(unit, account_id, voicemail_id, words, unit.wall, links)
    learned = {
        "addon": "ai-pickup", "name": hostile, "reason": hostile, "callback_number": CALLER, "number_confirmed": True,
        "turns": 4, "language": "fr", "ended_by": "goodbye",
    }  # fmt: skip
    await unit.connection.execute(
        "UPDATE voicemails SET ai = $3 WHERE account_id = $1 AND id = $2", account_id, voicemail_id, learned
    )
