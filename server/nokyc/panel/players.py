"""What recordings and voicemails have in common: the way to the file, and how loud it is along its way."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.responses import RedirectResponse, Response

from nokyc.http.errors import ApiError, missing
from nokyc.panel import pages
from nokyc.panel.view import View
from nokyc.panel.waveforms import BARS, HEIGHT
from nokyc.store.files import FilesAwayError


def to_file(view: View, url: str | None, what: str) -> Response:
    """A redirect to a signed address, at the host where the page is. Raises ApiError 404 if there is no file."""
    if url is None:
        raise missing(what)
    parts = urlsplit(url)
    return RedirectResponse(f"{parts.path}?{parts.query}", 303, pages.HEADERS)


async def waveform(view: View, key: str | None, sides: Sequence[str]) -> Response:
    """A file's waveform as a part of a page; `sides` name the channels where there are several."""
    try:
        drawn = None if key is None else await view.desk.waveforms.draw(key)
    except FilesAwayError:
        raise ApiError("service_unavailable") from None
    return view.page("part_waveform.html", channels=drawn or [], sides=sides, width=3 * BARS, height=HEIGHT)
