"""Finding room: what comes out is what somebody finds who tries each five minutes, and each of it can be booked."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest

from apps.calendar import slots
from apps.calendar.models import Hold, Occupancy, Reserve
from apps.calendar.tests.helpers import DAY, URL, ZONE, at, body, moment
from apps.core.tenancy import tenant
from apps.org.models import Room
from apps.staff.models import EmployeeService, Shift
from testing.clinics import Clinic
from testing.races import size

SLOTS = "/api/v1/calendar/slots"
BREAKS = "/api/v1/calendar/breaks"
HOLDS = "/api/v1/calendar/holds"
FIVE = timedelta(minutes=5)


def found(client: Any, clinic: Any, **query: Any) -> list[datetime]:
    wanted = {"branch": clinic.branch.pk, "employee": clinic.doctor.pk, "from": DAY, "to": DAY}
    r = client.get(SLOTS, {"minutes": 60, "limit": 50} | wanted | query)
    assert r.status_code == 200, r.content
    return [moment(item["starts_at"]) for item in r.json()["items"]]


def test_room_is_the_shift_without_what_is_taken(desk: Any, clinic: Any, booked: Any) -> None:
    free = found(desk, clinic)
    assert free[:4] == [at(8), at(9), at(10, 30), at(11, 30)] and free[-1] == at(18, 30)
    assert found(desk, clinic, employee=clinic.doctor2.pk, patient=clinic.patient.pk) == free
    assert found(desk, clinic, employee=clinic.doctor2.pk)[:3] == [at(8), at(9), at(10)]
    assert found(desk, clinic, employee=uuid4()) == []


def test_a_part_of_the_day_and_days_of_the_week(desk: Any, clinic: Any, booked: Any) -> None:
    assert found(desk, clinic, window="morning") == [at(8), at(9), at(10, 30)]
    assert found(desk, clinic, window="08:20-10:00,18:00-24:00") == [at(8, 20), at(18), at(19)]
    assert found(desk, clinic, window="evening")[0] == at(17)
    other = (DAY.isoweekday() + 2) % 7 + 1
    assert found(desk, clinic, weekdays=other) == []
    week = found(desk, clinic, weekdays=other, to=DAY + timedelta(days=6))
    assert {start.astimezone(ZONE).isoweekday() for start in week} == {other}


def test_what_is_to_be_done_says_how_long_and_by_whom(desk: Any, clinic: Any) -> None:
    with tenant(clinic.pk):
        clinic.service.duration_minutes, clinic.service.buffer_after = 45, 20
        clinic.service.save()
        EmployeeService.objects.create(employee=clinic.doctor2, service=clinic.service)
    query = {"branch": clinic.branch.pk, "from": DAY, "to": DAY, "service": clinic.service.pk}

    items = desk.get(SLOTS, query | {"limit": 2}).json()["items"]

    assert {item["employee"] for item in items} == {str(clinic.doctor2.pk)}
    assert [moment(item["starts_at"]) for item in items] == [at(8), at(9, 5)]
    assert moment(items[0]["ends_at"]) == at(8, 45)
    assert items[0]["chair"] == str(clinic.chair2.pk)
    both = {"employee": f"{clinic.doctor.pk},{clinic.doctor2.pk}", "service": clinic.service2.pk}
    assert len({i["employee"] for i in desk.get(SLOTS, query | both).json()["items"]}) == 2


def test_a_chair_that_somebody_else_has_is_no_room(desk: Any, clinic: Any) -> None:
    other = {"employee": str(clinic.doctor2.pk), "chair": str(clinic.chair.pk)}
    desk.post(URL, body(clinic, at(9), 60, **other))
    assert found(desk, clinic)[:2] == [at(8), at(10)]
    assert found(desk, clinic, chair=clinic.chair2.pk)[:2] == [at(8), at(9)]
    with tenant(clinic.pk):
        Room.objects.update(is_exclusive=True)
    desk.post(URL, body(clinic, at(10), 60, **other))
    assert found(desk, clinic, chair=clinic.chair2.pk)[:3] == [at(8), at(9), at(11)]


def test_an_answer_goes_on_where_it_ended(desk: Any, clinic: Any) -> None:
    query = {"branch": clinic.branch.pk, "from": DAY, "minutes": 240, "limit": 4}
    whole = desk.get(SLOTS, query | {"limit": 50}).json()["items"]
    first = desk.get(SLOTS, query).json()
    second = desk.get(SLOTS, query | {"after": first["next"]}).json()
    assert first["items"] + second["items"] == whole[:8]
    assert len(whole) == 50 and desk.get(SLOTS, query | {"limit": 50}).json()["items"] == whole
    last = desk.get(SLOTS, query | {"to": DAY, "limit": 50}).json()
    assert (len(last["items"]), last["next"]) == (6, None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("window", "noon"), ("window", "11:00-09:00"), ("weekdays", "8"), ("limit", 51),
        ("after", "2026-11-26~x"), ("to", "2099-01-01"), ("to", "2001-01-01"), ("branch", "x"),
        ("minutes", 0), ("service", "01a00000-0000-7000-8000-000000000000"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_named(desk: Any, clinic: Any, field: str, value: Any) -> None:
    r = desk.get(SLOTS, {"from": DAY} | {field: value})
    assert r.status_code == 400 and field in str(r.json()["fields"]), r.content


def test_each_sees_room_where_he_sees_appointments(
    as_role: Any, as_user: Any, clinic: Any, rival: Any
) -> None:
    query = {"from": DAY, "to": DAY, "limit": 50}
    of = {"branch": clinic.branch.pk}

    def people(client: Any, **more: Any) -> set[str]:
        return {i["employee"] for i in client.get(SLOTS, query | more).json()["items"]}

    assert people(as_role("owner")) == {str(clinic.doctor.pk), str(clinic.doctor2.pk)}
    assert people(as_role("doctor")) == {str(clinic.doctor.pk)}
    assert people(as_user(clinic.doctor2.user), employee=clinic.doctor.pk) == set()
    elsewhere = as_role("registrar", branch=clinic.other_branch)
    assert people(elsewhere) == set() and elsewhere.get(SLOTS, of).status_code == 400
    assert people(as_role("owner", clinic=rival), **of) == set()
    assert as_role("marketer").get(SLOTS).status_code == 403


def test_finding_room_is_one_statement(
    desk: Any, clinic: Any, booked: Any, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(5 + 1):  # around it as in test_statements, without a look
        found(desk, clinic)


# --- beside a walk that tries each place


@pytest.mark.parametrize("seed", range(size(6, 150)))
def test_room_is_what_a_walk_finds_and_all_of_it_can_be_booked(
    desk: Any, clinic: Clinic, seed: int
) -> None:
    dice = random.Random(seed)
    _fill(desk, clinic, dice)
    minutes, before, after = (
        dice.choice([15, 20, 45, 90]),
        dice.choice([0, 10]),
        dice.choice([0, 7]),
    )
    windows = dice.choice([None, [("09:10", "13:00")], [("08:00", "10:20"), ("15:00", "24:00")]])
    wanted = slots.Wanted(
        first=DAY, last=DAY + timedelta(days=2), not_before=at(dice.choice([0, 11])),
        minutes=minutes, branches=[clinic.branch.pk], before=before, after=after, windows=windows,
        patient=clinic.patient2.pk, is_urgent=dice.random() < 0.5, is_new=True,
    )  # fmt: skip
    with tenant(clinic.pk):
        got = slots.find(wanted, most=1000)
        assert got == list(_walk(clinic, wanted))
    for slot in dice.sample(got, min(3, len(got))):
        row = body(clinic, slot.starts_at, minutes, patient=str(clinic.patient2.pk))
        row |= {"employee": str(slot.employee_id), "chair": str(slot.chair_id)}
        r = desk.post(URL, row | {"is_urgent": wanted.is_urgent})
        same = desk.get(f"{URL}/{r.json().get('id')}")
        assert r.status_code == 201, (slot, r.content)
        _cancel(desk, same.json())


def _cancel(desk: Any, row: dict[str, Any]) -> None:
    told = {"version": row["version"], "by": "clinic", "code": "mistake"}
    assert desk.post(f"{URL}/{row['id']}/cancel", told).status_code == 200


def _fill(desk: Any, clinic: Clinic, dice: random.Random) -> None:
    with tenant(clinic.pk):
        for doctor, chair in ((clinic.doctor, clinic.chair), (clinic.doctor2, clinic.chair2)):
            Shift.objects.filter(employee=doctor).delete()
            for weekday in range(1, 8):
                for begins, ends in dice.choice(
                    [[(8, 20)], [(8, 12), (12, 16)], [(9, 13), (14, 18)]]
                ):
                    Shift.objects.create(
                        employee=doctor, branch=clinic.branch, room=clinic.room, chair=chair,
                        weekday=weekday, starts=time(begins), ends=time(ends),
                        valid_from=date(2020, 1, 1),
                    )  # fmt: skip
        Room.objects.update(is_exclusive=dice.random() < 0.3)
        for kind in ("urgent", "new"):
            Reserve.objects.create(
                branch=clinic.branch, employee=dice.choice([None, clinic.doctor]), kind=kind,
                weekdays=dice.sample(range(1, 8), 4), starts=time(dice.randrange(8, 12)),
                ends=time(dice.randrange(13, 17)), valid_from=date(2020, 1, 1),
            )  # fmt: skip
    for _ in range(14):
        start = at(8) + timedelta(days=dice.randrange(3), minutes=5 * dice.randrange(144))
        minutes = dice.choice([20, 35, 60])
        doctor, chair = dice.choice(
            [(clinic.doctor, clinic.chair), (clinic.doctor2, clinic.chair2)]
        )
        place = body(clinic, start, minutes, employee=str(doctor.pk))
        kind = dice.choice(["book", "book", "break", "hold", "over"])
        if kind in ("book", "over"):
            place |= {"chair": str(dice.choice([chair, clinic.chair]).pk), "is_urgent": True}
            client = clinic.client("branch_admin") if kind == "over" else desk
            client.post(URL, place | ({"overbook_reason": "x"} if kind == "over" else {}))
            continue
        del place["patient"]
        desk.post(*((BREAKS, place) if kind == "break" else (HOLDS, place | {"key": str(uuid4())})))
    with tenant(clinic.pk):
        held = list(Hold.objects.values_list("pk", flat=True))
        Hold.objects.filter(pk__in=dice.sample(held, len(held) // 2)).update(
            expires_at=at(0) - timedelta(days=30)
        )


def _walk(clinic: Clinic, wanted: slots.Wanted) -> Iterator[slots.Slot]:
    """Five minutes by five minutes, with nothing but the rows."""
    over = set(Hold.objects.filter(expires_at__lte=datetime.now(ZONE)).values_list("pk", flat=True))
    rows = Rows(
        shifts=list(Shift.objects.all()),
        reserves=list(Reserve.objects.all()),
        taken=[
            (row.resource_id, row.during.lower, row.during.upper)
            for row in Occupancy.objects.all()
            if row.hold_id not in over
        ],
        room=Room.objects.get(),
    )
    places = []
    for ahead in range(3):
        day = wanted.first + timedelta(days=ahead)
        for doctor, chair in ((clinic.doctor, clinic.chair), (clinic.doctor2, clinic.chair2)):
            start = _clock(day, "00:00")
            while start < _clock(day, "24:00"):
                slot = slots.Slot(
                    day,
                    start,
                    start + timedelta(minutes=wanted.minutes),
                    doctor.pk,
                    clinic.branch.pk,
                    chair.pk,
                )
                fits = _fits(slot, wanted, rows)
                step = wanted.minutes + wanted.before + wanted.after if fits else 5
                start += timedelta(minutes=step + -step % 5)
                places += [slot] if fits else []
    yield from sorted(places)


@dataclass
class Rows:
    shifts: list[Shift]
    reserves: list[Reserve]
    taken: list[tuple[Any, datetime, datetime]]
    room: Room


def _clock(day: date, text: Any) -> datetime:
    if text == "24:00":
        day, text = day + timedelta(days=1), "00:00"
    return datetime.combine(day, time.fromisoformat(str(text)), ZONE)


def _fits(slot: slots.Slot, wanted: slots.Wanted, rows: Rows) -> bool:
    day, start, ends = slot.day, slot.starts_at, slot.ends_at
    held = start - timedelta(minutes=wanted.before), ends + timedelta(minutes=wanted.after)
    things = {slot.employee_id, slot.chair_id} | (
        {rows.room.pk} if rows.room.is_exclusive else set()
    )
    shifts = [
        (_clock(day, shift.starts), _clock(day, shift.ends))
        for shift in rows.shifts
        if shift.employee_id == slot.employee_id and shift.weekday == day.isoweekday()
    ]
    worked = sum(
        (min(ends, b) - max(start, a) for a, b in shifts if a < ends and start < b), FIVE * 0
    )
    windows = [(_clock(day, a), _clock(day, b)) for a, b in wanted.windows or [("00:00", "24:00")]]
    return (
        worked == ends - start
        and start >= wanted.not_before
        and any(first <= start and ends <= last for first, last in windows)
        and not any(o in things and a < held[1] and held[0] < b for o, a, b in rows.taken)
        and not any(o == wanted.patient and a < ends and start < b for o, a, b in rows.taken)
        and not any(
            _clock(day, kept.starts) < ends and start < _clock(day, kept.ends)
            for kept in rows.reserves
            if kept.kind not in wanted.reserves
            and kept.employee_id in (None, slot.employee_id)
            and day.isoweekday() in kept.weekdays
        )
    )
