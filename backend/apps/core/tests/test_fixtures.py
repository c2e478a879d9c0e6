"""The fixtures themselves: two clinics of the same shape that share nothing."""

from typing import Any

from apps.patients.models import Patient
from testing.clinics import CANARY


def test_two_clinics_share_nothing(clinic: Any, rival: Any, in_tenant: Any) -> None:
    with in_tenant():
        assert set(Patient.objects.all()) == {clinic.patient, clinic.patient2}
    with in_tenant(rival):
        assert all(CANARY in patient.last_name for patient in Patient.objects.all())
