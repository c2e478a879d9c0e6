from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

from django.db import connections

from apps.core.tenancy import tenant
from apps.staff.models import EmployeeBranch, RotaDay, Shift
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


def test_two_branches_paint_one_persons_day_and_one_of_them_gets_it(committed_db):
    clinic, start = build_clinic(), Barrier(2)
    clients = [clinic.client("owner") for _ in range(2)]
    branches = [clinic.branch, clinic.other_branch]
    with tenant(clinic.pk):
        Shift.objects.filter(employee=clinic.doctor).delete()
        EmployeeBranch.objects.create(employee=clinic.doctor, branch=clinic.other_branch)
    dates = [str(clinic.branch.today(datetime.now(UTC)) + timedelta(days=n)) for n in range(1, 8)]

    def paint(number: int) -> int:
        body = {
            "branch": str(branches[number].pk), "employees": [str(clinic.doctor.pk)], "dates": dates,
            "what": "hours", "spans": [{"starts": "09:00", "ends": "14:00"}],
        }  # fmt: skip
        start.wait(timeout=20)
        try:
            return clients[number].post("/api/v1/calendar/rota/paint", body).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        statuses = sorted(pool.map(paint, range(2)))

    assert statuses == [200, 400]
    with tenant(clinic.pk):
        assert RotaDay.objects.count() == 7
