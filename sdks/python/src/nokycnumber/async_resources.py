"""Made by sdks/generator from the API's contract: its methods, to be awaited."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Mapping, Optional, Sequence, Union

from . import _core
from ._options import NOT_GIVEN, NotGiven, Options
from ._pages import AsyncPager
from .events import Event, read_event
from .models import (
    Account,
    AiConfig,
    AutoPickupUpdate,
    AvailableNumber,
    Call,
    CallDirection,
    CallStatus,
    CallTimeline,
    Delivery,
    Endpoint,
    EndpointStatus,
    Greeting,
    Number,
    NumberAddon,
    NumberBillingPeriod,
    NumberStatus,
    NumberTier,
    NumberType,
    Preview,
    ScreeningUpdate,
    SipCredentials,
    Sms,
    SmsDetail,
    SmsDirection,
    SmsStatus,
    TestClock,
    Timeline,
    ToAgent,
    ToNumber,
    ToSoftphone,
    ToSpeech,
    ToStream,
    TranslatorUpdate,
    Usage,
    UsagePeriod,
    Voicemail,
    VoicemailSummaryUpdate,
)

if TYPE_CHECKING:
    from ._client import AsyncClient


class AsyncNumbersResource:
    """`client.numbers`"""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def available(
        self,
        *,
        country: str,
        type: Union[NumberType, NotGiven] = NOT_GIVEN,
        tier: Union[NumberTier, NotGiven] = NOT_GIVEN,
        tier_pattern: Union[str, NotGiven] = NOT_GIVEN,
        contains: Union[str, NotGiven] = NOT_GIVEN,
        limit: Union[int, NotGiven] = NOT_GIVEN,
        starting_after: Union[str, NotGiven] = NOT_GIVEN,
        options: Optional[Options] = None,
    ) -> AsyncPager[AvailableNumber]:
        """Find numbers for sale: GET /v1/numbers/available"""
        query_ = _core.given(
            {
                "country": country,
                "type": type,
                "tier": tier,
                "tier_pattern": tier_pattern,
                "contains": contains,
                "limit": limit,
                "starting_after": starting_after,
            }
        )
        return self._client._list(
            AvailableNumber, _core.Call("GET", "/v1/numbers/available", query_, None, options or {})
        )

    async def create(
        self,
        *,
        available_id: str,
        billing_period: NumberBillingPeriod,
        addons: Union[Sequence[NumberAddon], NotGiven] = NOT_GIVEN,
        webhook_url: Union[str, NotGiven] = NOT_GIVEN,
        auto_renew: Union[bool, NotGiven] = NOT_GIVEN,
        metadata: Union[Mapping[str, Any], NotGiven] = NOT_GIVEN,
        idempotency_key: Optional[str] = None,
        options: Optional[Options] = None,
    ) -> Number:
        """Activate a number: POST /v1/numbers"""
        body_ = _core.given(
            {
                "available_id": available_id,
                "billing_period": billing_period,
                "addons": addons,
                "webhook_url": webhook_url,
                "auto_renew": auto_renew,
                "metadata": metadata,
            }
        )
        return await self._client._call(
            Number, _core.Call("POST", "/v1/numbers", {}, body_, _core.keyed(options, idempotency_key))
        )

    def list(
        self,
        *,
        country: Union[str, NotGiven] = NOT_GIVEN,
        type: Union[NumberType, NotGiven] = NOT_GIVEN,
        status: Union[NumberStatus, NotGiven] = NOT_GIVEN,
        limit: Union[int, NotGiven] = NOT_GIVEN,
        starting_after: Union[str, NotGiven] = NOT_GIVEN,
        options: Optional[Options] = None,
    ) -> AsyncPager[Number]:
        """List your numbers: GET /v1/numbers"""
        query_ = _core.given(
            {
                "country": country,
                "type": type,
                "status": status,
                "limit": limit,
                "starting_after": starting_after,
            }
        )
        return self._client._list(Number, _core.Call("GET", "/v1/numbers", query_, None, options or {}))

    async def get(
        self,
        id: str,
        *,
        options: Optional[Options] = None,
    ) -> Number:
        """Retrieve a number: GET /v1/numbers/{id}"""
        return await self._client._call(
            Number, _core.Call("GET", _core.path_of("/v1/numbers/{id}", id), {}, None, options or {})
        )

    async def update(
        self,
        id: str,
        *,
        auto_renew: Union[bool, NotGiven] = NOT_GIVEN,
        webhook_url: Union[str, NotGiven, None] = NOT_GIVEN,
        addons: Union[Sequence[NumberAddon], NotGiven] = NOT_GIVEN,
        on_off: Union[Mapping[str, Any], NotGiven, None] = NOT_GIVEN,
        status: Union[NumberStatus, NotGiven] = NOT_GIVEN,
        metadata: Union[Mapping[str, Any], NotGiven, None] = NOT_GIVEN,
        options: Optional[Options] = None,
    ) -> Number:
        """Update a number: PATCH /v1/numbers/{id}"""
        body_ = _core.given(
            {
                "auto_renew": auto_renew,
                "webhook_url": webhook_url,
                "addons": addons,
                "on_off": on_off,
                "status": status,
                "metadata": metadata,
            }
        )
        return await self._client._call(
            Number, _core.Call("PATCH", _core.path_of("/v1/numbers/{id}", id), {}, body_, options or {})
        )

    async def delete(
        self,
        id: str,
        *,
        options: Optional[Options] = None,
    ) -> None:
        """Release a number: DELETE /v1/numbers/{id}"""
        await self._client._run(_core.Call("DELETE", _core.path_of("/v1/numbers/{id}", id), {}, None, options or {}))

    async def renew(
        self,
        id: str,
        *,
        billing_period: Union[NumberBillingPeriod, NotGiven] = NOT_GIVEN,
        idempotency_key: Optional[str] = None,
        options: Optional[Options] = None,
    ) -> Number:
        """Pay one more period: POST /v1/numbers/{id}/renew"""
        body_ = _core.given(
            {
                "billing_period": billing_period,
            }
        )
        return await self._client._call(
            Number,
            _core.Call(
                "POST", _core.path_of("/v1/numbers/{id}/renew", id), {}, body_, _core.keyed(options, idempotency_key)
            ),
        )


class AsyncSipCredentialsResource:
    """`client.sip_credentials`"""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def create(
        self,
        id: str,
        *,
        idempotency_key: Optional[str] = None,
        options: Optional[Options] = None,
    ) -> SipCredentials:
        """Make a number's SIP credentials, or a new password: POST /v1/numbers/{id}/sip_credentials"""
        return await self._client._call(
            SipCredentials,
            _core.Call(
                "POST",
                _core.path_of("/v1/numbers/{id}/sip_credentials", id),
                {},
                None,
                _core.keyed(options, idempotency_key),
            ),
        )

    async def get(
        self,
        id: str,
        *,
        options: Optional[Options] = None,
    ) -> SipCredentials:
        """Retrieve a number's SIP credentials and devices: GET /v1/numbers/{id}/sip_credentials"""
        return await self._client._call(
            SipCredentials,
            _core.Call("GET", _core.path_of("/v1/numbers/{id}/sip_credentials", id), {}, None, options or {}),
        )

    async def delete(
        self,
        id: str,
        *,
        options: Optional[Options] = None,
    ) -> None:
        """Let no device sign in any more: DELETE /v1/numbers/{id}/sip_credentials"""
        await self._client._run(
            _core.Call("DELETE", _core.path_of("/v1/numbers/{id}/sip_credentials", id), {}, None, options or {})
        )


