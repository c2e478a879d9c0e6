"""Invariant 100: a guard that breaks lets nobody through."""

from typing import Any

import pytest
from django.db import OperationalError
from rest_framework.test import APIClient

from apps.core import authentication, caller, limits, permissions, tenancy, tokens
from apps.core.api import idempotency
from apps.core.auth import actions, throttle
from apps.core.models import Membership
from apps.core.tenancy import tenant
from apps.warehouse.models import Item
from testing.clinics import PASSWORD, Clinic, make_user

ITEMS, LOGIN = "/api/v1/warehouse/items", "/api/v1/auth/login"
GUARDS = [
    (tokens, "read"),
    (limits, "require_allowance"),
    (tenancy, "_set_in_database"),
    (authentication, "living_caller"),
    (caller.permissions, "scope"),
    (permissions, "MATRIX"),
    (idempotency, "_lock"),
    (idempotency, "keep"),
]


def breaks(*_: Any, **__: Any) -> Any:
    raise RuntimeError("the guard itself is broken")


def out_of_reach(*_: Any, **__: Any) -> Any:
    raise OperationalError("the database is away")


@pytest.mark.parametrize("fault", [breaks, out_of_reach])
@pytest.mark.parametrize(("module", "guard"), GUARDS, ids=[name for _, name in GUARDS])
def test_a_broken_guard_refuses(
    module: Any, guard: str, fault: Any, clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = clinic.client("warehouse")
    person.raise_request_exception = False
    body, headers = {"name": "Перчатки", "unit": "пара"}, {"Idempotency-Key": "x"}
    with monkeypatch.context() as broken:
        broken.setattr(module, guard, fault)
        answer = person.post(ITEMS, body, headers=headers)
    assert answer.status_code >= 400
    with tenant(clinic.pk):
        assert Item.objects.count() == 0
    assert person.post(ITEMS, body, headers=headers).status_code == 201


@pytest.mark.parametrize("fault", [breaks, out_of_reach])
@pytest.mark.parametrize(
    ("module", "guard", "password"),
    [
        (throttle, "require_patience", PASSWORD),
        (throttle, "count_failure", "wrong"),
        (actions, "verify_password", PASSWORD),
        (actions, "_home", PASSWORD),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_a_broken_guard_of_the_door_lets_nobody_in(
    module: Any, guard: str, password: str, fault: Any, clinic: Clinic, monkeypatch: Any
) -> None:
    user = make_user("desk", password=PASSWORD)
    with tenant(clinic.pk):
        Membership.objects.create(user=user, role="registrar")
    stranger = APIClient(raise_request_exception=False)

    def enters(word: str) -> bool:
        answer = stranger.post(LOGIN, {"login": user.login, "password": word})
        return "access" in answer.content.decode()

    with monkeypatch.context() as broken:
        broken.setattr(module, guard, fault)
        assert not enters(password)
    assert enters(PASSWORD)
