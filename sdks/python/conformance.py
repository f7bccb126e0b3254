"""Runs the conformance suite with the Python SDK: every case with the blocking and with the awaiting client.

    python sdks/python/conformance.py [suite …]      # needs NOKYC_CONFORMANCE_URL, else starts the fault server

Prints a line of JSON for each case; exits 1 if one failed.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import subprocess
import sys
import traceback
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from keyword import iskeyword
from pathlib import Path
from typing import Any, Iterator
from unittest import mock

import httpx

import nokycnumber
from nokycnumber import AsyncNoKYCNumber, AsyncTiming, NoKYCError, NoKYCNumber, Timing

SUITES = Path(__file__).parents[1] / "conformance"
API_KEY = "sk_test_conformance"
USAGE = (ValueError, TypeError)
Json = dict[str, Any]


def main() -> int:
    wanted = sys.argv[1:] or sorted(path.stem for path in SUITES.glob("*.json"))
    failed = 0
    with fault_server() as url, httpx.Client(trust_env=False) as http, asyncio.Runner() as loop:
        connections = Connections(url, http, httpx.AsyncClient(trust_env=False), loop)
        for suite in wanted:
            for case in json.loads((SUITES / f"{suite}.json").read_text("utf-8"))["cases"]:
                detail = ""
                try:
                    run(case, connections)
                except (AssertionError, Exception):
                    detail, failed = traceback.format_exc(limit=-3), 1
                print(json.dumps({"suite": suite, "case": case["name"], "ok": not detail, "detail": detail}))
        loop.run(connections.awaiting.aclose())
    return failed


@dataclass
class Connections:
    """What all cases share: making a client's TLS settings takes longer than a case."""

    url: str
    blocking: httpx.Client
    awaiting: httpx.AsyncClient
    loop: asyncio.Runner


def run(case: Json, to: Connections) -> None:
    if "construct" in case:
        construct(case)
    elif "call" not in case:
        webhook(case)
    else:
        for play in (blocking, awaiting):
            script = to.blocking.post(f"{to.url}/scripts", json={"replies": case.get("replies", [])}).json()
            outcome = play(case, script["base_url"], to)
            check(case["expect"], outcome, to.blocking.get(f"{to.url}/scripts/{script['id']}").json()["requests"])


def blocking(case: Json, base_url: str, to: Connections) -> Json:
    slept: list[float] = []
    outcome: Json = {"sleeps": slept}
    call = case["call"]
    random, now, settings = given(case)
    timing = Timing(sleep=slept.append, random=random, now=now)
    with NoKYCNumber(API_KEY, base_url=base_url, timing=timing, http_client=to.blocking, **settings) as client:
        try:
            outcome["result"] = result = invoke(client, call)
            if "iterate" in call:
                outcome["items"] = []
                for item in result:
                    outcome["items"].append(item.id)
                    if len(outcome["items"]) == call["iterate"]:
                        break
        except (NoKYCError, *USAGE) as error:
            outcome["error"] = error
    return outcome


def awaiting(case: Json, base_url: str, to: Connections) -> Json:
    return to.loop.run(_awaiting(case, base_url, to))


async def _awaiting(case: Json, base_url: str, to: Connections) -> Json:
    slept: list[float] = []
    outcome: Json = {"sleeps": slept}
    call = case["call"]
    random, now, settings = given(case)

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    timing = AsyncTiming(sleep=sleep, random=random, now=now)
    client = AsyncNoKYCNumber(API_KEY, base_url=base_url, timing=timing, http_client=to.awaiting, **settings)
    async with client:
        try:
            if "iterate" in call:
                outcome["items"] = []
                async for item in invoke(client, call):
                    outcome["items"].append(item.id)
                    if len(outcome["items"]) == call["iterate"]:
                        break
            else:
                outcome["result"] = await invoke(client, call)
        except (NoKYCError, *USAGE) as error:
            outcome["error"] = error
    return outcome


def given(case: Json) -> tuple[Any, Any, Json]:
    """Chance, time and settings of a case."""
    client = dict(case.get("client", {}))
    random, now = client.pop("random", 0.5), client.pop("now", 1_777_202_640)
    if "timeout_ms" in client:
        client["timeout"] = client.pop("timeout_ms") / 1000
    return (lambda: random), (lambda: now), client


def invoke(client: Any, call: Json) -> Any:
    options: Json = {}
    for name, value in call.get("options", {}).items():
        names = {"timeout_ms": "timeout", "headers": "extra_headers"}
        options[names.get(name, name)] = value / 1000 if name == "timeout_ms" else value
    if call["operation"] == "request":
        return client.request(
            call["method"], call["url"], body=call.get("body"), query=call.get("query"), options=options
        )
    for part in call["operation"].split("."):
        client = getattr(client, part)
    named = {(f"{k}_" if iskeyword(k) else k): v for k, v in {**call.get("query", {}), **call.get("body", {})}.items()}
    return client(*call.get("path", []), **named, options=options)


