"""One HTTP request as it came over the wire: headers, body limits, scheme."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote

from nokyc.http.errors import ApiError
from nokyc.kit import jsontext

MAX_BODY_BYTES = 1_000_000
MAX_QUERY_FIELDS = 100
LOOPBACK = frozenset({"127.0.0.1", "::1", "::ffff:127.0.0.1"})
PATH_SAFE = "/!$&'()*+,;=:@~"
"""What may stand unescaped in a path (RFC 3986, section 3.3)."""


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
            # An escaped slash is part of an id: decoded, the id would lead to another route.
            path=scope["raw_path"].decode("latin-1") if b"%2f" in scope["raw_path"].lower() else scope["path"],
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

    def secure(self, trusted_proxies: frozenset[str], *, exempt_loopback: bool = True) -> bool:
        """Whether it came over https, or from this very machine (decision F1)."""
        if self.address in trusted_proxies:
            return (self.header(b"x-forwarded-proto") or self.scheme).lower() in ("https", "wss")
        return self.scheme == "https" or (exempt_loopback and self.address in LOOPBACK)

    def https_location(self) -> str:
        """The same URL over https. The path is escaped again: it was decoded, and must not end the header's line."""
        query = "?" + self.query_string.decode("latin-1") if self.query_string else ""
        return f"https://{self.host.removesuffix(':80')}{quote(self.path, safe=PATH_SAFE)}{query}"

    def origin(self, trusted_proxies: frozenset[str]) -> str:
        """The address of the client: behind a trusted proxy, the one that the proxy saw."""
        if self.address not in trusted_proxies:
            return self.address
        return (self.header(b"x-forwarded-for") or self.address).rpartition(",")[2].strip()

    async def read_body(self, receive: Any) -> None:
        """Read the body of a request that may have one.

        Raises:
            ApiError: 413 as soon as it is known to be too large; 400 if the client went away in the middle of it.
        """
        declared = self.headers.get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > MAX_BODY_BYTES:
            raise ApiError("body_too_large")
        chunks: list[bytes] = []
        size, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ApiError("body_invalid", "The request body ended too early.")
            chunks.append(message.get("body", b""))
            size += len(chunks[-1])
            more = message.get("more_body", False)
            if size > MAX_BODY_BYTES:
                raise ApiError("body_too_large")
        self.body = chunks[0] if len(chunks) == 1 else b"".join(chunks)

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
        if not lenient and media_type != "application/json":
            raise ApiError("content_type_unsupported", f"Content type {media_type[:80]!r} is not application/json.")
        if not lenient and not _is_utf8(parameters):
            raise ApiError("content_type_unsupported", "JSON is UTF-8; no other charset is read.")
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
                self.query_string.decode("ascii"),
                keep_blank_values=True,
                errors="strict",
                max_num_fields=MAX_QUERY_FIELDS,
            )
        except ValueError:
            raise ApiError("parameter_invalid", "The query string is not valid.") from None
        for name, value in pairs:
            if "\0" in name or "\0" in value:
                raise ApiError("parameter_invalid", "The query string has the character U+0000.", param=name[:80])
        return pairs


def _is_utf8(parameters: str) -> bool:
    """Whether the parameters of a content type leave its charset at UTF-8."""
    for parameter in parameters.lower().split(";"):
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip().strip('"') not in ("utf-8", "utf8", "us-ascii"):
            return False
    return True
