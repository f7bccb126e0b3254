"""A number's softphone in a browser: credentials of its own that end by themselves, and the way to us."""

import base64
import hashlib
import hmac
from datetime import datetime
from typing import Any

from nokyc.http.errors import ApiError
from nokyc.kit.clock import format_instant
from nokyc.resources.devices import actions
from nokyc.resources.devices.schemas import BrowserSession, IceServer
from nokyc.settings import Settings
from nokyc.store.store import Unit

PATH = "/sip"
"""Where the API process takes WebSockets, below the public URL."""
TURN_SCHEMES = frozenset({"turn", "turns"})


async def open_session(unit: Unit, account_id: int, number: Any, settings: Settings) -> BrowserSession:
    """All that the softphone module needs, for a number's row that is locked. Raises ApiError."""
    if number["status"] == "released":
        raise ApiError("number_released")
    if not number["livemode"]:
        raise ApiError("live_mode_only")
    username, password, expires_at = await actions.open_browser_session(
        unit, account_id, number["id"], domain=settings.sip.domain
    )
    secret = settings.sip.turn_secret
    return BrowserSession(
        username=username,
        password=password,
        domain=settings.sip.domain,
        websocket_url=f"ws{settings.public_url.removeprefix('http')}{PATH}",
        ice_servers=[_ice_server(url, secret, username, expires_at) for url in settings.sip.ice_servers],
        expires_at=format_instant(expires_at),
    )


def _ice_server(url: str, secret: str | None, username: str, expires_at: datetime) -> IceServer:
    """`turn:user:password@host:port` as browsers want it. Without credentials, a TURN server gets short-lived ones from
    the secret that we share with it (draft-uberti-behave-turn-rest, coturn's use-auth-secret)."""
    scheme, _, rest = url.partition(":")
    credentials, _, place = rest.rpartition("@")
    urls = [f"{scheme}:{place}"]
    if credentials:
        user, _, password = credentials.partition(":")
        return IceServer(urls=urls, username=user, credential=password)
    if secret is None or scheme not in TURN_SCHEMES:
        return IceServer(urls=urls)
    user = f"{int(expires_at.timestamp())}:{username}"
    proof = hmac.digest(secret.encode(), user.encode(), hashlib.sha1)  # the algorithm is the draft's
    return IceServer(urls=urls, username=user, credential=base64.b64encode(proof).decode())
