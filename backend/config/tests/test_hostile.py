"""Values that nobody means well, in every field of every operation: refused in the one shape, never a broken server."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db import transaction

from config.tests.calls import call, fault, who
from testing.clinics import Clinic
from testing.operations import Operation, Path, Request, operations, request_for
from testing.races import FULL
from testing.things import one_of_everything


def nested(levels: int) -> list[Any]:
    value: list[Any] = []
    for _level in range(levels):
        value = [value]
    return value


TEXTS = [
    "", " ", "\0", "a\0b", "\uffff", "\u202e", "😀" * 30, "a" * 20_000, "٣", "²", "' OR 1=1 --", "%", "\\",
    "%s %(a)s {0} {a.b}", "NaN", "Infinity", "-0", "1e999", "9" * 40, str(10**18), "-1", "null", "true", "[]",
    "9999-12-31", "0001-01-01", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "2026-02-30",
    "24:00", "23:59:60", "2026-11-25T09:00:00.999999+05:00", "00000000-0000-0000-0000-000000000000",
    "$(id)", "../../etc/passwd", "<script>alert(1)</script>",
]  # fmt: skip
VALUES = [
    *TEXTS, None, True, 0, -1, 1, 10**18, 2**31, 2**63, 2**64 - 1, -(2**63), 1e308, -1e308, 1.5, [], {},
    [[]], [None], {"a": None}, ["a"] * 500, [{}], nested(60),
]  # fmt: skip
BODIES = [
    b"null", b"[]", b'"text"', b"1", b"{", b"{}{}", b"\xff\xfe", b"\xef\xbb\xbf{}", b"NaN", b"[1e999]",
    b'{"a": Infinity}', b'{"a": "\\ud800"}', b'{"\\u0000": 1}', b"[" * 5000, b'{"a":' * 3000,
    b'{"version": ' + b"9" * 5000 + b"}",
]  # fmt: skip
TYPES = ["text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded",
         "application/json; charset=utf-16", "application/xml", "", "/", "application/" + "j" * 5000]  # fmt: skip
QUERIES = ["%00", "%ff%fe", "q=%ff", "page=1&page=2", "page=1000000000000000000", "size=0", "q=" + "%F0%9F%98%80" * 2000,
           "&".join(f"a{n}=1" for n in range(900)), "[]=1", "branch[id]=1", "=", "page=%2B1", "page=1e3"]  # fmt: skip
METHODS = ("get", "post", "put", "patch", "delete", "options", "head", "trace")


def places(operation: Operation, meant: Request) -> Iterator[Path]:
    """Each parameter of the query, and each value of the body however deep."""
    yield from (("query", p["name"]) for p in operation.parameters if p["in"] == "query")
    yield from inside(meant.body, ("body",))


def inside(value: Any, path: Path) -> Iterator[Path]:
    inner: Any = value.items() if isinstance(value, dict) else ()
    for step, one in enumerate(value) if isinstance(value, list) else inner:
        yield (*path, step)
        yield from inside(one, (*path, step))


def spoiled(operation: Operation, meant: Request, turn: int) -> Iterator[Request]:
    """In a proof every value in every place; else each place gets two of them, another two in the next operation."""
    for place in places(operation, meant):
        values = TEXTS if place[0] == "query" else VALUES
        for number in range(len(values) if FULL else 2):
            yield meant.put(place, values[(turn + number) % len(values)])
        turn += 2


def test_no_value_in_any_field_breaks_an_operation(clinic: Clinic) -> None:
    things, faults, tried = one_of_everything(clinic), {}, 0
    clients = {role: clinic.client(role) for role in {who(name) for name in operations()}}
    for name, operation in operations().items():
        for request in spoiled(operation, request_for(operation, things), tried):
            tried += 1
            if wrong := fault(call(clients[who(name)], operation, request)):
                faults[f"{name} {request}"[:600]] = wrong
    assert faults == {}
    assert tried > 800


def test_a_body_that_is_no_object_is_refused(clinic: Clinic) -> None:
    faults = {}
    for client, method, address in written(clinic):
        for body in BODIES:
            answer = raw(client, method, address, body, "application/json")
            if wrong := fault(answer) or (answer.status_code < 400 and "was accepted"):
                faults[f"{method} {address} {body[:40]!r}"] = wrong
    assert faults == {}


def test_another_type_than_json_is_refused(clinic: Clinic) -> None:
    faults = {}
    for client, method, address in written(clinic):
        for kind in TYPES:
            answer = raw(client, method, address, b'{"version": 1}', kind)
            if wrong := fault(answer):
                faults[f"{method} {address} {kind[:40]}"] = wrong
    assert faults == {}


def test_no_query_breaks_a_read(clinic: Clinic) -> None:
    things, faults = one_of_everything(clinic), {}
    client = clinic.client("owner")
    reads = [one for one in operations().values() if one.method == "get"]
    for number, operation in enumerate(reads):
        address = operation.path.format(**request_for(operation, things).path)
        for query in QUERIES if FULL else QUERIES[number % 3 :: 3]:
            if wrong := fault(client.get(f"{address}?{query}")):
                faults[f"{address} {query[:60]}"] = wrong
    assert faults == {}


def test_a_method_that_a_route_does_not_have_is_refused(clinic: Clinic) -> None:
    things, faults, known = one_of_everything(clinic), {}, defaultdict(set)
    for operation in operations().values():
        address = operation.path.format(**request_for(operation, things).path)
        known[address].add(operation.method)
    client = clinic.client("owner")
    for address, methods in known.items():
        for method in set(METHODS) - methods:
            answer = client.generic(method.upper(), address)
            if wrong := answer.content and fault(answer):
                faults[f"{method} {address}"] = wrong
    assert faults == {}


def written(clinic: Clinic) -> Iterator[tuple[Any, str, str]]:
    """Who may send a body, how and where: of each resource one operation, in a proof all."""
    things, seen = one_of_everything(clinic), set()
    for name, operation in operations().items():
        resource = name if FULL else name.partition("_")[0]
        if operation.body is None or resource in seen:
            continue
        seen.add(resource)
        address = operation.path.format(**request_for(operation, things).path)
        yield clinic.client(who(name)), operation.method, address


def raw(client: Any, method: str, address: str, body: bytes, kind: str) -> Any:
    with transaction.atomic():
        answer = client.generic(method.upper(), address, body, content_type=kind)
        transaction.set_rollback(True)
    return answer
