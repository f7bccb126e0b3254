"""The REST API of Twilio, version 2010-04-01, and of those who copy it (SignalWire and others)."""

import hmac
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha1
from urllib.parse import quote, urlencode, urlsplit

from nokyc.carriers.http.config import HttpConfig
from nokyc.carriers.http.protocol import (
    MAX_MEDIA,
    BadRequest,
    BadSignature,
    Incoming,
    Outcome,
    Request,
    at,
    clean,
    e164,
    failure,
    parse_form,
    parse_json,
    refusal,
    require_size,
)
from nokyc.carriers.port import Accepted, Inbound, Receipt, Report, Submission, Verdict
from nokyc.http.outbound import Answer

BASE_URL = "https://api.twilio.com"
MAX_VALIDITY_SEC = 36_000
"""Twilio's error 90007."""

ERRORS: Mapping[str, Outcome] = {
    "20003": "account",  # authentication
    "20005": "account",  # account not active
    "20404": "account",  # no such account
    "20429": "throttled",
    "21211": "invalid_destination",
    "21214": "unreachable",
    "21217": "invalid_destination",
    "21265": "invalid_destination",  # a short code
    "21266": "invalid_destination",  # to = from
    "21408": "carrier_rejected",  # region not enabled
    "21610": "blocked",  # STOP
    "21611": "throttled",  # the sender's queue is full
    "21612": "unreachable",
    "21614": "invalid_destination",  # not a mobile number
    "30001": "carrier_rejected",  # queue overflow
    "30002": "carrier_rejected",  # account suspended
    "30003": "unreachable",
    "30004": "blocked",
    "30005": "invalid_destination",
    "30006": "unreachable",  # landline
    "30007": "spam_filtered",
    "30008": "unknown",
    "30036": "expired",
    "30038": "spam_filtered",
    "30410": "carrier_timeout",
    "30450": "blocked",
}


class Twilio:
    supports_media = True

    def __init__(self, config: HttpConfig) -> None:
        if not config.account or not config.password:
            raise ValueError("twilio needs account and password")
        self._config = config
        base = (config.base_url or BASE_URL).rstrip("/")
        self._account_url = f"{base}/2010-04-01/Accounts/{quote(config.account, safe='')}"
        user = f"{config.username or config.account}:{config.password}"
        self._authorization = "Basic " + b64encode(user.encode()).decode()
        self._signing_key = (config.signing_key or config.password).encode()

    def request(self, submission: Submission) -> Request:
        form = [("To", submission.recipient), ("From", submission.sender), ("Body", submission.text)]
        form += [("MediaUrl", url) for url in submission.media_urls]
        form.append(("ValidityPeriod", str(max(1, min(submission.validity_sec, MAX_VALIDITY_SEC)))))
        if self._config.profile:
            form.append(("MessagingServiceSid", self._config.profile))
        if self._config.status_url:
            form.append(("StatusCallback", self._config.status_url))
        headers = {
            "Authorization": self._authorization,
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }
        return Request("POST", f"{self._account_url}/Messages.json", headers, urlencode(form).encode())

    def verdict(self, answer: Answer) -> Verdict:
        said = parse_json(answer.body)
        sid = at(said, "sid")
        if 200 <= answer.status < 300 and isinstance(sid, str) and sid:
            return Accepted(sid, raw=sid)
        code = at(said, "code")
        code = str(code) if isinstance(code, int | str) else ""
        return refusal(answer, ERRORS.get(code), code)

    def probe(self) -> Request:
        return Request("GET", f"{self._account_url}.json", {"Authorization": self._authorization})

    def knows_us(self, answer: Answer) -> bool:
        return 200 <= answer.status < 300

    def reports(self, incoming: Incoming, now: datetime) -> list[Report]:
        require_size(incoming)
        query = urlsplit(incoming.url).query
        form = parse_form(incoming.body) if incoming.method == "POST" else []
        self._require_signature(incoming, form, query)
        said = dict(form or parse_form(query))
        return [_inbound(said)] if incoming.path_kind == "inbound" else _receipts(said)

    def acknowledgement(self) -> tuple[str, str]:
        """Empty TwiML: do not answer the handset."""
        return "text/xml", "<Response/>"

    def media_headers(self, url: str) -> dict[str, str]:
        ours = urlsplit(self._account_url).hostname == urlsplit(url).hostname
        return {"Authorization": self._authorization} if ours else {}

    def _require_signature(self, incoming: Incoming, form: list[tuple[str, str]], query: str) -> None:
        """Base64 of HMAC-SHA1 over the URL, then every form field's name and value, sorted."""
        given = incoming.headers.get("x-twilio-signature", "")
        fields = "".join(name + value for name, value in sorted(set(form)))
        matches = False
        for url in self._urls(incoming, query):
            digest = hmac.new(self._signing_key, (url + fields).encode(), sha1).digest()
            matches |= hmac.compare_digest(b64encode(digest), given.encode())
        if not matches:
            raise BadSignature("X-Twilio-Signature does not fit")

    def _urls(self, incoming: Incoming, query: str) -> set[str]:
        """The spellings that may have been signed: behind a proxy ours differs, and Twilio drops or adds ports."""
        configured = self._config.status_url if incoming.path_kind == "status" else self._config.inbound_url
        urls = {incoming.url}
        if configured:
            urls.add(configured + (f"?{query}" if query else ""))
        for url in list(urls):
            parts = urlsplit(url)
            host = parts.netloc.rpartition("@")[2]
            name = host if host.endswith("]") or ":" not in host else host.rpartition(":")[0]
            default = "443" if parts.scheme == "https" else "80"
            urls |= {parts._replace(netloc=spelling).geturl() for spelling in (name, f"{name}:{default}")}
        return urls


def _receipts(said: Mapping[str, str]) -> list[Report]:
    sid, status = said.get("MessageSid") or said.get("SmsSid"), said.get("MessageStatus") or said.get("SmsStatus")
    if not sid or not status:
        raise BadRequest("MessageSid or MessageStatus is missing")
    code = said.get("ErrorCode", "")
    raw = f"{clean(status)[:20]} {clean(code)[:10]}".strip()
    match status:
        case "delivered" | "read":
            return [Receipt(sid, "delivered", raw=raw)]
        case "undelivered" | "failed":
            return [Receipt(sid, "undelivered", failure(ERRORS.get(code, "unknown")), raw=raw)]
        case "canceled":
            return [Receipt(sid, "undelivered", "canceled", raw=raw)]
        case _:
            return []


def _inbound(said: Mapping[str, str]) -> Inbound:
    count = said.get("NumMedia", "0")
    media = [said.get(f"MediaUrl{index}", "") for index in range(MAX_MEDIA if count.isdecimal() else 0)]
    return Inbound(
        sender=e164(said.get("From")),
        recipient=e164(said.get("To")),
        text=clean(said.get("Body")),
        media_urls=tuple(url for url in media if url),
        carrier_ref=clean(said.get("MessageSid") or said.get("SmsSid")),
    )
