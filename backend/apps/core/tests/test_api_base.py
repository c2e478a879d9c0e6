"""Promises of every endpoint, tested where they are made."""

import json
import logging
from typing import Any

import pytest
from django.db import DataError, IntegrityError, OperationalError
from django.test import override_settings
from rest_framework.test import APIRequestFactory

from apps.core import errors, logs
from apps.core.api import etag, page_of
from apps.core.middleware import SecurityHeaders
from apps.core.tests.test_registry import API
from apps.warehouse.models import Item

ITEMS = "/api/v1/warehouse/items"
SHAPE = {"code", "message", "fields", "details"}


def test_field_errors_name_their_fields(as_role: Any) -> None:
    r = as_role("warehouse").post(ITEMS, {"name": "", "colour": 1})

    assert (r.status_code, r.json()["code"]) == (400, "invalid")
    assert set(r.json()) == SHAPE
    assert set(r.json()["fields"]) == {"colour"}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"{", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b'{"name": NaN}', "application/json"),
        (b'{"name": "a\\u0000b", "unit": "x"}', "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"[]", "application/json"),
        (b"null", "application/json"),
        (b'"text"', "application/json"),
        (b"name=x", "application/x-www-form-urlencoded"),
        (b"", "application/json"),
        (b"{}", "text/xml"),
    ],
)
def test_a_broken_body_is_refused_in_our_shape(as_role: Any, content: bytes, kind: str) -> None:
    r = as_role("warehouse").generic("POST", ITEMS, content, content_type=kind)
    assert r.status_code in {400, 415}, r.content
    assert set(r.json()) == SHAPE


def test_a_huge_body_is_refused(as_role: Any) -> None:
    body = json.dumps({"name": "x" * 1_100_000}).encode()
    r = as_role("warehouse").generic("POST", ITEMS, body, content_type="application/json")
    assert (r.status_code, r.json()["code"]) == (400, "malformed")


@pytest.mark.parametrize(
    "query", ["page=0", "page=x", "size=201", "size=-1", "page=9" + "9" * 30, "who=1"]
)
def test_a_list_is_asked_politely(as_role: Any, query: str) -> None:
    assert as_role("owner").get(f"{ITEMS}?{query}").status_code == 400


@pytest.mark.parametrize("method", ["put", "delete", "patch", "trace"])
def test_a_method_that_is_not_there(as_role: Any, method: str) -> None:
    r = as_role("owner").generic(method.upper(), ITEMS)
    assert (r.status_code, r.json()["code"]) == (405, "method_not_allowed")


def test_pages_are_whole_and_in_order(
    clinic: Any, in_tenant: Any, django_assert_num_queries: Any
) -> None:
    with in_tenant():
        Item.objects.bulk_create(Item(name=f"{n:03d}", unit="x") for n in range(105))
        rows = Item.objects.order_by("name")
        seen, page = [], 1
        while page:
            with django_assert_num_queries(2):
                answer = page_of(
                    rows, {"page": page, "size": 50}, lambda items: [i.name for i in items]
                )
            assert answer["total"] == 105
            seen += answer["items"]
            page = answer["next"]
        assert seen == [f"{n:03d}" for n in range(105)]
        assert page_of(rows, {"page": 9, "size": 50}, list)["items"] == []


def test_an_unchanged_thing_is_not_sent_again() -> None:
    made = []
    request = APIRequestFactory().get("/")
    tag = etag.make("clinic", 1)
    first = etag.answer(request, tag, lambda: made.append(1) or {"a": 1})
    assert (first.status_code, first["ETag"]) == (200, tag)
    assert first["Cache-Control"] == "private, no-cache"
    request.META["HTTP_IF_NONE_MATCH"] = f'W/"old", W/{tag}'
    second = etag.answer(request, tag, lambda: made.append(1))
    assert (second.status_code, second.data, made) == (304, None, [1])
    assert etag.make("clinic", 2) != tag
    with override_settings(RELEASE="next"):
        assert etag.make("clinic", 1) != tag


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (errors.InvalidInput(fields={"a": ["b"]}), 400, "invalid"),
        (errors.Forbidden(), 403, "permission_denied"),
        (errors.NotFound(), 404, "not_found"),
        (errors.DomainError(), 409, "refused"),
        (errors.Busy(), 503, "busy"),
        (DataError(), 400, "invalid"),
        (OperationalError(), 503, "busy"),
    ],
)
def test_every_error_has_one_shape(error: Exception, status: int, code: str) -> None:
    r = errors.handle(error, {})
    assert r is not None
    assert (r.status_code, r.data["code"]) == (status, code)
    assert set(r.data) == SHAPE


def test_an_unknown_error_is_ours_and_says_nothing(as_role: Any, monkeypatch: Any) -> None:
    assert errors.handle(IntegrityError(), {}) is None
    client = as_role("warehouse")
    client.raise_request_exception = False
    monkeypatch.setattr("apps.warehouse.actions.add_item", lambda **_all: 1 / 0)

    r = client.post(ITEMS, {"name": "Перчатки", "unit": "пара"})

    assert (r.status_code, r.json()["code"]) == (500, "broken")
    assert b"Zero" not in r.content


def test_a_deadlock_is_tried_again_and_then_busy(as_role: Any, monkeypatch: Any) -> None:
    from psycopg.errors import DeadlockDetected

    from apps.warehouse import actions

    original, calls = actions.add_item, []

    def unlucky(times: int) -> Any:
        def add(**fields: Any) -> Any:
            calls.append(1)
            if len(calls) <= times:
                error = OperationalError("deadlock")
                error.__cause__ = DeadlockDetected()
                raise error
            return original(**fields)

        return add

    client = as_role("warehouse")
    monkeypatch.setattr(actions, "add_item", unlucky(2))
    assert client.post(ITEMS, {"name": "Перчатки", "unit": "пара"}).status_code == 201
    assert len(calls) == 3
    calls.clear()
    monkeypatch.setattr(actions, "add_item", unlucky(9))
    r = client.post(ITEMS, {"name": "Маски", "unit": "пара"})
    assert (r.status_code, r.json()["code"], len(calls)) == (503, "busy", 3)