class AsyncCallsResource:
    """`client.calls`"""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def create(
        self,
        *,
        from_: str,
        to: str,
        recording_enabled: Union[bool, NotGiven] = NOT_GIVEN,
        callerid_mask: Union[str, NotGiven] = NOT_GIVEN,
        metadata: Union[Mapping[str, Any], NotGiven] = NOT_GIVEN,
        connect: Union[
            Union[
                Union[ToSoftphone, Mapping[str, Any]],
                Union[ToAgent, Mapping[str, Any]],
                Union[ToSpeech, Mapping[str, Any]],
                Union[ToNumber, Mapping[str, Any]],
                Union[ToStream, Mapping[str, Any]],
                Mapping[str, Any],
            ],
            NotGiven,
        ] = NOT_GIVEN,
        idempotency_key: Optional[str] = None,
        options: Optional[Options] = None,
    ) -> Call:
        """Place a call: POST /v1/calls"""
        body_ = _core.given(
            {
                "from": from_,
                "to": to,
                "recording_enabled": recording_enabled,
                "callerid_mask": callerid_mask,
                "metadata": metadata,
                "connect": connect,
            }
        )
        return await self._client._call(
            Call, _core.Call("POST", "/v1/calls", {}, body_, _core.keyed(options, idempotency_key))
        )

    def list(
        self,
        *,
        number: Union[str, NotGiven] = NOT_GIVEN,
        direction: Union[CallDirection, NotGiven] = NOT_GIVEN,
        status: Union[CallStatus, NotGiven] = NOT_GIVEN,
        created_after: Union[Union[datetime, str], NotGiven] = NOT_GIVEN,
        created_before: Union[Union[datetime, str], NotGiven] = NOT_GIVEN,
        limit: Union[int, NotGiven] = NOT_GIVEN,
        starting_after: Union[str, NotGiven] = NOT_GIVEN,
        options: Optional[Options] = None,
    ) -> AsyncPager[Call]:
        """List calls: GET /v1/calls"""
        query_ = _core.given(
            {
                "number": number,
                "direction": direction,
                "status": status,
                "created_after": created_after,
                "created_before": created_before,
                "limit": limit,
                "starting_after": starting_after,
            }
        )
        return self._client._list(Call, _core.Call("GET", "/v1/calls", query_, None, options or {}))

    async def get(
        self,
        id: str,
        *,
        options: Optional[Options] = None,
    ) -> Call:
        """Retrieve a call: GET /v1/calls/{id}"""
        return await self._client._call(
            Call, _core.Call("GET", _core.path_of("/v1/calls/{id}", id), {}, None, options or {})
        )

    async def timeline(
        self,
        id: str,
        *,
        options: Optional[Options] = None,
    ) -> CallTimeline:
        """Everything that happened to a call: GET /v1/calls/{id}/timeline"""
        return await self._client._call(
            CallTimeline, _core.Call("GET", _core.path_of("/v1/calls/{id}/timeline", id), {}, None, options or {})
        )

    async def hangup(
        self,
        id: str,
        *,
        idempotency_key: Optional[str] = None,
        options: Optional[Options] = None,
    ) -> Call:
        """End a call: POST /v1/calls/{id}/hangup"""
        return await self._client._call(
            Call,
            _core.Call(
                "POST", _core.path_of("/v1/calls/{id}/hangup", id), {}, None, _core.keyed(options, idempotency_key)
            ),
        )


