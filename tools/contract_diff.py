"""What a new description of the API would break for clients of an old one (OpenAPI 3.1, as our server makes it).

Requests may only become more tolerant, answers may only say more: a field, a path, an operation or a value that
clients may send must stay; what they must send cannot grow; types stay as they are.
"""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]


def breaking_changes(old: Json, new: Json) -> list[str]:
    """A sentence for everything that breaks; nothing for additions. An empty `old` has no clients."""
    if not old:
        return []
    return sorted({*_operations(old, new), *_answers(old, new), *_webhooks(old, new)})


def _operations(old: Json, new: Json) -> Iterator[str]:
    for path, method, operation in _each(old["paths"]):
        name = f"{method.upper()} {path}"
        now = new["paths"].get(path, {}).get(method)
        if now is None:
            yield f"{name} is gone"
            continue
        if now["operationId"] != operation["operationId"]:
            yield f"{name}: its operationId was {operation['operationId']}"
        yield from _parameters(name, operation.get("parameters", []), now.get("parameters", []))
        yield from _success(name, operation, now)
        before, after = _body(operation), _body(now)
        if before is None and after is not None and now["requestBody"].get("required"):
            yield f"{name}: a body is required now"
        elif before is not None and after is None:
            yield f"{name}: it takes no body any more"
        elif before is not None and after is not None:
            yield from _Compare(old, new, sent=True).schemas(f"{name} body", before, after)


def _parameters(name: str, old: list[Json], new: list[Json]) -> Iterator[str]:
    before = {(each["in"], each["name"]): each for each in old}
    after = {(each["in"], each["name"]): each for each in new}
    for key, parameter in before.items():
        if key not in after:
            yield f"{name}: the parameter {key[1]} is gone"
            continue
        if after[key]["required"] and not parameter["required"]:
            yield f"{name}: the parameter {key[1]} is required now"
        yield from _Compare({}, {}, sent=True).schemas(f"{name} {key[1]}", parameter["schema"], after[key]["schema"])
    for key in after.keys() - before.keys():
        if after[key]["required"]:
            yield f"{name}: the new parameter {key[1]} is required"


def _success(name: str, old: Json, new: Json) -> Iterator[str]:
    before = next(iter(old["responses"]))
    if before not in new["responses"]:
        yield f"{name}: it does not answer {before} any more"
        return
    schemas = [_schema(each["responses"][before]) for each in (old, new)]
    if schemas[0] != schemas[1]:
        yield f"{name}: its answer was {_named(schemas[0])} and is {_named(schemas[1])}"


def _answers(old: Json, new: Json) -> Iterator[str]:
    """The components that answers and events consist of; requests' are compared where they are sent."""
    sent = {_named(body) for _, _, operation in _each(old["paths"]) if (body := _body(operation)) is not None}
    now = new["components"]["schemas"]
    for name, schema in old["components"]["schemas"].items():
        if name in sent or schema.get("additionalProperties") is False:
            continue
        if name not in now:
            yield f"{name} is gone"
        else:
            yield from _Compare(old, new, sent=False).schemas(name, schema, now[name])


def _webhooks(old: Json, new: Json) -> Iterator[str]:
    for kind in old.get("webhooks", {}).keys() - new.get("webhooks", {}).keys():
        yield f"the event {kind} is gone"


