"""The pages that errors and version headers link to."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from nokyc.http.errors import catalogue
from nokyc.panel.pages import page
from nokyc.settings import API_VERSION


async def errors(request: Request) -> Response:
    """Every error that the API can answer with."""
    return page("errors.html", errors=list(catalogue().values()))


async def changelog(request: Request) -> Response:
    """The versions of the API."""
    return page("changelog.html", version=API_VERSION)


async def index(request: Request) -> Response:
    return RedirectResponse("/docs/errors")


ROUTES: list[BaseRoute] = [
    Route("/docs", index),
    Route("/docs/errors", errors),
    Route("/docs/changelog", changelog),
]
