from datetime import UTC, date, datetime, time

import pytest

from apps.core.models import BranchCounter, JournalEntry
from apps.core.tenancy import tenant
from apps.staff import queries
from apps.staff.models import EmployeeBranch, RotaDay, Shift

URL = "/api/v1/staff/shifts"


@pytest.fixture
def doctor(clinic):
    """Without the shifts that the clinic comes with."""
    with tenant(clinic.pk):
        Shift.objects.filter(employee=clinic.doctor).delete()
        EmployeeBranch.objects.create(employee=clinic.doctor, branch=clinic.other_branch)
    return clinic.doctor


def body(clinic, **changes):
    return {
        "employee": str(clinic.doctor.pk), "branch": str(clinic.branch.pk), "room": str(clinic.room.pk),
        "chair": str(clinic.chair.pk), "weekday": 1, "starts": "09:00", "ends": "14:00",
        "valid_from": "2026-01-05",
    } | changes  # fmt: skip


def test_a_branch_manager_gives_a_shift(as_role, clinic, doctor):
    manager = as_role("branch_admin", branch=clinic.branch)

    r = manager.post(URL, body(clinic))

    assert r.status_code == 201, r.json()
    assert (r.json()["starts"], r.json()["valid_to"]) == ("09:00", None)
    listed = manager.get(URL, {"employee": str(doctor.pk)}).json()["items"]
    assert listed == [r.json()]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, "starts"),
        ({"starts": "13:59", "ends": "20:00"}, "starts"),
        ({"valid_from": "2027-01-01"}, "starts"),
        ({"ends": "09:00"}, "ends"),
        ({"valid_to": "2025-01-01"}, "valid_to"),
        ({"weekday": 8}, "weekday"),
        ({"room": None}, "chair"),
    ],
)
def test_a_shift_that_cannot_be_is_refused_by_its_field(as_role, clinic, doctor, changes, field):
    owner = as_role("owner")
    owner.post(URL, body(clinic))

    r = owner.post(URL, body(clinic, **changes))

    assert (r.status_code, list(r.json()["fields"])) == (400, [field])


@pytest.mark.parametrize(
    "changes",
    [
        {"starts": "14:00", "ends": "20:00"},
        {"weekday": 2},
        {"valid_from": "2025-01-01", "valid_to": "2026-01-04"},
    ],
)
def test_shifts_side_by_side_are_fine(as_role, clinic, doctor, changes):
    owner = as_role("owner")
    owner.post(URL, body(clinic))

    assert owner.post(URL, body(clinic, **changes)).status_code == 201


def test_nobody_works_in_two_branches_at_one_time(as_role, clinic, doctor):
    owner = as_role("owner")
    owner.post(URL, body(clinic))
    there = {"branch": str(clinic.other_branch.pk), "room": None, "chair": None}

    r = owner.post(URL, body(clinic, **there))

    assert (r.status_code, list(r.json()["fields"])) == (400, ["starts"])
    assert owner.post(URL, body(clinic, **there, starts="15:00", ends="19:00")).status_code == 201


def test_a_room_of_another_branch_is_refused(as_role, clinic, doctor):
    r = as_role("owner").post(URL, body(clinic, branch=str(clinic.other_branch.pk)))

    assert list(r.json()["fields"]) == ["room"]


def test_who_does_not_work_in_the_branch_gets_no_shift(as_role, clinic):
    there = {"branch": str(clinic.other_branch.pk), "room": None, "chair": None}

    assert list(as_role("owner").post(URL, body(clinic, **there)).json()["fields"]) == ["employee"]


def test_a_change_is_checked_like_a_new_one(as_role, clinic, doctor):
    owner = as_role("owner")
    owner.post(URL, body(clinic))
    one = owner.post(URL, body(clinic, weekday=2)).json()
    url = f"{URL}/{one['id']}"

    assert list(owner.patch(url, {"version": 1, "weekday": 1}).json()["fields"]) == ["starts"]
    r = owner.patch(url, {"version": 1, "ends": "12:00"})
    assert (r.status_code, r.json()["ends"], r.json()["version"]) == (200, "12:00", 2)
    assert owner.patch(url, {"version": 1, "ends": "13:00"}).json()["code"] == "stale"
    with tenant(clinic.pk):
        assert JournalEntry.objects.get(event="shift_changed").data["changed"] == ["ends"]
        assert BranchCounter.objects.get(branch_id=clinic.branch.pk).value == 3


def test_a_shift_is_taken_off(as_role, clinic, doctor):
    owner = as_role("owner")
    one = owner.post(URL, body(clinic)).json()

    assert owner.delete(f"{URL}/{one['id']}").status_code == 204
    assert owner.get(URL, {"employee": str(doctor.pk)}).json()["total"] == 0
    with tenant(clinic.pk):
        assert JournalEntry.objects.filter(event="shift_deleted").count() == 1


