"""URLs that customers give us: what the guard thinks of them, as the API's errors.

What is no URL is told with the other faults of a body, before anything is looked for; where a URL must not lead is
told with what is impossible (decision F14)."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from nokyc.http.call import Call
from nokyc.http.errors import ApiError
from nokyc.http.guard import UrlForbidden, UrlInvalid, admit, check_url


@contextmanager
def refusals(param: str) -> Iterator[None]:
    """Inside it, what the guard refuses is an ApiError: 400 `url_invalid` or 422 `url_forbidden`."""
    try:
        yield
    except UrlInvalid as error:
        raise ApiError("url_invalid", f"Invalid URL: {error}.", param=param) from None
    except UrlForbidden as error:
        raise ApiError("url_forbidden", f"This URL is not allowed: {error}.", param=param) from None


def check_shape(url: str, param: str, *, allow_private: bool) -> None:
    """Raises ApiError 400 `url_invalid` for what is no URL of ours, wherever it leads."""
    with refusals(param), suppress(UrlForbidden):
        check_url(url, allow_private=allow_private)


async def verdict(url: str, *, allow_private: bool) -> UrlInvalid | UrlForbidden | None:
    """What speaks against a URL that we are to go to. Its name is looked up, which may take seconds."""
    try:
        await admit(url, allow_private=allow_private)
    except (UrlInvalid, UrlForbidden) as error:
        return error
    return None


async def look_up(call: Call, url: object, *, allow_private: bool) -> None:
    """Ask ahead (`Route.ahead`) what `require` is to know; anything but a URL is passed over."""
    if isinstance(url, str):
        call.ahead[url] = await verdict(url, allow_private=allow_private)


def require(call: Call, url: str, param: str) -> str:
    """The URL, if nothing spoke against it.

    Raises:
        ApiError: 400 `url_invalid` or 422 `url_forbidden`.
    """
    with refusals(param):
        if (found := call.ahead[url]) is not None:
            raise found
    return url