class AsyncTestCallsResource:
    """`client.test.calls`"""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def create(
        self,
        *,
        from_: str,
        to: str,
        say: Union[str, NotGiven] = NOT_GIVEN,
        language: Union[str, NotGiven] = NOT_GIVEN,
        voicemail: Union[bool, NotGiven] = NOT_GIVEN,
        idempotency_key: Optional[str] = None,
        options: Optional[Options] = None,
    ) -> Call:
        """Receive a call from the outside world (test mode): POST /v1/test/calls"""
        body_ = _core.given(
            {
                "from": from_,
                "to": to,
                "say": say,
                "language": language,
                "voicemail": voicemail,
            }
        )
        return await self._client._call(
            Call, _core.Call("POST", "/v1/test/calls", {}, body_, _core.keyed(options, idempotency_key))
        )


class AsyncTestSmsResource:
    """`client.test.sms`"""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def create(
        self,
        *,
        from_: str,
        to: str,
        body: str,
        media_urls: Union[Sequence[str], NotGiven] = NOT_GIVEN,
        idempotency_key: Optional[str] = None,
        options: Optional[Options] = None,
    ) -> Sms:
        """Receive an SMS from the outside world (test mode): POST /v1/test/sms"""
        body_ = _core.given(
            {
                "from": from_,
                "to": to,
                "body": body,
                "media_urls": media_urls,
            }
        )
        return await self._client._call(
            Sms, _core.Call("POST", "/v1/test/sms", {}, body_, _core.keyed(options, idempotency_key))
        )


class AsyncTestClockResource:
    """`client.test.clock`"""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def advance(
        self,
        *,
        seconds: int,
        idempotency_key: Optional[str] = None,
        options: Optional[Options] = None,
    ) -> TestClock:
        """Move the sandbox's clock: POST /v1/test/clock/advance"""
        body_ = _core.given(
            {
                "seconds": seconds,
            }
        )
        return await self._client._call(
            TestClock, _core.Call("POST", "/v1/test/clock/advance", {}, body_, _core.keyed(options, idempotency_key))
        )


