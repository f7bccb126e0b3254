"""Made by sdks/generator from the API's contract: the clients with all its resources."""

from __future__ import annotations

from . import async_resources, resources
from ._client import AsyncClient, SyncClient

API_VERSION = "2026-04-01"


class NoKYCNumber(SyncClient):
    """The API's client.

    Args:
        api_key: the secret key; NOKYC_API_KEY if it is left out.
        base_url: of the server; NOKYC_BASE_URL, else https://api.nokycnumber.com. http only to this machine.
        max_retries: how often a request is sent again (the call can say otherwise).
        timeout: seconds for one attempt.
        allow_insecure: admit http to other machines.
        app: your program's name and version, for the User-Agent.
        http_client: a client of httpx, or of httpx2, with your own proxies, certificates or limits.
        timing: where sleeping, chance and time come from (tests).
    """

    _version = API_VERSION

    def _attach(self) -> None:
        self.numbers = resources.NumbersResource(self)
        self.sip_credentials = resources.SipCredentialsResource(self)
        self.browser_sessions = resources.BrowserSessionsResource(self)
        self.calls = resources.CallsResource(self)
        self.test = resources.TestResource(self)
        self.sms = resources.SmsResource(self)
        self.voicemails = resources.VoicemailsResource(self)
        self.voicemail_greeting = resources.VoicemailGreetingResource(self)
        self.ai = resources.AiResource(self)
        self.account = resources.AccountResource(self)
        self.webhook_endpoints = resources.WebhookEndpointsResource(self)
        self.events = resources.EventsResource(self)


class AsyncNoKYCNumber(AsyncClient):
    """The API's client, to be awaited.

    Args:
        api_key: the secret key; NOKYC_API_KEY if it is left out.
        base_url: of the server; NOKYC_BASE_URL, else https://api.nokycnumber.com. http only to this machine.
        max_retries: how often a request is sent again (the call can say otherwise).
        timeout: seconds for one attempt.
        allow_insecure: admit http to other machines.
        app: your program's name and version, for the User-Agent.
        http_client: a client of httpx, or of httpx2, with your own proxies, certificates or limits.
        timing: where sleeping, chance and time come from (tests).
    """

    _version = API_VERSION

    def _attach(self) -> None:
        self.numbers = async_resources.AsyncNumbersResource(self)
        self.sip_credentials = async_resources.AsyncSipCredentialsResource(self)
        self.browser_sessions = async_resources.AsyncBrowserSessionsResource(self)
        self.calls = async_resources.AsyncCallsResource(self)
        self.test = async_resources.AsyncTestResource(self)
        self.sms = async_resources.AsyncSmsResource(self)
        self.voicemails = async_resources.AsyncVoicemailsResource(self)
        self.voicemail_greeting = async_resources.AsyncVoicemailGreetingResource(self)
        self.ai = async_resources.AsyncAiResource(self)
        self.account = async_resources.AsyncAccountResource(self)
        self.webhook_endpoints = async_resources.AsyncWebhookEndpointsResource(self)
        self.events = async_resources.AsyncEventsResource(self)