def test_a_colleague_and_another_branch_may_not(as_role, clinic, doctor):
    one = as_role("owner").post(URL, body(clinic)).json()
    elsewhere = as_role("branch_admin", branch=clinic.other_branch)

    assert as_role("doctor").post(URL, body(clinic)).status_code == 403
    assert as_role("doctor").delete(f"{URL}/{one['id']}").status_code == 403
    assert elsewhere.post(URL, body(clinic, weekday=5)).status_code == 403
    assert elsewhere.patch(f"{URL}/{one['id']}", {"version": 1}).status_code == 404
    assert elsewhere.delete(f"{URL}/{one['id']}").status_code == 404
    assert elsewhere.get(URL).json()["total"] == 0


def test_a_strangers_rows_do_not_exist(as_role, clinic, rival, doctor):
    owner = as_role("owner")
    with tenant(rival.pk):
        theirs = Shift.objects.first()

    assert owner.patch(f"{URL}/{theirs.pk}", {"version": 1}).status_code == 404
    assert owner.delete(f"{URL}/{theirs.pk}").status_code == 404
    for field, row in (
        ("employee", rival.doctor), ("branch", rival.branch), ("room", rival.room), ("chair", rival.chair)
    ):  # fmt: skip
        r = owner.post(URL, body(clinic, **{field: str(row.pk)}))
        assert (r.status_code, list(r.json()["fields"])) == (400, [field])
    ids = {row["employee"] for row in owner.get(URL).json()["items"]}
    assert ids == {str(clinic.doctor2.pk)}


def test_only_shifts_in_force_within_the_days(as_role, clinic, doctor):
    owner = as_role("owner")
    owner.post(URL, body(clinic, valid_to="2026-01-31"))
    mine = {"employee": str(doctor.pk)}

    for days, total in (
        ({"date_from": "2026-02-01"}, 0),
        ({"date_from": "2026-01-31"}, 1),
        ({"date_to": "2026-01-04"}, 0),
        ({"date_to": "2026-01-05"}, 1),
    ):
        assert owner.get(URL, mine | days).json()["total"] == total


def test_who_works_on_a_day_is_one_statement(clinic, doctor, as_role, django_assert_num_queries):
    owner = as_role("owner")
    owner.post(URL, body(clinic, valid_to="2026-01-12"))
    monday = date(2026, 1, 12)

    with tenant(clinic.pk):
        Shift.objects.filter(employee=clinic.doctor2).delete()
        with django_assert_num_queries(1):
            rows = queries.working(monday, date(2026, 1, 19), branches=[clinic.branch.pk])
        assert queries.working(monday, monday, branches=[clinic.other_branch.pk]) == []
    assert rows == [{
        "employee_id": doctor.pk, "branch_id": clinic.branch.pk, "day": monday,
        "starts_at": datetime(2026, 1, 12, 4, tzinfo=UTC), "ends_at": datetime(2026, 1, 12, 9, tzinfo=UTC),
        "room_id": clinic.room.pk, "chair_id": clinic.chair.pk, "source": "template",
    }]  # fmt: skip


def test_the_list_costs_the_same_whatever_its_length(as_role, clinic, django_assert_num_queries):
    owner = as_role("owner")
    with django_assert_num_queries(7):  # savepoint, tenant, session, count, rows, back, release
        owner.get(URL)


def test_the_two_weeks_of_a_cycle_do_not_meet(as_role, clinic, doctor):
    owner, even = as_role("owner"), {"cycle_weeks": 2, "cycle_week": 0}
    assert owner.post(URL, body(clinic, **even)).json()["cycle_weeks"] == 2

    assert owner.post(URL, body(clinic, cycle_weeks=2, cycle_week=1)).status_code == 201
    for same in (even, {"cycle_weeks": 2, "cycle_week": 1}, {}):
        assert list(owner.post(URL, body(clinic, **same)).json()["fields"]) == ["starts"]
    week = {"cycle_weeks": 1, "cycle_week": 1, "weekday": 3}
    assert list(owner.post(URL, body(clinic, **week)).json()["fields"]) == ["cycle_week"]
    assert list(owner.post(URL, body(clinic, cycle_weeks=3)).json()["fields"]) == ["cycle_weeks"]


def test_a_shift_does_not_meet_a_date_painted_in_another_branch(as_role, clinic, doctor):
    owner, monday = as_role("owner"), date(2026, 1, 12)
    there = {"branch": clinic.other_branch, "employee": doctor, "date": monday}
    with tenant(clinic.pk):
        RotaDay.objects.create(**there, starts=time(13), ends=time(15))

    r = owner.post(URL, body(clinic))

    assert (r.status_code, list(r.json()["fields"])) == (400, ["starts"])
    assert "12.01.2026" in r.json()["fields"]["starts"][0]
    odd = {"cycle_weeks": 2, "cycle_week": 1}  # that of 5 January; the date lies in the other
    for fine in (
        {"ends": "13:00"},
        {"weekday": 2},
        {"valid_from": "2026-01-13", "starts": "13:00"},
        odd,
    ):
        made = owner.post(URL, body(clinic, **fine))
        assert made.status_code == 201, fine
        owner.delete(f"{URL}/{made.json()['id']}")
    assert owner.post(URL, body(clinic, cycle_weeks=2, cycle_week=0)).status_code == 400
    with tenant(clinic.pk):
        RotaDay.objects.create(employee=doctor, branch=clinic.branch, date=monday)  # off here
    assert owner.post(URL, body(clinic)).status_code == 201
