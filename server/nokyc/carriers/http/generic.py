"""Any other HTTP carrier, described by a `Template` instead of code."""

import hmac
import json
import re
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from nokyc.carriers.http.config import HttpConfig
from nokyc.carriers.http.protocol import (
    MAX_MEDIA,
    BadRequest,
    BadSignature,
    Incoming,
    Outcome,
    Request,
    at,
    clean,
    e164,
    failure,
    parse_form,
    parse_json,
    refusal,
    require_size,
)
from nokyc.carriers.port import Accepted, Inbound, Receipt, Report, Submission, Unknown, Verdict
from nokyc.http.guard import check_url
from nokyc.http.outbound import Answer

MAX_REPORTS = 1_000
PLACEHOLDERS = frozenset(
    {
        *("id", "from", "to", "from_digits", "to_digits", "text", "media_urls", "validity_sec", "index", "total"),
        *("status_url", "inbound_url", "account", "username", "password"),
    }
)

Values = Mapping[str, str | int | list[str]]


class Generic:
    def __init__(self, config: HttpConfig) -> None:
        self._config = config
        self._template = template = config.template
        self.supports_media = template.media
        for written in (template.url, *template.headers.values(), *template.form.values(), *_strings(template.json)):
            if unknown := set(_PLACEHOLDER.findall(written)) - PLACEHOLDERS:
                raise ValueError(f"unknown placeholders: {', '.join(sorted(unknown))}")
        check_url(_PLACEHOLDER.sub("0", template.url), allow_private=True)
        if template.proof != "none" and not config.signing_key:
            raise ValueError('generic needs signing_key, or proof "none" if only the carrier can reach us')
        if template.proof == "hmac_sha256" and not template.proof_name:
            raise ValueError("proof_name must be the header with the HMAC")
        self._id_pattern = _compiled(template.id_pattern) if template.id_pattern else None
        self._errors: Mapping[str, Outcome] = template.errors  # type: ignore[assignment] # HttpConfig checked them

    def request(self, submission: Submission) -> Request:
        template, values = self._template, self._values(submission)
        headers = {name: _fill(written, values) for name, written in template.headers.items()}
        url = _PLACEHOLDER.sub(lambda found: quote(_text(values[found.group(1)]), safe=""), template.url)
        body: bytes | None = None
        if template.json is not None:
            headers.setdefault("Content-Type", "application/json")
            body = json.dumps(_fill_json(template.json, values)).encode()
        elif template.form:
            form = urlencode([pair for item in template.form.items() for pair in _field(*item, values)])
            if template.method == "GET":
                url += ("&" if urlsplit(url).query else "?") + form
            else:
                headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
                body = form.encode()
        return Request(template.method, url, headers, body)

    def verdict(self, answer: Answer) -> Verdict:
        said = parse_json(answer.body)
        code = at(said, self._template.error_path)
        code = str(code) if isinstance(code, str | int) else ""
        outcome = self._errors.get(code)
        if outcome is not None or not 200 <= answer.status < 300:
            return refusal(answer, outcome, code)
        reference = self._reference(answer, said)
        return Accepted(reference, raw=reference) if reference else Unknown(f"HTTP {answer.status} without an id")

    def probe(self) -> Request:
        """Without a `probe_url` only the far end's presence is proved, not that it knows us."""
        template = self._template
        if not template.probe_url:
            parts = urlsplit(template.url)
            return Request("HEAD", f"{parts.scheme}://{parts.netloc}/")
        values = self._values(None)
        headers = {name: _fill(written, values) for name, written in template.headers.items()}
        return Request("GET", template.probe_url, headers)

    def knows_us(self, answer: Answer) -> bool:
        return 200 <= answer.status < (300 if self._template.probe_url else 500)

    def reports(self, incoming: Incoming, now: datetime) -> list[Report]:
        require_size(incoming)
        query = dict(parse_form(urlsplit(incoming.url).query))
        self._require_proof(incoming, query)
        said = parse_json(incoming.body) if incoming.body else query
        if said is None:
            said = query | dict(parse_form(incoming.body))
        if self._template.list_path:
            said = at(said, self._template.list_path)
        items = said if isinstance(said, list) else [said]
        if len(items) > MAX_REPORTS:
            raise BadRequest("too many reports in one request")
        read: list[list[Report]] = []
        broken: BadRequest | None = None
        for item in items:
            try:
                read.append([self._inbound(item)] if incoming.path_kind == "inbound" else self._receipts(item))
            except BadRequest as error:  # one that makes no sense must not cost the others
                broken = error
        if broken is not None and not read:
            raise broken
        return [report for reports in read for report in reports]

    def acknowledgement(self) -> tuple[str, str]:
        return self._template.acknowledgement_type, self._template.acknowledgement

    def media_headers(self, url: str) -> dict[str, str]:
        return {}

    def _values(self, submission: Submission | None) -> Values:
        config = self._config
        values: dict[str, str | int | list[str]] = {
            "status_url": config.status_url,
            "inbound_url": config.inbound_url,
            "account": config.account,
            "username": config.username,
            "password": config.password,
        }
        if submission is None:
            return dict.fromkeys(PLACEHOLDERS, "") | values
        return values | {
            "id": submission.id,
            "from": submission.sender,
            "to": submission.recipient,
            "from_digits": submission.sender.removeprefix("+"),
            "to_digits": submission.recipient.removeprefix("+"),
            "text": submission.text,
            "media_urls": list(submission.media_urls),
            "validity_sec": submission.validity_sec,
            "index": submission.index,
            "total": submission.total,
        }

    def _reference(self, answer: Answer, said: Any) -> str:
        if self._id_pattern is not None:
            match = self._id_pattern.search(answer.body.decode(errors="replace"))
            return match.group(1) or "" if match else ""
        return _word(at(said, self._template.id_path))

    def _require_proof(self, incoming: Incoming, query: Mapping[str, str]) -> None:
        key, name = self._config.signing_key, self._template.proof_name
        given = incoming.headers.get(name.lower(), "")
        match self._template.proof:
            case "none":
                return
            case "token":
                given = given.removeprefix("Bearer ") or query.get(name, "")
                proved = hmac.compare_digest(given.encode(), key.encode())
            case "hmac_sha256":
                digest = hmac.new(key.encode(), incoming.body, sha256)
                given = given.removeprefix("sha256=")
                proved = hmac.compare_digest(given.lower().encode(), digest.hexdigest().encode())
                proved |= hmac.compare_digest(given.encode(), b64encode(digest.digest()))
        if not proved:
            raise BadSignature("the report does not carry the proof")

    def _receipts(self, said: Any) -> list[Report]:
        template = self._template
        reference, status = _word(at(said, template.status_id_path)), _word(at(said, template.status_path))
        if not reference or not status:
            raise BadRequest("the report has no id or no status")
        code = _word(at(said, template.status_error_path))
        raw = f"{status[:30]} {code[:20]}".strip()
        if status in template.delivered:
            return [Receipt(reference, "delivered", raw=raw)]
        if status in template.undelivered:
            outcome = self._errors.get(code) or self._errors.get(status) or "unknown"
            return [Receipt(reference, "undelivered", failure(outcome), raw=raw)]
        return []

    def _inbound(self, said: Any) -> Inbound:
        template = self._template
        media = at(said, template.inbound_media_path)
        return Inbound(
            sender=e164(at(said, template.inbound_from_path)),
            recipient=e164(at(said, template.inbound_to_path)),
            text=clean(at(said, template.inbound_text_path)),
            media_urls=tuple(clean(url) for url in media[:MAX_MEDIA]) if isinstance(media, list) else (),
            carrier_ref=_word(at(said, template.inbound_id_path)),
        )


