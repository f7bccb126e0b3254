"""The contract as templates need it: models, enumerations, resources with their methods, events.

Everything comes from contract/openapi/<version>.json; nothing here knows a noun of the API.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from names import pascal, singular

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


def read(path: Path) -> Api:
    """The contract in a file."""
    contract = json.loads(path.read_text("utf-8"))
    return _Reader(contract).api()


class _Reader:
    def __init__(self, contract: Json) -> None:
        self._contract = contract
        self._schemas: Json = contract["components"]["schemas"]
        self._event_names = {_ref(_post(item)["requestBody"]) for item in contract["webhooks"].values()}
        bodies = [
            _ref(operation["requestBody"]) for _, _, operation in self._operations() if "requestBody" in operation
        ]
        self._sent = set(bodies)
        while bodies:  # and what they hold, which is as strict as they are
            held = [name for name in self._schemas if _mentions(self._schemas[bodies[-1]], name)]
            bodies[-1:] = [n for n in held if n not in self._sent and self._closed(n)]
            self._sent |= set(bodies)
        self._enums: dict[str, tuple[str, ...]] = {}
        self._owners = self._enum_owners()

    def api(self) -> Api:
        models = {name: self._model(name) for name in self._schemas if self._is_model(name)}
        error = self._schemas["Error"]["properties"]["error"]["properties"]
        return Api(
            version=self._contract["info"]["version"],
            server=self._contract["servers"][0]["url"],
            models=tuple(_ordered(models)),
            enums=tuple(Enum(name, values) for name, values in sorted(self._enums.items())),
            root=self._resources(models),
            events=tuple(self._event(kind, item) for kind, item in sorted(self._contract["webhooks"].items())),
            error_types=tuple(error["type"]["enum"]),
            error_codes=tuple(error["code"]["enum"]),
        )

    def _operations(self) -> Iterator[tuple[str, str, Json]]:
        for path, methods in self._contract["paths"].items():
            for http, operation in methods.items():
                yield path, http, operation

    def _closed(self, name: str) -> bool:
        return self._schemas[name].get("additionalProperties") is False

    def _is_model(self, name: str) -> bool:
        """Pages, events and errors are the cores' own; a query's schema is not referred to by anything."""
        schema = self._schemas[name]
        if name == "Error" or name in self._event_names or _constant(schema) == "list":
            return False
        return name in self._sent or not self._closed(name)

    def _model(self, name: str) -> Model:
        schema = self._schemas[name]
        required = schema.get("required", [])
        fields = tuple(
            Field(field, self._type(about, name, field), field in required, _doc(about))
            for field, about in schema["properties"].items()
        )
        base = self._base(name)
        return Model(
            name=name,
            doc=schema.get("description", name),
            fields=tuple(sorted(fields, key=lambda f: not f.required)) if name in self._sent else fields,
            constant=_constant(schema),
            sent=name in self._sent,
            base=base,
            inherited=frozenset(self._schemas[base]["properties"]) if base else frozenset(),
        )

    def _base(self, name: str) -> str | None:
        mine = self._schemas[name]
        for other, schema in self._schemas.items():
            if other == name or _constant(schema) is None or _constant(schema) != _constant(mine):
                continue
            if schema["properties"].items() < mine["properties"].items():
                return other
        return None

    def _type(self, schema: Json, owner: str, name: str) -> Type:
        options = schema.get("anyOf", [schema])
        # An optional parameter whose default is null cannot be cleared: leaving it out says the same.
        nullable = "default" not in schema and any(option.get("type") == "null" for option in options)
        schema = next(option for option in options if option.get("type") != "null")
        if "$ref" in schema:
            return Type("model", nullable, _ref_name(schema))
        if "const" in schema:
            return Type("const", nullable, value=schema["const"])
        if "enum" in schema:
            values = tuple(value for value in schema["enum"] if value is not None)
            nullable = nullable or None in schema["enum"]
            return Type("enum", nullable, self._enum(owner, name, values))
        kinds = schema.get("type", "any")
        if isinstance(kinds, list):
            nullable = nullable or "null" in kinds
            kinds = next(kind for kind in kinds if kind != "null")
        if kinds == "array":
            return Type("list", nullable, item=self._type(schema["items"], owner, name))
        if kinds == "string" and schema.get("format") == "date-time":
            return Type("instant", nullable)
        if kinds == "number" and schema.get("format") == "decimal":
            return Type("decimal", nullable)
        return Type(kinds, nullable)

    def _enum(self, owner: str, name: str, values: tuple[str, ...]) -> str:
        owner = self._owners.get((self._family(owner), name, values), owner)
        enum = pascal(owner) + pascal(singular(name))
        self._enums[enum] = values
        return enum

    def _enum_owners(self) -> dict[tuple[str, str, tuple[str, ...]], str]:
        """Which model an enumeration is named after where several models of a noun share it: the one received, the
        shortest name first, so that it is NumberStatus and not NumberUpdateStatus."""
        owners: dict[tuple[str, str, tuple[str, ...]], str] = {}
        order = sorted(self._schemas, key=lambda n: (n in self._sent or n.endswith("Query"), len(n), n))
        for name in order:
            for each, about in self._schemas[name].get("properties", {}).items():
                options = about.get("anyOf", [about])
                for option in [*options, *(o["items"] for o in options if "items" in o)]:
                    if "enum" in option:
                        values = tuple(value for value in option["enum"] if value is not None)
                        owners.setdefault((self._family(name), each, values), name)
        return owners

    def _family(self, name: str) -> str:
        """The noun of a model: the first operation that takes or gives it, or something that holds it."""
        wanted = {name}
        while True:
            holders = {n for n, s in self._schemas.items() if any(_mentions(s, each) for each in wanted)}
            if holders <= wanted:
                break
            wanted |= holders
        for _, _, operation in self._operations():
            if any(_mentions(operation, each) for each in wanted):
                return str(operation["operationId"].partition(".")[0])
        return name.removesuffix("Query").lower()

    def _resources(self, models: dict[str, Model]) -> Resource:
        root = Resource("", ())
        for path, http, operation in self._operations():
            resource = root
            *parents, _ = operation["operationId"].split(".")
            for depth, part in enumerate(parents, start=1):
                found = next((child for child in resource.children if child.name == part), None)
                if found is None:
                    found = Resource(part, tuple(parents[:depth]))
                    resource.children.append(found)
                resource = found
            resource.methods.append(self._method(path, http, operation, models))
        return root

    def _method(self, path: str, http: str, operation: Json, models: dict[str, Model]) -> Method:
        parameters = operation.get("parameters", [])
        status, success = next(iter(operation["responses"].items()))
        content = success.get("content", {}).get("application/json", {})
        answer = _ref_name(content["schema"]) if content else None
        paged = answer is not None and _constant(self._schemas[answer]) == "list"
        if paged and answer is not None:
            answer = _ref_name(self._schemas[answer]["properties"]["data"]["items"])
        body = models[_ref(operation["requestBody"])] if "requestBody" in operation else None
        example = operation["requestBody"]["content"]["application/json"].get("example") if body else None
        owner = pascal(operation["operationId"].partition(".")[0])
        query = [
            Field(each["name"], self._type(each["schema"], answer or owner, each["name"]), each["required"],
                  _doc(each["schema"]))
            for each in parameters
            if each["in"] == "query"
        ]  # fmt: skip
        return Method(
            operation=operation["operationId"],
            name=operation["operationId"].rpartition(".")[2],
            http=http.upper(),
            path=path,
            path_parameters=tuple(each["name"] for each in parameters if each["in"] == "path"),
            query=tuple(sorted(query, key=lambda f: (not f.required, f.name in PAGING))),
            body=body if body is not None and body.fields else None,
            answer=answer,
            paged=paged,
            summary=operation["summary"],
            example=example,
            answer_example=content.get("example"),
            status=int(status),
            keyed=any(each["name"] == "Idempotency-Key" for each in parameters),
            errors=tuple(
                code for response in operation["responses"].values() for code in response.get("x-error-codes", [])
            ),
        )

    def _event(self, kind: str, item: Json) -> Event:
        name = _ref(_post(item)["requestBody"])
        subject = self._schemas[name]["properties"]["data"]["properties"]["object"]
        return Event(kind, name, _ref_name(subject) if "$ref" in subject else None)


PAGING = ("limit", "starting_after")


def _ordered(models: dict[str, Model]) -> Iterator[Model]:
    """Each after its base and what it holds, so that languages without forward references can follow."""
    done: set[str] = set()

    def visit(name: str) -> Iterator[Model]:
        if name in done:
            return
        done.add(name)
        model = models[name]
        needed = [each for f in model.fields for each in _models_of(f.type)]
        for each in [*([model.base] if model.base else []), *needed]:
            yield from visit(each)
        yield model

    for name in sorted(models, key=lambda n: (models[n].sent, n)):
        yield from visit(name)


def _models_of(kind: Type) -> Iterator[str]:
    if kind.kind == "model":
        yield kind.name
    elif kind.item is not None:
        yield from _models_of(kind.item)


def _mentions(part: Any, name: str) -> bool:
    if isinstance(part, dict):
        return part.get("$ref") == f"#/components/schemas/{name}" or any(_mentions(v, name) for v in part.values())
    return isinstance(part, list) and any(_mentions(item, name) for item in part)


def _post(item: Json) -> Json:
    operation: Json = item["post"]
    return operation


def _ref(part: Json) -> str:
    return _ref_name(part["content"]["application/json"]["schema"])


def _ref_name(schema: Json) -> str:
    return str(schema["$ref"].rpartition("/")[2])


def _constant(schema: Json) -> str | None:
    constant: str | None = schema.get("properties", {}).get("object", {}).get("const")
    return constant


def _doc(schema: Json) -> str:
    options = schema.get("anyOf", [])
    found = schema.get("description") or next((o["description"] for o in options if "description" in o), "")
    return str(found)
