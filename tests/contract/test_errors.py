"""The catalogue is closed, its words hold, and every refusal looks the same (decisions F26-F34).

That each of its codes is raised by some test is judged at the end of a whole run, by recorder.py.
"""

import re
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from nokyc import main
from nokyc.http.auth import Authenticator
from nokyc.http.call import Answer, Call, Route
from nokyc.http.errors import ApiError, catalogue
from nokyc.http.limiter import LocalLimiter
from nokyc.http.metrics import Metrics
from nokyc.http.operations import Operations
from nokyc.http.pipeline import Api
from nokyc.http.request_log import RequestLog
from nokyc.settings import Settings
from nokyc.store.batcher import OverloadedError
from nokyc.store.store import Store
from support import Client, Customer

STATUSES = {
    "invalid_request_error": {301, 400, 404, 405, 409, 413, 415, 422},
    "authentication_error": {401},
    "authorization_error": {403},
    "rate_limit_error": {429},
    "resource_error": {402, 422},
    "api_error": {500, 503},
    "upstream_error": {503},
}


def source(repository: Path) -> dict[str, str]:
    return {str(path): path.read_text() for path in (repository / "server").rglob("*.py")}


def test_no_error_is_raised_that_is_not_in_the_catalogue(repository: Path) -> None:
    for path, text in source(repository).items():
        for code in re.findall(r"""ApiError\(\s*["']([a-z0-9_]+)["']""", text):
            assert code in catalogue(), f"{path} raises {code}"


def test_no_error_is_in_the_catalogue_that_nothing_raises(repository: Path) -> None:
    # A declaration in a route (errors=…) is not a place that raises.
    text = "\n".join(re.sub(r"errors=\([^)]*\)", "", text) for text in source(repository).values())
    built = {f"destination_{kind}" for kind in ("forbidden", "unsupported")}
    for code in catalogue():
        assert f'"{code}"' in text or code in built, code


def test_routes_declare_only_what_the_catalogue_has(web: main.Web) -> None:
    for route in web.routes:
        assert set(route.errors) <= set(catalogue()), route.operation


def test_an_unknown_code_cannot_be_raised() -> None:
    with pytest.raises(KeyError):
        ApiError("no_such_code")


@pytest.mark.parametrize("code", catalogue())
def test_type_status_and_words(code: str) -> None:
    entry = catalogue()[code]
    error = ApiError(code)

    assert entry.status in STATUSES[entry.type]
    assert re.fullmatch(r"[a-z][a-z_]+", code)
    assert entry.meaning.endswith(".")
    assert entry.fix.endswith((".", "`."))
    retryable = entry.status in (429, 500, 503) or code == "idempotency_key_in_use"
    assert error.retryable == retryable


async def test_the_envelope(api: Client) -> None:
    answer = await api.get("/v1/numbers", params={"limit": 0})

    error = answer.json()["error"]
    assert list(answer.json()) == ["error"]
    assert list(error) == ["type", "code", "message", "param", "request_id", "doc_url"]
    assert error["doc_url"] == "http://127.0.0.1:8080/docs/errors#parameter_invalid"
    assert error["request_id"] == answer.headers["request-id"]
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["nokyc-should-retry"] == "false"


async def test_no_param_where_no_parameter_is_to_blame(api: Client) -> None:
    for answer in (await api.get("/v1/numbers/num_000000000000"), await api.get("/v1/x"), await api.put("/v1/sms")):
        assert list(answer.json()["error"]) == ["type", "code", "message", "request_id", "doc_url"]


@pytest.mark.parametrize(
    ("fault", "status", "code", "type_"),
    [
        (ValueError("+33612345678 said sesame"), 500, "internal_error", "api_error"),
        (OSError("sesame"), 503, "service_unavailable", "api_error"),
        (TimeoutError("sesame"), 503, "service_unavailable", "api_error"),
        (OverloadedError("sesame"), 503, "service_unavailable", "api_error"),
        (asyncpg.DiskFullError("sesame"), 503, "service_unavailable", "api_error"),
        (asyncpg.ReadOnlySQLTransactionError("sesame"), 503, "service_unavailable", "api_error"),
        (asyncpg.TooManyConnectionsError("sesame"), 503, "service_unavailable", "api_error"),
    ],
)
async def test_our_own_faults_tell_nothing_and_leave_nothing(
    store: Store,
    settings: Settings,
    customer: Customer,
    capsys: pytest.CaptureFixture[str],
    fault: Exception,
    status: int,
    code: str,
    type_: str,
) -> None:
    async def act(call: Call, unit: Any) -> Answer:
        await unit.connection.execute("UPDATE accounts SET default_country = 'it' WHERE id = $1", call.account_id)
        raise fault

    app = Api(
        Operations([Route("POST", "/v1/fail", "fail", "Fails", act)], store),
        store=store,
        settings=settings,
        authenticator=Authenticator(store),
        limiter=LocalLimiter(store.clock),
        versions=main.VERSIONS,
        metrics=Metrics(),
        request_log=RequestLog(store),
    )
    async with Client(app, customer.live_key) as api:
        answers = [await api.post("/v1/fail", headers={"Idempotency-Key": "k"}) for _ in range(2)]

    for answer in answers:  # a fault is not remembered: the same key tries again
        error = answer.json()["error"]
        assert (answer.status_code, error["code"], error["type"]) == (status, code, type_)
        assert answer.headers["nokyc-should-retry"] == "true"
        assert ("retry-after" in answer.headers) == (status == 503)
        assert "idempotent-replayed" not in answer.headers
        assert "sesame" not in answer.text
    logged = capsys.readouterr()
    assert "sesame" not in logged.out + logged.err
    async with store.reading() as connection:
        country = await connection.fetchval("SELECT default_country FROM accounts WHERE id = $1", customer.live_id)
    assert country == "fr"
