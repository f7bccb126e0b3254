"""contract/snippets/<language>.json: one short call of every operation, for the documentation and whoever copies it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import snippet_calls as calls
from contract import Api, Field, Method, Model, Resource
from language import environment
from languages import go, python
from names import camel
from snippet_calls import Example

SETUP = "_setup"
"""The operationId of what a reader does once: a key and an address."""
KEY = "sk_test_your_key"
CHOSEN: Mapping[str, Mapping[str, Any]] = {
    "numbers.available": {"country": "fr", "type": "mobile"},
    "numbers.update": {"webhook_url": "https://example.com/hooks", "metadata": {"order": "1042"}},
    "calls.create": {"from": "num_8a4c2f1e9b3d", "to": "+33612345678"},
    "calls.list": {"direction": "outbound"},
    "test.calls.create": {
        "from": "+33612345678",
        "to": "+33647189022",
        "say": "Please call me back.",
        "language": "en",
    },
    "sms.list": {"direction": "inbound"},
    "test.sms.create": {"from": "+33612345678", "to": "+33647189022", "body": "Thank you!"},
    "voicemail_greeting.set": {"text": "Please leave a message after the tone.", "voice": "neutral_en"},
    "account.update": {"balance_low_threshold_usd": 5, "allowed_countries": ["fr", "be"]},
    "account.usage": {"period": "last_30d"},
    "test.clock.advance": {"seconds": 3600},
    "webhook_endpoints.update": {"enabled_events": ["sms.received", "call.completed"], "description": "Production"},
    "events.list": {"type": "sms.received"},
}
"""Arguments where the contract's example names every field there is, or none."""
TELLING = ("balance_usd", "total_cost_usd", "advanced_seconds")
"""Fields that say most about an answer without an id or a status."""
SAID = ("number_id", "call", "sms")
"""Fields that repeat what was asked for."""
PLAIN = ("string", "integer", "decimal", "enum")


@dataclass(frozen=True, slots=True)
class Form:
    """How one language writes calls; its templates are snippet.jinja and setup.jinja."""

    name: str
    call: Callable[[Api, Example], str]
    attribute: Callable[[str], str] = str
    """A field of an answer, from its name on the wire."""
    finish: Callable[[str], str] = str.strip
    filters: Mapping[str, Callable[..., Any]] = field(default_factory=dict)


FORMS = (
    Form("curl", calls.curl),
    Form("python", calls.python, python.attribute),
    Form("node", calls.node),
    Form("go", calls.go, go.name, lambda text: go.gofmt("snippet.go", text).strip()),
    Form("php", calls.php, camel),
    Form("ruby", calls.ruby),
)


def files(api: Api) -> dict[str, str]:
    """The text of every file by its name."""
    examples = [_example(api, resource, method) for resource, method in api.methods]
    return {f"{form.name}.json": _file(api, form, examples) for form in FORMS}


def _file(api: Api, form: Form, examples: list[Example]) -> str:
    templates = environment(form.name, {"attribute": form.attribute})
    setup = templates.get_template("setup.jinja").render(api=api, key=KEY).strip()
    made = {SETUP: setup}
    for each in examples:
        answer = _answer(api, each.method)
        text = templates.get_template("snippet.jinja").render(
            method=each.method, call=form.call(api, each), name=_name(answer), shown=_shown(answer, each.method)
        )
        made[each.method.operation] = form.finish(text)
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def _example(api: Api, resource: Resource, method: Method) -> Example:
    given = CHOSEN.get(method.operation, method.example or {})
    return Example(resource, method, tuple(_id(api, method) for _ in method.path_parameters), given)


def _id(api: Api, method: Method) -> str:
    """Of the noun that the path begins with: the one in the example of its list."""
    noun = "/".join(method.path.split("/")[:3])
    listed = next(each for _, each in api.methods if each.path == noun and each.paged)
    return str(listed.answer_example["data"][0]["id"])


def _answer(api: Api, method: Method) -> Model | None:
    return api.model(method.answer) if method.answer else None


def _name(answer: Model | None) -> str:
    """What a program calls it: the last word of the model that it is or extends, `session` for a BrowserSession."""
    if answer is None:
        return ""
    words = (answer.base or answer.name).replace("Config", "Settings")
    start = max(at for at, char in enumerate(words) if char.isupper())
    return words[start:].lower()


def _shown(answer: Model | None, method: Method) -> Field | None:
    """The field of the answer that the snippet prints."""
    if answer is None:
        return None
    plain = {each.name: each for each in answer.fields if each.type.kind in PLAIN}
    plain = {name: each for name, each in plain.items() if name not in SAID} or plain
    wanted = ("id", *TELLING) if method.paged or method.status == 201 else ("status", "id", *TELLING)
    return next(plain[name] for name in (*wanted, *plain) if name in plain)
