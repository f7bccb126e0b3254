"""How a page is looked at: in both sizes and palettes, by axe-core, and on pictures if PANEL_SHOTS is set."""

import os
from pathlib import Path

from playwright.async_api import Page, ViewportSize

AXE = (Path(__file__).parent / "axe" / "node_modules" / "axe-core" / "axe.min.js").read_text()
DESKTOP = ViewportSize(width=1280, height=860)
PHONE = ViewportSize(width=390, height=844)
LOOKS = {
    "desktop-light": (DESKTOP, "light"),
    "desktop-dark": (DESKTOP, "dark"),
    "phone-light": (PHONE, "light"),
    "phone-dark": (PHONE, "dark"),
}
EXAMINED = ("desktop-light", "phone-dark")
"""Looks in which the accessibility checks run: between them both sizes and both palettes."""


async def problems_of(page: Page, name: str, *, examined: tuple[str, ...] = EXAMINED) -> list[str]:
    """What is wrong with the page as it stands there, by look; its pictures bear the name."""
    await page.evaluate(AXE)
    problems: list[str] = []
    for look, (viewport, scheme) in LOOKS.items():
        await page.set_viewport_size(viewport)
        await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two
        await _take_picture(page, f"{name}--{look}")
        width = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if width > 0:
            problems.append(f"{look}: {width} pixels wider than the window")
        if look in examined:
            problems += [f"{look}: {violation}" for violation in await _violations(page)]
    return problems


async def _violations(page: Page) -> list[str]:
    """What axe-core finds serious or worse."""
    found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['id']}: {violation['nodes'][0]['target']} {violation['nodes'][0]['failureSummary'][:200]}"
        for violation in found["violations"]
        if violation["impact"] in ("serious", "critical")
    ]


async def _take_picture(page: Page, name: str) -> None:
    folder = os.environ.get("PANEL_SHOTS")
    if folder:
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