def paths() -> list[str]:
    zero = "00000000-0000-0000-0000-000000000000"
    found = {"/" + path.replace("<uuid:pk>", zero).replace("<uuid:id>", zero) for path, _v in API}
    return sorted(
        found | {"/", "/calendar", "/health/live", "/admin/login/", "/api/docs/", "/api/x"}
    )


@pytest.mark.parametrize("path", paths())
def test_every_answer_carries_the_headers(path: str, anonymous: Any, db: None) -> None:
    r = anonymous.get(path)

    assert r["X-Content-Type-Options"] == "nosniff"
    assert r["X-Frame-Options"] == "DENY"
    assert r["Referrer-Policy"] == "same-origin"
    assert "default-src 'self'" in r["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in r["Content-Security-Policy"]
    assert "camera=()" in r["Permissions-Policy"]
    assert r["X-Request-Id"]
    assert "Server" not in r
    if path.startswith("/api/v1/"):
        assert r["Cache-Control"] == "no-store"


def test_personal_data_is_never_cached(as_role: Any) -> None:
    owner = as_role("owner")
    for path in ("/api/v1/auth/me", "/api/v1/patients", "/api/v1/users"):
        assert owner.get(path)["Cache-Control"] in {"no-store", "private, no-cache"}


def test_only_https_promises_https(anonymous: Any, db: None) -> None:
    assert "Strict-Transport-Security" not in anonymous.get("/health/live")
    assert "Strict-Transport-Security" in anonymous.get("/health/live", secure=True)


def test_a_forged_host_does_not_enter_the_policy() -> None:
    from django.http import HttpResponse

    request = APIRequestFactory().get("/", HTTP_HOST="evil.example; script-src *")
    answer = SecurityHeaders(lambda _request: HttpResponse())(request)
    assert "evil" not in answer["Content-Security-Policy"]


def test_another_origin_is_not_let_in(as_role: Any) -> None:
    r = as_role("owner").get("/api/v1/auth/me", HTTP_ORIGIN="https://evil.example")
    assert not [name for name in r.headers if name.lower().startswith("access-control")]


# --- logs


class Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__(level=0)
        self.setFormatter(logs.JsonFormatter())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def lines() -> Any:
    handler, root = Lines(), logging.getLogger()
    root.addHandler(handler)
    yield handler.lines
    root.removeHandler(handler)


def test_logs_hold_no_secret_and_no_person(
    lines: list[str], as_role: Any, anonymous: Any, clinic: Any, monkeypatch: Any
) -> None:
    secrets = ["Гүлсезім", "+77015550101", "hunter2-hunter2", clinic.iin, "Qwertz-token"]
    registrar = as_role("registrar")
    registrar.raise_request_exception = False
    anonymous.post("/api/v1/auth/login", {"login": "Гүлсезім", "password": "hunter2-hunter2"})
    anonymous.post(
        "/api/v1/auth/activate", {"token": "Qwertz-token", "password": "hunter2-hunter2"}
    )
    person = {
        "last_name": "Гүлсезім",
        "first_name": "А",
        "phone": "+77015550101",
        "iin": clinic.iin,
    }
    registrar.post("/api/v1/patients", person)
    registrar.get("/api/v1/patients", {"q": "Гүлсезім"})
    registrar.get("/api/v1/patients/Гүлсезім")

    def breaks(**fields: Any) -> Any:
        raise ValueError(f"{fields} {secrets}")

    monkeypatch.setattr("apps.core.auth.actions.change_profile", lambda *a: breaks(a=a))
    assert registrar.patch("/api/v1/auth/me", {"theme": "dark"}).status_code == 500

    text = "\n".join(lines)
    assert len(lines) >= 6
    assert not [secret for secret in [*secrets, registrar.token] if secret in text]
    broken = next(json.loads(line) for line in lines if '"broken"' in line)
    assert broken["error"] == "ValueError"
    assert any("test_api_base.py" in place for place in broken["where"])


# --- health


def test_liveness_touches_nothing(anonymous: Any, django_assert_num_queries: Any, db: None) -> None:
    with django_assert_num_queries(0):
        assert anonymous.get("/health/live").json() == {"status": "ok"}


def test_readiness_asks_its_parts(anonymous: Any, db: None, monkeypatch: Any) -> None:
    r = anonymous.get("/health/ready")
    assert (r.status_code, r.json()) == (
        200,
        {"status": "ok", "database": True, "disk": True, "keys": True},
    )
    monkeypatch.setattr("apps.core.health._disk", lambda: False)
    assert anonymous.get("/health/ready").status_code == 503


def test_readiness_knows_of_pending_migrations(anonymous: Any, db: None, monkeypatch: Any) -> None:
    from django.db.migrations.loader import MigrationLoader

    build = MigrationLoader.build_graph

    def without_one(self: Any) -> None:
        build(self)
        self.applied_migrations.pop(("core", "0002_kernel"))
        leaf = self.graph.leaf_nodes("core")[0]
        self.applied_migrations.pop(leaf, None)

    monkeypatch.setattr(MigrationLoader, "build_graph", without_one)
    r = anonymous.get("/health/ready")
    assert (r.status_code, r.json()["database"]) == (503, False)
