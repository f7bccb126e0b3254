"""What a message would be, cost and meet with, without sending it."""

from nokyc.http.call import Answer, Call
from nokyc.http.errors import ApiError
from nokyc.kit import gsm0338, segments
from nokyc.kit.money import usd
from nokyc.resources.carriers.routing import Routing
from nokyc.resources.sms.intake import Intake, check_body, check_length
from nokyc.resources.sms.schemas import Preview, PreviewSegment, SmsPreview, Verdict


class Previews:
    """Handler of POST /v1/sms/preview."""

    def __init__(self, intake: Intake, routing: Routing) -> None:
        self._intake = intake
        self._routing = routing

    async def show(self, call: Call) -> Answer:
        """Raises ApiError 400 for an empty or too long body; any other refusal is part of the answer."""
        body: SmsPreview = call.body
        check_body(body.body)
        parts = segments.split(body.body, 0)
        encoding = parts[0].encoding
        choice = await self._routing.choose(body.to, number_carrier=None, livemode=call.caller.livemode)
        shown = [
            PreviewSegment(index=n, text=part.text, units=len(part.payload) // (1 if encoding == "gsm7" else 2))
            for n, part in enumerate(parts, start=1)
        ]
        return Answer(
            content=Preview(
                encoding=encoding,
                characters=segments.units(body.body),
                segments=shown,
                unicode_characters=gsm0338.unencodable(body.body),
                cost_usd=usd(choice.price_micro * len(parts)),
                verdict=await self._verdict(call, body, len(parts)),
            )
        )

    async def _verdict(self, call: Call, body: SmsPreview, count: int) -> Verdict:
        try:
            if body.from_ is not None:
                draft = await self._intake.draft(call, body.from_, body.to, body.body)
                await self._intake.check_standing(call, draft, body.to)
            else:
                await self._intake.check_destination(call, body.to)
                check_length(body.body, segments.count(body.body)[0], count, call.caller.max_segments)
                await self._intake.route(call, body.to)
        except ApiError as refusal:
            return Verdict(ok=False, code=refusal.code, message=refusal.message)
        return Verdict(ok=True, code=None, message=None)
