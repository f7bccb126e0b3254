"""From contract/openapi/<version>.json to what templates need; nothing here knows a noun of the API."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from contract import Api, Enum, Event, Field, Json, Method, Model, Resource, Type
from names import pascal, singular

PAGING = ("limit", "starting_after")


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
        options = list(_options(schema))
        # An optional parameter whose default is null cannot be cleared: leaving it out says the same.
        nullable = "default" not in schema and any(option.get("type") == "null" for option in options)
        schema, *others = [option for option in options if option.get("type") != "null"]
        if others:
            kinds = tuple(self._type(option, owner, name) for option in (schema, *others))
            return Type("object", nullable, options=kinds)
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
                  each.get("description") or _doc(each["schema"]))
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


def _options(schema: Json) -> Iterator[Json]:
    """What a value may be; a choice within a choice is one."""
    if "anyOf" not in schema:
        yield schema
        return
    for option in schema["anyOf"]:
        yield from _options(option)


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
