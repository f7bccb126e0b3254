"""/v1/calls, and the outside world of test mode."""

from functools import partial

from nokyc.carriers.simulated.carrier import NAME as SIMULATED
from nokyc.http.call import Answer, Page, Route
from nokyc.http.call import Call as Request
from nokyc.http.errors import ApiError, missing
from nokyc.http.paging import page
from nokyc.kit import ids
from nokyc.resources.calls import actions, inbound, queries, simulated
from nokyc.resources.calls.intake import Intake, Order
from nokyc.resources.calls.schemas import Call, CallCreate, CallQuery, CallTimeline, TestCall, show_call
from nokyc.resources.calls.timeline import timeline
from nokyc.resources.files.links import Links
from nokyc.resources.numbers import queries as numbers
from nokyc.store.store import Connection, Unit


def routes(intake: Intake, links: Links, *, max_call_sec: int) -> list[Route]:
    """The routes; calls are accepted by `intake`, and recordings get addresses by `links`."""
    create, receive = partial(_create, intake), partial(_receive, max_call_sec)

    async def ahead(request: Request) -> None:
        request.ahead["stream"] = await intake.look_up(request.body.connect)

    async def list_calls(request: Request, connection: Connection) -> Answer:
        livemode = request.caller.livemode
        rows = await queries.list_calls(connection, request.account_id, request.query, livemode=livemode)

        def show(row: object) -> Call:
            return queries.show(row, links, request.now)

        content = page("/v1/calls", rows, request.query.limit, show, lambda row: ids.show("call", row["id"]))
        return Answer(content=content)

    async def get(request: Request, connection: Connection) -> Answer:
        row = await queries.get(connection, request.account_id, _id(request))
        return Answer(content=queries.show(row, links, request.now))

    async def hang_up(request: Request, unit: Unit) -> Answer:
        call_id = _id(request)
        if not await actions.hang_up(unit, request.account_id, call_id):
            raise missing("call")
        row = await queries.get(unit.connection, request.account_id, call_id)
        return Answer(content=queries.show(row, links, request.now))

    return [
        Route("POST", "/v1/calls", "calls.create", "Place a call", create,
              body=CallCreate, answers=Call, status=201, ahead=ahead,
              errors=("resource_missing", "balance_insufficient", "spend_cap_reached", "phone_number_invalid",
                      "voice_invalid", "number_paused", "number_released", "destination_unsupported",
                      "destination_forbidden", "destination_velocity", "callerid_not_owned", "addon_required",
                      "url_invalid", "url_forbidden"),
              example={"from": "num_8a4c2f1e9b3d", "to": "+33612345678", "callerid_mask": "rotate"}),
        Route("GET", "/v1/calls", "calls.list", "List calls", list_calls, query=CallQuery, answers=Page, items=Call),
        Route("GET", "/v1/calls/{id}", "calls.get", "Retrieve a call", get, answers=Call),
        Route("GET", "/v1/calls/{id}/timeline", "calls.timeline", "Everything that happened to a call", get_timeline,
              answers=CallTimeline),
        Route("POST", "/v1/calls/{id}/hangup", "calls.hangup", "End a call", hang_up, answers=Call),
        Route("POST", "/v1/test/calls", "test.calls.create", "Receive a call from the outside world (test mode)",
              receive, body=TestCall, answers=Call, status=202, test_mode_only=True,
              errors=("resource_missing", "phone_number_invalid", "number_released", "number_paused")),
    ]  # fmt: skip


async def get_timeline(request: Request, connection: Connection) -> Answer:
    return Answer(content=await timeline(connection, request.account_id, _id(request)))


async def _create(intake: Intake, request: Request, unit: Unit) -> Answer:
    body: CallCreate = request.body
    order = Order(
        request.account_id,
        request.caller.livemode,
        ids.read("num", body.from_),
        body.to,
        request.request_id,
        request.now,
        connect=body.connect,
        callerid_mask=body.callerid_mask,
        recording=body.recording_enabled is True,
        metadata=None if body.metadata is None else body.metadata.decode(),
        against_stream=request.ahead["stream"],
    )
    row = await intake.place(unit, order)
    return Answer(201, show_call(row), subject_id=row["id"])


async def _receive(max_call_sec: int, request: Request, unit: Unit) -> Answer:
    """The simulated carrier reports a call; it takes the way of a real one's."""
    body: TestCall = request.body
    number = await numbers.find_named(unit.connection, request.account_id, body.to)
    if number is None:
        raise missing("number", param="to")
    taken = await inbound.receive(
        unit, sandbox_id=request.account_id, caller=body.from_, callee=number["e164"], carrier=SIMULATED,
        worker=None, max_sec=max_call_sec, request_id=request.request_id, at=request.now,
    )  # fmt: skip
    if isinstance(taken, str):
        raise ApiError("number_paused" if taken == "paused" else "number_released", param="to")
    if isinstance(taken, inbound.Screened):
        return Answer(202, show_call(taken.row))
    await simulated.pick_up(
        unit, taken.row, taken.steps, request.now, request.now, say=body.say, language=body.language,
        voicemail=body.voicemail,
    )  # fmt: skip
    return Answer(202, show_call(taken.row))


def _id(request: Request) -> int:
    return request.id("call", "call")
