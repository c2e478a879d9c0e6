"""Every operation of the API, read from its own description, with inputs that could be meant seriously."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import Any
from uuid import uuid4

from drf_spectacular.generators import SchemaGenerator

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str
    parameters: tuple[dict[str, Any], ...]
    body: dict[str, Any] | None = field(hash=False)
    is_public: bool

    @property
    def basename(self) -> str:
        return self.id.rsplit("_", 1)[0]

    def path_names(self) -> list[str]:
        return [p["name"] for p in self.parameters if p["in"] == "path"]

    def query_names(self) -> list[str]:
        return [p["name"] for p in self.parameters if p["in"] == "query"]

    def needs_key(self) -> bool:
        return any(p["name"] == "Idempotency-Key" for p in self.parameters)


@cache
def description() -> dict[str, Any]:
    return SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-any-return]


@cache
def operations() -> tuple[Operation, ...]:
    return tuple(_operations())


def _operations() -> Iterator[Operation]:
    for path, methods in description()["paths"].items():
        for method, found in methods.items():
            if method not in METHODS:
                continue
            content = found.get("requestBody", {}).get("content", {}).get("application/json", {})
            yield Operation(
                id=found["operationId"],
                method=method,
                path=path,
                parameters=tuple(found.get("parameters", [])),
                body=resolve(content["schema"]) if content else None,
                is_public=not found.get("security") or {} in found.get("security", []),
            )


def resolve(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema or "allOf" in schema:
        if "allOf" in schema:
            schema = schema["allOf"][0] | {k: v for k, v in schema.items() if k != "allOf"}
        else:
            schema = description()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


class Inputs:
    """Values for parameters and bodies: ids of one clinic's own things, and plausible words, sums and times."""

    def __init__(self, ids: dict[str, Any]) -> None:
        self.ids = ids
        day = datetime.now(UTC).date() + timedelta(days=3)
        self.starts = datetime.combine(day, time(7), UTC)

    def path(self, operation: Operation) -> str:
        path = operation.path
        for name in operation.path_names():
            path = path.replace(f"{{{name}}}", str(self.id_of(operation, name)))
        return path

    def id_of(self, operation: Operation, name: str) -> Any:
        return self.ids.get(operation.basename if name == "id" else name, uuid4())

    def query(self, operation: Operation) -> dict[str, str]:
        """Only what is required, and every id that may be given."""
        query = {}
        for parameter in operation.parameters:
            schema = resolve(parameter["schema"])
            is_id = schema.get("format") == "uuid"
            if parameter["in"] == "query" and (parameter.get("required") or is_id):
                query[parameter["name"]] = str(self.value(parameter["name"], schema))
        return query

    def body(self, operation: Operation) -> dict[str, Any] | None:
        return None if operation.body is None else self._object(operation.body)

    def _object(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            name: self.value(name, resolve(inner))
            for name, inner in schema.get("properties", {}).items()
            if not resolve(inner).get("readOnly")
        }

    def value(self, name: str, schema: dict[str, Any]) -> Any:
        if name in _WORDS:
            return _WORDS[name]
        if "oneOf" in schema or "anyOf" in schema:
            return self.value(name, resolve((schema.get("oneOf") or schema["anyOf"])[0]))
        if "enum" in schema:
            return schema["enum"][0]
        kind = schema.get("type", "string")
        kind = kind[0] if isinstance(kind, list) else kind
        if kind == "array":
            item = resolve(schema["items"])
            return [
                self._object(item) if "properties" in item else self.value(_singular(name), item)
            ]
        if kind == "object" or "properties" in schema:
            return self._object(schema)
        if kind in ("integer", "number"):
            return max(1, int(schema.get("minimum", 1)))
        if kind == "boolean":
            return False
        return self._text(name, schema)

    def _text(self, name: str, schema: dict[str, Any]) -> Any:
        form = schema.get("format")
        if form == "uuid":
            return str(self.ids.get(name) or self.ids.get(_singular(name)) or uuid4())
        if form == "date-time":
            later = name.startswith("ends") or name.endswith("_to")
            return (self.starts + timedelta(minutes=30 if later else 0)).isoformat()
        if form == "date":
            return self.starts.date().isoformat()
        if form == "time":
            return "18:00" if name.startswith("ends") else "09:00"
        if form == "decimal":
            return "10.00"
        if form == "email":
            return "somebody@example.kz"
        return "Проба"[: schema.get("maxLength", 5)]


_WORDS: dict[str, Any] = {
    "timezone": "Asia/Almaty",
    "hours": {"1": ["09:00", "20:00"]},
    "color": "#0f766e",
    "phone": "+77011112233",
    "iin": "",
    "bin": "",
    "icd10": "K02.1",
    "tooth": 36,
    "year": 2026,
    "duration_minutes": 30,
    "minutes": 30,
    "discount_percent": "0",
    "version": 1,
}


def _singular(name: str) -> str:
    return {"branches": "branch", "specialities": "speciality", "categories": "category"}.get(
        name, name.removesuffix("s")
    )


def slots(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where in a body ids stand."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from slots(inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from slots(inner, (*path, index))
    elif isinstance(value, str) and len(value) == 36 and value.count("-") == 4:
        yield path


def put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """A copy of the body with another value in one place."""
    head, *rest = path
    inner = put(value[head], tuple(rest), new) if rest else new
    if isinstance(value, dict):
        return value | {head: inner}
    return [*value[:head], inner, *value[head + 1 :]]
