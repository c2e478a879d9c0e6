from datetime import timedelta
from typing import Any

from apps.calendar.models import Appointment
from apps.core.tenancy import tenant
from apps.reports.tests.money import NOON
from testing.clinics import Clinic

URL = "/api/v1/reports/appointments"
WEEK = {"from": "2026-03-09", "to": "2026-03-15"}


def visit(
    clinic: Clinic, status: str = "done", at: Any = NOON, minutes: int = 60, **more: Any
) -> Any:
    fields = {
        "branch": clinic.branch,
        "patient": clinic.patient,
        "employee": clinic.doctor,
        "status": status,
        "starts_at": at,
        "ends_at": at + timedelta(minutes=minutes),
    }
    with tenant(clinic.pk):
        return Appointment.objects.create(**fields | more)


def test_counts_by_day_and_status(clinic, as_role):
    visit(clinic)
    visit(clinic, "no_show", NOON + timedelta(hours=1))
    visit(clinic, "booked", NOON.replace(hour=20))  # past midnight in Almaty
    visit(clinic, at=NOON + timedelta(days=30))

    report = as_role("owner").get(URL, WEEK).json()

    assert [
        (d["day"], d["total"], d["done"], d["no_show"], d["booked"]) for d in report["items"]
    ] == [
        ("2026-03-10", 2, 1, 1, 0),
        ("2026-03-11", 1, 0, 0, 1),
    ]
    assert report["totals"]["total"] == 3


def test_load_is_booked_of_the_rosters_minutes(clinic, as_role):
    visit(clinic, minutes=90)
    visit(clinic, "canceled", NOON + timedelta(hours=3))
    day = {"from": "2026-03-10", "to": "2026-03-10"}

    load = as_role("owner").get(URL, day).json()["load"]

    assert load[0] == {
        "employee": {"id": str(clinic.doctor.pk), "name": "Ахметов Б."},
        "appointments": 1,
        "booked_minutes": 90,
        "shift_minutes": 720,
        "percent": 13,
    }
    assert (load[1]["booked_minutes"], load[1]["shift_minutes"]) == (0, 720)
    week = as_role("owner").get(URL, WEEK).json()["load"]
    assert week[0]["shift_minutes"] == 7 * 720


def test_cancellations_by_reason(clinic, as_role):
    for hour, (reason, by) in enumerate([("Заболел", "patient")] * 2 + [("", "clinic")]):
        at = NOON + timedelta(hours=hour)
        visit(clinic, "canceled", at, cancel_reason=reason, canceled_by=by)

    report = as_role("owner").get(URL, WEEK).json()
    assert report["cancellations"] == [
        {"reason": "Заболел", "canceled_by": "patient", "count": 2},
        {"reason": "", "canceled_by": "clinic", "count": 1},
    ]
    rows = as_role("owner").get(f"{URL}/rows", WEEK | {"reason": "Заболел"}).json()
    assert rows["total"] == 2


def test_rows_behind_a_figure(clinic, as_role):
    one = visit(clinic, "arrived", is_new_patient=True, services_text="Осмотр")
    visit(clinic, "booked", NOON + timedelta(hours=2))
    owner = as_role("owner")

    rows = owner.get(f"{URL}/rows", WEEK | {"status": "came"}).json()
    assert [row["id"] for row in rows["items"]] == [str(one.pk)]
    assert rows["items"][0]["patient"]["name"] == "Оспанова Әсел Болатқызы"
    assert rows["items"][0]["services"] == "Осмотр"
    assert owner.get(f"{URL}/rows", WEEK | {"is_new_patient": "true"}).json()["total"] == 1
    assert owner.get(f"{URL}/rows", WEEK | {"status": "booked"}).json()["total"] == 1
    assert owner.get(f"{URL}/rows", WEEK).json()["total"] == 2


def test_a_registrar_sees_his_branch_a_doctor_his_own_an_accountant_nothing(clinic, as_role):
    visit(clinic)
    visit(clinic, employee=clinic.doctor2)
    visit(clinic, branch=clinic.other_branch, at=NOON + timedelta(days=1), employee=clinic.doctor2)

    def total(client: Any) -> int:
        rows = client.get(f"{URL}/rows", WEEK).json()["total"]
        assert client.get(URL, WEEK).json()["totals"]["total"] == rows
        return rows

    assert total(as_role("admin")) == 3
    assert total(as_role("registrar", branch=clinic.branch)) == 2
    assert total(as_role("doctor")) == 1
    assert as_role("accountant").get(URL, WEEK).status_code == 403
    assert as_role("warehouse").get(f"{URL}/rows", WEEK).status_code == 403


def test_a_strangers_appointments_are_not_ours(clinic, rival, as_role):
    visit(rival)
    owner = as_role("owner")
    for url in (URL, f"{URL}/rows"):
        r = owner.get(url, WEEK)
        assert "CANARY" not in r.content.decode()
        assert owner.get(url, WEEK | {"branch": str(rival.branch.pk)}).status_code == 400
    assert owner.get(URL, WEEK).json()["totals"]["total"] == 0


def test_counts_its_queries(clinic, as_role, django_assert_max_num_queries):
    for hour in range(30):
        visit(clinic, at=NOON + timedelta(hours=hour))
    owner = as_role("owner")
    with django_assert_max_num_queries(8):
        owner.get(URL, WEEK)
    with django_assert_max_num_queries(9):  # one of them says who looked
        owner.get(f"{URL}/rows", WEEK)
