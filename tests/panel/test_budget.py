"""What a first visit may cost: bytes, requests, shifts of the layout, and no complaint on the console."""

import pytest
from playwright.async_api import Page, ViewportSize

from nokyc.store.store import Store
from panel.conftest import enter
from panel.looks import DESKTOP, PHONE
from panel.world import PEER, World

BUDGET = {"bytes": 150_000, "requests": 10, "shift": 0.02, "nodes": 1_500}
"""Bytes on the wire, headers and all; cumulative layout shift (W3C Layout Instability), of which 0.1 is called good."""
PATHS = ["", "/numbers/{number}", "/numbers/{number}/ai", "/messages/with/{number}/{peer}", "/billing/usage"]
_WATCH = """
window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""
_MEASURE = """
() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => {
  const all = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
  done({
    bytes: all.reduce((sum, each) => sum + each.transferSize, 0),
    requests: all.length,
    shift: window.shift,
    nodes: document.querySelectorAll("*").length,
  });
})))
"""


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_a_first_visit_is_light_and_steady(
    page: Page, site: str, store: Store, world: World, viewport: ViewportSize
) -> None:
    await page.set_viewport_size(viewport)
    await enter(page, site, store, world.customer.live_id)
    session = await page.context.new_cdp_session(page)
    await session.send("Network.enable")
    await session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    await page.add_init_script(_WATCH)
    problems = []
    for path in PATHS:
        await page.goto(f"{site}/panel/test" + path.format(number=world.number["id"], peer=PEER))
        found = await page.evaluate(_MEASURE)
        assert found["bytes"] > 10_000, "nothing was measured"
        problems += [f"{path}: {name} {found[name]} of {most}" for name, most in BUDGET.items() if found[name] > most]
    assert not problems, "\n".join(problems)
