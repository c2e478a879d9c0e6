"""Every operation of the API, read from its own description, with inputs that are meant seriously."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import uuid4

from drf_spectacular.generators import SchemaGenerator

from testing.things import Things

METHODS = ("get", "post", "put", "patch", "delete")
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str
    parameters: tuple[dict[str, Any], ...]
    body: dict[str, Any] | None
    is_public: bool

    @property
    def ids_in_path(self) -> list[str]:
        return [p["name"] for p in self.parameters if p["in"] == "path"]

    @property
    def changes(self) -> bool:
        return self.method != "get"


@cache
def description() -> dict[str, Any]:
    return SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-any-return]


@cache
def operations() -> dict[str, Operation]:
    return {operation.id: operation for operation in _operations()}


def _operations() -> Iterator[Operation]:
    for path, methods in description()["paths"].items():
        for method in METHODS:
            if (found := methods.get(method)) is None:
                continue
            content = found.get("requestBody", {}).get("content", {}).get("application/json", {})
            yield Operation(
                id=found["operationId"],
                method=method,
                path=path,
                parameters=tuple(found.get("parameters", [])),
                body=resolve(content["schema"]) if content else None,
                is_public={} in found.get("security", [{}]),
            )


def resolve(schema: dict[str, Any]) -> dict[str, Any]:
    """Without references, and of several alternatives the first."""
    while more := schema.get("allOf") or schema.get("oneOf") or schema.get("anyOf"):
        schema = more[0] | {k: v for k, v in schema.items() if not k.endswith("Of")}
    if "$ref" in schema:
        found = description()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        return resolve(found)
    return schema


@dataclass(frozen=True)
class Request:
    """What is sent to an operation, so that one id in it can be exchanged."""

    path: dict[str, str]
    query: dict[str, str]
    body: dict[str, Any] | None

    def ids(self) -> Iterator[Path]:
        for name in self.path:
            yield ("path", name)
        for name, value in self.query.items():
            if is_id(value):
                yield ("query", name)
        yield from _ids_in(self.body, ("body",))

    def get(self, place: Path) -> Any:
        found: Any = {"path": self.path, "query": self.query, "body": self.body}
        for step in place:
            found = found[step]
        return found

    def put(self, place: Path, value: str) -> "Request":
        copy: dict[str, Any] = deepcopy({"path": self.path, "query": self.query, "body": self.body})
        inner: Any = copy
        for step in place[:-1]:
            inner = inner[step]
        inner[place[-1]] = value
        return Request(**copy)


def is_id(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 36 and value.count("-") == 4


def _ids_in(value: Any, path: Path) -> Iterator[Path]:
    inner: Any = ()
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    elif is_id(value):
        yield path
    for step, one in inner:
        yield from _ids_in(one, (*path, step))


def request_for(operation: Operation, things: Things) -> Request:
    """Every id of the description set to a thing of that clinic, the other fields to plausible values."""
    told = things.said.get(operation.id, {})
    path = {name: things.id_in_path(operation.id, name) for name in operation.ids_in_path}
    query = {}
    for parameter in operation.parameters:
        name, schema = parameter["name"], resolve(parameter["schema"])
        wanted = parameter.get("required") or schema.get("format") == "uuid"
        if parameter["in"] == "query" and wanted:
            query[name] = str(_value(name, schema, things))
    if operation.body is None:
        return Request(path, query | told, None)
    body = _object(operation.body, things) | told
    return Request(path, query, {name: one for name, one in body.items() if one is not ...})


def _object(schema: dict[str, Any], things: Things) -> dict[str, Any]:
    return {
        name: _value(name, resolve(inner), things)
        for name, inner in schema.get("properties", {}).items()
    }


def _value(name: str, schema: dict[str, Any], things: Things) -> Any:
    if name in things.words:
        return things.words[name]
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type", "string")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "array":
        return [_value(name.removesuffix("s"), resolve(schema["items"]), things)]
    if kind == "object":
        return _object(schema, things)
    if kind in ("integer", "number"):
        return max(1, int(schema.get("minimum", 1)))
    if kind == "boolean":
        return False
    match schema.get("format"):
        case "uuid":
            return things.ids.get(name) or str(uuid4())
        case "decimal":
            return "10.00"
        case "email":
            return "somebody@example.kz"
        case "date":
            return things.day
    return "Проба"[: schema.get("maxLength", 5)]
