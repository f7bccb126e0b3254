"""The contract as templates need it: models, enumerations, resources with their methods, events."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
Kind = Literal[
    "string", "integer", "number", "decimal", "boolean", "instant", "enum", "const", "model", "list", "object", "any"
]


@dataclass(frozen=True, slots=True)
class Type:
    """What a field holds."""

    kind: Kind
    nullable: bool = False
    name: str = ""
    """Of the model or enumeration."""
    item: "Type | None" = None
    """Of a list."""
    value: str = ""
    """Of a constant."""
    options: "tuple[Type, ...]" = ()
    """Of an `object` that is one of several models."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a model, or one parameter."""

    name: str
    """On the wire."""
    type: Type
    required: bool
    """In answers: always there. In requests: must be given."""
    doc: str = ""

    @property
    def nullable(self) -> bool:
        return self.type.nullable


@dataclass(frozen=True, slots=True)
class Model:
    """An object of the API: what answers consist of, or what a request takes."""

    name: str
    doc: str
    fields: tuple[Field, ...]
    constant: str | None
    """The value of its field `object`, if it has one."""
    sent: bool
    """A request body; the others are received."""
    base: str | None = None
    """The model whose fields it has all, and more (SmsDetail of Sms)."""

    @property
    def own_fields(self) -> tuple[Field, ...]:
        """Those that its base does not have; all without a base."""
        return tuple(f for f in self.fields if f.name not in self.inherited)

    inherited: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Enum:
    """A closed list on the wire today; SDKs keep values that they do not know."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Method:
    """One operation."""

    operation: str
    """The contract's operationId, such as `sms.create`."""
    name: str
    """Its last part."""
    http: str
    path: str
    """With `{id}`."""
    path_parameters: tuple[str, ...]
    query: tuple[Field, ...]
    """Required ones first."""
    body: Model | None
    """None also where the body has no fields."""
    answer: str | None
    """The model of the answer (of one item, if it is a page); None for 204."""
    paged: bool
    summary: str
    example: Any
    """Of the body."""
    answer_example: Any
    status: int
    keyed: bool
    """It takes an idempotency key."""
    errors: tuple[str, ...]
    """Every code that it can answer with, by status."""


@dataclass(slots=True)
class Resource:
    """A noun with its methods: `client.sms`, or `client.test.clock` below another."""

    name: str
    """Its last part on the wire, such as `webhook_endpoints`; empty for the root."""
    path: tuple[str, ...]
    methods: list[Method] = field(default_factory=list)
    children: "list[Resource]" = field(default_factory=list)

    def walk(self) -> "Iterator[Resource]":
        """All resources below, deepest first; without the root."""
        for child in self.children:
            yield from child.walk()
            yield child


@dataclass(frozen=True, slots=True)
class Event:
    """A type of event."""

    type: str
    name: str
    """Of its schema, such as `SmsReceivedEvent`."""
    subject: str | None
    """The model of `data.object`; None if the contract leaves it open."""


@dataclass(frozen=True, slots=True)
class Api:
    """The whole contract."""

    version: str
    server: str
    models: tuple[Model, ...]
    """Received ones, each after those that it holds; then sent ones."""
    enums: tuple[Enum, ...]
    root: Resource
    events: tuple[Event, ...]
    error_types: tuple[str, ...]
    error_codes: tuple[str, ...]

    @property
    def received(self) -> list[Model]:
        return [model for model in self.models if not model.sent]

    @property
    def sent(self) -> list[Model]:
        return [model for model in self.models if model.sent]

    @property
    def parts(self) -> list[Model]:
        """Those that are sent within others."""
        bodies = {method.body.name for _, method in self.methods if method.body is not None}
        return [model for model in self.sent if model.fields and model.name not in bodies]

    @property
    def methods(self) -> list[tuple[Resource, Method]]:
        return [(resource, method) for resource in self.root.walk() for method in resource.methods]

    def model(self, name: str) -> Model:
        return next(model for model in self.models if model.name == name)
