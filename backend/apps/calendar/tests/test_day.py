from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.calendar.tests.helpers import DAY, URL, at, body, day_url, moment
from apps.core import screens
from apps.core.models import JournalEntry
from apps.patients.models import PatientAccount
from testing.clinics import CANARY


@pytest.fixture(autouse=True)
def _a_new_quarter() -> None:
    screens._written.clear()


def test_shows_columns_and_items(desk: Any, clinic: Any, booked: Any) -> None:
    day = desk.get(day_url(clinic)).json()

    assert (day["date"], day["timezone"]) == (str(DAY), "Asia/Almaty")
    assert (moment(day["begins_at"]), moment(day["ends_at"])) == (at(8), at(20))
    first = next(c for c in day["columns"] if c["employee_id"] == str(clinic.doctor.pk))
    assert len(day["columns"]) == 2
    assert (first["name"], first["initials"], first["room"]) == ("Ахметов Б.", "АБ", "Кабинет 1")
    assert (first["load_minutes"], first["shift_minutes"]) == (30, 720)
    (shift,) = first["shifts"]
    assert (moment(shift["starts_at"]), moment(shift["ends_at"])) == (at(8), at(20))
    assert shift["chair_id"] == str(clinic.chair.pk)
    assert day["items"] == [booked]


def test_canceled_ones_are_shown_and_weigh_nothing(desk: Any, clinic: Any, booked: Any) -> None:
    desk.post(f"{URL}/{booked['id']}/cancel", {"version": 1, "by": "clinic", "reason": "x"})
    day = desk.get(day_url(clinic)).json()
    assert [i["status"] for i in day["items"]] == ["canceled"]
    assert {c["load_minutes"] for c in day["columns"]} == {0}


def test_an_unchanged_day_is_304_in_one_statement_of_ours(
    desk: Any, clinic: Any, booked: Any
) -> None:
    tag = desk.get(day_url(clinic)).headers["ETag"]
    with CaptureQueriesContext(
        connection,
    ) as seen:
        r = desk.get(day_url(clinic), headers={"If-None-Match": tag})
    assert (r.status_code, r.content) == (304, b"")
    assert len(_ours(seen)) <= 2  # the counter, and once in a quarter of an hour the journal


def test_every_change_gives_a_new_tag(desk: Any, clinic: Any, booked: Any) -> None:
    tags = [desk.get(day_url(clinic)).headers["ETag"]]
    desk.post(f"{URL}/{booked['id']}/status", {"status": "confirmed", "version": 1})
    tags.append(desk.get(day_url(clinic)).headers["ETag"])
    desk.patch(f"{URL}/{booked['id']}", {"note": "x", "version": 2})
    tags.append(desk.get(day_url(clinic)).headers["ETag"])
    assert len(set(tags)) == 3


def test_the_tag_belongs_to_one_persons_rights(desk: Any, as_role: Any, clinic: Any) -> None:
    tags = {
        c.get(day_url(clinic)).headers["ETag"] for c in (desk, as_role("doctor"), as_role("owner"))
    }
    assert len(tags) == 3


def test_takes_three_statements_however_full(
    desk: Any, clinic: Any, booked: Any, in_tenant: Any
) -> None:
    with CaptureQueriesContext(connection) as one:
        desk.get(day_url(clinic))
    for hour in range(11, 19):
        for minute in (0, 15, 30, 45):
            assert desk.post(URL, body(clinic, at(hour, minute), 15)).status_code == 201
    screens._written.clear()
    with CaptureQueriesContext(connection) as many:
        day = desk.get(day_url(clinic)).json()
    assert len(day["items"]) == 33
    assert len(_ours(one)) == len(_ours(many)) == 3


def _ours(seen: Any) -> list[str]:
    """Without transaction, tenant and session."""
    texts = [query["sql"] for query in seen.captured_queries]
    return [
        t for t in texts if not any(w in t for w in ("SAVEPOINT", "set_config", "core_session"))
    ]


def test_a_look_leaves_one_row_a_quarter_of_an_hour(
    desk: Any, clinic: Any, booked: Any, in_tenant: Any, django_capture_on_commit_callbacks: Any
) -> None:
    for _ in range(3):
        with django_capture_on_commit_callbacks(execute=True):
            desk.get(day_url(clinic))
    with in_tenant():
        looks = JournalEntry.objects.filter(event="calendar_day_viewed", actor=desk.user)
        assert [look.branch_id for look in looks] == [clinic.branch.pk]


