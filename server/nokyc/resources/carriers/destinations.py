"""Where messages and calls may go: what can be dialled at all, and what the account allows (decisions F18, M3)."""

from nokyc.http.errors import ApiError
from nokyc.kit import e164
from nokyc.store.store import Connection


def check_dialable(to: str, *, param: str = "to") -> None:
    """Raises ApiError 422 for what cannot exist or costs extra."""
    kind = e164.kind(to)
    if kind == "forbidden":
        raise ApiError("destination_forbidden", "Emergency and premium-rate numbers are refused.", param=param)
    if kind == "unsupported":
        raise ApiError("destination_unsupported", "This number cannot exist.", param=param)


async def check_allowed(connection: Connection, account_id: int, to: str, *, param: str = "to") -> None:
    """Raises ApiError 422 for a country that the account does not allow."""
    allowed = await connection.fetchval("SELECT allowed_countries FROM accounts WHERE id = $1", account_id)
    if allowed is not None and e164.country(to) not in allowed:
        message = "The account does not allow this destination country."
        raise ApiError("destination_forbidden", message, param=param)
