"""Frames between a process that needs speech and the one that has the engines: JSON head, then bytes.

Each frame is two 4-byte big-endian lengths, the head and the payload. A head carries the `id` of its request, so that
one connection carries many at once.
"""

import asyncio
import json
import struct
from dataclasses import asdict
from typing import Any

from nokyc.speech.port import (
    PairUnsupported,
    SpeechError,
    SpeechFailed,
    SpeechUnavailable,
    VoiceUnknown,
)

MAX_HEAD_BYTES = 256_000
MAX_PAYLOAD_BYTES = 10_000_000
"""Ten minutes of audio."""
SOCKET = "speech.sock"
"""Below the data folder."""

Head = dict[str, Any]


class FrameError(Exception):
    """What came is no frame of ours."""


async def read_frame(reader: asyncio.StreamReader) -> tuple[Head, bytes]:
    """Raises asyncio.IncompleteReadError at the end, and FrameError."""
    head_bytes, payload_bytes = struct.unpack(">II", await reader.readexactly(8))
    if head_bytes > MAX_HEAD_BYTES or payload_bytes > MAX_PAYLOAD_BYTES:
        raise FrameError("the frame is too large")
    head = json.loads(await reader.readexactly(head_bytes))
    if not isinstance(head, dict):
        raise FrameError("the head is no object")
    return head, await reader.readexactly(payload_bytes)


def frame(head: Head, payload: bytes = b"") -> bytes:
    """Raises FrameError for one that the other side would hang up on."""
    data = json.dumps(head, ensure_ascii=False).encode()
    if len(data) > MAX_HEAD_BYTES or len(payload) > MAX_PAYLOAD_BYTES:
        raise FrameError("the frame is too large")
    return struct.pack(">II", len(data), len(payload)) + data + payload


def show_error(error: SpeechError) -> Head:
    """An error of the port as JSON."""
    match error:
        case SpeechUnavailable():
            return {"kind": "unavailable", "engine": error.engine, "text": error.how_to_get_it}
        case VoiceUnknown():
            return {"kind": "voice", "text": error.voice}
        case PairUnsupported():
            return {"kind": "pair", "pair": error.pair, "pairs": sorted(error.pairs)}
        case SpeechFailed():
            return {"kind": "failed", "engine": error.engine, "text": error.reason, "retryable": error.retryable}
        case _:
            return {"kind": "failed", "engine": "speech", "text": type(error).__name__, "retryable": True}


def read_error(head: Head) -> SpeechError:
    """The same, back."""
    match head["kind"]:
        case "unavailable":
            return SpeechUnavailable(head["engine"], head["text"])
        case "voice":
            return VoiceUnknown(head["text"])
        case "pair":
            source, target = head["pair"]
            return PairUnsupported((source, target), frozenset((a, b) for a, b in head["pairs"]))
        case _:
            return SpeechFailed(head["engine"], head["text"], retryable=head["retryable"])


def show(value: Any) -> Any:
    """A result of the port as JSON."""
    return None if value is None else asdict(value)
