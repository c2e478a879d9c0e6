"""One appointment, free places, and the appointments of a patient."""

from datetime import timedelta
from typing import Any

from apps.calendar.tests.helpers import URL, at, body
from apps.core.models import JournalEntry


def test_the_drawer_shows_services_steps_and_history(
    desk: Any, clinic: Any, in_tenant: Any
) -> None:
    services = [{"service": str(clinic.service.pk)}]
    row = desk.post(URL, body(clinic, services=services, chair=str(clinic.chair.pk))).json()
    desk.patch(f"{URL}/{row['id']}", {"version": 1, "note": "x"})

    shown = desk.get(f"{URL}/{row['id']}").json()

    assert shown["services"][0]["price"] == "15000.00"
    assert shown["employee_name"] == clinic.doctor.short_name
    assert shown["chair_name"] == "Кабинет 1, Кресло 1"
    assert [s["status"] for s in shown["steps"]] == ["booked"]
    assert [h["event"] for h in shown["history"]] == ["appointment_edited", "appointment_booked"]
    assert shown["history"][0]["changed"] == ["note"]
    assert shown["allowed"] == ["confirmed", "arrived", "canceled"]
    assert shown["can_edit"] is True
    with in_tenant():
        look = JournalEntry.objects.get(event="appointments_viewed")
        assert (look.actor_id, look.patient_id) == (desk.user.pk, clinic.patient.pk)


def test_three_people(as_role: Any, as_user: Any, clinic: Any, rival: Any, booked: Any) -> None:
    url = f"{URL}/{booked['id']}"
    own = as_role("doctor").get(url)
    assert own.json()["allowed"] == ["confirmed"] and own.json()["can_edit"] is False
    assert as_role("cashier").get(url).json()["allowed"] == []
    assert as_user(clinic.doctor2.user).get(url).status_code == 404
    assert as_role("owner", clinic=rival).get(url).status_code == 404
    assert as_role("registrar", branch=clinic.other_branch).get(url).status_code == 404
    assert as_role("marketer").get(url).status_code == 403


def test_next_and_past_of_a_patient(desk: Any, as_role: Any, clinic: Any, rival: Any) -> None:
    soon = desk.post(URL, body(clinic)).json()
    later = desk.post(URL, body(clinic, at(10) + timedelta(days=1))).json()
    past = desk.post(URL, body(clinic, at(10) - timedelta(days=14))).json()
    url = f"/api/v1/calendar/patients/{clinic.patient.pk}/appointments"

    def ids(client: Any = desk, **query: Any) -> list[str]:
        return [i["id"] for i in client.get(url, query).json()["items"]]

    assert ids(when="next") == [soon["id"], later["id"]]
    assert ids(when="past") == [past["id"]]
    assert ids() == [later["id"], soon["id"], past["id"]]
    page = desk.get(url, {"size": 2}).json()
    assert (page["total"], page["next"], len(page["items"])) == (3, 2, 2)
    assert as_role("registrar", branch=clinic.other_branch).get(url).status_code == 404
    assert as_role("owner", clinic=rival).get(url).status_code == 404


def test_its_statements_do_not_grow(
    desk: Any, clinic: Any, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    url = f"/api/v1/calendar/patients/{clinic.patient.pk}/appointments"
    for hour in range(10, 18):
        desk.post(URL, body(clinic, at(hour)))
    with django_assert_max_num_queries(10):
        assert len(desk.get(url).json()["items"]) == 8