class AsyncTestResource:
    """`client.test`"""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client
        self.calls = AsyncTestCallsResource(client)
        self.sms = AsyncTestSmsResource(client)
        self.clock = AsyncTestClockResource(client)


class AsyncSmsResource:
    """`client.sms`"""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def create(
        self,
        *,
        from_: str,
        to: str,
        body: str,
        send_at: Union[Union[datetime, str], NotGiven] = NOT_GIVEN,
        media_urls: Union[Sequence[str], NotGiven] = NOT_GIVEN,
        metadata: Union[Mapping[str, Any], NotGiven] = NOT_GIVEN,
        idempotency_key: Optional[str] = None,
        options: Optional[Options] = None,
    ) -> Sms:
        """Send an SMS: POST /v1/sms"""
        body_ = _core.given(
            {
                "from": from_,
                "to": to,
                "body": body,
                "send_at": send_at,
                "media_urls": media_urls,
                "metadata": metadata,
            }
        )
        return await self._client._call(
            Sms, _core.Call("POST", "/v1/sms", {}, body_, _core.keyed(options, idempotency_key))
        )

    def list(
        self,
        *,
        number: Union[str, NotGiven] = NOT_GIVEN,
        direction: Union[SmsDirection, NotGiven] = NOT_GIVEN,
        status: Union[SmsStatus, NotGiven] = NOT_GIVEN,
        created_after: Union[Union[datetime, str], NotGiven] = NOT_GIVEN,
        created_before: Union[Union[datetime, str], NotGiven] = NOT_GIVEN,
        limit: Union[int, NotGiven] = NOT_GIVEN,
        starting_after: Union[str, NotGiven] = NOT_GIVEN,
        options: Optional[Options] = None,
    ) -> AsyncPager[Sms]:
        """List messages: GET /v1/sms"""
        query_ = _core.given(
            {
                "number": number,
                "direction": direction,
                "status": status,
                "created_after": created_after,
                "created_before": created_before,
                "limit": limit,
                "starting_after": starting_after,
            }
        )
        return self._client._list(Sms, _core.Call("GET", "/v1/sms", query_, None, options or {}))

    async def preview(
        self,
        *,
        to: str,
        body: str,
        from_: Union[str, NotGiven] = NOT_GIVEN,
        options: Optional[Options] = None,
    ) -> Preview:
        """See encoding, segments and price without sending: POST /v1/sms/preview"""
        body_ = _core.given(
            {
                "to": to,
                "body": body,
                "from": from_,
            }
        )
        return await self._client._call(Preview, _core.Call("POST", "/v1/sms/preview", {}, body_, options or {}))

    async def get(
        self,
        id: str,
        *,
        options: Optional[Options] = None,
    ) -> SmsDetail:
        """Retrieve a message with its segments: GET /v1/sms/{id}"""
        return await self._client._call(
            SmsDetail, _core.Call("GET", _core.path_of("/v1/sms/{id}", id), {}, None, options or {})
        )

    async def timeline(
        self,
        id: str,
        *,
        options: Optional[Options] = None,
    ) -> Timeline:
        """Everything that happened to a message: GET /v1/sms/{id}/timeline"""
        return await self._client._call(
            Timeline, _core.Call("GET", _core.path_of("/v1/sms/{id}/timeline", id), {}, None, options or {})
        )

    async def cancel(
        self,
        id: str,
        *,
        idempotency_key: Optional[str] = None,
        options: Optional[Options] = None,
    ) -> Sms:
        """Cancel a scheduled message: POST /v1/sms/{id}/cancel"""
        return await self._client._call(
            Sms,
            _core.Call(
                "POST", _core.path_of("/v1/sms/{id}/cancel", id), {}, None, _core.keyed(options, idempotency_key)
            ),
        )


