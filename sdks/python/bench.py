"""Microseconds a call, bare httpx beside the SDK: python bench.py URL COUNT ROUNDS (bench/sdks.py runs it)."""

from __future__ import annotations

import json
import sys
import time
import uuid
from typing import Any, Callable

import httpx

from nokycnumber import API_VERSION, NoKYCNumber

KEY = "sk_test_bench"
MESSAGE = {"from": "num_8a4c2f1e9b3d", "to": "+33612345678", "body": "Hello"}


def main() -> None:
    url, count, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    with httpx.Client(trust_env=False) as http, NoKYCNumber(KEY, base_url=url, http_client=http) as client:

        def bare() -> Any:
            headers = {
                "Authorization": f"Bearer {KEY}",
                "NoKYC-Version": API_VERSION,
                "Idempotency-Key": str(uuid.uuid4()),
            }
            answer = http.post(f"{url}/v1/sms", json=MESSAGE, headers=headers, timeout=30)
            answer.raise_for_status()
            return answer.json()["id"]

        def sdk() -> Any:
            return client.sms.create(from_=MESSAGE["from"], to=MESSAGE["to"], body=MESSAGE["body"]).id

        figures: dict[str, list[float]] = {"bare_us": [], "sdk_us": []}
        for _ in range(rounds):
            figures["bare_us"].append(timed(bare, count))
            figures["sdk_us"].append(timed(sdk, count))
    print(json.dumps(figures))


def timed(call: Callable[[], Any], count: int) -> float:
    for _ in range(count // 10):
        call()
    began = time.perf_counter()
    for _ in range(count):
        call()
    return (time.perf_counter() - began) / count * 1e6


if __name__ == "__main__":
    main()
