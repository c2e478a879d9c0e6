"""Every entrance is known: routes, sockets, tasks, commands. What nobody has thought about fails here."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.test import APIClient

from apps.core import sockets
from apps.core.api import ApiView, Public, TenantViewSet
from apps.core.api.views import SAFE, Transactional
from apps.core.auth.api import Detached
from apps.core.permissions import MATRIX

# For anybody, each for its own reason.
PUBLIC = {
    "api/v1/auth/login": "this is how one comes in",
    "api/v1/auth/refresh": "the token is the proof",
    "api/v1/auth/logout": "the token is the proof, and without one nothing happens",
    "api/v1/auth/activate": "the link is the proof",
    "api/v1/calendar/feed/<str:secret>.ics": "the secret is the proof; calendar programs can send no other",
}
OUTSIDE = {
    "health/live", "health/ready", "admin", "admin/", "api/schema/", "api/docs/", "^api(?:/|$)",
    "^(?!(?:static|ws|health|admin)(?:/|$)).*$",
}  # fmt: skip
TASKS = {
    "apps.core.tasks.process_outbox": "platform: a doorbell at a time, each inside its organisation",
    "apps.core.tasks.forget_old_keys": "platform: each organisation in turn",
    "apps.calendar.tasks.settle_overbooked": "platform: each organisation in turn",
    "apps.calendar.tasks.carry_breaks": "platform: each organisation in turn, a rule at a time",
}
COMMANDS = {
    "seed": "fills an empty database with a demonstration",
    "check_books": "reads each organisation in turn",
}
CONTRACT = [
    ("get", "/api/v1/auth/me"), ("post", "/api/v1/auth/login"), ("post", "/api/v1/auth/refresh"),
    ("get", "/api/v1/org/branches"), ("post", "/api/v1/org/branches"),
    ("get", "/api/v1/org/settings"), ("patch", "/api/v1/org/settings"),
    ("get", "/api/v1/staff/employees"), ("post", "/api/v1/staff/employees"),
    ("get", "/api/v1/patients"), ("post", "/api/v1/patients"),
    ("get", "/api/v1/services"), ("post", "/api/v1/services"),
    ("get", "/api/v1/services/categories"), ("post", "/api/v1/services/categories"),
    ("get", "/api/v1/calendar/appointments"), ("post", "/api/v1/calendar/appointments"),
    ("get", "/api/v1/visits"), ("post", "/api/v1/visits"),
    ("get", "/api/v1/billing/invoices"), ("post", "/api/v1/billing/invoices"),
    ("post", "/api/v1/billing/payments"),
    ("get", "/api/v1/warehouse/items"), ("post", "/api/v1/warehouse/items"),
    ("get", "/api/v1/comms/templates"), ("post", "/api/v1/comms/templates"),
    ("post", "/api/v1/comms/send"), ("get", "/api/comms/templates"), ("post", "/api/comms/send"),
    ("get", "/api/v1/reports/appointments"), ("get", "/api/v1/reports/revenue"),
]  # fmt: skip


def routes(resolver: Any = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for entry in (resolver or get_resolver()).url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver) and path != "admin/":
            yield from routes(entry, path)
        else:
            yield path, entry


API = [
    (path, entry.callback)
    for path, entry in routes()
    if isinstance(entry, URLPattern) and path.startswith("api/v1/")
]


def methods_of(view: Any) -> dict[str, str]:
    """HTTP method → action (of a view set) or method name."""
    if getattr(view, "actions", None):
        return dict(view.actions)
    return {m: m for m in ("get", "post", "put", "patch", "delete") if hasattr(view.cls, m)}


def permission_of(view: Any, method: str, action: str) -> str:
    cls = view.cls
    exceptions = getattr(cls, "permissions", {})
    if action in exceptions:
        return str(exceptions[action])
    return str(cls.permission if method.upper() in SAFE else cls.write_permission)


@pytest.mark.parametrize(("path", "view"), API, ids=[path for path, _view in API])
def test_a_route_names_its_permission_or_is_public(path: str, view: Any) -> None:
    if path in PUBLIC:
        assert issubclass(view.cls, Public)
        return
    if issubclass(view.cls, Detached):
        assert view.cls.permission in MATRIX
        return
    assert issubclass(view.cls, ApiView | TenantViewSet)
    for method, action in methods_of(view).items():
        needed = permission_of(view, method, action)
        assert needed in MATRIX, f"{method} {path} needs {needed!r}"
        assert MATRIX[needed], f"{needed} is nobody's"


def test_the_gate_itself_is_never_opened() -> None:
    """Who overrides the gate stands here by name."""
    overriding = {
        f"{view.cls.__module__}.{view.cls.__name__}"
        for _path, view in API
        if issubclass(view.cls, Transactional)
        and view.cls.check_permissions
        not in (ApiView.check_permissions, TenantViewSet.check_permissions)
    }
    own = {f"apps.core.auth.api.{name}" for name in ("Me", "Sessions", "OneSession")}
    assert overriding <= own | {"apps.core.auth.api.OwnAccount"}
    for _path, view in API:
        if issubclass(view.cls, Transactional):
            assert view.cls.dispatch is Transactional.dispatch
            assert view.cls.perform_authentication is Transactional.perform_authentication


def test_the_public_list_is_whole() -> None:
    found = {path for path, view in API if issubclass(view.cls, Public)}
    assert found - {"api/v1/auth/password"} == set(PUBLIC)


def test_no_other_entrance_exists() -> None:
    assert {path for path, _entry in routes() if not path.startswith("api/v1/")} == OUTSIDE


def test_ids_in_paths_are_uuids() -> None:
    loose = [
        path for path, _view in API if "<" in path and "<uuid:" not in path and path not in PUBLIC
    ]
    assert loose == []


def test_every_socket_route_is_known() -> None:
    found = {
        str(route.pattern): route.callback.application.consumer_class for route in sockets.routes
    }
    assert found == {"ws/calendar": sockets.BranchConsumer, "": sockets.Nowhere}


def test_every_task_is_known() -> None:
    app = import_module("config.celery").app
    app.loader.import_default_modules()
    assert {name for name in app.tasks if not name.startswith("celery.")} == set(TASKS)
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(TASKS)


def test_every_command_is_known() -> None:
    found = Path(settings.BACKEND).glob("apps/*/management/commands/*.py")
    assert {path.stem for path in found} - {"__init__"} == set(COMMANDS)


@pytest.mark.parametrize(("method", "path"), CONTRACT, ids=[f"{m} {p}" for m, p in CONTRACT])
def test_both_spellings_of_a_contract_path_are_one(
    method: str, path: str, as_role: Any, clinic: Any
) -> None:
    client = as_role("owner")
    answers = []
    for spelling in (path, path + "/"):
        body = {} if method != "get" else None
        answers.append(getattr(client, method)(spelling, body))
    first, second = answers
    assert first.status_code == second.status_code
    assert first.status_code not in {301, 302, 404, 405, 500}, first.content
    if first.status_code < 300:
        assert first.content == second.content


@pytest.mark.parametrize("path", ["/api/v1/services/categories", "/api/v1/services/categories/"])
def test_categories_are_not_a_service(path: str, as_role: Any) -> None:
    assert "items" in as_role("owner").get(path).json()


@pytest.mark.parametrize("path", ["/api/", "/api", "/api/v1", "/api/v1/nothing", "/api/v2/auth/me"])
def test_an_unknown_path_answers_in_our_shape(path: str, anonymous: Any, db: None) -> None:
    r = anonymous.get(path)
    assert (r.status_code, r.json()["code"]) == (404, "not_found")
    assert set(r.json()) == {"code", "message", "fields", "details"}


def test_a_post_astray_answers_in_our_shape(db: None) -> None:
    r = APIClient(enforce_csrf_checks=True).post("/api/v1/patients/not-an-id/restore", {})
    assert (r.status_code, r.json()["code"]) == (404, "not_found")
