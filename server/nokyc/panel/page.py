"""How a page is declared."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from starlette.responses import Response

from nokyc.panel.view import View

Role = Literal["account", "operator", "anybody"]
Handler = Callable[[View], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Page:
    """One address of the panel and who may use it."""

    method: Literal["GET", "POST"]
    path: str
    """Below /panel, and below /panel/test for the sandbox."""
    handler: Handler
    role: Role = "account"


def get(path: str, handler: Handler, *, role: Role = "account") -> Page:
    return Page("GET", path, handler, role)


def post(path: str, handler: Handler, *, role: Role = "account") -> Page:
    return Page("POST", path, handler, role)
