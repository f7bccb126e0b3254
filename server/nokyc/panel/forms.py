"""What a form sent, and the proof that it was a form of ours."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hmac import compare_digest
from typing import Any
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request

from nokyc.http.errors import ApiError
from nokyc.kit import jsontext
from nokyc.kit.money import parse_usd, usd
from nokyc.panel.sessions import Session
from nokyc.store.vault import Vault

MAX_FORM_BYTES = 2_000_000
"""A list of numbers for sale is a form too."""
MAX_FIELDS = 2_000
CSRF_FIELD = "csrf"
CSRF_HEADER = "x-csrf-token"


class Form:
    """Fields by name. An empty field is one that was left out."""

    def __init__(self, fields: Mapping[str, Sequence[str]]) -> None:
        self._fields = fields

    def text(self, name: str) -> str:
        """A field that must be there, trimmed. Raises ApiError 400."""
        value = self.maybe(name)
        if value is None:
            raise ApiError("parameter_missing", "This field is needed.", param=name)
        return value

    def maybe(self, name: str) -> str | None:
        value = self.raw(name).strip()
        return value or None

    def raw(self, name: str) -> str:
        """As it was typed, line ends as one character."""
        return (self._fields.get(name) or [""])[0].replace("\r\n", "\n")

    def many(self, name: str) -> list[str]:
        return [value for value in self._fields.get(name, ()) if value]

    def flag(self, name: str) -> bool:
        return bool(self.many(name))

    def integer(self, name: str) -> int | None:
        """Raises ApiError 400 if it is not a whole number."""
        text = self.maybe(name)
        try:
            return None if text is None else int(text)
        except ValueError:
            raise ApiError("parameter_invalid", "This is not a whole number.", param=name) from None

    def micro(self, name: str, *, least: int = 0) -> int | None:
        """An amount of dollars, with their sign or without, in micro-dollars. Raises ApiError 400 if it is none, or
        below `least`."""
        text = self.maybe(name)
        if text is None:
            return None
        try:
            amount = parse_usd(text.replace(",", "").removeprefix("$"))
        except ValueError as error:
            raise ApiError("parameter_invalid", f"{error}.", param=name) from None
        if amount < least:
            raise ApiError("parameter_invalid", "This is not enough.", param=name)
        return amount

    def dollars(self, name: str) -> float | None:
        """The same as the API takes it."""
        amount = self.micro(name)
        return None if amount is None else float(usd(amount))

    def json(self, name: str) -> dict[str, Any] | None:
        """A JSON object. Raises ApiError 400."""
        text = self.maybe(name)
        try:
            return None if text is None else jsontext.parse_object(text.encode())
        except jsontext.JsonError as error:
            raise ApiError("parameter_invalid", f"This is not a JSON object: {error}", param=name) from None

    def instant(self, name: str) -> str | None:
        """A local date and time with the browser's offset at that time beside it, as RFC 3339. Raises ApiError 400."""
        text = self.maybe(name)
        if text is None:
            return None
        try:
            minutes = int(self.maybe(f"{name}_offset") or 0)
            at = datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() + 60 * minutes
            return datetime.fromtimestamp(at, UTC).isoformat()
        except (ValueError, OverflowError, OSError):  # whichever the system has for a time beyond its own
            raise ApiError("parameter_invalid", "This is not a date and time.", param=name) from None


async def read_form(request: Request) -> Form:
    """The form in a request's body.

    Raises:
        ApiError: 413 for one that is too large, 400 for one that is none.
    """
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM_BYTES:
            raise ApiError("body_too_large", f"More than {MAX_FORM_BYTES:,} bytes.")
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError:
        raise ApiError("body_invalid", "This form cannot be read.") from None
    if any("\0" in value for values in fields.values() for value in values):
        raise ApiError("body_invalid", "The form has the character U+0000.")
    return Form(fields)


def csrf_token(vault: Vault, session: Session) -> str:
    """What proves that a form came from a page of this session, and of the account that the session is at: an
    operator's page may still show the one before. It looks different each time, so that compression of pages does not
    give it away bit by bit."""
    proof = _proof(vault, session)
    mask = secrets.token_bytes(len(proof))
    return mask.hex() + _xor(mask, proof).hex()


def check_csrf(vault: Vault, session: Session, given: str) -> bool:
    """Whether this is such a proof."""
    proof = _proof(vault, session)
    try:
        mask, masked = bytes.fromhex(given[: 2 * len(proof)]), bytes.fromhex(given[2 * len(proof) :])
    except ValueError:
        return False
    return len(mask) == len(masked) == len(proof) and compare_digest(_xor(mask, masked), proof)


def same_origin(request: Request) -> bool:
    """Whether the browser says that the request came from a page of ours; true if it says nothing."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _proof(vault: Vault, session: Session) -> bytes:
    return vault.keyed_hash("csrf", f"{session.token} {session.live_id}")


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=False))
