"""The NoKYCNumber API: phone numbers, SMS and calls.

from nokycnumber import NoKYCNumber

client = NoKYCNumber()  # NOKYC_API_KEY
client.sms.create(from_="num_…", to="+33612345678", body="Hello")

Made by sdks/generator from the API's contract.
"""

from . import events, models
from ._errors import APIConnectionError, APIStatusError, APITimeoutError, NoKYCError, SignatureVerificationError
from ._kinds import (
    APIError,
    AuthenticationError,
    ConflictError,
    IdempotencyError,
    InvalidRequestError,
    NotFoundError,
    PaymentRequiredError,
    PermissionDeniedError,
    RateLimitError,
    RedirectError,
    ResourceError,
    UpstreamError,
)
from ._model import EventData, Model
from ._options import NOT_GIVEN, AsyncTiming, NotGiven, Options, Timing
from ._pages import AsyncPage, AsyncPager, Page
from ._response import Response
from ._version import VERSION as __version__
from .client import API_VERSION, AsyncNoKYCNumber, NoKYCNumber
from .events import Event
from .webhooks import construct_event, generate_test_header

__all__ = [
    "API_VERSION",
    "NOT_GIVEN",
    "APIConnectionError",
    "APIError",
    "APIStatusError",
    "APITimeoutError",
    "AsyncNoKYCNumber",
    "AsyncPage",
    "AsyncPager",
    "AsyncTiming",
    "AuthenticationError",
    "ConflictError",
    "Event",
    "EventData",
    "IdempotencyError",
    "InvalidRequestError",
    "Model",
    "NoKYCError",
    "NoKYCNumber",
    "NotFoundError",
    "NotGiven",
    "Options",
    "Page",
    "PaymentRequiredError",
    "PermissionDeniedError",
    "RateLimitError",
    "RedirectError",
    "ResourceError",
    "Response",
    "SignatureVerificationError",
    "Timing",
    "UpstreamError",
    "__version__",
    "construct_event",
    "events",
    "generate_test_header",
    "models",
]
