"""/v1/sms, and the outside world of test mode."""

from functools import partial

from nokyc.carriers.port import Inbound
from nokyc.carriers.simulated.carrier import NAME as SIMULATED
from nokyc.http.call import Answer, Call, Page, Route
from nokyc.http.errors import ApiError, missing
from nokyc.http.paging import page
from nokyc.kit import ids, segments
from nokyc.resources.carriers.routing import Routing
from nokyc.resources.numbers import queries as number_queries
from nokyc.resources.sms import actions, queries
from nokyc.resources.sms.inbox import Reported, enqueue_reports
from nokyc.resources.sms.intake import Intake, check_body
from nokyc.resources.sms.preview import Previews
from nokyc.resources.sms.schemas import (
    Preview,
    Sms,
    SmsCreate,
    SmsDetail,
    SmsPreview,
    SmsQuery,
    TestSms,
    Timeline,
    show_detail,
    show_sms,
)
from nokyc.resources.sms.timeline import timeline
from nokyc.store.store import Connection, Unit


def routes(intake: Intake, routing: Routing) -> list[Route]:
    """The routes; messages are accepted by `intake`."""
    preview = Previews(intake, routing).show
    receive = partial(_receive, intake)
    return [
        Route("POST", "/v1/sms", "sms.create", "Send an SMS", intake.send,
              body=SmsCreate, answers=Sms, status=201, direct=True,
              errors=("resource_missing", "balance_insufficient", "spend_cap_reached", "phone_number_invalid",
                      "body_too_long",
                      "number_paused", "number_released", "recipient_opted_out", "destination_unsupported",
                      "destination_forbidden", "destination_velocity", "too_many_segments", "send_at_invalid",
                      "mms_unsupported", "url_invalid", "url_forbidden"),
              example={"from": "num_8a4c2f1e9b3d", "to": "+33612345678", "body": "Bonjour. Your code is 482917."}),
        Route("GET", "/v1/sms", "sms.list", "List messages", list_sms,
              query=SmsQuery, answers=Page, items=Sms),
        Route("POST", "/v1/sms/preview", "sms.preview", "See encoding, segments and price without sending", preview,
              body=SmsPreview, answers=Preview, direct=True, mutates=False,
              errors=("phone_number_invalid", "body_too_long")),
        Route("GET", "/v1/sms/{id}", "sms.get", "Retrieve a message with its segments", get, answers=SmsDetail),
        Route("GET", "/v1/sms/{id}/timeline", "sms.timeline", "Everything that happened to a message", get_timeline,
              answers=Timeline),
        Route("POST", "/v1/sms/{id}/cancel", "sms.cancel", "Cancel a scheduled message", cancel,
              answers=Sms, errors=("not_cancelable",)),
        Route("POST", "/v1/test/sms", "test.sms.create", "Receive an SMS from the outside world (test mode)", receive,
              body=TestSms, answers=Sms, status=202, test_mode_only=True,
              errors=("resource_missing", "phone_number_invalid", "number_released", "body_too_long", "url_invalid",
                      "url_forbidden")),
    ]  # fmt: skip


async def list_sms(call: Call, connection: Connection) -> Answer:
    rows = await queries.list_sms(connection, call.account_id, call.query, livemode=call.caller.livemode)
    return Answer(content=page("/v1/sms", rows, call.query.limit, show_sms, lambda row: ids.show("sms", row["id"])))


async def get(call: Call, connection: Connection) -> Answer:
    row = await queries.get(connection, call.account_id, call.id("sms", "sms"))
    return Answer(content=show_detail(row, await queries.segments(connection, call.account_id, row["id"])))


async def get_timeline(call: Call, connection: Connection) -> Answer:
    return Answer(content=await timeline(connection, call.account_id, call.id("sms", "sms")))


async def cancel(call: Call, unit: Unit) -> Answer:
    row = await actions.cancel(unit, call.account_id, call.id("sms", "sms"))
    if row is None:
        raise missing("sms")
    return Answer(content=show_sms(row))


async def _receive(intake: Intake, call: Call, unit: Unit) -> Answer:
    """The simulated carrier reports a message; it goes through the inbox like a real one's."""
    body: TestSms = call.body
    check_body(body.body)
    intake.check_shapes(body.media_urls or ())
    number = await number_queries.find_named(unit.connection, call.account_id, body.to)
    if number is None:
        raise missing("number", param="to")
    if number["status"] == "released":
        raise ApiError("number_released", param="to")
    intake.check_urls(body.media_urls or ())
    sms_id = unit.ids.new()
    report = Inbound(body.from_, number["e164"], body.body, media_urls=tuple(body.media_urls or ()))
    reported = Reported(SIMULATED, report, call.account_id, sms_id=sms_id, request_id=call.request_id)
    await enqueue_reports(unit, [reported])
    content = show_sms(
        {
            "id": sms_id,
            "number_id": number["id"],
            "direction": "inbound",
            "sender": body.from_,
            "recipient": number["e164"],
            "body": body.body,
            "media_urls": body.media_urls or [],
            "segments": segments.count(body.body)[1],
            "status": "delivered",
            "failure_code": None,
            "created_at": call.now,
            "send_at": None,
            "delivered_at": call.now,
            "cost_micro": 0,
            "metadata": None,
        }
    )
    return Answer(202, content)
