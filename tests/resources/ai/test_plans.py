"""What a number's AI configuration makes of a call that comes in: the plan that the voice engine gets."""

from datetime import timedelta
from typing import Any

from nokyc import main
from nokyc.kit import ids
from nokyc.resources.devices.actions import record_registration
from nokyc.settings import Settings
from nokyc.store.store import Store
from nokyc_voice.agents import Agent
from nokyc_voice.platform import Incoming, Refuse, Ring, Take, Voicemail
from support import Client, Customer, activate

CALLER = "+33612345678"
ALL = ["ai-pickup", "ai-screen", "ai-summary", "ai-trans"]


async def incoming(store: Store, settings: Settings, number: Any, caller: str | None = CALLER) -> Take | Refuse:
    return await main.build_switchboard(store, settings).incoming(Incoming("acme", number["number"], caller))


async def configure(api: Client, number: Any, **blocks: Any) -> None:
    assert (await api.patch(f"/v1/numbers/{number['id']}/ai", json=blocks)).status_code == 200


async def sign_in(store: Store, customer: Customer, number: Any) -> None:
    """A device of the number is there to be rung."""
    number_id = ids.read("num", number["id"])
    assert number_id is not None
    await store.run(
        lambda unit: record_registration(
            unit, customer.live_id, number_id, contact="sip:a@192.0.2.1", user_agent="phone", transport="udp",
            expires_at=unit.wall + timedelta(hours=1),
        )
    )  # fmt: skip


async def test_the_agent_waits_its_rings_and_speaks_as_configured(
    store: Store, settings: Settings, live_api: Client, customer: Customer
) -> None:
    number = await activate(store, live_api, addons=["ai-pickup"])
    await configure(live_api, number, auto_pickup={"after_rings": 3})
    plan = await incoming(store, settings, number)
    assert isinstance(plan, Take)
    agent, voicemail = plan.steps
    number_id = ids.read("num", number["id"])
    assert agent == Agent(number_id, None, "fr", "neutral_fr", follow=True, after_rings=3)
    assert isinstance(voicemail, Voicemail)

    await sign_in(store, customer, number)
    await configure(live_api, number, auto_pickup={"script": "Speak.", "language": "de-AT", "voice": "neutral_de"})
    plan = await incoming(store, settings, number)
    assert isinstance(plan, Take)
    assert plan.steps[:2] == (
        Ring(number_id, ring_sec=18),
        Agent(number_id, "Speak.", "de", "neutral_de", follow=False, after_rings=3),
    )


async def test_screening_comes_before_the_devices(
    store: Store, settings: Settings, live_api: Client, customer: Customer
) -> None:
    number = await activate(store, live_api, addons=ALL)
    known, nuisance = "+33612345671", "+33612345672"
    await configure(
        live_api, number, screening={"allow": [known], "deny": [nuisance]}, translator={"target_language": "en"}
    )
    await sign_in(store, customer, number)

    unknown = await incoming(store, settings, number)
    assert isinstance(unknown, Take)
    ring, voicemail = unknown.steps
    assert isinstance(ring, Ring)
    assert isinstance(voicemail, Voicemail)
    assert ring.screen is not None
    assert (ring.screen.addon, ring.screen.language, ring.screen.follow, ring.translate) == (
        "ai-screen", "fr", True, "en",
    )  # fmt: skip

    passed = await incoming(store, settings, number, known)
    assert isinstance(passed, Take)
    assert isinstance(passed.steps[0], Ring)
    assert passed.steps[0].screen is None
    assert [type(step) for step in passed.steps] == [Ring, Agent, Voicemail]

    assert await incoming(store, settings, number, nuisance) == Refuse(603, "Decline", 21)
    withheld = await incoming(store, settings, number, None)
    assert isinstance(withheld, Take)
    assert isinstance(withheld.steps[0], Ring)
    assert withheld.steps[0].screen is not None
