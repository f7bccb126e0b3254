"""Writes contract/openapi/<version>.json: the API's description, as the server gives it.

python tools/make_openapi.py            # write; refuses what would break a client of the committed one
python tools/make_openapi.py --check    # say what is out of date, and fail
"""

import json
import sys
from pathlib import Path
from typing import Any

from contract_diff import breaking_changes
from nokyc import main as server
from nokyc.http.openapi import describe
from nokyc.settings import API_VERSION, read_settings

FILE = Path(__file__).parents[1] / "contract" / "openapi" / f"{API_VERSION}.json"
PUBLIC_URL = "https://api.nokycnumber.com"

Json = dict[str, Any]


def description() -> Json:
    """What the server would answer on /openapi.json under the document's own address."""
    settings = read_settings({"PUBLIC_URL": PUBLIC_URL})
    nothing: Any = Nothing()
    return describe(server.api_routes(nothing, settings, nothing), PUBLIC_URL, API_VERSION)


class Nothing:
    """Stands for the store and all that is got from it: routes are described here, not run."""

    def __getattr__(self, name: str) -> "Nothing":
        return self

    def __call__(self, *arguments: object, **named: object) -> "Nothing":
        return self


def text_of(contract: Json) -> str:
    return json.dumps(contract, indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    wanted = description()
    committed = FILE.read_text("utf-8") if FILE.exists() else ""
    if broken := breaking_changes(json.loads(committed or "{}"), wanted):
        print("\n".join(broken))
        print(f"These would break clients of {API_VERSION}: make them a new version (http/versions.py).")
        return 1
    if "--check" in sys.argv:
        if committed == text_of(wanted):
            return 0
        print(f"{FILE.name} is out of date: run `make sdks`")
        return 1
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(text_of(wanted), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
