"""The closed catalogue of errors (contract/errors.yaml) and the one exception that answers with one of them."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec
import yaml


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the catalogue."""

    code: str
    status: int
    type: str
    meaning: str
    fix: str


class ApiError(Exception):
    """A refusal that the caller is told about; `code` is in the catalogue, which gives status and type."""

    def __init__(
        self,
        code: str,
        message: str | None = None,
        *,
        param: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        self.entry = catalogue()[code]
        self.code = code
        self.message = message or self.entry.meaning
        self.param = param
        self.headers = headers or {}
        super().__init__(f"{code}: {self.message}")

    @property
    def status(self) -> int:
        return self.entry.status

    def body(self, request_id: str, public_url: str) -> bytes:
        """The error envelope."""
        return msgspec.json.encode({"error": self._fields(request_id, public_url)})

    def problem(self, request_id: str, public_url: str) -> bytes:
        """The same as RFC 9457 problem details, for clients that ask for application/problem+json."""
        fields = self._fields(request_id, public_url)
        problem = {
            "type": fields.pop("doc_url"),
            "title": self.entry.meaning,
            "status": self.status,
            "detail": fields.pop("message"),
            "error_type": fields.pop("type"),
        }
        return msgspec.json.encode(problem | fields)

    def _fields(self, request_id: str, public_url: str) -> dict[str, Any]:
        fields: dict[str, Any] = {"type": self.entry.type, "code": self.code, "message": self.message}
        if self.param is not None:
            fields["param"] = self.param
        fields["request_id"] = request_id
        fields["doc_url"] = f"{public_url}/docs/errors#{self.code}"
        return fields

    @property
    def retryable(self) -> bool:
        """What `NoKYC-Should-Retry` says."""
        return self.code == "idempotency_key_in_use" or self.status == 429 or self.status >= 500


def missing(what: str = "object", *, param: str | None = None) -> ApiError:
    """404 for an object that is not there or not this account's: the same words for both."""
    return ApiError("resource_missing", f"There is no such {what} on this account.", param=param)


@cache
def catalogue() -> dict[str, Entry]:
    """The catalogue by code, in the file's order."""
    entries: dict[str, dict[str, Any]] = yaml.safe_load(contract_file("errors.yaml"))
    return {code: Entry(code=code, **entry) for code, entry in entries.items()}


def contract_file(name: str) -> str:
    """The text of a file of the contract: from the installed package, else from the source tree."""
    packaged = files("nokyc") / "contract" / name
    if packaged.is_file():
        return packaged.read_text("utf-8")
    return (Path(__file__).parents[3] / "contract" / name).read_text("utf-8")
