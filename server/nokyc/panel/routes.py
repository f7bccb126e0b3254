"""Every page of the panel. A new part of it is one line here and one in navigation.py."""

from nokyc.panel import (
    assistant,
    billing,
    calls,
    devices,
    endpoints,
    events,
    exam,
    greeting,
    home,
    keys,
    messages,
    numbers,
    palette,
    passkeys,
    phone,
    requests,
    sandbox,
    settings,
    thread,
    voicemails,
)
from nokyc.panel.operator import accounts, audit, carriers, inventory, overview, routing
from nokyc.panel.page import Page

PAGES: list[Page] = [
    *home.PAGES,
    *numbers.PAGES,
    *devices.PAGES,
    *greeting.PAGES,
    *assistant.PAGES,
    *thread.PAGES,
    *messages.PAGES,
    *calls.PAGES,
    *voicemails.PAGES,
    *phone.PAGES,
    *keys.PAGES,
    *requests.PAGES,
    *exam.PAGES,
    *endpoints.PAGES,
    *events.PAGES,
    *sandbox.PAGES,
    *billing.PAGES,
    *settings.PAGES,
    *passkeys.PAGES,
    *palette.PAGES,
    *overview.PAGES,
    *carriers.PAGES,
    *routing.PAGES,
    *inventory.PAGES,
    *accounts.PAGES,
    *audit.PAGES,
]

__all__ = ["PAGES", "Page"]
