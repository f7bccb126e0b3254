"""The raw answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Mapping


@dataclass(frozen=True)
class Response:
    """Status, headers (by lower-case name) and body of an answer."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def request_id(self) -> str | None:
        """What support needs to find the request."""
        return self.headers.get("request-id")

    @property
    def deprecation(self) -> str | None:
        """NoKYC-Deprecation: that the version spoken is not current, until when it works, and what follows it."""
        return self.headers.get("nokyc-deprecation")