class AsyncVoicemailsResource:
    """`client.voicemails`"""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def list(
        self,
        *,
        number: Union[str, NotGiven] = NOT_GIVEN,
        created_after: Union[Union[datetime, str], NotGiven] = NOT_GIVEN,
        created_before: Union[Union[datetime, str], NotGiven] = NOT_GIVEN,
        limit: Union[int, NotGiven] = NOT_GIVEN,
        starting_after: Union[str, NotGiven] = NOT_GIVEN,
        options: Optional[Options] = None,
    ) -> AsyncPager[Voicemail]:
        """List voicemails: GET /v1/voicemails"""
        query_ = _core.given(
            {
                "number": number,
                "created_after": created_after,
                "created_before": created_before,
                "limit": limit,
                "starting_after": starting_after,
            }
        )
        return self._client._list(Voicemail, _core.Call("GET", "/v1/voicemails", query_, None, options or {}))

    async def get(
        self,
        id: str,
        *,
        options: Optional[Options] = None,
    ) -> Voicemail:
        """Retrieve a voicemail: GET /v1/voicemails/{id}"""
        return await self._client._call(
            Voicemail, _core.Call("GET", _core.path_of("/v1/voicemails/{id}", id), {}, None, options or {})
        )

    async def delete(
        self,
        id: str,
        *,
        options: Optional[Options] = None,
    ) -> None:
        """Delete a voicemail and its audio: DELETE /v1/voicemails/{id}"""
        await self._client._run(_core.Call("DELETE", _core.path_of("/v1/voicemails/{id}", id), {}, None, options or {}))


class AsyncVoicemailGreetingResource:
    """`client.voicemail_greeting`"""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def set(
        self,
        id: str,
        *,
        text: Union[str, NotGiven] = NOT_GIVEN,
        voice: Union[str, NotGiven] = NOT_GIVEN,
        audio_base64: Union[str, NotGiven] = NOT_GIVEN,
        idempotency_key: Optional[str] = None,
        options: Optional[Options] = None,
    ) -> Greeting:
        """Set what callers hear before the tone: POST /v1/numbers/{id}/voicemail_greeting"""
        body_ = _core.given(
            {
                "text": text,
                "voice": voice,
                "audio_base64": audio_base64,
            }
        )
        return await self._client._call(
            Greeting,
            _core.Call(
                "POST",
                _core.path_of("/v1/numbers/{id}/voicemail_greeting", id),
                {},
                body_,
                _core.keyed(options, idempotency_key),
            ),
        )

    async def get(
        self,
        id: str,
        *,
        options: Optional[Options] = None,
    ) -> Greeting:
        """Retrieve what callers hear before the tone: GET /v1/numbers/{id}/voicemail_greeting"""
        return await self._client._call(
            Greeting,
            _core.Call("GET", _core.path_of("/v1/numbers/{id}/voicemail_greeting", id), {}, None, options or {}),
        )

    async def delete(
        self,
        id: str,
        *,
        options: Optional[Options] = None,
    ) -> None:
        """Back to the shipped greeting: DELETE /v1/numbers/{id}/voicemail_greeting"""
        await self._client._run(
            _core.Call("DELETE", _core.path_of("/v1/numbers/{id}/voicemail_greeting", id), {}, None, options or {})
        )


class AsyncAiResource:
    """`client.ai`"""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def get(
        self,
        id: str,
        *,
        options: Optional[Options] = None,
    ) -> AiConfig:
        """Retrieve what a number's AI does: GET /v1/numbers/{id}/ai"""
        return await self._client._call(
            AiConfig, _core.Call("GET", _core.path_of("/v1/numbers/{id}/ai", id), {}, None, options or {})
        )

    async def update(
        self,
        id: str,
        *,
        auto_pickup: Union[Union[AutoPickupUpdate, Mapping[str, Any]], NotGiven, None] = NOT_GIVEN,
        screening: Union[Union[ScreeningUpdate, Mapping[str, Any]], NotGiven, None] = NOT_GIVEN,
        translator: Union[Union[TranslatorUpdate, Mapping[str, Any]], NotGiven, None] = NOT_GIVEN,
        voicemail_summary: Union[Union[VoicemailSummaryUpdate, Mapping[str, Any]], NotGiven, None] = NOT_GIVEN,
        options: Optional[Options] = None,
    ) -> AiConfig:
        """Change what a number's AI does: PATCH /v1/numbers/{id}/ai"""
        body_ = _core.given(
            {
                "auto_pickup": auto_pickup,
                "screening": screening,
                "translator": translator,
                "voicemail_summary": voicemail_summary,
            }
        )
        return await self._client._call(
            AiConfig, _core.Call("PATCH", _core.path_of("/v1/numbers/{id}/ai", id), {}, body_, options or {})
        )


