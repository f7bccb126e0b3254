"""The contract as the reference shows it: operations in the API document's order, objects, events, code."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import yaml

from nokyc.docs.fields import Field, Json, Schemas
from nokyc.docs.sources import document
from nokyc.http.errors import contract_file
from nokyc.settings import API_VERSION

LANGUAGES = {"curl": "curl", "python": "Python", "node": "Node", "go": "Go", "php": "PHP", "ruby": "Ruby"}
SETUP = "_setup"
"""In each language's snippets: how the client is made."""
METHODS = ("get", "post", "patch", "delete")
SCOPES = {"GET": "read", "POST": "read_write", "PATCH": "read_write", "DELETE": "admin"}


@dataclass(frozen=True, slots=True)
class Chapter:
    """One page of the reference."""

    path: str
    title: str
    tags: tuple[str, ...]
    objects: tuple[str, ...]
    guide: str
    first: tuple[str, ...] = ()
    """Operations that the API document has first; the others follow in the contract's order."""


CHAPTERS = (
    Chapter("api/numbers", "Numbers", ("numbers",), ("Number", "AvailableNumber"), "guides/numbers",
            ("numbers.list", "numbers.create", "numbers.get", "numbers.update", "numbers.delete")),
    Chapter("api/calls", "Calls", ("calls",), ("Call",), "guides/calls"),
    Chapter("api/sms", "SMS messages", ("sms",), ("SmsDetail",), "guides/sending-sms"),
    Chapter("api/voicemails", "Voicemails", ("voicemails", "voicemail_greeting"), ("Voicemail", "Greeting"),
            "guides/voicemails"),
    Chapter("api/ai", "AI configuration", ("ai",), ("AiConfig",), "guides/ai"),
    Chapter("api/account", "Account", ("account",), ("Account", "Usage"), "guides/conventions"),
    Chapter("api/webhooks", "Webhook endpoints", ("webhook_endpoints",), ("Endpoint", "Delivery"), "guides/webhooks"),
    Chapter("api/events", "Events", ("events",), ("Event",), "guides/webhooks"),
    Chapter("api/softphones", "Softphones", ("sip_credentials", "browser_sessions"),
            ("SipCredentials", "BrowserSession"), "guides/softphone"),
    Chapter("api/test", "Test mode", ("test",), (), "guides/test-mode"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path."""

    id: str
    method: str
    path: str
    summary: str
    words: str
    parameters: list[Field]
    body: list[Field]
    status: str
    answers: str | None
    """The component that it answers with."""
    example: Any
    errors: list[tuple[str, list[str]]]
    """Codes by status."""
    code: dict[str, str]
    """By language."""

    @property
    def scope(self) -> str:
        return SCOPES[self.method]


@dataclass(frozen=True, slots=True)
class Thing:
    """An object of the API."""

    component: str
    name: str
    words: str
    fields: list[Field]
    example: Any


@dataclass(frozen=True, slots=True)
class Happening:
    """A type of event."""

    type: str
    words: str
    schema: str
    """JSON Schema, as text."""
    example: Any


class Contract:
    """What contract/ and docs/reference/words.yaml say."""

    def __init__(self) -> None:
        self.description: Json = json.loads(contract_file(f"openapi/{API_VERSION}.json"))
        words = yaml.safe_load(document("docs/reference/words.yaml").read_text("utf-8"))
        self.words: dict[str, dict[str, str]] = words
        self.schemas = Schemas(self.description["components"]["schemas"], words["fields"])

    @cached_property
    def operations(self) -> dict[str, Operation]:
        found = (
            self._operation(path, method, about)
            for path, methods in self.description["paths"].items()
            for method, about in methods.items()
            if method in METHODS
        )
        return {operation.id: operation for operation in found}

    def of(self, chapter: Chapter) -> list[Operation]:
        """A chapter's operations, in its order."""
        tags = self.description["paths"]
        mine = [
            about["operationId"]
            for methods in tags.values()
            for method, about in methods.items()
            if method in METHODS and about["tags"][0] in chapter.tags
        ]
        return [self.operations[name] for name in dict.fromkeys((*chapter.first, *mine))]

    def thing(self, component: str) -> Thing:
        """An object with its fields and an example."""
        schema = self.description["components"]["schemas"][component]
        name = schema["properties"]["object"]["const"]
        return Thing(
            component,
            name,
            self.schemas.describe(component),
            self.schemas.fields(component),
            self._example_of(component),
        )

    @cached_property
    def events(self) -> list[Happening]:
        found = []
        for kind, hook in self.description["webhooks"].items():
            content = hook["post"]["requestBody"]["content"]["application/json"]
            schema = contract_file(f"events/{kind}.json")
            found.append(Happening(kind, self.words["events"][kind], schema, content.get("example")))
        return found

    @cached_property
    def snippets(self) -> dict[str, dict[str, str]]:
        """Code by language and operation; what the SDKs' generator makes of the contract, and CI executes."""
        return {language: code for language in LANGUAGES if (code := _snippets(language))}

    def _operation(self, path: str, method: str, about: Json) -> Operation:
        name = about["operationId"]
        parameters = [
            self.schemas.field(each["name"], each["schema"] | _words(each), each["required"], name)
            for each in about["parameters"]
            if each["in"] != "header"
        ]
        content = about.get("requestBody", {}).get("content", {}).get("application/json")
        status, answer = next(item for item in about["responses"].items() if item[0].startswith("2"))
        answered = answer.get("content", {}).get("application/json", {})
        refusals = [(code, said["x-error-codes"]) for code, said in about["responses"].items() if code[0] in "45"]
        return Operation(
            id=name,
            method=method.upper(),
            path=path,
            summary=about["summary"],
            words=self.words["operations"].get(name, ""),
            parameters=parameters,
            body=[] if content is None else self.schemas.fields(self.schemas.title(content["schema"])),
            status=status,
            answers=self.schemas.title(answered["schema"]) if answered else None,
            example=answered.get("example"),
            errors=refusals,
            code={language: code[name] for language, code in self.snippets.items()},
        )

    def _example_of(self, component: str) -> Any:
        """An object as some operation answers with it."""
        for operation in self.operations.values():
            if operation.answers == component:
                return operation.example
            if operation.answers == f"{component}List":
                return operation.example["data"][0]
        return None


def _snippets(language: str) -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads(contract_file(f"snippets/{language}.json"))
    except FileNotFoundError:  # an SDK that has no snippets yet
        return {}
    return found


def _words(parameter: Json) -> Json:
    return {"description": parameter["description"]} if "description" in parameter else {}
