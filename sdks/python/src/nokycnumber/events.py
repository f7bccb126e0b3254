"""Made by sdks/generator from the API's contract: the events that its webhooks bring."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Dict, Generic, Mapping, Optional, Type, TypeVar

from ._model import EventData, Model, instant, nested
from ._response import Response
from .models import (
    Account,
    Call,
    Endpoint,
    EventType,
    Number,
    Sms,
    Voicemail,
)

T_co = TypeVar("T_co", covariant=True)


class Event(Model, Generic[T_co]):
    """A fact that happened. `isinstance(event, SmsReceivedEvent)` says what `event.data.object` is."""

    id: str
    object: str
    type: EventType
    created: datetime
    livemode: bool
    data: EventData[T_co]
    request_id: str
    api_version: str

    _known = frozenset(
        (
            "id",
            "object",
            "type",
            "created",
            "livemode",
            "data",
            "request_id",
            "api_version",
        )
    )
    _decoders = {"created": instant}
    _subject: ClassVar[Type[Model]] = Model

    def __init__(self, data: Mapping[str, Any], response: Optional[Response] = None) -> None:
        super().__init__(data, response)
        content = data.get("data")
        self.__dict__["data"] = EventData(content if isinstance(content, dict) else {}, nested(self._subject))


class AccountBalanceLowEvent(Event[Account]):
    """`account.balance_low`"""

    _subject = Account


class AiPickupEvent(Event[Call]):
    """`ai.pickup`"""

    _subject = Call


class CallAnsweredEvent(Event[Call]):
    """`call.answered`"""

    _subject = Call


class CallCompletedEvent(Event[Call]):
    """`call.completed`"""

    _subject = Call


class CallInitiatedEvent(Event[Call]):
    """`call.initiated`"""

    _subject = Call


class CallQualityAlertEvent(Event[Call]):
    """`call.quality_alert`"""

    _subject = Call


class CallReceivedEvent(Event[Call]):
    """`call.received`"""

    _subject = Call


class CallRecordedEvent(Event[Call]):
    """`call.recorded`"""

    _subject = Call


class NumberActivatedEvent(Event[Number]):
    """`number.activated`"""

    _subject = Number


class NumberPausedEvent(Event[Number]):
    """`number.paused`"""

    _subject = Number


class NumberReleasedEvent(Event[Number]):
    """`number.released`"""

    _subject = Number


class NumberRenewedEvent(Event[Number]):
    """`number.renewed`"""

    _subject = Number


class NumberResumedEvent(Event[Number]):
    """`number.resumed`"""

    _subject = Number


class SmsDeliveredEvent(Event[Sms]):
    """`sms.delivered`"""

    _subject = Sms


class SmsFailedEvent(Event[Sms]):
    """`sms.failed`"""

    _subject = Sms


class SmsReceivedEvent(Event[Sms]):
    """`sms.received`"""

    _subject = Sms


class SmsSentEvent(Event[Sms]):
    """`sms.sent`"""

    _subject = Sms


class VoicemailCreatedEvent(Event[Voicemail]):
    """`voicemail.created`"""

    _subject = Voicemail


class WebhookEndpointTestEvent(Event[Endpoint]):
    """`webhook_endpoint.test`"""

    _subject = Endpoint


EVENTS: Dict[str, Type[Event[Any]]] = {
    "account.balance_low": AccountBalanceLowEvent,
    "ai.pickup": AiPickupEvent,
    "call.answered": CallAnsweredEvent,
    "call.completed": CallCompletedEvent,
    "call.initiated": CallInitiatedEvent,
    "call.quality_alert": CallQualityAlertEvent,
    "call.received": CallReceivedEvent,
    "call.recorded": CallRecordedEvent,
    "number.activated": NumberActivatedEvent,
    "number.paused": NumberPausedEvent,
    "number.released": NumberReleasedEvent,
    "number.renewed": NumberRenewedEvent,
    "number.resumed": NumberResumedEvent,
    "sms.delivered": SmsDeliveredEvent,
    "sms.failed": SmsFailedEvent,
    "sms.received": SmsReceivedEvent,
    "sms.sent": SmsSentEvent,
    "voicemail.created": VoicemailCreatedEvent,
    "webhook_endpoint.test": WebhookEndpointTestEvent,
}


def read_event(data: Mapping[str, Any], response: Optional[Response] = None) -> Event[Any]:
    """The event of its type; a plain Event for a type that is newer than this package."""
    return EVENTS.get(str(data.get("type")), Event)(data, response)
