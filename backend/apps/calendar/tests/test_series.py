"""Appointments made in one go: all, or a word for each that does not fit."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from apps.calendar import audit, series
from apps.calendar.models import Appointment, Occupancy, Series
from apps.calendar.tests.helpers import DAY, URL, at, body, moment
from apps.core.models import JournalEntry

SERIES = "/api/v1/calendar/series"
WEEK = timedelta(days=7)


def weekly(clinic: Any, count: int = 4, **more: Any) -> dict[str, Any]:
    return (
        body(clinic, chair=str(clinic.chair.pk))
        | {
            "rule": "weekly",
            "count": count,
        }
        | more
    )


@pytest.fixture
def made(desk: Any, clinic: Any) -> dict[str, Any]:
    r = desk.post(SERIES, weekly(clinic))
    assert r.status_code == 201, r.content
    return r.json()  # type: ignore[no-any-return]


@pytest.fixture
def in_the_way(desk: Any, clinic: Any) -> dict[str, Any]:
    """Somebody else with the doctor two weeks on."""
    r = desk.post(URL, body(clinic, at(10) + 2 * WEEK, patient=str(clinic.patient2.pk)))
    return r.json()  # type: ignore[no-any-return]


def test_books_all_of_them_and_tells_of_each(made: Any, in_tenant: Any) -> None:
    assert [moment(one["starts_at"]) for one in made["items"]] == [
        at(10) + WEEK * number for number in range(4)
    ]
    assert {one["series_id"] for one in made["items"]} == {made["id"]}
    assert {one["origin"] for one in made["items"]} == {"series"}
    with in_tenant():
        assert JournalEntry.objects.filter(event="appointment_booked").count() == 4
        assert Occupancy.objects.count() == 12
        assert audit.overlaps() == audit.adrift() == []


def test_every_few_days_and_on_chosen_dates(desk: Any, clinic: Any) -> None:
    every = desk.post(SERIES, weekly(clinic, 3, rule="days", every=10)).json()
    dates = [str(DAY + timedelta(days=n)) for n in (5, 2)]
    chosen = desk.post(SERIES, weekly(
        clinic, rule="dates", dates=dates, starts_at=at(15).isoformat(), ends_at=at(16).isoformat()
    )).json()  # fmt: skip
    assert [moment(one["starts_at"]) for one in every["items"]] == [
        at(10) + timedelta(days=n) for n in (0, 10, 20)
    ]
    assert [moment(one["starts_at"]) for one in chosen["items"]] == [
        at(15) + timedelta(days=n) for n in (0, 2, 5)
    ]


def test_one_that_does_not_fit_keeps_nothing(
    desk: Any, clinic: Any, in_the_way: Any, in_tenant: Any
) -> None:
    r = desk.post(SERIES, weekly(clinic))

    assert (r.status_code, r.json()["code"]) == (409, "series_conflicts")
    (conflict,) = r.json()["details"]["conflicts"]
    assert (conflict["index"], conflict["code"]) == (2, "slot_taken")
    assert conflict["resources"][0]["id"] == str(clinic.doctor.pk)
    assert moment(conflict["free"][0]["starts_at"]) == at(10, 30) + 2 * WEEK
    assert r.json()["details"]["possible"] == 3
    with in_tenant():
        assert (Appointment.objects.count(), Series.objects.count()) == (1, 0)
        assert audit.overlaps() == audit.adrift() == []


def test_books_the_free_ones_when_told_so(
    desk: Any, clinic: Any, in_the_way: Any, in_tenant: Any
) -> None:
    r = desk.post(SERIES, weekly(clinic, skip_conflicts=True))
    assert r.status_code == 201, r.content
    assert (len(r.json()["items"]), len(r.json()["conflicts"])) == (3, 1)
    with in_tenant():
        assert audit.overlaps() == audit.adrift() == []


def test_a_repeated_key_books_once(desk: Any, clinic: Any, in_tenant: Any) -> None:
    headers = {"Idempotency-Key": "once"}
    first, again = (desk.post(SERIES, weekly(clinic), headers=headers) for _ in range(2))
    assert (first.json(), first.status_code) == (again.json(), 201)
    with in_tenant():
        assert Appointment.objects.count() == 4


def test_says_where_the_doctor_does_not_work(desk: Any, clinic: Any) -> None:
    late = {"starts_at": at(20).isoformat(), "ends_at": at(21).isoformat()}
    conflicts = desk.post(SERIES, weekly(clinic, 2, **late)).json()["details"]["conflicts"]
    assert [one["code"] for one in conflicts] == ["outside_shift", "outside_shift"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"count": 61}, "count"),
        ({"every": 0}, "every"),
        ({"rule": "dates"}, "dates"),
        ({"rule": "dates", "dates": ["2020-01-01"]}, "dates"),
        ({"rule": "monthly"}, "rule"),
    ],
)
def test_a_senseless_rule_is_told_at_its_field(
    desk: Any, clinic: Any, wrong: Any, field: str
) -> None:
    r = desk.post(SERIES, weekly(clinic) | wrong)
    assert r.status_code == 400 and field in r.json()["fields"], r.content


def test_a_strangers_doctor_or_patient_does_not_exist(desk: Any, clinic: Any, rival: Any) -> None:
    r = desk.post(SERIES, weekly(clinic, employee=str(rival.doctor.pk)))
    assert r.status_code == 400 and "employee" in r.json()["fields"]


def test_keeps_the_hour_on_the_wall_when_the_clock_changes() -> None:
    zone, found = ZoneInfo("Europe/Berlin"), []

    def find(starts_at: datetime, ends_at: datetime) -> Any:
        found.append(starts_at)
        return object()

    days = series.days(date(2026, 3, 27), "days", 1, 4, [])
    begin = datetime(2026, 3, 27, 2, 30, tzinfo=zone).astimezone(UTC)
    rows = series.occurrences(begin, begin + timedelta(hours=1), zone, days, find)

    assert [one.fault and one.fault.code for one in rows] == [None, None, "no_such_hour", None]
    assert {one.astimezone(zone).time() for one in found} == {time(2, 30)}


def test_this_and_the_following_move_by_as_much(
    desk: Any, clinic: Any, made: Any, in_tenant: Any
) -> None:
    second = made["items"][1]
    start = at(12) + WEEK + timedelta(days=1)
    r = desk.post(
        f"{SERIES}/{made['id']}/move",
        {
            "appointment": second["id"],
            "version": 1,
            "starts_at": start.isoformat(),
            "ends_at": (start + timedelta(minutes=45)).isoformat(),
            "employee": str(clinic.doctor2.pk),
            "chair": None,
        },
    )
    assert r.status_code == 200, r.content
    moved = r.json()["items"]
    assert [moment(one["starts_at"]) for one in moved] == [start + WEEK * n for n in range(3)]
    assert {moment(one["ends_at"]) - moment(one["starts_at"]) for one in moved} == {
        timedelta(minutes=45)
    }
    shown = desk.get(f"{SERIES}/{made['id']}").json()["items"]
    assert [one["version"] for one in shown] == [1, 2, 2, 2]
    with in_tenant():
        assert audit.overlaps() == audit.adrift() == []


def test_may_move_onto_its_own_places(desk: Any, clinic: Any, made: Any) -> None:
    start = at(10) + WEEK
    r = desk.post(f"{SERIES}/{made['id']}/move", {
        "appointment": made["items"][0]["id"], "version": 1,
        "starts_at": start.isoformat(), "ends_at": (start + timedelta(minutes=30)).isoformat(),
    })  # fmt: skip
    assert r.status_code == 200, r.content


def test_a_move_that_does_not_fit_moves_nothing(
    desk: Any, clinic: Any, made: Any, in_tenant: Any
) -> None:
    desk.post(URL, body(clinic, at(12) + 2 * WEEK, patient=str(clinic.patient2.pk)))
    to = {"starts_at": at(12).isoformat(), "ends_at": at(12, 30).isoformat()}

    r = desk.post(
        f"{SERIES}/{made['id']}/move",
        {"appointment": made["items"][0]["id"], "version": 1} | to,
    )

    assert (r.status_code, r.json()["code"]) == (409, "series_conflicts")
    (conflict,) = r.json()["details"]["conflicts"]
    assert (conflict["index"], moment(conflict["starts_at"])) == (2, at(12) + 2 * WEEK)
    with in_tenant():
        assert set(Appointment.objects.filter(series=made["id"]).values_list("version")) == {(1,)}
        assert audit.overlaps() == audit.adrift() == []


def test_what_has_begun_stays(desk: Any, clinic: Any, made: Any, in_tenant: Any) -> None:
    with in_tenant():
        Appointment.objects.filter(pk=made["items"][2]["id"]).update(status="done")
    cancel = {"by": "patient", "code": "elsewhere", "version": 1}
    r = desk.post(f"{SERIES}/{made['id']}/cancel", cancel | {"appointment": made["items"][1]["id"]})
    assert r.status_code == 200, r.content
    with in_tenant():
        rows = Appointment.objects.filter(series=made["id"]).order_by("starts_at")
        assert [row.status for row in rows] == ["booked", "canceled", "done", "canceled"]
        assert [row.cancel_code for row in rows] == ["", "elsewhere", "", "elsewhere"]
        assert JournalEntry.objects.filter(event="appointment_canceled").count() == 2
        assert audit.overlaps() == audit.adrift() == []


def test_a_stale_version_or_another_series_is_refused(
    desk: Any, clinic: Any, made: Any, booked_later: Any
) -> None:
    cancel = {"by": "clinic", "code": "mistake", "version": 9}
    stale = desk.post(
        f"{SERIES}/{made['id']}/cancel", cancel | {"appointment": made["items"][0]["id"]}
    )
    foreign = desk.post(
        f"{SERIES}/{made['id']}/cancel", cancel | {"appointment": booked_later["id"]}
    )
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")
    assert foreign.status_code == 400 and "appointment" in foreign.json()["fields"]


@pytest.fixture
def booked_later(desk: Any, clinic: Any) -> dict[str, Any]:
    r = desk.post(URL, body(clinic, at(17), patient=str(clinic.patient2.pk)))
    return r.json()  # type: ignore[no-any-return]


def test_those_who_may_not_book_may_not_book_a_series(
    as_role: Any, rival: Any, clinic: Any, made: Any
) -> None:
    assert as_role("doctor").post(SERIES, weekly(clinic)).status_code == 403
    assert as_role("registrar", clinic=rival).get(f"{SERIES}/{made['id']}").status_code == 404
