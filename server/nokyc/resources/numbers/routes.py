"""/v1/numbers."""

from typing import Any

from msgspec import UNSET

from nokyc.http.call import Answer, Call, Page, Route
from nokyc.http.errors import ApiError
from nokyc.http.paging import page
from nokyc.http.urls import check_shape, look_up, require
from nokyc.kit import ids, windows
from nokyc.resources.numbers import actions, queries
from nokyc.resources.numbers.schemas import (
    ADDON_ORDER,
    AvailableNumber,
    AvailableQuery,
    Number,
    NumberCreate,
    NumberQuery,
    NumberRenew,
    NumberUpdate,
    show_number,
)
from nokyc.store.store import Connection, Unit


def routes(*, allow_private: bool) -> list[Route]:
    """The routes; `allow_private` admits http and private webhook addresses (development)."""

    async def create(call: Call, unit: Unit) -> Answer:
        body: NumberCreate = call.body
        if body.webhook_url is not None:
            require(call, body.webhook_url, "webhook_url")
        row, secret = await actions.activate(
            unit,
            call.account_id,
            livemode=call.caller.livemode,
            quote_id=ids.read("navail", body.available_id),
            billing_period=body.billing_period,
            addons=_canonical(body.addons or []),
            auto_renew=body.auto_renew is not False,
            metadata=None if body.metadata is None else body.metadata.decode(),
            webhook_url=body.webhook_url,
            api_version=call.caller.api_version,
            now=call.now,
            request_id=call.request_id,
        )
        return Answer(201, show_number(row, webhook_secret=secret))

    async def update(call: Call, unit: Unit) -> Answer:
        changes = _changes(call.body)
        if changes.get("webhook_url") is not None:
            check_shape(changes["webhook_url"], "webhook_url", allow_private=allow_private)
        row = await queries.get(unit.connection, call.account_id, _id(call), lock=True)
        if changes.get("status") == "released":
            raise ApiError("use_delete", param="status")
        url = changes.pop("webhook_url", UNSET)
        row = await actions.update(unit, row, changes, now=call.now, request_id=call.request_id)
        secret = None
        if url is not UNSET:
            if row["status"] == "released":
                raise ApiError("number_released")
            if url is not None:
                require(call, url, "webhook_url")
            version = call.caller.api_version
            row, secret = await actions.set_webhook(unit, row, url, api_version=version, now=call.now)
        return Answer(content=show_number(row, webhook_secret=secret))

    async def ahead(call: Call) -> None:
        await look_up(call, call.body.webhook_url, allow_private=allow_private)

    urls = ("url_invalid", "url_forbidden")
    return [
        Route("GET", "/v1/numbers/available", "numbers.available", "Find numbers for sale", available,
              query=AvailableQuery, answers=Page, items=AvailableNumber, acts=True,
              errors=("country_unsupported",)),
        Route("POST", "/v1/numbers", "numbers.create", "Activate a number", create,
              body=NumberCreate, answers=Number, status=201, secret=True, ahead=ahead,
              errors=("resource_missing", "balance_insufficient", "spend_cap_reached", "reservation_expired",
                      "number_unavailable", *urls),
              example={"available_id": "navail_2k7m9p3w8x4t", "billing_period": "yearly", "addons": ["ai-pickup"]}),
        Route("GET", "/v1/numbers", "numbers.list", "List your numbers", list_numbers,
              query=NumberQuery, answers=Page, items=Number),
        Route("GET", "/v1/numbers/{id}", "numbers.get", "Retrieve a number", get, answers=Number),
        Route("PATCH", "/v1/numbers/{id}", "numbers.update", "Update a number", update,
              body=NumberUpdate, answers=Number, secret=True, ahead=ahead,
              errors=("parameter_missing", "number_released", "use_delete", *urls)),
        Route("POST", "/v1/numbers/{id}/renew", "numbers.renew", "Pay one more period", renew,
              body=NumberRenew, answers=Number,
              errors=("balance_insufficient", "spend_cap_reached", "number_released", "renewal_limit_reached")),
        Route("DELETE", "/v1/numbers/{id}", "numbers.delete", "Release a number", delete, status=204),
    ]  # fmt: skip


async def available(call: Call, unit: Unit) -> Answer:
    found = await queries.search(unit, call.account_id, call.caller.livemode, call.query, call.now)
    return Answer(content=page("/v1/numbers/available", found, call.query.limit, lambda n: n, lambda n: n.id))


async def list_numbers(call: Call, connection: Connection) -> Answer:
    rows = await queries.list_numbers(connection, call.account_id, call.query)
    return Answer(
        content=page("/v1/numbers", rows, call.query.limit, show_number, lambda row: ids.show("num", row["id"]))
    )


async def get(call: Call, connection: Connection) -> Answer:
    return Answer(content=show_number(await queries.get(connection, call.account_id, _id(call))))


async def renew(call: Call, unit: Unit) -> Answer:
    row = await queries.get(unit.connection, call.account_id, _id(call), lock=True)
    period = call.body.billing_period or row["billing_period"]
    return Answer(content=show_number(await actions.renew(unit, row, period, now=call.now, request_id=call.request_id)))


async def delete(call: Call, unit: Unit) -> Answer:
    row = await queries.get(unit.connection, call.account_id, _id(call), lock=True)
    await actions.release(unit, row)
    return Answer(204)


def _id(call: Call) -> int:
    return call.id("num", "number")


def _canonical(addons: list[Any]) -> list[str]:
    return [addon for addon in ADDON_ORDER if addon in addons]


def _changes(body: NumberUpdate) -> dict[str, Any]:
    """The fields that were sent, as columns. Raises ApiError 400 for bad windows."""
    changes = {name: getattr(body, name) for name in body.__struct_fields__ if getattr(body, name) is not UNSET}
    if "addons" in changes:
        changes["addons"] = _canonical(changes["addons"])
    if changes.get("metadata") is not None:
        changes["metadata"] = changes["metadata"].decode()
    if changes.get("on_off") is not None:
        try:
            changes["on_off"] = windows.to_json(windows.parse(changes["on_off"]))
        except windows.WindowsError as error:
            param = f"on_off.{error.path}" if error.path else "on_off"
            message = {
                "missing": f"Required parameter `{param}` is missing.",
                "unknown": f"Received unknown parameter `{param}`.",
            }.get(error.fault, f"Invalid value for `{param}`: {error}.")
            raise ApiError(f"parameter_{error.fault}", message, param=param) from None
    return changes
