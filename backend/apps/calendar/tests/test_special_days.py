"""Holidays, other hours and exceptions of the rota, as the calendar and a booking meet them."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from apps.calendar import slots
from apps.calendar.tests.helpers import DAY, URL, at, body, day_url
from apps.core.tenancy import tenant
from apps.org.models import SpecialDay
from apps.staff.models import RotaDay


def closed(clinic: Any, **fields: Any) -> None:
    with tenant(clinic.pk):
        SpecialDay.objects.create(**{"date": DAY, "name": "Наурыз"} | fields)


def test_booking_on_a_closed_day_is_outside_of_the_shift(desk: Any, clinic: Any) -> None:
    assert desk.post(URL, body(clinic, at(9))).status_code == 201
    closed(clinic)
    r = desk.post(URL, body(clinic, at(10)))
    assert (r.status_code, r.json()["code"]) == (400, "outside_shift")

    with tenant(clinic.pk):
        RotaDay.objects.create(
            employee=clinic.doctor, branch=clinic.branch, date=DAY, starts=time(10), ends=time(11)
        )
    assert desk.post(URL, body(clinic, at(10))).status_code == 201
    assert desk.post(URL, body(clinic, at(11))).json()["code"] == "outside_shift"


def test_a_closed_day_has_no_free_places(clinic: Any) -> None:
    wanted = slots.Wanted(
        first=DAY, last=DAY, not_before=at(0), minutes=120, employees=[clinic.doctor.pk]
    )
    closed(clinic, opens=time(18), closes=time(21))
    with tenant(clinic.pk):
        assert [slot.starts_at for slot in slots.find(wanted)] == [at(18)]
        SpecialDay.objects.update(opens=None, closes=None)
        assert slots.find(wanted) == []


def test_the_calendar_says_what_the_day_is(desk: Any, clinic: Any) -> None:
    before = desk.get(day_url(clinic)).json()
    assert (before["special_day"], len(before["columns"])) == ("", 2)

    closed(clinic, branch=clinic.branch)
    shut = desk.get(day_url(clinic)).json()
    assert (shut["special_day"], shut["is_open"], shut["columns"]) == ("Наурыз", False, [])

    with tenant(clinic.pk):
        SpecialDay.objects.update(opens=time(6), closes=time(10))
    short = desk.get(day_url(clinic)).json()
    assert (short["is_open"], datetime.fromisoformat(short["begins_at"])) == (True, at(6))
    (shift,) = short["columns"][0]["shifts"]
    assert datetime.fromisoformat(shift["starts_at"]) == at(8).astimezone(UTC)
    assert datetime.fromisoformat(shift["ends_at"]) == at(10)
    assert desk.get(day_url(clinic, DAY + timedelta(days=1))).json()["special_day"] == ""


def test_everyone_reads_a_holiday_in_his_own_language(desk: Any, as_role: Any, clinic: Any) -> None:
    closed(clinic, date="2026-03-08", name="Международный женский день", holiday="womens_day")
    owner, listed = as_role("owner"), "/api/v1/calendar/special-days"
    there = day_url(clinic).replace(str(DAY), "2026-03-08")
    russian = desk.get(there)
    kazakh = desk.get(
        there, headers={"Accept-Language": "kk", "If-None-Match": russian.headers["ETag"]}
    )

    assert russian.json()["special_day"] == "Международный женский день"
    assert kazakh.status_code == 200  # what was kept in the other language is not current
    assert kazakh.json()["special_day"] == "Халықаралық әйелдер күні"
    (row,) = owner.get(listed, {"year": 2026}, headers={"Accept-Language": "kk"}).json()["items"]
    assert row["name"] == "Халықаралық әйелдер күні"
    month = {"branch": str(clinic.branch.pk), "from": "2026-03-08", "to": "2026-03-08"}
    load = owner.get("/api/v1/calendar/load", month, headers={"Accept-Language": "kk"}).json()
    assert load["days"][0]["special_day"] == "Халықаралық әйелдер күні"
    with tenant(clinic.pk):
        SpecialDay.objects.update(name="Своё имя")
    assert (
        owner.get(listed, headers={"Accept-Language": "kk"}).json()["items"][0]["name"]
        == "Своё имя"
    )
