"""Where one can go. The side bar, the palette and the phone's menu are made from these lists."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A page that has a name of its own."""

    path: str
    """Below /panel, or below /panel/test."""
    label: str
    icon: str
    section: str = ""
    """The place under which the side bar shows it; a tab there."""
    hint: str = ""


ACCOUNT = [
    Place("", "Home", "home"),
    Place("/numbers", "Numbers", "phone"),
    Place("/messages", "Messages", "chat"),
    Place("/calls", "Calls", "call"),
    Place("/developers", "Developers", "code"),
    Place("/billing", "Billing", "coin"),
    Place("/settings", "Settings", "gear"),
]
TABS = [
    Place("/messages", "Conversations", "chat", "/messages"),
    Place("/messages/all", "All messages", "list", "/messages"),
    Place("/calls", "All calls", "call", "/calls", "The log, and what goes on now"),
    Place("/voicemails", "Voicemails", "tape", "/calls", "Messages that callers left"),
    Place("/developers", "API keys", "key", "/developers"),
    Place("/requests", "Requests", "list", "/developers", "The request log"),
    Place("/webhooks", "Webhooks", "hook", "/developers"),
    Place("/events", "Events", "bolt", "/developers"),
    Place("/sandbox", "Test mode", "flask", "/developers", "The sandbox's clock, and messages and calls from outside"),
    Place("/billing", "Ledger", "coin", "/billing"),
    Place("/billing/usage", "Usage", "chart", "/billing"),
    Place("/billing/limits", "Limits", "shield", "/billing", "Threshold, cap and guards"),
    Place("/settings", "Account", "gear", "/settings"),
    Place("/settings/sign-in", "Sign-in", "lock", "/settings", "Password, second factor, sessions"),
    Place("/settings/activity", "Activity", "clock", "/settings", "What was done here"),
]
DOINGS = [
    Place("/numbers/find", "Find a number", "search", hint="Search what is for sale"),
    Place("/messages/new", "New message", "pen", hint="Write to somebody"),
    Place("/calls/new", "Place a call", "call", hint="Call somebody"),
]
"""Places that only the palette lists."""
OPERATOR = [
    Place("/operator", "Overview", "pulse"),
    Place("/operator/carriers", "Carriers", "link"),
    Place("/operator/routes", "Routes", "route"),
    Place("/operator/inventory", "Inventory", "box"),
    Place("/operator/accounts", "Accounts", "people"),
    Place("/operator/audit", "Audit log", "clock"),
    Place("/operator/sign-in", "Sign-in", "lock"),
]


def tabs_of(section: str) -> list[Place]:
    """The tabs of a place, for those that have some."""
    return [tab for tab in TABS if tab.section == section]


def tab_of(path: str) -> str:
    """The tab whose page, or a page below it, this path is; a conversation is below its section's first one."""
    tabs = {tab.path for tab in TABS}
    while path and path not in tabs:
        path = path.rpartition("/")[0]
    return path


def section_of(path: str) -> str:
    """The place whose page, or a page below it, this path is."""
    tabs = {tab.path: tab.section for tab in TABS}
    known = {place.path: place.path for place in [*ACCOUNT, *OPERATOR]} | tabs
    while path and path not in known:
        path = path.rpartition("/")[0]
    return known.get(path, "")