def check(expect: Json, outcome: Json, requests: list[Json]) -> None:
    error = outcome.get("error")
    if "error" in expect:
        assert error is not None, "no error"
        check_error(expect["error"], error)
    elif error is not None:
        raise error
    wanted = expect.get("requests", [{}] * expect["count"] if "count" in expect else [])
    if "requests" in expect or "count" in expect:
        assert len(requests) == expect.get("count", len(wanted)), f"{len(requests)} requests"
    for mine, request in zip(wanted, requests):
        check_request(mine, request)
    if "same_header" in expect:
        assert len({request["headers"].get(expect["same_header"]) for request in requests}) == 1
    if "sleeps" in expect:
        assert [round(s, 9) for s in outcome["sleeps"]] == expect["sleeps"], outcome["sleeps"]
    if "items" in expect:
        assert outcome["items"] == expect["items"], outcome["items"]
    if expect.get("no_result"):
        assert outcome["result"] is None
    check_result(expect, outcome.get("result"))


def check_request(wanted: Json, request: Json) -> None:
    for name in ("method", "path", "json", "body"):
        if name in wanted:
            assert request.get(name) == wanted[name], (name, request.get(name))
    if "query" in wanted:
        assert sorted(request["query"]) == sorted(wanted["query"]), request["query"]
    for name, value in wanted.get("headers", {}).items():
        found = request["headers"].get(name, "")
        assert re.search(value["matches"], found) if isinstance(value, dict) else found == value, (name, found)
    for name in wanted.get("no_headers", []):
        assert name not in request["headers"], name


def check_result(expect: Json, result: Any) -> None:
    content = None if result is None else json.loads(result.to_json())
    if "result" in expect:
        within(expect["result"], content, "result")
    if "raw" in expect:
        within(expect["raw"], content, "raw")
    for path, value in expect.get("typed", {}).items():
        found = result
        for part in path.split("."):
            found = found[int(part)] if part.isdigit() else getattr(found, part)
        if isinstance(value, dict) and "decimal" in value:
            assert isinstance(found, Decimal), type(found)
            assert str(found) == value["decimal"], (path, found)
        elif isinstance(value, dict) and "instant" in value:
            assert isinstance(found, datetime), type(found)
            assert found.timestamp() == value["instant"], (path, found)
        else:
            assert found == value, (path, found)
    if "response" in expect and result is not None:
        response, wanted = result.last_response, expect["response"]
        assert response.status == wanted["status"]
        assert wanted.get("request_id", response.request_id) == response.request_id
        assert wanted.get("deprecation", response.deprecation) == response.deprecation
        assert wanted.get("headers", {}).items() <= response.headers.items()


def check_error(wanted: Json, error: Exception) -> None:
    if wanted["class"] == "usage":
        assert isinstance(error, USAGE), repr(error)
        return
    assert type(error).__name__ == wanted["class"], repr(error)
    for name, value in wanted.items():
        if name == "is":
            assert set(value) <= {kind.__name__ for kind in type(error).__mro__}
        elif name == "text":
            assert str(error) == value, str(error)
        elif name == "not_in_text":
            assert not [part for part in value if part in str(error) + repr(error)]
        elif name != "class":
            assert getattr(error, name) == value, (name, getattr(error, name))


def within(wanted: Any, found: Any, where: str) -> None:
    """Objects may have more fields than expected; all else is equal."""
    if isinstance(wanted, dict):
        assert isinstance(found, dict), where
        for name, value in wanted.items():
            assert name in found, f"{where}.{name} is missing"
            within(value, found[name], f"{where}.{name}")
    elif isinstance(wanted, list):
        assert isinstance(found, list) and len(found) == len(wanted), where
        for at, (mine, theirs) in enumerate(zip(wanted, found)):
            within(mine, theirs, f"{where}.{at}")
    else:
        assert found == wanted, (where, found)


def construct(case: Json) -> None:
    for kind in (NoKYCNumber, AsyncNoKYCNumber):
        with mock.patch.dict(os.environ, case.get("env", {}), clear=True):
            try:
                client = kind(**case["construct"])
            except USAGE:
                assert case["expect"].get("error") == "usage"
            else:
                assert client.base_url == case["expect"].get("base_url"), client.base_url


def webhook(case: Json) -> None:
    expect = case["expect"]
    if "generate" in case:
        assert nokycnumber.generate_test_header(**case["generate"]) == expect["header"]
        return
    more = {"tolerance": case["tolerance"]} if "tolerance" in case else {}
    try:
        event = nokycnumber.construct_event(
            case["payload"].encode(), case["header"], case["secrets"], now=lambda: case["now"], **more
        )
    except nokycnumber.SignatureVerificationError as error:
        assert error.reason == expect.get("reason"), error
        assert expect.get("hint", "") in str(error)
    except ValueError:
        assert expect.get("error") == "usage"
    else:
        assert event.type == expect.get("type")


@contextlib.contextmanager
def fault_server() -> Iterator[str]:
    if url := os.environ.get("NOKYC_CONFORMANCE_URL"):
        yield url
        return
    command = [sys.executable, str(SUITES / "server.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.communicate("")


if __name__ == "__main__":
    sys.exit(main())
