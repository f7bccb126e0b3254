"""One HTTP request as it came over the wire: headers, body limits, scheme."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from nokyc.http.errors import ApiError
from nokyc.kit import jsontext

MAX_BODY_BYTES = 1_000_000
LOOPBACK = frozenset({"127.0.0.1", "::1", "testclient"})


@dataclass(slots=True)
class Request:
    """The parts of an ASGI request that the pipeline looks at."""

    method: str
    path: str
    scheme: str
    address: str
    host: str
    query_string: bytes
    authorization: list[bytes] = field(default_factory=list)
    headers: dict[bytes, bytes] = field(default_factory=dict)
    body: bytes = b""

    @classmethod
    def of(cls, scope: Any) -> "Request":
        client = scope.get("client")
        request = cls(
            method=scope["method"],
            path=scope["path"],
            scheme=scope["scheme"],
            address=client[0] if client else "",
            host="",
            query_string=scope["query_string"],
        )
        for name, value in scope["headers"]:
            if name == b"authorization":
                request.authorization.append(value)
            request.headers[name] = value
        request.host = request.header(b"host") or ""
        return request

    def header(self, name: bytes) -> str | None:
        """A header's value by its lower-case name; the last one if it came twice."""
        value = self.headers.get(name)
        return None if value is None else value.decode("latin-1")

    def secure(self, trusted_proxies: frozenset[str]) -> bool:
        """Whether it came over https, or from this very machine (decision F1)."""
        scheme = self.scheme
        if self.address in trusted_proxies:
            scheme = self.header(b"x-forwarded-proto") or scheme
            return scheme == "https"
        return scheme == "https" or self.address in LOOPBACK

    async def read_body(self, receive: Any) -> None:
        """Raises ApiError 413 as soon as it is known to be too large."""
        declared = self.headers.get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > MAX_BODY_BYTES:
            raise ApiError("body_too_large")
        message = await receive()
        body = message.get("body", b"")
        if message.get("more_body"):
            chunks, size = [body], len(body)
            while message.get("more_body"):
                message = await receive()
                chunks.append(message.get("body", b""))
                size += len(chunks[-1])
                if size > MAX_BODY_BYTES:
                    raise ApiError("body_too_large")
            body = b"".join(chunks)
        self.body = body

    def json_object(self) -> dict[str, Any]:
        """The body as one JSON object; {} if there is none.

        Raises:
            ApiError: 415 for another content type, 400 for anything but a strict JSON object (decisions F3, F5).
        """
        if not self.body.strip():
            return {}
        declared, _, parameters = (self.header(b"content-type") or "").partition(";")
        media_type = declared.strip().lower()
        # curl -d without a header says form-urlencoded; the document's own examples do that with JSON.
        lenient = media_type in ("", "application/x-www-form-urlencoded")
        if lenient and not self.body.lstrip().startswith(b"{"):
            raise ApiError("content_type_unsupported", "Form-encoded bodies are rejected; send application/json.")
        charset = parameters.strip().lower().removeprefix("charset=").strip('"')
        if not lenient and (media_type != "application/json" or (charset and charset not in ("utf-8", "utf8"))):
            raise ApiError("content_type_unsupported", f"Content type {media_type[:80]!r} is not application/json.")
        try:
            return jsontext.parse_object(self.body)
        except jsontext.JsonError as error:
            raise ApiError("body_invalid", str(error)) from None

    def query_pairs(self) -> list[tuple[str, str]]:
        """The query string's names and values. Raises ApiError 400 if it is not UTF-8 or has U+0000."""
        if not self.query_string:
            return []
        try:
            pairs = parse_qsl(
                self.query_string.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=100
            )
        except ValueError:
            raise ApiError("parameter_invalid", "The query string is not valid.") from None
        for name, value in pairs:
            if "\0" in name or "\0" in value:
                raise ApiError("parameter_invalid", "The query string has the character U+0000.", param=name[:80])
        return pairs
