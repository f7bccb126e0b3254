"""What an operator tells us about one HTTP carrier."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, Self, get_args

from nokyc.carriers.port import FailureCode
from nokyc.http.guard import check_url

MAX_WINDOW = 256
MAX_TIMEOUT_SEC = 30.0
"""With the waits before it, for a place and for media, less than the lease of a message."""

PresetName = Literal["generic", "twilio", "telnyx"]
Proof = Literal["token", "hmac_sha256", "none"]


@dataclass(frozen=True, slots=True)
class Template:
    """The words of a carrier that has no preset of its own. Only the `generic` preset reads it.

    Placeholders in braces: `id from to text media_urls validity_sec index total status_url inbound_url account
    username password`; `from_digits` and `to_digits` go without the plus. Paths are dotted: `data.0.id`.
    """

    url: str = ""
    method: Literal["POST", "GET", "PUT"] = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    """Any JSON; a string that is one placeholder becomes that value with its type."""
    form: Mapping[str, str] = field(default_factory=dict)
    """Form fields (POST, PUT) or query parameters (GET)."""
    media: bool = False
    probe_url: str = ""

    id_path: str = "id"
    id_pattern: str = ""
    """A regular expression with one group, for answers that are plain text; wins over `id_path`."""
    error_path: str = "code"
    errors: Mapping[str, str] = field(default_factory=dict)
    """The carrier's code at submission or in a receipt to ours; also `throttled` and `account`."""

    proof: Proof = "token"
    """How reports prove themselves with `signing_key`: it stands in the header or the query parameter
    `proof_name`, or the header carries the HMAC-SHA256 of the body, in hexadecimal or Base64."""
    proof_name: str = "token"

    list_path: str = ""
    """Where in a report's JSON the list of reports stands, if one request may bring several."""
    status_id_path: str = "id"
    status_path: str = "status"
    status_error_path: str = "error"
    delivered: tuple[str, ...] = ("delivered", "DELIVRD")
    undelivered: tuple[str, ...] = ("undelivered", "failed", "rejected", "expired", "UNDELIV", "REJECTD", "EXPIRED")

    inbound_id_path: str = "id"
    inbound_from_path: str = "from"
    inbound_to_path: str = "to"
    inbound_text_path: str = "text"
    inbound_media_path: str = "media_urls"
    acknowledgement: str = "OK"
    acknowledgement_type: str = "text/plain"


@dataclass(frozen=True, slots=True)
class HttpConfig:
    """One account with one carrier."""

    name: str
    preset: PresetName
    base_url: str = ""
    """Where the carrier's API is; empty: the preset's public address."""
    account: str = ""
    """Twilio: the account SID."""
    username: str = ""
    """Twilio: an API key's SID; empty: the account."""
    password: str = field(default="", repr=False)
    """Twilio: the auth token, or the API key's secret. Telnyx: the API key."""
    signing_key: str = field(default="", repr=False)
    """What proves reports. Twilio: the auth token, if `password` is not it. Telnyx: the public key in Base64."""
    profile: str = ""
    """Twilio: a messaging service SID, Telnyx: a messaging profile id, if the carrier shall choose by it."""
    callback_url: str = ""
    """Where the carrier reaches this carrier's reports: `/status` and `/inbound` are appended. Empty: whatever
    is set at the carrier."""
    window: int = 10
    """Requests under way at the same time."""
    tps: float | None = None
    """Submissions a second that the contract allows; None: until the carrier complains."""
    timeout_sec: float = 15.0
    template: Template = field(default_factory=Template)

    def __post_init__(self) -> None:
        if self.preset not in get_args(PresetName):
            raise ValueError(f"preset must be one of {', '.join(get_args(PresetName))}")
        if not 1 <= self.window <= MAX_WINDOW:
            raise ValueError(f"window must be 1–{MAX_WINDOW}")
        if self.tps is not None and self.tps <= 0:
            raise ValueError("tps must be above 0")
        if not 0 < self.timeout_sec <= MAX_TIMEOUT_SEC:
            raise ValueError(f"timeout_sec must be above 0 and at most {MAX_TIMEOUT_SEC:g}")
        for url in (self.base_url, self.callback_url):
            if url:
                check_url(url, allow_private=True)
        allowed = (*get_args(FailureCode), "throttled", "account")
        for outcome in self.template.errors.values():
            if outcome not in allowed:
                raise ValueError(f"unknown failure code {outcome}")

    @property
    def status_url(self) -> str:
        return self.callback_url and self.callback_url.rstrip("/") + "/status"

    @property
    def inbound_url(self) -> str:
        return self.callback_url and self.callback_url.rstrip("/") + "/inbound"

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types, secrets included: whoever stores it encrypts it."""
        template = asdict(self.template)
        lists = {name: list(value) for name, value in template.items() if isinstance(value, tuple)}
        return asdict(self) | {"template": template | lists}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The reverse of `to_json`. ValueError if a key is unknown or missing, or a value impossible."""
        template = dict(stored.get("template") or {})
        _refuse_unknown(cls, stored)
        _refuse_unknown(Template, template)
        for name in ("delivered", "undelivered"):
            if name in template:
                template[name] = tuple(template[name])
        try:
            return cls(**{**stored, "template": Template(**template)})
        except TypeError as error:
            raise ValueError(str(error)) from None


def _refuse_unknown(kind: type[Any], stored: Mapping[str, Any]) -> None:
    if unknown := set(stored) - {each.name for each in fields(kind)}:
        raise ValueError(f"unknown settings: {', '.join(sorted(unknown))}")
