"""The messaging API of Telnyx, version 2."""

import binascii
import json
from base64 import b64decode
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from nokyc.carriers.http.config import HttpConfig
from nokyc.carriers.http.protocol import (
    MAX_MEDIA,
    REPORT_TOLERANCE_SEC,
    BadRequest,
    BadSignature,
    Incoming,
    Outcome,
    Request,
    at,
    clean,
    e164,
    failure,
    instant,
    parse_json,
    refusal,
    require_size,
)
from nokyc.carriers.port import Accepted, Inbound, Receipt, Report, Submission, Verdict
from nokyc.http.outbound import Answer

BASE_URL = "https://api.telnyx.com"

ERRORS: Mapping[str, Outcome] = {
    "10002": "invalid_destination",
    "10009": "account",  # authentication
    "10010": "account",  # authorization
    "10011": "throttled",
    "10016": "invalid_destination",  # not E.164
    "20100": "account",  # our credit there
    "40001": "unreachable",  # landline or not routable
    "40002": "spam_filtered",
    "40003": "spam_filtered",
    "40004": "carrier_rejected",
    "40005": "expired",
    "40006": "unreachable",
    "40008": "unreachable",
    "40009": "carrier_rejected",
    "40011": "carrier_rejected",  # upstream rate
    "40012": "invalid_destination",
    "40013": "carrier_rejected",
    "40014": "expired",
    "40015": "spam_filtered",
    "40300": "blocked",  # STOP
    "40309": "carrier_rejected",  # region not enabled
    "40310": "invalid_destination",
    "40312": "account",  # profile disabled
    "40314": "account",  # messaging disabled
    "40318": "throttled",  # queue full
    "40322": "spam_filtered",
    "40333": "account",  # spend limit
}


class Telnyx:
    supports_media = True

    def __init__(self, config: HttpConfig) -> None:
        if not config.password:
            raise ValueError("telnyx needs password, the API key")
        self._config = config
        self._base = (config.base_url or BASE_URL).rstrip("/") + "/v2"
        self._headers = {
            "Authorization": f"Bearer {config.password}",
            "Content-Type": "application/json",
            "Accept": "application/json",
        }
        self._key = _public_key(config.signing_key) if config.signing_key else None

    def request(self, submission: Submission) -> Request:
        said: dict[str, Any] = {
            "from": submission.sender,
            "to": submission.recipient,
            "text": submission.text,
            "type": "MMS" if submission.media_urls else "SMS",
        }
        if submission.media_urls:
            said["media_urls"] = list(submission.media_urls)
        if self._config.profile:
            said["messaging_profile_id"] = self._config.profile
        if self._config.status_url:
            said |= {"webhook_url": self._config.status_url, "use_profile_webhooks": False}
        return Request("POST", f"{self._base}/messages", self._headers, json.dumps(said).encode())

    def verdict(self, answer: Answer) -> Verdict:
        said = parse_json(answer.body)
        reference = at(said, "data.id")
        if 200 <= answer.status < 300 and isinstance(reference, str) and reference:
            return Accepted(reference, raw=reference)
        code = str(at(said, "errors.0.code") or "")
        return refusal(answer, ERRORS.get(code), code)

    def probe(self) -> Request:
        return Request("GET", f"{self._base}/balance", self._headers)

    def knows_us(self, answer: Answer) -> bool:
        return 200 <= answer.status < 300

    def reports(self, incoming: Incoming, now: datetime) -> list[Report]:
        """Telnyx has one URL for both kinds: the event's type tells them apart, not the path."""
        require_size(incoming)
        self._require_signature(incoming, now)
        said = parse_json(incoming.body)
        event, payload = at(said, "data.event_type"), at(said, "data.payload")
        if not isinstance(event, str) or not isinstance(payload, Mapping):
            raise BadRequest("the event has no type or no payload")
        match event:
            case "message.received":
                return [_inbound(payload)]
            case "message.finalized":
                return _receipts(payload, instant(at(said, "data.occurred_at")))
            case _:
                return []

    def acknowledgement(self) -> tuple[str, str]:
        return "application/json", "{}"

    def media_headers(self, url: str) -> dict[str, str]:
        """Telnyx's media URLs carry their own authority."""
        return {}

    def _require_signature(self, incoming: Incoming, now: datetime) -> None:
        """Ed25519 over `timestamp|body`."""
        if self._key is None:
            raise BadSignature("no signing_key is configured for this carrier")
        stamp = incoming.headers.get("telnyx-timestamp", "")
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 16):
            raise BadSignature("telnyx-timestamp is missing")
        if abs(now.timestamp() - int(stamp)) > REPORT_TOLERANCE_SEC:
            raise BadSignature("telnyx-timestamp is too far from our clock")
        try:
            signature = b64decode(incoming.headers.get("telnyx-signature-ed25519", ""), validate=True)
            self._key.verify(signature, f"{stamp}|".encode() + incoming.body)
        except (binascii.Error, ValueError, InvalidSignature) as error:
            raise BadSignature("telnyx-signature-ed25519 does not fit") from error


def _public_key(text: str) -> Ed25519PublicKey:
    try:
        return Ed25519PublicKey.from_public_bytes(b64decode(text, validate=True))
    except (binascii.Error, ValueError) as error:
        raise ValueError("signing_key is not the Base64 of an Ed25519 public key") from error


def _receipts(payload: Mapping[str, Any], occurred_at: datetime | None) -> list[Report]:
    reference, status = clean(payload.get("id")), clean(at(payload, "to.0.status"))
    if not reference or not status:
        raise BadRequest("the message has no id or no status")
    code = str(at(payload, "errors.0.code") or "")
    raw = f"{status[:30]} {clean(code)[:10]}".strip()
    when = instant(payload.get("completed_at")) or occurred_at
    match status:
        case "delivered":
            return [Receipt(reference, "delivered", raw=raw, at=when)]
        case "sending_failed" | "delivery_failed" | "expired":
            default: Outcome = "expired" if status == "expired" else "unknown"
            return [Receipt(reference, "undelivered", failure(ERRORS.get(code, default)), raw=raw, at=when)]
        case _:
            # `delivery_unconfirmed` says that the network never told: so do we.
            return []


def _inbound(payload: Mapping[str, Any]) -> Inbound:
    media = payload.get("media")
    urls = [clean(at(each, "url")) for each in media[:MAX_MEDIA]] if isinstance(media, list) else []
    return Inbound(
        sender=e164(at(payload, "from.phone_number")),
        recipient=e164(at(payload, "to.0.phone_number")),
        text=clean(payload.get("text")),
        media_urls=tuple(url for url in urls if url),
        carrier_ref=clean(payload.get("id")),
    )
