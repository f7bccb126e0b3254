"""Requests below httpx: any client address, scheme, header bytes and chunking, straight to the application."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

JSON = (b"content-type", b"application/json")


@dataclass(frozen=True, slots=True)
class Reply:
    """What the application sent."""

    status: int
    raw_headers: list[tuple[bytes, bytes]]
    body: bytes

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode().lower(): value.decode("latin-1") for name, value in self.raw_headers}

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The error's code, or "" for a success."""
        return "" if self.status < 300 else str(self.json()["error"]["code"])


async def exchange(
    app: Any,
    method: str,
    path: str,
    *,
    key: str | None = None,
    headers: Sequence[tuple[bytes, bytes]] = (),
    body: bytes | Sequence[bytes] = b"",
    scheme: str = "http",
    client: str | None = "127.0.0.1",
    query: bytes = b"",
    cut: bool = False,
) -> Reply:
    """One exchange; a body that is a list comes in chunks, and with `cut` the client goes away after the last."""
    chunks = [body] if isinstance(body, bytes) else list(body)
    messages: list[dict[str, Any]] = [
        {"type": "http.request", "body": chunk, "more_body": cut or n < len(chunks) - 1}
        for n, chunk in enumerate(chunks)
    ]
    sent: list[Any] = []

    async def receive() -> Any:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    authorization = [] if key is None else [(b"authorization", f"Bearer {key}".encode())]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": scheme,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query,
        "headers": [(b"host", b"api.example.com"), *authorization, *headers],
        "client": None if client is None else (client, 50_000),
        "server": ("api.example.com", 80),
    }
    await app(scope, receive, send)
    start, *rest = sent
    return Reply(start["status"], list(start["headers"]), b"".join(message.get("body", b"") for message in rest))
