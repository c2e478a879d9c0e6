"""Every operation of the API × every role: let in exactly where the clinic's matrix says so."""

from collections.abc import Collection
from typing import Any

import pytest

from apps.core import permissions
from apps.core.models import Membership
from apps.core.tenancy import tenant
from apps.org.models import Branch
from config.tests.calls import call, said
from config.tests.role_matrix import NEEDED, ROLES, SHARED, WHOLE, may, reach
from testing.clinics import Clinic
from testing.operations import operations, request_for
from testing.things import Things, one_of_everything

CLOSED = [name for name, needed in NEEDED.items() if needed != "public"]
OF_BRANCHES = [role for role in ROLES if any(reach(name, role) == "b" for name in CLOSED)]
# Nobody of the tests does these in full: a password costs a second to hash.
NOT_DONE = {"auth_change_password"}


@pytest.fixture
def things(clinic: Clinic) -> Things:
    return one_of_everything(clinic)


def answers(client: Any, things: Things, names: Collection[str] = tuple(CLOSED)) -> dict[str, Any]:
    found = operations()
    return {name: call(client, found[name], request_for(found[name], things)) for name in names}


def of_branch(clinic: Clinic, role: str, branch: Branch) -> Any:
    """Somebody of that role in one branch alone; the doctor stays the one who treats."""
    if role != "doctor":
        return clinic.client(role, branch)
    with tenant(clinic.pk):
        Membership.objects.filter(user=clinic.user("doctor")).update(branch=branch)
    return clinic.client("doctor")


def is_refused(answer: Any) -> bool:
    return answer.status_code in (401, 403)


def shows(answer: Any, name: str, things: Things, ids: set[str]) -> bool:
    """Was it done, or does a list hold one of these ids?"""
    if answer.status_code >= 300:
        return False
    operation = operations()[name]
    asked = set(request_for(operation, things).query.values())
    if operation.changes or operation.ids_in_path:
        return True
    return any(one in said(answer) for one in ids - asked)


def test_every_operation_stands_in_the_matrix_and_nothing_else_does() -> None:
    assert sorted(operations()) == sorted(NEEDED)


def test_what_is_public_is_described_as_public() -> None:
    public = {name for name, operation in operations().items() if operation.is_public}
    assert public == {name for name, needed in NEEDED.items() if needed == "public"}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_let_in_exactly_where_the_matrix_says(
    role: str, clinic: Clinic, things: Things
) -> None:
    found = answers(clinic.client(role), things)
    assert {name: a.content for name, a in found.items() if is_refused(a) == may(name, role)} == {}


@pytest.mark.parametrize("role", OF_BRANCHES)
def test_who_works_in_one_branch_is_let_in_there_as_the_matrix_says(
    role: str, clinic: Clinic, things: Things
) -> None:
    near = [name for name in CLOSED if reach(name, role) == "b"]
    found = answers(of_branch(clinic, role, clinic.branch), things, near)
    wrong = {
        name: a.content
        for name, a in found.items()
        if is_refused(a) == (may(name, role) and name not in WHOLE)
    }
    assert wrong == {}


@pytest.mark.parametrize("role", OF_BRANCHES)
def test_who_works_in_another_branch_finds_nothing_of_this_one(
    role: str, clinic: Clinic, things: Things
) -> None:
    stranger = of_branch(clinic, role, clinic.other_branch)
    near = [name for name in CLOSED if may(name, role) and reach(name, role) == "b"]
    found = answers(stranger, things, [name for name in near if name not in SHARED])
    assert {
        name: a.content for name, a in found.items() if shows(a, name, things, things.all_ids)
    } == {}


def test_a_doctor_finds_nothing_of_a_colleagues_patient(clinic: Clinic, things: Things) -> None:
    assert clinic.doctor2.user
    colleague = clinic.client_of(clinic.doctor2.user)
    near = [name for name in CLOSED if may(name, "doctor") and reach(name, "doctor") == "o"]
    own = SHARED | {"patients_create"}
    found = answers(colleague, things, [name for name in near if name not in own])
    assert {
        name: a.content for name, a in found.items() if shows(a, name, things, things.of_patients)
    } == {}
    treating = answers(clinic.client("doctor"), things, near)
    assert (
        len([name for name, a in treating.items() if shows(a, name, things, things.of_patients)])
        > len(near) / 2
    )


def test_each_operation_is_really_done_by_somebody(clinic: Clinic, things: Things) -> None:
    """The control of the tests above: what they send is meant seriously, so a refusal is one of rights."""
    left = set(CLOSED) - NOT_DONE
    for role in ("owner", "doctor", "cashier", "warehouse", "marketer", "call_center"):
        found = answers(clinic.client(role), things, left)
        left -= {name for name, answer in found.items() if answer.status_code < 300}
    assert left == set()


def test_the_matrix_would_notice_a_right_too_many(
    clinic: Clinic, things: Things, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(permissions.MATRIX["payments:write"], "registrar", "branch")
    found = answers(clinic.client("registrar"), things, ["payments_create"])
    assert not is_refused(found["payments_create"])
    assert not may("payments_create", "registrar")


def test_patients_have_no_entrance_yet(clinic: Clinic, things: Things) -> None:
    found = answers(clinic.client("patient"), things)
    assert {name: a.status_code for name, a in found.items() if a.status_code != 403} == {}


def test_nobody_is_let_in_without_logging_in(anonymous: Any, things: Things) -> None:
    found = answers(anonymous, things)
    assert {name: a.status_code for name, a in found.items() if a.status_code != 401} == {}
