"""HTTP carriers on loopback, written from their public API descriptions, and the part of our API that they call."""

import asyncio
import hmac
import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha1, sha256
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, urlencode

import aiohttp
from aiohttp import web
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from carriers.conformance import HANDSET, Store
from nokyc.carriers.http.carrier import HttpCarrier
from nokyc.carriers.http.config import HttpConfig, Template
from nokyc.carriers.http.protocol import BadRequest, BadSignature, Incoming

NOW = datetime(2026, 4, 26, 10, 40, tzinfo=UTC)
TWILIO_ACCOUNT, TWILIO_TOKEN = "AC" + "0" * 32, "twilio-token"
TELNYX_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
TELNYX_PUBLIC_KEY = b64encode(
    TELNYX_KEY.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
).decode()


class Listener:
    """One aiohttp server that can go away and come back at the same port."""

    def __init__(self, handler: Callable[[web.Request], Any]) -> None:
        self._handler = handler
        self._runner: web.ServerRunner | None = None
        self.port = 0

    async def listen(self) -> None:
        self._runner = web.ServerRunner(web.Server(self._handler, access_log=None), shutdown_timeout=0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True).start()
        self.port = self._runner.addresses[0][1]

    async def close(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class OurApi:
    """What the API process does with `/carriers/{name}/{inbound|status}`: read, commit, acknowledge."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.carrier: HttpCarrier | None = None
        self.acknowledgements: list[tuple[str, str]] = []
        self.listener = Listener(self._handle)

    async def _handle(self, request: web.BaseRequest) -> web.Response:
        assert self.carrier is not None
        headers = {name.lower(): value for name, value in request.headers.items()}
        kind: Any = request.path.rpartition("/")[2]
        incoming = Incoming(request.method, kind, str(request.url), headers, await request.read())
        try:
            reports = self.carrier.reports(incoming, NOW)
            await self.store.sink(reports)
        except BadSignature as error:
            return web.Response(status=403, text=str(error))
        except BadRequest as error:
            return web.Response(status=400, text=str(error))
        except RuntimeError as error:
            return web.Response(status=503, text=str(error))
        content_type, body = self.carrier.acknowledgement()
        self.acknowledgements.append((content_type, body))
        return web.Response(content_type=content_type, text=body)


@dataclass
class Taken:
    """One request that a provider took."""

    headers: Mapping[str, str]
    said: dict[str, Any]
    reference: str


@dataclass
class Provider:
    """What all of them have in common; the subclasses speak."""

    taken: list[Taken] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.listener = Listener(self._handle)
        self.client: aiohttp.ClientSession | None = None
        self._next: str = "accept"
        self._serial = count(1)
        self._let_go = asyncio.Event()

    # --- for SmsCarrierConformance

    async def will_refuse(self) -> str:
        self._next = "refuse"
        return HANDSET

    async def will_throttle(self) -> str:
        self._next = "throttle"
        return HANDSET

    async def will_stay_silent(self) -> str:
        self._next = "silence"
        return HANDSET

    async def vanish(self) -> None:
        await self.listener.close()

    async def return_(self) -> None:
        await self.listener.listen()

    def texts(self) -> list[str]:
        return [each.said[self.text_name] for each in self.taken]

    async def close(self) -> None:
        self._let_go.set()
        await self.listener.close()
        if self.client is not None:
            await self.client.close()

    # --- the provider's side

    text_name = ""

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        mood, self._next = (self._next, "accept") if request.method == "POST" else ("accept", self._next)
        if mood == "silence":
            await self._let_go.wait()
        if mood == "throttle":
            return self.throttling()
        if request.method != "POST":
            return self.greeting(request)
        if mood == "refuse":
            return self.refusing()
        return self.accepting(request, await request.read())

    def take(self, request: web.BaseRequest, said: dict[str, Any], reference: str) -> None:
        self.taken.append(Taken(dict(request.headers), said, reference))

    def throttling(self) -> web.Response:
        return web.json_response({"message": "Too many requests"}, status=429, headers={"Retry-After": "0.02"})

    def greeting(self, request: web.BaseRequest) -> web.Response:
        raise NotImplementedError

    def refusing(self) -> web.Response:
        raise NotImplementedError

    def accepting(self, request: web.BaseRequest, body: bytes) -> web.Response:
        raise NotImplementedError

    async def tell(self, url: str, body: bytes, headers: Mapping[str, str]) -> bool:
        self.client = self.client or aiohttp.ClientSession()
        async with self.client.post(url, data=body, headers=headers) as answer:
            await answer.read()
            return answer.status == 200


class TwilioProvider(Provider):
    text_name = "Body"
    inbound_url = ""

    def config(self, callback_url: str) -> HttpConfig:
        return HttpConfig(
            "tw",
            "twilio",
            base_url=self.listener.url,
            account=TWILIO_ACCOUNT,
            password=TWILIO_TOKEN,
            callback_url=callback_url,
            timeout_sec=0.25,
        )

    def _known(self, request: web.BaseRequest) -> bool:
        expected = "Basic " + b64encode(f"{TWILIO_ACCOUNT}:{TWILIO_TOKEN}".encode()).decode()
        return request.headers.get("Authorization") == expected

    def greeting(self, request: web.BaseRequest) -> web.Response:
        if request.path != f"/2010-04-01/Accounts/{TWILIO_ACCOUNT}.json" or not self._known(request):
            return web.json_response({"code": 20003, "message": "Authenticate", "status": 401}, status=401)
        return web.json_response({"sid": TWILIO_ACCOUNT, "status": "active"})

    def refusing(self) -> web.Response:
        said = {"code": 21211, "message": f"The 'To' number {HANDSET} is not valid", "status": 400}
        return web.json_response(said, status=400)

    def accepting(self, request: web.BaseRequest, body: bytes) -> web.Response:
        if request.path != f"/2010-04-01/Accounts/{TWILIO_ACCOUNT}/Messages.json" or not self._known(request):
            return web.json_response({"code": 20003, "message": "Authenticate", "status": 401}, status=401)
        pairs = parse_qsl(body.decode(), keep_blank_values=True)
        said = dict(pairs) | {"MediaUrls": [value for name, value in pairs if name == "MediaUrl"]}
        sid = f"SM{next(self._serial):032x}"
        self.take(request, said, sid)
        return web.json_response({"sid": sid, "status": "queued", "error_code": None}, status=201)

    async def send_receipt(self, carrier_ref: str, *, delivered: bool) -> bool:
        said = {"MessageSid": carrier_ref, "MessageStatus": "delivered" if delivered else "undelivered"}
        if not delivered:
            said["ErrorCode"] = "30003"
        return await self.signed(self.taken[-1].said["StatusCallback"], said)

    async def send_inbound(self, sender: str, recipient: str, text: str) -> bool:
        sid = f"SM{next(self._serial):032x}"
        said = {"MessageSid": sid, "From": sender, "To": recipient, "Body": text, "NumMedia": "0"}
        return await self.signed(self.inbound_url, said)

    async def signed(self, url: str, said: Mapping[str, str]) -> bool:
        headers = {"X-Twilio-Signature": twilio_signature(url, said)}
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return await self.tell(url, urlencode(said).encode(), headers)


class TelnyxProvider(Provider):
    text_name = "text"
    inbound_url = ""

    def config(self, callback_url: str) -> HttpConfig:
        return HttpConfig(
            "tx",
            "telnyx",
            base_url=self.listener.url,
            password="KEY123",
            signing_key=TELNYX_PUBLIC_KEY,
            callback_url=callback_url,
            timeout_sec=0.25,
        )

    def greeting(self, request: web.BaseRequest) -> web.Response:
        if request.headers.get("Authorization") != "Bearer KEY123":
            return web.json_response({"errors": [{"code": "10009"}]}, status=401)
        return web.json_response({"data": {"balance": "1.00", "currency": "USD"}})

    def refusing(self) -> web.Response:
        said = {"errors": [{"code": "40300", "title": "Blocked due to STOP message", "detail": HANDSET}]}
        return web.json_response(said, status=400)

    def accepting(self, request: web.BaseRequest, body: bytes) -> web.Response:
        if request.path != "/v2/messages" or request.headers.get("Authorization") != "Bearer KEY123":
            return web.json_response({"errors": [{"code": "10009"}]}, status=401)
        said = json.loads(body)
        reference = f"40385f64-5717-4562-b3fc-{next(self._serial):012x}"
        self.take(request, said, reference)
        return web.json_response({"data": {"id": reference, "to": [{"status": "queued"}]}})

    async def send_receipt(self, carrier_ref: str, *, delivered: bool) -> bool:
        to = [{"phone_number": HANDSET, "status": "delivered" if delivered else "delivery_failed"}]
        errors = [] if delivered else [{"code": "40001", "title": "Not routable"}]
        payload = {"id": carrier_ref, "to": to, "errors": errors, "completed_at": "2026-04-26T10:39:59Z"}
        return await self.event(self.taken[-1].said["webhook_url"], "message.finalized", payload)

    async def send_inbound(self, sender: str, recipient: str, text: str) -> bool:
        payload = {
            "id": f"in-{next(self._serial)}",
            "from": {"phone_number": sender},
            "to": [{"phone_number": recipient, "status": "webhook_delivered"}],
            "text": text,
            "media": [],
        }
        return await self.event(self.inbound_url, "message.received", payload)

    async def event(self, url: str, kind: str, payload: Mapping[str, Any]) -> bool:
        said = {"data": {"event_type": kind, "occurred_at": "2026-04-26T10:40:00.000+00:00", "payload": payload}}
        body = json.dumps(said).encode()
        return await self.tell(url, body, telnyx_headers(body))


class PlainProvider(Provider):
    """A carrier of nobody's standard: JSON, a shared key in a header, an HMAC on what it tells."""

    text_name = "message"
    inbound_url = ""

    def config(self, callback_url: str) -> HttpConfig:
        template = Template(
            url=self.listener.url + "/send/{account}",
            headers={"X-Api-Key": "{password}"},
            json={"dest": "{to_digits}", "src": "{from}", "message": "{text}", "dlr": "{status_url}", "ref": "{id}"},
            id_path="result.0.message_id",
            error_path="result.0.error",
            errors={"17": "invalid_destination", "absent": "unreachable"},
            proof="hmac_sha256",
            proof_name="X-Signature",
            status_id_path="message_id",
            status_error_path="reason",
            inbound_text_path="message",
        )
        return HttpConfig(
            "plain",
            "generic",
            account="acme",
            password="k3y",
            signing_key="shh",
            callback_url=callback_url,
            timeout_sec=0.25,
            template=template,
        )

    def greeting(self, request: web.BaseRequest) -> web.Response:
        return web.Response(status=404)

    def refusing(self) -> web.Response:
        return web.json_response({"result": [{"error": 17}]})

    def accepting(self, request: web.BaseRequest, body: bytes) -> web.Response:
        if request.path != "/send/acme" or request.headers.get("X-Api-Key") != "k3y":
            return web.Response(status=401)
        reference = next(self._serial)
        self.take(request, json.loads(body), str(reference))
        return web.json_response({"result": [{"message_id": reference}]})

    async def send_receipt(self, carrier_ref: str, *, delivered: bool) -> bool:
        said = {"message_id": int(carrier_ref), "status": "delivered" if delivered else "failed", "reason": "absent"}
        return await self.signed(self.taken[-1].said["dlr"], said)

    async def send_inbound(self, sender: str, recipient: str, text: str) -> bool:
        said = {"id": next(self._serial), "from": sender[1:], "to": recipient[1:], "message": text}
        return await self.signed(self.inbound_url, said)

    async def signed(self, url: str, said: Mapping[str, Any]) -> bool:
        body = json.dumps(said).encode()
        digest = hmac.new(b"shh", body, sha256).hexdigest()
        return await self.tell(url, body, {"X-Signature": f"sha256={digest}", "Content-Type": "application/json"})


def twilio_signature(url: str, said: Mapping[str, str], token: str = TWILIO_TOKEN) -> str:
    signed = url + "".join(name + said[name] for name in sorted(said))
    return b64encode(hmac.new(token.encode(), signed.encode(), sha1).digest()).decode()


def telnyx_headers(body: bytes, at: datetime = NOW) -> dict[str, str]:
    stamp = str(int(at.timestamp()))
    signature = TELNYX_KEY.sign(f"{stamp}|".encode() + body)
    return {"telnyx-timestamp": stamp, "telnyx-signature-ed25519": b64encode(signature).decode()}
