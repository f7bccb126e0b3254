"""URLs that customers give us: what the guard thinks of them, as the API's errors."""

from collections.abc import Iterator
from contextlib import contextmanager

from nokyc.http.errors import ApiError
from nokyc.http.guard import UrlForbidden, UrlInvalid


@contextmanager
def refusals(param: str) -> Iterator[None]:
    """Inside it, what the guard refuses is an ApiError: 400 `url_invalid` or 422 `url_forbidden`."""
    try:
        yield
    except UrlInvalid as error:
        raise ApiError("url_invalid", f"Invalid URL: {error}.", param=param) from None
    except UrlForbidden as error:
        raise ApiError("url_forbidden", f"This URL is not allowed: {error}.", param=param) from None