_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise ValueError("id_pattern is not a regular expression") from error
    if compiled.groups != 1:
        raise ValueError("id_pattern needs exactly one group")
    return compiled


def _word(value: Any) -> str:
    """An id or a code: carriers write them as text or as numbers."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else clean(value)


def _text(value: str | int | list[str]) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)


def _fill(written: str, values: Values) -> str:
    return _PLACEHOLDER.sub(lambda found: _text(values[found.group(1)]), written)


def _fill_json(written: Any, values: Values) -> Any:
    match written:
        case str():
            whole = _PLACEHOLDER.fullmatch(written)
            return values[whole.group(1)] if whole else _fill(written, values)
        case list():
            return [_fill_json(each, values) for each in written]
        case dict():
            return {name: _fill_json(each, values) for name, each in written.items()}
        case _:
            return written


def _field(name: str, written: str, values: Values) -> list[tuple[str, str]]:
    """One form field; a list alone in it becomes as many fields of that name."""
    whole = _PLACEHOLDER.fullmatch(written)
    value = values[whole.group(1)] if whole else _fill(written, values)
    return [(name, each) for each in value] if isinstance(value, list) else [(name, str(value))]


def _strings(written: Any) -> list[str]:
    match written:
        case str():
            return [written]
        case list():
            return [text for each in written for text in _strings(each)]
        case dict():
            return [text for each in written.values() for text in _strings(each)]
        case _:
            return []
