"""Branches, rooms and chairs."""

import pytest

from apps.core.models import BranchCounter, JournalEntry
from apps.core.tenancy import tenant

BRANCHES, ROOMS, CHAIRS = "/api/v1/org/branches", "/api/v1/org/rooms", "/api/v1/org/chairs"


def test_the_owner_opens_a_branch(as_role):
    owner = as_role("owner")
    body = {
        "name": "Новый",
        "timezone": "Asia/Aqtau",
        "hours": {"1": ["08:30", "24:00"]},
        "phone": "8 701 111 22 33",
    }

    r = owner.post(BRANCHES, body)

    assert r.status_code == 201, r.json()
    assert owner.get(f"{BRANCHES}/{r.json()['id']}").json() == r.json()
    assert (r.json()["phone"], r.json()["hours"]) == ("+77011112233", {"1": ["08:30", "24:00"]})


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("timezone", "Asia/Nowhere"),
        ("hours", {"8": ["09:00", "10:00"]}),
        ("hours", {"1": ["10:00", "09:00"]}),
        ("hours", {"1": ["9", "10"]}),
        ("hours", {"1": ["09:00"]}),
        ("color", "red"),
        ("name", ""),
    ],
)
def test_a_bad_branch_is_refused_by_its_field(as_role, field, bad):
    r = as_role("owner").post(BRANCHES, {"name": "Новый"} | {field: bad})

    assert r.status_code == 400
    assert next(iter(r.json()["fields"])).split(".")[0] == field


def test_two_branches_do_not_share_a_name_but_two_clinics_may(as_role, clinic, rival):
    owner = as_role("owner")

    r = owner.post(BRANCHES, {"name": clinic.branch.name})
    assert (r.status_code, list(r.json()["fields"])) == (400, ["name"])
    assert owner.post(BRANCHES, {"name": rival.branch.name}).status_code == 201


def test_a_branch_manager_sees_and_changes_his_branch_and_opens_none(as_role, clinic):
    manager = as_role("branch_admin", branch=clinic.branch)
    url = f"{BRANCHES}/{clinic.branch.pk}"

    assert [b["id"] for b in manager.get(BRANCHES).json()["items"]] == [str(clinic.branch.pk)]
    assert manager.patch(url, {"version": 1, "address": "Абая 1"}).json()["version"] == 2
    assert manager.get(f"{BRANCHES}/{clinic.other_branch.pk}").status_code == 404
    assert manager.post(BRANCHES, {"name": "Новый"}).status_code == 403
    body = {"branch": str(clinic.other_branch.pk), "name": "Чужой"}
    assert manager.post(ROOMS, body).status_code == 403


def test_a_colleague_reads_and_does_not_write(as_role, clinic):
    desk = as_role("registrar")

    assert desk.get(BRANCHES).json()["total"] == 2
    assert desk.post(BRANCHES, {"name": "Новый"}).status_code == 403
    assert desk.post(ROOMS, {"branch": str(clinic.branch.pk), "name": "Х"}).status_code == 403
    assert desk.post(CHAIRS, {"room": str(clinic.room.pk), "name": "Х"}).status_code == 403


def test_a_strangers_places_do_not_exist(as_role, rival):
    owner = as_role("owner")
    change = {"version": 1, "name": "Х"}

    for url, row in ((BRANCHES, rival.branch), (ROOMS, rival.room), (CHAIRS, rival.chair)):
        assert owner.patch(f"{url}/{row.pk}", change).status_code == 404
        assert "CANARY" not in owner.get(url).content.decode()
    for url, body in (
        (ROOMS, {"branch": str(rival.branch.pk), "name": "Х"}),
        (CHAIRS, {"room": str(rival.room.pk), "name": "Х"}),
    ):
        r = owner.post(url, body)
        assert r.status_code == 400
        assert not {"branch", "room"}.isdisjoint(r.json()["fields"])
    assert owner.get(ROOMS, {"branch": str(rival.branch.pk)}).status_code == 400


def test_rooms_and_chairs_are_listed_by_branch(as_role, clinic):
    owner = as_role("owner")
    room = owner.post(ROOMS, {"branch": str(clinic.other_branch.pk), "name": "Хирургия"}).json()
    chair = owner.post(CHAIRS, {"room": room["id"], "name": "Кресло"}).json()

    assert chair["branch"] == str(clinic.other_branch.pk)
    there = {"branch": str(clinic.other_branch.pk)}
    assert [r["id"] for r in owner.get(ROOMS, there).json()["items"]] == [room["id"]]
    assert [c["id"] for c in owner.get(CHAIRS, there).json()["items"]] == [chair["id"]]
    assert owner.get(CHAIRS, {"room": room["id"]}).json()["total"] == 1


def test_a_place_is_closed_and_not_deleted(as_role, clinic):
    owner = as_role("owner")
    url = f"{CHAIRS}/{clinic.chair.pk}"

    assert owner.patch(url, {"version": 1, "is_active": False}).json()["is_active"] is False
    assert owner.delete(url).status_code == 405
    active = owner.get(CHAIRS, {"is_active": "true"}).json()["items"]
    assert [c["id"] for c in active] == [str(clinic.chair2.pk)]


def test_a_chair_does_not_move_to_another_branch(as_role, clinic):
    owner = as_role("owner")
    room = owner.post(ROOMS, {"branch": str(clinic.other_branch.pk), "name": "Хирургия"}).json()

    r = owner.patch(f"{CHAIRS}/{clinic.chair.pk}", {"version": 1, "room": room["id"]})

    assert (r.status_code, list(r.json()["fields"])) == (400, ["room"])


@pytest.mark.parametrize("place", ["branch", "room", "chair"])
def test_a_stale_change_is_refused(as_role, clinic, place):
    owner = as_role("owner")
    url = f"/api/v1/org/{place}{'es' if place == 'branch' else 's'}/{getattr(clinic, place).pk}"
    assert owner.patch(url, {"version": 1, "name": "Раз"}).status_code == 200

    r = owner.patch(url, {"version": 1, "name": "Два"})

    assert (r.status_code, r.json()["code"]) == (409, "stale")
    assert owner.patch(url, {"name": "Два"}).status_code == 400


def test_a_change_is_journalled_and_touches_the_day(as_role, clinic):
    as_role("owner").patch(f"{ROOMS}/{clinic.room.pk}", {"version": 1, "name": "Хирургия"})

    with tenant(clinic.pk):
        entry = JournalEntry.objects.get(event="room_changed")
        assert BranchCounter.objects.get(branch_id=clinic.branch.pk).value == 1
    assert entry.data == {"version": 2, "changed": ["name"]}


def test_nothing_else_is_writable(as_role, clinic):
    for name in ("id", "organization", "version_", "created_at"):
        r = as_role("owner").patch(f"{BRANCHES}/{clinic.branch.pk}", {"version": 1, name: "x"})
        assert (r.status_code, list(r.json()["fields"])) == (400, [name])


@pytest.mark.parametrize("url", [BRANCHES, ROOMS, CHAIRS])
def test_lists_cost_the_same_whatever_their_length(as_role, clinic, django_assert_num_queries, url):
    owner = as_role("owner")
    for n in range(5):
        room = owner.post(ROOMS, {"branch": str(clinic.branch.pk), "name": f"К {n}"}).json()
        owner.post(CHAIRS, {"room": room["id"], "name": "1"})
        owner.post(BRANCHES, {"name": f"Ф {n}"})
    with django_assert_num_queries(7):  # savepoint, tenant, session, count, rows, back, release
        owner.get(url)
