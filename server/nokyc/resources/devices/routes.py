"""/v1/numbers/{id}/sip_credentials, /v1/numbers/{id}/browser_sessions."""

from nokyc.http.call import Answer, Call, Route
from nokyc.http.errors import ApiError, missing
from nokyc.resources.devices import actions, browsers, queries
from nokyc.resources.devices.schemas import BrowserSession, SipCredentials, show_credentials
from nokyc.resources.numbers import queries as numbers
from nokyc.settings import Settings
from nokyc.store.store import Connection, Unit

PATH = "/v1/numbers/{id}/sip_credentials"
BROWSERS = "/v1/numbers/{id}/browser_sessions"


def routes(settings: Settings) -> list[Route]:
    sip = settings.sip

    async def create(call: Call, unit: Unit) -> Answer:
        number = await numbers.get(unit.connection, call.account_id, _id(call), lock=True)
        if number["status"] == "released":
            raise ApiError("number_released")
        row, password = await actions.set_credentials(
            unit, call.account_id, number["id"], domain=sip.domain, now=call.now
        )
        return Answer(201, show_credentials(row, [], sip, password=password))

    async def get(call: Call, connection: Connection) -> Answer:
        number = await numbers.get(connection, call.account_id, _id(call))
        row = await queries.find_credentials(connection, call.account_id, number["id"])
        if row is None:
            raise missing("SIP credentials")
        devices = await queries.registered(connection, call.account_id, number["id"], call.wall)
        return Answer(content=show_credentials(row, devices, sip))

    async def open_browser(call: Call, unit: Unit) -> Answer:
        number = await numbers.get(unit.connection, call.account_id, _id(call), lock=True)
        return Answer(201, await browsers.open_session(unit, call.account_id, number, settings))

    return [
        Route("POST", PATH, "sip_credentials.create", "Make a number's SIP credentials, or a new password", create,
              answers=SipCredentials, status=201, secret=True, errors=("number_released",)),
        Route("GET", PATH, "sip_credentials.get", "Retrieve a number's SIP credentials and devices", get,
              answers=SipCredentials),
        Route("DELETE", PATH, "sip_credentials.delete", "Let no device sign in any more", delete, status=204),
        Route("POST", BROWSERS, "browser_sessions.create", "Let a browser be a number's softphone for some hours",
              open_browser, answers=BrowserSession, status=201, secret=True,
              errors=("number_released", "live_mode_only")),
    ]  # fmt: skip


async def delete(call: Call, unit: Unit) -> Answer:
    number = await numbers.get(unit.connection, call.account_id, _id(call), lock=True)
    if not await actions.delete_credentials(unit, call.account_id, number["id"]):
        raise missing("SIP credentials")
    return Answer(204)


def _id(call: Call) -> int:
    return call.id("num", "number")
