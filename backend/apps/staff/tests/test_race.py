from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections

from apps.core.tenancy import tenant
from apps.staff.models import Shift
from testing.clinics import build_clinic


def test_two_managers_give_one_person_one_shift(committed_db):
    clinic, start = build_clinic(), Barrier(4)
    clients = [clinic.client("owner") for _ in range(4)]
    with tenant(clinic.pk):
        Shift.objects.filter(employee=clinic.doctor).delete()
    body = {
        "employee": str(clinic.doctor.pk), "branch": str(clinic.branch.pk), "weekday": 1,
        "starts": "09:00", "ends": "14:00", "valid_from": "2026-01-05",
    }  # fmt: skip

    def give(number: int) -> int:
        start.wait(timeout=20)
        try:
            return clients[number].post("/api/v1/staff/shifts", body).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(give, range(4)))

    assert statuses == [201, 400, 400, 400]
    with tenant(clinic.pk):
        assert Shift.objects.filter(employee=clinic.doctor).count() == 1
