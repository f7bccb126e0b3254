"""A number's softphones and SIP phones: how they sign in, and which of them can be rung now."""

from typing import Any

from starlette.responses import Response

from nokyc.http.errors import ApiError
from nokyc.panel.page import get, post
from nokyc.panel.view import View
from nokyc.settings import SipSettings


async def show(view: View) -> Response:
    number = await view.api("numbers.get", view.path("id"))
    sip = view.desk.settings.sip
    credentials = await _find(view, number["id"])
    return view.page("number_devices.html", number=number, credentials=credentials, servers=_servers(sip), sip=sip)


async def set_password(view: View) -> Response:
    """Credentials, or a new password for them, which is shown this once."""
    made = await view.api("sip_credentials.create", view.path("id"))
    back = f"{view.base}/numbers/{made['number_id']}/devices"
    return view.dialog("part_sip.html", made=made, servers=_servers(view.desk.settings.sip), back=back)


async def revoke(view: View) -> Response:
    await view.api("sip_credentials.delete", view.path("id"))
    return view.go(f"/numbers/{view.path('id')}/devices", "devices_gone")


async def _find(view: View, number: str) -> Any:
    """The number's credentials, or None."""
    try:
        return await view.api("sip_credentials.get", number)
    except ApiError as error:
        if error.code != "resource_missing":
            raise
        return None


def _servers(sip: SipSettings) -> list[dict[str, str]]:
    """What can be typed into a phone, the best first."""
    found = [("tls", sip.tls_port, "encrypted")] if sip.tls_cert is not None else []
    found += [("tcp", sip.port, ""), ("udp", sip.port, "")]
    return [{"transport": name, "address": f"{sip.domain}:{port}", "hint": hint} for name, port, hint in found]


PAGES = [
    get("/numbers/{id}/devices", show),
    post("/numbers/{id}/devices", set_password),
    post("/numbers/{id}/devices/revoke", revoke),
]