class AsyncAccountResource:
    """`client.account`"""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def get(
        self,
        *,
        options: Optional[Options] = None,
    ) -> Account:
        """Retrieve your account: GET /v1/account"""
        return await self._client._call(Account, _core.Call("GET", "/v1/account", {}, None, options or {}))

    async def update(
        self,
        *,
        balance_low_threshold_usd: Union[Union[Decimal, float], NotGiven, None] = NOT_GIVEN,
        default_country: Union[str, NotGiven, None] = NOT_GIVEN,
        daily_spend_cap_usd: Union[Union[Decimal, float], NotGiven, None] = NOT_GIVEN,
        allowed_countries: Union[Sequence[str], NotGiven, None] = NOT_GIVEN,
        destination_velocity_per_hour: Union[int, NotGiven, None] = NOT_GIVEN,
        opt_out_everywhere: Union[bool, NotGiven] = NOT_GIVEN,
        max_segments: Union[int, NotGiven] = NOT_GIVEN,
        options: Optional[Options] = None,
    ) -> Account:
        """Update your account: PATCH /v1/account"""
        body_ = _core.given(
            {
                "balance_low_threshold_usd": balance_low_threshold_usd,
                "default_country": default_country,
                "daily_spend_cap_usd": daily_spend_cap_usd,
                "allowed_countries": allowed_countries,
                "destination_velocity_per_hour": destination_velocity_per_hour,
                "opt_out_everywhere": opt_out_everywhere,
                "max_segments": max_segments,
            }
        )
        return await self._client._call(Account, _core.Call("PATCH", "/v1/account", {}, body_, options or {}))

    async def usage(
        self,
        *,
        period: Union[UsagePeriod, NotGiven] = NOT_GIVEN,
        options: Optional[Options] = None,
    ) -> Usage:
        """Usage by kind and day: GET /v1/account/usage"""
        query_ = _core.given(
            {
                "period": period,
            }
        )
        return await self._client._call(Usage, _core.Call("GET", "/v1/account/usage", query_, None, options or {}))