class _Compare:
    """Two schemas, in the direction of the one who sends."""

    def __init__(self, old: Json, new: Json, *, sent: bool) -> None:
        self._old, self._new = old, new
        self._sent = sent

    def schemas(self, where: str, old: Json, new: Json) -> Iterator[str]:
        if "$ref" in old or "$ref" in new:
            yield from self._references(where, old, new)
            return
        yield from self._types(where, old, new)
        for name in {_named(o) for o in _options(old) if "$ref" in o} & {
            _named(o) for o in _options(new) if "$ref" in o
        }:
            yield from self._held(where, name)
        yield from self._limits(where, old, new)
        yield from self._fields(where, old, new)
        if "items" in old and "items" in new:
            yield from self.schemas(f"{where}[]", old["items"], new["items"])

    def _references(self, where: str, old: Json, new: Json) -> Iterator[str]:
        if not self._sent and old == {"type": "object"}:
            return  # any object was promised, and a certain one comes
        if old.get("$ref") != new.get("$ref"):
            yield f"{where}: it was {_named(old)} and is {_named(new)}"
        else:
            yield from self._held(where, _named(old))

    def _held(self, where: str, name: str) -> Iterator[str]:
        """What is sent within something else; what is received is compared by its own name."""
        if self._sent:
            before, after = (each["components"]["schemas"][name] for each in (self._old, self._new))
            yield from self.schemas(where, before, after)

    def _types(self, where: str, old: Json, new: Json) -> Iterator[str]:
        before, after = _types(old), _types(new)
        lost, gained = before - after, after - before
        if lost and (self._sent or lost != {"null"}):
            yield f"{where}: it cannot be {', '.join(sorted(lost))} any more"
        if gained and not self._sent:
            yield f"{where}: it can be {', '.join(sorted(gained))} now"
        if _pick(old).get("format") != _pick(new).get("format"):
            yield f"{where}: its format was {_pick(old).get('format')} and is {_pick(new).get('format')}"
        values, now = _values(old), _values(new)
        if values is not None and now is not None and values - now:
            yield f"{where}: the value {', '.join(sorted(map(str, values - now)))} is gone"
        elif values is None and now is not None and self._sent:
            yield f"{where}: only some values are allowed now"

    def _limits(self, where: str, old: Json, new: Json) -> Iterator[str]:
        if not self._sent:
            return
        before, after = _pick(old), _pick(new)
        for limit, tighter in (("maximum", -1), ("maxLength", -1), ("maxItems", -1), ("minimum", 1), ("minLength", 1)):
            was, now = before.get(limit), after.get(limit)
            if now is not None and (was is None or (now - was) * tighter > 0):
                yield f"{where}: {limit} was {was} and is {now}"

    def _fields(self, where: str, old: Json, new: Json) -> Iterator[str]:
        before, after = _pick(old), _pick(new)
        fields, now = before.get("properties", {}), after.get("properties", {})
        for name, schema in fields.items():
            if name not in now:
                yield f"{where}.{name} is gone"
            else:
                yield from self.schemas(f"{where}.{name}", schema, now[name])
        required, needed = set(before.get("required", [])), set(after.get("required", []))
        if self._sent:
            for name in sorted(needed - required):
                yield f"{where}.{name} is required now"
        else:
            for name in sorted((required - needed) & now.keys()):
                yield f"{where}.{name} can be absent now"


def _each(paths: Json) -> Iterator[tuple[str, str, Json]]:
    for path, methods in paths.items():
        for method, operation in methods.items():
            yield path, method, operation


def _body(operation: Json) -> Json | None:
    return _schema(operation["requestBody"]) if "requestBody" in operation else None


def _schema(part: Json) -> Json | None:
    if "content" not in part:
        return None
    schema: Json = part["content"]["application/json"]["schema"]
    return schema


def _named(schema: Json | None) -> str:
    if schema is None:
        return "nothing"
    return str(schema["$ref"].rpartition("/")[2]) if "$ref" in schema else str(_pick(schema).get("type", "something"))


def _options(schema: Json) -> list[Json]:
    """What a value may be; a choice within a choice is one."""
    return [option for each in schema["anyOf"] for option in _options(each)] if "anyOf" in schema else [schema]


def _pick(schema: Json) -> Json:
    """The schema of the value where it is not null."""
    return next((option for option in _options(schema) if option.get("type") != "null"), {})


def _types(schema: Json) -> set[str]:
    found: set[str] = set()
    for option in _options(schema):
        if "enum" in option:
            found |= {"null" if value is None else "string" for value in option["enum"]}
        elif "const" in option:
            found.add("string")
        elif "$ref" in option:
            found.add(_named(option))
        else:
            kind = option.get("type", [])
            found |= {kind} if isinstance(kind, str) else set(kind)
    return found


def _values(schema: Json) -> set[Any] | None:
    for option in _options(schema):
        if "enum" in option:
            return set(option["enum"]) - {None}
        if "const" in option:
            return {option["const"]}
    return None
