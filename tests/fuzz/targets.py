"""What the world may send us, as functions of bytes. Each bears everything: a typed refusal, or a result that holds."""

import contextlib
import json
import random
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from nokyc.carriers.smpp.fields import PduError
from nokyc.carriers.smpp.inbound import read_inbound
from nokyc.carriers.smpp.pdu import Deframer, DeliverSm, parse
from nokyc.carriers.smpp.receipt import is_receipt, read_receipt
from nokyc.http import guard
from nokyc.http.errors import ApiError
from nokyc.http.schema import body_of, query_of
from nokyc.kit import gsm0338, jsontext, segments
from nokyc.resources.ai.schemas import AiConfigUpdate
from nokyc.resources.calls.schemas import CallCreate, CallQuery
from nokyc.resources.numbers.schemas import AvailableQuery, NumberCreate, NumberUpdate
from nokyc.resources.sms.schemas import SmsCreate, SmsQuery
from nokyc.resources.webhooks.schemas import EndpointCreate
from nokyc_voice.media import rtcp, rtp, sdp
from nokyc_voice.media.errors import MediaRefusedError
from nokyc_voice.media.offer import Negotiation
from nokyc_voice.sip.grammar import SipSyntaxError
from voice.fuzz import attempts_on

NOW = datetime(2026, 4, 1, tzinfo=UTC)
BODIES = (SmsCreate, CallCreate, NumberCreate, NumberUpdate, AiConfigUpdate, EndpointCreate)
QUERIES = (SmsQuery, CallQuery, AvailableQuery)
MAX_OCTETS = 140
"""Of a segment on the air: 160 septets, or 140 octets (3GPP TS 23.040)."""


def smpp(data: bytes) -> None:
    """A carrier's stream, in two reads; what was read is written and read alike."""
    frames, half = Deframer(), len(data) // 2
    with contextlib.suppress(PduError):
        for frame in [*frames.feed(data[:half]), *frames.feed(data[half:])]:
            pdu = parse(frame)
            if isinstance(pdu, DeliverSm):
                if is_receipt(pdu):
                    read_receipt(pdu, id_format="as_is", now=NOW)
                read_inbound(pdu, "gsm7")
            assert bytes(parse(written := bytes(pdu))) == written


def sip(data: bytes) -> None:
    """A datagram, a stream, and each field by itself."""
    for attempt in attempts_on(data, "datagram", "stream"):
        with contextlib.suppress(SipSyntaxError):
            attempt()


def media(data: bytes) -> None:
    """An offer, an answer, and packets."""
    ours = Negotiation(
        address="127.0.0.1", port=4_000, codecs=("PCMA", "PCMU", "G722"), secure=False,
        random_bytes=random.Random(1).randbytes,
    )  # fmt: skip
    with contextlib.suppress(MediaRefusedError):
        sdp.parse(ours.answer(data)[1])
    with contextlib.suppress(MediaRefusedError):
        ours.accept(data)
    with contextlib.suppress(rtp.RtpError):
        assert len(rtp.parse(data)[4]) <= len(data)
    with contextlib.suppress(rtcp.RtcpError):
        assert len(rtcp.parse(data)) <= rtcp.MAX_PACKETS


def http(data: bytes) -> None:
    """A body and a query string of the API, and a URL for webhooks."""
    with contextlib.suppress(jsontext.JsonError):
        value = jsontext.parse_object(data)
        assert json.loads(jsontext.canonical(value)) == value
        for kind in BODIES:
            with contextlib.suppress(ApiError):
                body_of(kind, value)
    text = data.decode("utf-8", "replace")
    for query in QUERIES:
        with contextlib.suppress(ApiError):
            query_of(query, parse_qsl(text, keep_blank_values=True))
    with contextlib.suppress(guard.UrlInvalid, guard.UrlForbidden):
        checked = guard.check_url(text)
        assert guard.check_url(checked) == checked


def text(data: bytes) -> None:
    """A message's text, cut into segments and put together again."""
    body = data.decode("utf-8", "surrogateescape")
    try:
        encoding, count = segments.count(body)
        parts = segments.split(body, 7)
    except ValueError:  # what JSON cannot bring, or far too long
        return
    assert len(parts) == count
    assert segments.join(encoding, (part.payload for part in parts)) == body == "".join(part.text for part in parts)
    for part in parts:
        packed = gsm0338.pack(part.payload) if encoding == "gsm7" else part.payload
        assert len(part.udh) + len(packed) <= MAX_OCTETS
    gsm0338.decode(data)


TARGETS = {"smpp": smpp, "sip": sip, "media": media, "http": http, "text": text}