class AsyncWebhookEndpointsResource:
    """`client.webhook_endpoints`"""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def create(
        self,
        *,
        url: str,
        enabled_events: Sequence[str],
        description: Union[str, NotGiven] = NOT_GIVEN,
        number_id: Union[str, NotGiven] = NOT_GIVEN,
        idempotency_key: Optional[str] = None,
        options: Optional[Options] = None,
    ) -> Endpoint:
        """Register a webhook endpoint: POST /v1/webhook_endpoints"""
        body_ = _core.given(
            {
                "url": url,
                "enabled_events": enabled_events,
                "description": description,
                "number_id": number_id,
            }
        )
        return await self._client._call(
            Endpoint, _core.Call("POST", "/v1/webhook_endpoints", {}, body_, _core.keyed(options, idempotency_key))
        )

    def list(
        self,
        *,
        limit: Union[int, NotGiven] = NOT_GIVEN,
        starting_after: Union[str, NotGiven] = NOT_GIVEN,
        options: Optional[Options] = None,
    ) -> AsyncPager[Endpoint]:
        """List webhook endpoints: GET /v1/webhook_endpoints"""
        query_ = _core.given(
            {
                "limit": limit,
                "starting_after": starting_after,
            }
        )
        return self._client._list(Endpoint, _core.Call("GET", "/v1/webhook_endpoints", query_, None, options or {}))

    async def get(
        self,
        id: str,
        *,
        options: Optional[Options] = None,
    ) -> Endpoint:
        """Retrieve a webhook endpoint: GET /v1/webhook_endpoints/{id}"""
        return await self._client._call(
            Endpoint, _core.Call("GET", _core.path_of("/v1/webhook_endpoints/{id}", id), {}, None, options or {})
        )

    async def update(
        self,
        id: str,
        *,
        url: Union[str, NotGiven] = NOT_GIVEN,
        enabled_events: Union[Sequence[str], NotGiven] = NOT_GIVEN,
        description: Union[str, NotGiven, None] = NOT_GIVEN,
        status: Union[EndpointStatus, NotGiven] = NOT_GIVEN,
        options: Optional[Options] = None,
    ) -> Endpoint:
        """Update a webhook endpoint: PATCH /v1/webhook_endpoints/{id}"""
        body_ = _core.given(
            {
                "url": url,
                "enabled_events": enabled_events,
                "description": description,
                "status": status,
            }
        )
        return await self._client._call(
            Endpoint, _core.Call("PATCH", _core.path_of("/v1/webhook_endpoints/{id}", id), {}, body_, options or {})
        )

    async def delete(
        self,
        id: str,
        *,
        options: Optional[Options] = None,
    ) -> None:
        """Remove a webhook endpoint: DELETE /v1/webhook_endpoints/{id}"""
        await self._client._run(
            _core.Call("DELETE", _core.path_of("/v1/webhook_endpoints/{id}", id), {}, None, options or {})
        )

    async def rotate_secret(
        self,
        id: str,
        *,
        expires_in: Union[int, NotGiven] = NOT_GIVEN,
        idempotency_key: Optional[str] = None,
        options: Optional[Options] = None,
    ) -> Endpoint:
        """Give a webhook endpoint a new signing secret: POST /v1/webhook_endpoints/{id}/rotate_secret"""
        body_ = _core.given(
            {
                "expires_in": expires_in,
            }
        )
        return await self._client._call(
            Endpoint,
            _core.Call(
                "POST",
                _core.path_of("/v1/webhook_endpoints/{id}/rotate_secret", id),
                {},
                body_,
                _core.keyed(options, idempotency_key),
            ),
        )

    async def test(
        self,
        id: str,
        *,
        idempotency_key: Optional[str] = None,
        options: Optional[Options] = None,
    ) -> Event[Any]:
        """Send a test event: POST /v1/webhook_endpoints/{id}/test"""
        return await self._client._call(
            read_event,
            _core.Call(
                "POST",
                _core.path_of("/v1/webhook_endpoints/{id}/test", id),
                {},
                None,
                _core.keyed(options, idempotency_key),
            ),
        )

    def deliveries(
        self,
        id: str,
        *,
        limit: Union[int, NotGiven] = NOT_GIVEN,
        starting_after: Union[str, NotGiven] = NOT_GIVEN,
        options: Optional[Options] = None,
    ) -> AsyncPager[Delivery]:
        """List an endpoint's deliveries with their attempts: GET /v1/webhook_endpoints/{id}/deliveries"""
        query_ = _core.given(
            {
                "limit": limit,
                "starting_after": starting_after,
            }
        )
        return self._client._list(
            Delivery,
            _core.Call("GET", _core.path_of("/v1/webhook_endpoints/{id}/deliveries", id), query_, None, options or {}),
        )


class AsyncEventsResource:
    """`client.events`"""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def list(
        self,
        *,
        type: Union[str, NotGiven] = NOT_GIVEN,
        created_after: Union[Union[datetime, str], NotGiven] = NOT_GIVEN,
        created_before: Union[Union[datetime, str], NotGiven] = NOT_GIVEN,
        delivery_success: Union[bool, NotGiven] = NOT_GIVEN,
        limit: Union[int, NotGiven] = NOT_GIVEN,
        starting_after: Union[str, NotGiven] = NOT_GIVEN,
        options: Optional[Options] = None,
    ) -> AsyncPager[Event[Any]]:
        """List events of the last 30 days: GET /v1/events"""
        query_ = _core.given(
            {
                "type": type,
                "created_after": created_after,
                "created_before": created_before,
                "delivery_success": delivery_success,
                "limit": limit,
                "starting_after": starting_after,
            }
        )
        return self._client._list(read_event, _core.Call("GET", "/v1/events", query_, None, options or {}))

    async def get(
        self,
        id: str,
        *,
        options: Optional[Options] = None,
    ) -> Event[Any]:
        """Retrieve an event: GET /v1/events/{id}"""
        return await self._client._call(
            read_event, _core.Call("GET", _core.path_of("/v1/events/{id}", id), {}, None, options or {})
        )

    async def resend(
        self,
        id: str,
        *,
        endpoint: Union[str, NotGiven] = NOT_GIVEN,
        idempotency_key: Optional[str] = None,
        options: Optional[Options] = None,
    ) -> Event[Any]:
        """Deliver an event again: POST /v1/events/{id}/resend"""
        body_ = _core.given(
            {
                "endpoint": endpoint,
            }
        )
        return await self._client._call(
            read_event,
            _core.Call(
                "POST", _core.path_of("/v1/events/{id}/resend", id), {}, body_, _core.keyed(options, idempotency_key)
            ),
        )
