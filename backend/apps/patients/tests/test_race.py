from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections

from apps.core.tenancy import tenant
from apps.patients.models import Patient
from testing.clinics import build_clinic


def test_two_desks_register_one_iin_once(committed_db, new_iin):
    clinic, iin, start = build_clinic(), new_iin("1991-03-04", "F"), Barrier(4)
    clients = [clinic.client("registrar") for _ in range(4)]

    def register(number: int) -> int:
        body = {
            "last_name": f"Гонка{number}",
            "first_name": "А",
            "iin": iin,
            "confirm_duplicate": True,
        }
        start.wait(timeout=20)
        try:
            return clients[number].post("/api/v1/patients", body).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(register, range(4)))

    assert statuses == [201, 409, 409, 409]
    with tenant(clinic.pk):
        numbers = Patient.objects.filter(last_name__startswith="Гонка").values_list(
            "card_number", flat=True
        )
        assert list(numbers) == [1]  # no gap, either