def test_a_doctor_sees_his_own_column_only(
    desk: Any, as_role: Any, clinic: Any, booked: Any
) -> None:
    desk.post(URL, body(clinic, at(12), employee=str(clinic.doctor2.pk)))

    day = as_role("doctor").get(day_url(clinic)).json()

    assert [c["employee_id"] for c in day["columns"]] == [str(clinic.doctor.pk)]
    assert [i["id"] for i in day["items"]] == [booked["id"]]


def test_phone_balance_and_allergy_by_right(
    as_role: Any, clinic: Any, booked: Any, in_tenant: Any
) -> None:
    with in_tenant():
        PatientAccount.objects.filter(patient=clinic.patient).update(balance=Decimal("-18500"))
    seen = {}
    for role in ("registrar", "cashier", "readonly", "call_center", "doctor", "nurse"):
        (item,) = as_role(role).get(day_url(clinic)).json()["items"]
        seen[role] = (item["phone"] == clinic.patient.phone, item["balance"], item["has_allergy"])
    assert seen == {
        "registrar": (True, "-18500.00", True),
        "cashier": (False, "-18500.00", False),
        "readonly": (False, "-18500.00", False),
        "call_center": (True, None, True),
        "doctor": (True, "-18500.00", True),
        "nurse": (False, None, False),
    }
    assert item["phone"] == "+7 701 ••• •• 01"


@pytest.mark.parametrize("role", ["accountant", "warehouse", "marketer"])
def test_is_closed_to_those_without_appointments(as_role: Any, clinic: Any, role: str) -> None:
    assert as_role(role).get(day_url(clinic)).status_code == 403


def test_a_strangers_branch_does_not_exist(
    desk: Any, rival: Any, as_role: Any, clinic: Any
) -> None:
    as_role("registrar", clinic=rival).post(URL, body(rival))
    r = desk.get(day_url(rival))
    unknown = desk.get(f"/api/v1/calendar/day?branch={uuid4()}&date={DAY}")
    assert r.status_code == unknown.status_code == 400
    assert r.json() == unknown.json()
    assert CANARY not in desk.get(day_url(clinic)).content.decode()
    away = as_role("registrar", branch=clinic.other_branch)
    assert away.get(day_url(clinic)).status_code == 400


@pytest.mark.parametrize("date", ["2026-13-01", "x", "0001-01-01", "9999-12-31"])
def test_an_odd_date_is_not_an_error_of_ours(desk: Any, clinic: Any, date: str) -> None:
    assert desk.get(day_url(clinic, date)).status_code in (200, 400)


def test_the_week_is_a_window_with_filters(desk: Any, clinic: Any, booked: Any) -> None:
    other = desk.post(
        URL, body(clinic, at(12), employee=str(clinic.doctor2.pk), patient=str(clinic.patient2.pk))
    ).json()

    def ids(**query: Any) -> list[str]:
        r = desk.get(URL, {"branch": clinic.branch.pk, "from": DAY, "to": DAY} | query)
        assert r.status_code == 200, r.content
        assert r.json()["total"] == len(r.json()["items"]) and r.json()["next"] is None
        return [i["id"] for i in r.json()["items"]]

    assert ids() == [booked["id"], other["id"]]
    assert ids(employee=clinic.doctor2.pk) == [other["id"]]
    assert ids(patient=clinic.patient.pk) == [booked["id"]]
    assert ids(status="canceled") == []
    assert ids(**{"from": DAY + timedelta(days=1), "to": DAY + timedelta(days=31)}) == []


def test_a_window_is_bounded(desk: Any, clinic: Any, booked: Any, monkeypatch: Any) -> None:
    from apps.calendar import queries

    query = {"branch": clinic.branch.pk, "from": DAY, "to": DAY + timedelta(days=31)}
    assert "to" in desk.get(URL, query).json()["fields"]
    assert "to" in desk.get(URL, query | {"to": DAY - timedelta(days=1)}).json()["fields"]
    monkeypatch.setattr(queries, "LIMIT", 0)
    assert "to" in desk.get(URL, query | {"to": DAY}).json()["fields"]


def test_an_unchanged_window_is_304(desk: Any, clinic: Any, booked: Any) -> None:
    query = {"branch": clinic.branch.pk, "from": DAY, "to": DAY}
    tag = desk.get(URL, query).headers["ETag"]
    assert desk.get(URL, query, headers={"If-None-Match": tag}).status_code == 304
    other = desk.get(URL, query | {"status": "booked"}, headers={"If-None-Match": tag})
    assert other.status_code == 200
