"""Holidays, blocked days and other hours: whoever arranges the clinic decides, the state's list is only a beginning."""

from typing import Any

import pytest

from apps.core.models import BranchCounter, JournalEntry
from apps.core.tenancy import tenant
from apps.org.models import SpecialDay

URL = "/api/v1/calendar/special-days"


def body(**more: Any) -> dict[str, Any]:
    return {"date": "2026-12-30", "name": "Санитарный день"} | more


def test_the_owner_closes_a_day_of_all_branches(as_role: Any, clinic: Any) -> None:
    owner = as_role("owner")

    r = owner.post(URL, body())

    assert r.status_code == 201, r.json()
    assert (r.json()["branch"], r.json()["opens"], r.json()["holiday"]) == (None, None, "")
    assert owner.get(URL, {"year": 2026}).json()["items"] == [r.json()]
    assert owner.get(URL, {"year": 2027}).json()["total"] == 0
    with tenant(clinic.pk):
        entry = JournalEntry.objects.get(event="special_day_created")
        assert entry.data == {"date": "2026-12-30", "version": 1}
        assert BranchCounter.objects.count() == 2  # both branches are read again


def test_a_branch_manager_gives_his_branch_other_hours(as_role: Any, clinic: Any) -> None:
    manager = as_role("branch_admin", branch=clinic.branch)
    mine = body(branch=str(clinic.branch.pk), opens="10:00", closes="14:00")

    one = manager.post(URL, mine).json()

    assert (one["opens"], one["closes"]) == ("10:00", "14:00")
    assert manager.post(URL, body()).status_code == 403
    assert manager.post(URL, body(branch=str(clinic.other_branch.pk))).status_code == 403
    r = manager.patch(f"{URL}/{one['id']}", {"version": 1, "opens": None, "closes": None})
    assert (r.status_code, r.json()["opens"], r.json()["version"]) == (200, None, 2)
    assert (
        manager.patch(f"{URL}/{one['id']}", {"version": 1, "name": "x"}).json()["code"] == "stale"
    )
    with tenant(clinic.pk):
        assert BranchCounter.objects.get(branch_id=clinic.branch.pk).value == 2
    assert manager.delete(f"{URL}/{one['id']}").status_code == 204
    assert manager.get(URL).json()["total"] == 0


def test_a_branch_manager_sees_but_does_not_change_the_day_of_all(
    as_role: Any, clinic: Any
) -> None:
    one = as_role("owner").post(URL, body()).json()
    manager = as_role("branch_admin", branch=clinic.branch)

    assert manager.get(URL).json()["total"] == 1
    assert manager.patch(f"{URL}/{one['id']}", {"version": 1, "name": "x"}).status_code == 403
    assert manager.delete(f"{URL}/{one['id']}").status_code == 403


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"date": "2026-13-01"}, "date"),
        ({"date": "0001-01-01"}, "date"),
        ({"name": ""}, "name"),
        ({"opens": "10:00"}, "closes"),
        ({"closes": "10:00"}, "opens"),
        ({"opens": "10:00", "closes": "10:00"}, "closes"),
        ({"opens": "10:00", "closes": "9"}, "closes"),
    ],
)
def test_a_day_that_cannot_be_is_refused_by_its_field(
    as_role: Any, more: dict[str, Any], field: str
) -> None:
    r = as_role("owner").post(URL, body(**more))
    assert (r.status_code, list(r.json()["fields"])) == (400, [field])


def test_one_day_is_special_once(as_role: Any, clinic: Any) -> None:
    owner = as_role("owner")
    owner.post(URL, body())
    assert list(owner.post(URL, body(name="Ещё раз")).json()["fields"]) == ["date"]
    assert owner.post(URL, body(branch=str(clinic.branch.pk))).status_code == 201


def test_a_colleague_reads_and_a_stranger_does_not_exist(
    as_role: Any, clinic: Any, rival: Any
) -> None:
    one = as_role("owner").post(URL, body()).json()
    desk, stranger = as_role("registrar"), as_role("owner", clinic=rival)

    assert desk.get(URL).json()["total"] == 1
    assert desk.post(URL, body(date="2026-12-29")).status_code == 403
    assert desk.delete(f"{URL}/{one['id']}").status_code == 403
    assert stranger.get(URL).json()["total"] == 0
    assert stranger.delete(f"{URL}/{one['id']}").status_code == 404
    r = stranger.post(URL, body(branch=str(clinic.branch.pk)))
    assert list(r.json()["fields"]) == ["branch"]


def test_the_states_list_is_taken_over_once(as_role: Any, clinic: Any) -> None:
    owner, kazakh = as_role("owner"), {"Accept-Language": "kk"}
    owner.post(URL, body(date="2027-03-22", name="Работаем", opens="09:00", closes="15:00"))

    first = owner.post(f"{URL}/take-over", {"year": 2027}).json()
    again = owner.post(f"{URL}/take-over", {"year": 2027}).json()
    here = owner.post(
        f"{URL}/take-over", {"year": 2027, "branch": str(clinic.branch.pk)}, headers=kazakh
    ).json()

    assert first["created"] == len(first["items"]) >= 15
    assert again == {"created": 0, "items": []}
    names = {
        one["date"]: one["name"]
        for one in owner.get(URL, {"year": 2027}).json()["items"]
        if not one["branch"]
    }
    assert names["2027-03-22"] == "Работаем"
    assert names["2027-03-08"] == "Международный женский день"
    assert names["2027-01-04"] == "Новый год (перенос)"
    assert names["2027-05-16"] == "Курбан айт (первый день) (дата уточняется)"
    assert here["created"] == first["created"] + 1
    assert {one["holiday"] for one in here["items"]} >= {"nauryz", "kurban_ait"}
    assert "Наурыз мейрамы" in {one["name"] for one in here["items"]}
    assert "Құрбан айттың бірінші күні (күні нақтыланады)" in {one["name"] for one in here["items"]}


def test_a_year_that_nobody_knows_yet_and_a_colleague(as_role: Any, clinic: Any) -> None:
    assert list(as_role("owner").post(f"{URL}/take-over", {"year": 2100}).json()["fields"]) == [
        "year"
    ]
    manager = as_role("branch_admin", branch=clinic.branch)
    assert manager.post(f"{URL}/take-over", {"year": 2027}).status_code == 403
    mine = {"year": 2026, "branch": str(clinic.branch.pk)}
    assert manager.post(f"{URL}/take-over", mine).status_code == 200
    with tenant(clinic.pk):
        assert not SpecialDay.objects.exclude(branch=clinic.branch).exists()
        assert BranchCounter.objects.get().branch_id == clinic.branch.pk


def test_the_list_costs_the_same_whatever_its_length(
    as_role: Any, django_assert_num_queries: Any
) -> None:
    owner = as_role("owner")
    owner.post(f"{URL}/take-over", {"year": 2027})
    with django_assert_num_queries(7):  # savepoint, tenant, session, count, rows, back, release
        owner.get(URL)
