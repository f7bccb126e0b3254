"""`nokyc events`: events that were emitted, once more."""

from typing import Any

from cyclopts import App

from nokyc.cli import context
from nokyc.cli.client import ApiKey, BaseUrl, Client

app = App(name="events")


@app.command
def resend(event: str, /, *, api_key: ApiKey, endpoint: str | None = None, base_url: BaseUrl = None) -> None:
    """Deliver an event again, with one attempt.

    Args:
        event: The event's id (evt_…).
        api_key: Of the account whose event it is.
        endpoint: Only to this webhook endpoint (whk_…); to all that want it, if not given.
        base_url: Where the API is; PUBLIC_URL if not given.
    """
    body: dict[str, Any] = {} if endpoint is None else {"endpoint": endpoint}
    shown = Client(base_url, api_key).post(f"/events/{event}/resend", body)
    context.answer(shown, f"{shown['type']} {shown['id']} is delivered again.")
