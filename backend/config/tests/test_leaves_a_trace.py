"""Invariant 40: whatever touches a patient leaves who, when, from where and what; so does a refusal."""

from typing import Any

import pytest
from django.db import transaction

from apps.core.models import JournalEntry
from apps.core.tenancy import tenant
from config.tests.calls import send
from config.tests.role_matrix import NEEDED, ROLES, may
from testing.clinics import Clinic
from testing.operations import operations, request_for
from testing.things import Things, one_of_everything

OF_PATIENTS = ("patients", "full iin", "record", "appointments", "visits", "invoices", "payments",
               "messages")  # fmt: skip
# Free and kept places, rules of the grid, looks and counts: no patient is in them.
WITHOUT = {
    "break_rules_list",
    "holds_create",
    "holds_destroy",
    "load_list",
    "reports_appointments",
    "reserves_list",
    "slots_list",
    "views_list",
}
TOUCHING = [
    name
    for name, needed in NEEDED.items()
    if needed.startswith(OF_PATIENTS) and name not in WITHOUT
]


@pytest.fixture
def things(clinic: Clinic) -> Things:
    return one_of_everything(clinic)


def trace_of(
    clinic: Clinic, things: Things, name: str, role: str
) -> tuple[Any, list[JournalEntry]]:
    """The answer, and what the journal got of it; then all of it is taken back."""
    operation = operations()[name]
    with tenant(clinic.pk):
        known = set(JournalEntry.objects.values_list("pk", flat=True))
    person = clinic.client(role)
    with transaction.atomic():
        answer = send(person, operation, request_for(operation, things))
        with tenant(clinic.pk):
            found = list(JournalEntry.objects.exclude(pk__in=known).select_related("actor"))
        transaction.set_rollback(True)
    return answer, found


@pytest.mark.parametrize("name", TOUCHING)
def test_what_is_done_and_what_is_refused_is_in_the_journal(
    name: str, clinic: Clinic, things: Things
) -> None:
    able = [role for role in (*("owner", "doctor", "cashier"), *ROLES) if may(name, role)]
    for role in able:
        answer, found = trace_of(clinic, things, name, role)
        if answer.status_code < 300:
            break
    assert answer.status_code < 300, answer.content
    assert found
    assert {row.outcome for row in found} <= {"done", "viewed"}
    assert {(row.actor, row.address) for row in found} == {(clinic.user(role), "127.0.0.1")}

    unable = [role for role in ROLES if not may(name, role)]
    for role in unable[:1]:
        answer, found = trace_of(clinic, things, name, role)
        assert answer.status_code == 403
        assert [(row.outcome, row.event, row.actor) for row in found] == [
            ("refused", "refused", clinic.user(role))
        ]
