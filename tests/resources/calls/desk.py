"""What the tests of calls share: placing, looking, and a sandbox's time."""

from typing import Any

from nokyc.kit import ids
from support import Client, Drain

HANDSET = "+33612345678"


async def place(api: Client, number: Any, to: str = HANDSET, **more: Any) -> Any:
    """POST /v1/calls that succeeds."""
    answer = await api.post("/v1/calls", json={"from": number["id"], "to": to} | more)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def refused(api: Client, number: Any, to: str = HANDSET, **more: Any) -> tuple[int, str, str | None]:
    """POST /v1/calls that is refused: status, code and param."""
    answer = await api.post("/v1/calls", json={"from": number["id"], "to": to} | more)
    assert answer.status_code >= 400, answer.text
    error = answer.json()["error"]
    return answer.status_code, error["code"], error.get("param")


async def shown(api: Client, call: Any) -> Any:
    """The call as it is now."""
    answer = await api.get(f"/v1/calls/{call['id']}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def ring_in(api: Client, number: Any, **more: Any) -> Any:
    """POST /v1/test/calls that succeeds."""
    answer = await api.post("/v1/test/calls", json={"from": HANDSET, "to": number["id"]} | more)
    assert answer.status_code == 202, answer.text
    return answer.json()


async def later(api: Client, drain: Drain, seconds: int) -> None:
    """So much of the sandbox's time passes, and what is due happens."""
    await drain()
    answer = await api.post("/v1/test/clock/advance", json={"seconds": seconds})
    assert answer.status_code == 200, answer.text
    await drain()


async def balance(api: Client) -> float:
    figure: float = (await api.get("/v1/account")).json()["balance_usd"]
    return figure


def key(call: Any) -> int:
    """The id inside."""
    value = ids.read("call", call["id"])
    assert value is not None
    return value
