"""Recurring breaks: twelve months that exist, or nothing; the night carries them on."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.calendar import audit, break_rules
from apps.calendar.models import Break, BreakRule, Occupancy
from apps.calendar.tests.helpers import DAY, URL, ZONE, at, body, day_url
from apps.core.models import JournalEntry
from apps.core.permissions import Scope
from apps.core.tenancy import tenant
from apps.org.models import Branch

RULES = "/api/v1/calendar/break-rules"
BREAKS = "/api/v1/calendar/breaks"
TODAY = datetime.now(ZONE).date()


def rule(clinic: Any, **more: Any) -> dict[str, Any]:
    return {
        "branch": str(clinic.branch.pk),
        "employee": str(clinic.doctor.pk),
        "kind": "lunch",
        "weekdays": [1, 2, 3, 4, 5, 6, 7],
        "starts": "13:00",
        "ends": "14:00",
        "valid_from": str(TODAY + timedelta(days=1)),
        "reason": "Обед",
    } | more


@pytest.fixture
def lunch(desk: Any, clinic: Any) -> dict[str, Any]:
    r = desk.post(RULES, rule(clinic))
    assert r.status_code == 201, r.content
    return r.json()


def test_stands_for_twelve_months(desk: Any, clinic: Any, lunch: Any, in_tenant: Any) -> None:
    with in_tenant():
        assert Break.objects.count() == Occupancy.objects.count() == 365
        assert audit.overlaps() == audit.adrift() == []
    assert lunch["carried_to"] == str(TODAY + timedelta(days=365))
    refused = desk.post(URL, body(clinic, at(13, 30)))
    assert refused.json()["code"] == "slot_taken"
    (shown,) = desk.get(day_url(clinic)).json()["breaks"]
    assert (shown["rule_id"], shown["kind"]) == (lunch["id"], "lunch")
    far = datetime.combine(TODAY + timedelta(days=365), time(13), ZONE)
    assert desk.post(URL, body(clinic, far)).json()["code"] == "slot_taken"
    free = datetime.combine(TODAY + timedelta(days=366), time(13), ZONE)
    assert desk.post(URL, body(clinic, free)).status_code == 201


def test_costs_as_much_for_a_year_as_for_a_week(desk: Any, clinic: Any) -> None:
    with CaptureQueriesContext(connection) as week:
        soon = str(TODAY + timedelta(days=7))
        assert desk.post(RULES, rule(clinic, valid_to=soon)).status_code == 201
    with CaptureQueriesContext(connection) as year:
        assert desk.post(RULES, rule(clinic, starts="15:00", ends="15:30")).status_code == 201
    assert len(year) == len(week)


def test_only_its_weekdays_and_dates(desk: Any, clinic: Any, in_tenant: Any) -> None:
    first, last = TODAY + timedelta(days=3), TODAY + timedelta(days=23)
    wanted = rule(clinic, weekdays=[5, 1, 1], valid_from=str(first), valid_to=str(last))
    assert desk.post(RULES, wanted).json()["weekdays"] == [1, 5]
    with in_tenant():
        days = {one.starts_at.astimezone(ZONE).date() for one in Break.objects.all()}
    assert len(days) == 6
    assert all(first <= day <= last and day.isoweekday() in (1, 5) for day in days)


def test_is_refused_whole_with_all_that_is_in_its_way(
    desk: Any, clinic: Any, booked: Any, in_tenant: Any
) -> None:
    later = desk.post(URL, body(clinic, at(10) + timedelta(days=40))).json()

    r = desk.post(RULES, rule(clinic, starts="10:00", ends="10:30"))

    assert (r.status_code, r.json()["code"]) == (409, "break_over_appointments")
    assert [a["id"] for a in r.json()["details"]["appointments"]] == [booked["id"], later["id"]]
    with in_tenant():
        assert not Break.objects.exists() and not BreakRule.objects.exists()
    assert desk.post(RULES, rule(clinic, starts="10:30", ends="11:00")).status_code == 201


def test_over_another_break_it_says_over_which(desk: Any, clinic: Any, lunch: Any) -> None:
    r = desk.post(RULES, rule(clinic, starts="13:30", ends="14:30"))
    assert (r.status_code, r.json()["code"]) == (409, "slot_taken")
    assert len(r.json()["details"]["breaks"]) == 365
    assert [one["kind"] for one in r.json()["details"]["resources"]] == ["employee"]


def test_keeps_the_clock_of_the_wall_across_the_first_of_march_2024(clinic: Any) -> None:
    with tenant(clinic.pk):
        made = placed(
            clinic, datetime(2024, 2, 1, tzinfo=UTC), date(2024, 2, 28), time(13), time(14)
        )
        moments = [one.starts_at for one in made.breaks.order_by("starts_at")[:3]]
    assert moments == [
        datetime(2024, 2, 28, 7, tzinfo=UTC),
        datetime(2024, 2, 29, 7, tzinfo=UTC),
        datetime(2024, 3, 1, 8, tzinfo=UTC),
    ]


def test_an_hour_that_the_zone_skips_is_skipped(clinic: Any) -> None:
    with tenant(clinic.pk):
        Branch.objects.filter(pk=clinic.branch.pk).update(timezone="Europe/Berlin")
        now = datetime(2026, 3, 1, tzinfo=UTC)
        made = placed(clinic, now, date(2026, 3, 28), time(2), time(3))
        berlin = ZoneInfo("Europe/Berlin")
        days = [one.starts_at.astimezone(berlin).day for one in made.breaks.order_by("starts_at")]
    assert days[:3] == [28, 30, 31]


def placed(clinic: Any, now: datetime, first: date, starts: time, ends: time) -> BreakRule:
    return break_rules.place_rule(
        branch_id=clinic.branch.pk,
        employee_id=clinic.doctor.pk,
        kind="lunch",
        weekdays=[1, 2, 3, 4, 5, 6, 7],
        starts=starts,
        ends=ends,
        valid_from=first,
        reach=Scope(all=True),
        by=clinic.user("registrar"),
        now=now,
    )


def test_a_change_makes_the_future_anew_and_leaves_the_past(clinic: Any) -> None:
    by = clinic.user("registrar")
    with tenant(clinic.pk):
        made = placed(
            clinic, datetime(2024, 1, 1, tzinfo=UTC), date(2024, 1, 1), time(13), time(14)
        )
        now = datetime(2024, 3, 10, 6, tzinfo=UTC)
        break_rules.change_rule(
            rule=made, changes={"starts": time(12), "ends": time(13)}, reach=Scope(all=True), by=by, now=now
        )  # fmt: skip
        past = made.breaks.filter(starts_at__lt=now)
        future = made.breaks.filter(starts_at__gte=now)
        assert {one.starts_at.astimezone(ZONE).hour for one in past} == {13}
        assert {one.starts_at.astimezone(ZONE).hour for one in future} == {12}
        assert (past.count(), future.count()) == (69, 366)
        break_rules.remove_rule(rule=made, by=by, now=now)
        assert Break.objects.count() == 69
        assert audit.adrift() == []


def test_a_refused_change_keeps_what_was(desk: Any, clinic: Any, booked: Any, lunch: Any) -> None:
    change = {"version": 1, "starts": "10:00", "ends": "11:00"}
    r = desk.patch(f"{RULES}/{lunch['id']}", change)
    assert r.json()["code"] == "break_over_appointments"
    assert desk.post(URL, body(clinic, at(13, 15))).status_code == 409
    fine = desk.patch(f"{RULES}/{lunch['id']}", change | {"starts": "14:00", "ends": "15:00"})
    assert (fine.status_code, fine.json()["version"]) == (200, 2)
    assert desk.patch(f"{RULES}/{lunch['id']}", change).json()["code"] == "stale"
    backwards = {"version": 2, "ends": "13:30"}
    assert "ends" in desk.patch(f"{RULES}/{lunch['id']}", backwards).json()["fields"]


def test_the_night_carries_it_on_and_twice_is_once(clinic: Any, lunch: Any) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert break_rules.carry_all(tomorrow) == 1
    assert break_rules.carry_all(tomorrow) == 0
    with tenant(clinic.pk):
        assert Break.objects.count() == 366
        assert audit.overlaps() == audit.adrift() == []
        assert str(BreakRule.objects.get().carried_to) == str(TODAY + timedelta(days=366))


def test_the_night_skips_a_day_that_is_taken_and_says_so(
    desk: Any, clinic: Any, lunch: Any, in_tenant: Any
) -> None:
    day = TODAY + timedelta(days=366)
    r = desk.post(URL, body(clinic, datetime.combine(day, time(13), ZONE)))
    assert r.status_code == 201, r.content

    assert break_rules.carry_all(datetime.now(UTC) + timedelta(days=2)) == 1

    with in_tenant():
        (told,) = JournalEntry.objects.filter(event="break_skipped")
        assert told.data["rule_id"] == lunch["id"]
        assert datetime.fromisoformat(told.data["starts_at"]).astimezone(ZONE).date() == day
        assert audit.overlaps() == audit.adrift() == []


def test_a_day_changed_by_hand_is_an_exception_for_good(
    desk: Any, clinic: Any, lunch: Any, in_tenant: Any
) -> None:
    (gone,) = desk.get(day_url(clinic)).json()["breaks"]
    assert desk.delete(f"{BREAKS}/{gone['id']}").status_code == 204
    next_day = DAY + timedelta(days=1)
    (kept,) = desk.get(day_url(clinic, next_day)).json()["breaks"]
    shift = {"starts_at": at(15).isoformat(), "ends_at": at(16).isoformat()}
    moved = desk.patch(f"{BREAKS}/{kept['id']}", {"version": 1} | shift).json()
    assert moved["rule_id"] is None

    change = {"version": 1, "starts": "12:00", "ends": "13:00"}
    assert desk.patch(f"{RULES}/{lunch['id']}", change).status_code == 200

    assert [b["id"] for b in desk.get(day_url(clinic)).json()["breaks"]] == [moved["id"]]
    assert desk.get(day_url(clinic, next_day)).json()["breaks"] == []
    (listed,) = desk.get(RULES, {"branch": clinic.branch.pk}).json()["items"]
    assert listed["skipped"] == [str(DAY), str(next_day)]
    with in_tenant():
        assert audit.overlaps() == audit.adrift() == []


def test_goes_with_its_future(desk: Any, clinic: Any, lunch: Any, in_tenant: Any) -> None:
    assert desk.delete(f"{RULES}/{lunch['id']}").status_code == 204
    assert desk.post(URL, body(clinic, at(13))).status_code == 201
    with in_tenant():
        assert not Break.objects.exists()


def test_bad_rules_get_a_word_at_the_field(desk: Any, clinic: Any) -> None:
    wrong = {
        "ends": {"ends": "12:00"},
        "valid_to": {"valid_to": str(TODAY - timedelta(days=400))},
        "weekdays": {"weekdays": []},
        "starts": {"starts": "25:00"},
        "kind": {"kind": "nap"},
        "valid_from": {"valid_from": "9999-01-01"},
        "branch": {"branch": str(clinic.other_branch.organization_id)},
    }
    for field, change in wrong.items():
        r = desk.post(RULES, rule(clinic) | change)
        assert r.status_code == 400 and field in r.json()["fields"], (field, r.content)
    assert "weekdays.0" in desk.post(RULES, rule(clinic, weekdays=[0])).json()["fields"]


def test_three_people(as_role: Any, clinic: Any, rival: Any, lunch: Any) -> None:
    assert as_role("doctor").post(RULES, rule(clinic)).status_code == 403
    mine = as_role("doctor").get(RULES, {"branch": clinic.branch.pk}).json()
    assert [one["id"] for one in mine["items"]] == [lunch["id"]]
    stranger = as_role("owner", clinic=rival)
    assert stranger.delete(f"{RULES}/{lunch['id']}").status_code == 404
    assert stranger.get(RULES, {"branch": clinic.branch.pk}).json()["items"] == []
    r = stranger.post(RULES, rule(clinic))
    assert r.status_code == 400 and {"branch", "employee"} <= set(r.json()["fields"])
    away = as_role("registrar", branch=clinic.other_branch)
    assert away.delete(f"{RULES}/{lunch['id']}").status_code == 404
