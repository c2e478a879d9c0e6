from datetime import UTC, datetime

import pytest

from apps.calendar.models import Appointment
from apps.core.tenancy import tenant
from apps.demo import seed
from apps.demo.seed import Plan
from apps.org.models import Organization
from apps.patients.models import Patient

SMALL = [
    Plan("Ақ Тіс", branches=2, doctors=2, patients=120, prefix=""),
    Plan("Дента Плюс", branches=1, doctors=1, patients=60, prefix="plus."),
]
NOON = datetime(2026, 11, 25, 7, tzinfo=UTC)


@pytest.fixture
def accounts(db):
    return seed.write(NOON, 1, SMALL)


def test_two_organisations_with_a_busy_calendar_and_clean_books(accounts):
    ours = Organization.objects.get(name="Ақ Тіс")
    with tenant(ours.pk):
        statuses = set(Appointment.objects.values_list("status", flat=True))
        assert {"done", "booked", "confirmed", "canceled", "no_show"} <= statuses
        assert Patient.objects.count() == 120


def test_every_role_has_an_account_and_passwords_are_all_different(accounts):
    ours = [row for row in accounts if row[0] == "Ақ Тіс"]
    assert len({password for _, _, password, _ in ours}) == len(ours)
    assert {"owner", "registrar", "cashier", "doctor1", "auditor"} <= {
        login for _, login, _, _ in ours
    }


def test_the_same_seed_and_day_make_the_same_people(db):
    first = _names()
    Organization.objects.all()  # the first writing was rolled back with its savepoint
    assert first == _names()


def _names():
    from django.db import transaction

    with transaction.atomic():
        seed.write(NOON, 7, SMALL[1:])
        with tenant(Organization.objects.get().pk):
            names = list(Patient.objects.order_by("card_number").values_list("id", "last_name"))
        transaction.set_rollback(True)
    return names
