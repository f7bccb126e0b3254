"""SIP credentials as the API shows them."""

from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType

from nokyc.kit import ids
from nokyc.kit.clock import format_instant
from nokyc.settings import SipSettings

Transport = Literal["udp", "tcp", "tls", "ws"]
"""`ws` is the browser's."""


class RegisteredDevice(Struct, frozen=True, kw_only=True):
    """A softphone or SIP phone that can be rung now."""

    user_agent: str
    transport: Transport
    expires_at: str


class SipCredentials(Struct, frozen=True, kw_only=True):
    """How softphones and SIP phones of a number sign in."""

    object: Literal["sip_credentials"] = "sip_credentials"
    number_id: str
    username: str
    domain: str
    transports: list[Transport]
    devices: list[RegisteredDevice]
    created_at: str
    password: str | UnsetType = UNSET
    """Only in the answer that made it."""


class IceServer(Struct, frozen=True, kw_only=True):
    """An RTCIceServer."""

    urls: list[str]
    username: str | UnsetType = UNSET
    credential: str | UnsetType = UNSET


class BrowserSession(Struct, frozen=True, kw_only=True):
    """What a browser needs to be a number's softphone for some hours."""

    object: Literal["browser_session"] = "browser_session"
    username: str
    password: str
    domain: str
    websocket_url: str
    ice_servers: list[IceServer]
    expires_at: str


def show_credentials(row: Any, devices: list[Any], sip: SipSettings, *, password: str | None = None) -> SipCredentials:
    return SipCredentials(
        number_id=ids.show("num", row["number_id"]),
        username=row["username"],
        domain=sip.domain,
        transports=list(sip.transports),
        devices=[
            RegisteredDevice(
                user_agent=each["user_agent"],
                transport=each["transport"],
                expires_at=format_instant(each["expires_at"]),
            )
            for each in devices
        ],
        created_at=format_instant(row["created_at"]),
        password=UNSET if password is None else password,
    )
