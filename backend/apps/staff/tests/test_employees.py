import pytest

from apps.core.models import BranchCounter, JournalEntry
from apps.core.tenancy import tenant

URL = "/api/v1/staff/employees"


def body(clinic, **changes):
    return {
        "last_name": "Сейткали", "first_name": "Айнұр", "position": str(clinic.position.pk),
        "branches": [str(clinic.branch.pk)], "specialities": [str(clinic.speciality.pk)],
        "services": [str(clinic.service.pk)], "phone": "8 701 555 66 77", "color": "#FF0000",
    } | changes  # fmt: skip


def test_the_owner_engages_somebody_in_one_body(as_role, clinic):
    owner = as_role("owner")

    r = owner.post(URL, body(clinic))

    assert r.status_code == 201, r.json()
    shown = r.json()
    assert shown["branches"] == [str(clinic.branch.pk)]
    assert shown["services"] == [str(clinic.service.pk)]
    assert shown["specialities"] == [str(clinic.speciality.pk)]
    assert (shown["short_name"], shown["phone"], shown["color"]) == (
        "Сейткали А.",
        "+77015556677",
        "#ff0000",
    )
    assert owner.get(f"{URL}/{shown['id']}").json() == shown


def test_a_change_replaces_the_links_it_names_and_keeps_the_others(as_role, clinic):
    owner = as_role("owner")
    one = owner.post(URL, body(clinic)).json()

    r = owner.patch(f"{URL}/{one['id']}", {"version": 1, "branches": [str(clinic.other_branch.pk)]})

    assert (r.status_code, r.json()["version"]) == (200, 2)
    assert r.json()["branches"] == [str(clinic.other_branch.pk)]
    assert r.json()["services"] == [str(clinic.service.pk)]
    with tenant(clinic.pk):
        assert JournalEntry.objects.get(event="employee_changed").data["changed"] == ["branches"]
        touched = BranchCounter.objects.values_list("branch_id", flat=True)
        assert set(touched) == {clinic.branch.pk, clinic.other_branch.pk}


def test_saying_the_same_again_changes_nothing(as_role, clinic):
    owner = as_role("owner")
    one = owner.post(URL, body(clinic)).json()

    r = owner.patch(f"{URL}/{one['id']}", {"version": 1, "branches": [str(clinic.branch.pk)]})

    assert r.json()["version"] == 1


def test_a_stale_change_is_refused(as_role, clinic):
    owner = as_role("owner")
    url = f"{URL}/{clinic.doctor.pk}"
    owner.patch(url, {"version": 1, "color": "#000000"})

    r = owner.patch(url, {"version": 1, "last_name": "Другой"})

    assert (r.status_code, r.json()["code"]) == (409, "stale")


def test_a_colleague_reads_without_contacts_and_does_not_write(as_role, clinic):
    desk = as_role("registrar")

    row = next(r for r in desk.get(URL).json()["items"] if r["id"] == str(clinic.doctor.pk))
    assert (row["phone"], row["email"]) == ("", "")
    assert desk.get(f"{URL}/{clinic.doctor.pk}").json()["phone"] == ""
    assert as_role("owner").get(f"{URL}/{clinic.doctor.pk}").json()["phone"] == clinic.doctor.phone
    assert desk.post(URL, body(clinic)).status_code == 403
    assert desk.patch(f"{URL}/{clinic.doctor.pk}", {"version": 1}).status_code == 403


def test_a_strangers_rows_do_not_exist(as_role, clinic, rival):
    owner = as_role("owner")

    assert owner.get(f"{URL}/{rival.doctor.pk}").status_code == 404
    assert owner.patch(f"{URL}/{rival.doctor.pk}", {"version": 1}).status_code == 404
    for field, row in (
        ("position", rival.position), ("branches", rival.branch), ("services", rival.service),
        ("specialities", rival.speciality), ("user", rival.doctor.user),
    ):  # fmt: skip
        one = str(row.pk)
        r = owner.post(
            URL, body(clinic, **{field: one if field in ("position", "user") else [one]})
        )
        assert (r.status_code, list(r.json()["fields"])) == (400, [field])
    for name in ("branch", "position"):
        assert owner.get(URL, {name: str(getattr(rival, name).pk)}).status_code == 400
    assert "CANARY" not in owner.get(URL).content.decode()


def test_an_account_belongs_to_one_employee(as_role, clinic):
    owner = as_role("owner")
    desk = as_role("registrar").user

    assert owner.post(URL, body(clinic, user=str(desk.pk))).json()["user"] == str(desk.pk)
    r = owner.post(URL, body(clinic, user=str(clinic.doctor.user_id)))
    assert (r.status_code, list(r.json()["fields"])) == (400, ["user"])


def test_a_branch_manager_keeps_to_his_branches(as_role, clinic):
    manager = as_role("branch_admin", branch=clinic.branch)
    elsewhere = (
        as_role("owner").post(URL, body(clinic, branches=[str(clinic.other_branch.pk)])).json()
    )
    both = [str(clinic.branch.pk), str(clinic.other_branch.pk)]

    one = manager.post(URL, body(clinic))
    assert one.status_code == 201
    assert manager.post(URL, body(clinic, branches=both)).status_code == 403
    assert list(manager.post(URL, body(clinic, branches=[])).json()["fields"]) == ["branches"]
    assert manager.get(f"{URL}/{elsewhere['id']}").status_code == 404
    url = f"{URL}/{one.json()['id']}"
    assert manager.patch(url, {"version": 1, "branches": both}).status_code == 403
    assert manager.patch(url, {"version": 1, "first_name": "Анар"}).status_code == 200


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "ахмет"}, ["Ахметов"]),
        ({"q": "ahmet bek"}, ["Ахметов"]),
        ({"q": "zzz"}, []),
        ({"treats": "true"}, ["Ахметов", "Ким"]),
        ({"treats": "false"}, ["Сейткали"]),
        ({"is_active": "false"}, ["Ким"]),
        ({}, ["Ахметов", "Ким", "Сейткали"]),
    ],
)
def test_the_list_is_narrowed(as_role, clinic, query, found):
    owner = as_role("owner")
    desk = owner.post("/api/v1/staff/positions", {"name": "Администратор"}).json()
    owner.post(URL, body(clinic, position=desk["id"]))
    owner.patch(f"{URL}/{clinic.doctor2.pk}", {"version": 1, "is_active": False})

    assert [row["last_name"] for row in owner.get(URL, query).json()["items"]] == found


def test_by_branch_position_and_speciality(as_role, clinic):
    owner = as_role("owner")
    one = owner.post(URL, body(clinic, branches=[str(clinic.other_branch.pk)])).json()

    for query in (
        {"branch": str(clinic.other_branch.pk)},
        {"speciality": str(clinic.speciality.pk)},
    ):
        assert [row["id"] for row in owner.get(URL, query).json()["items"]] == [one["id"]]
    assert owner.get(URL, {"position": str(clinic.position.pk)}).json()["total"] == 3


def test_nothing_else_is_writable(as_role, clinic):
    for name in ("id", "organization", "created_at", "short_name"):
        r = as_role("owner").patch(f"{URL}/{clinic.doctor.pk}", {"version": 1, name: "x"})
        assert (r.status_code, list(r.json()["fields"])) == (400, [name])


def test_the_list_costs_the_same_whatever_its_length(as_role, clinic, django_assert_num_queries):
    owner = as_role("owner")
    for _ in range(5):
        owner.post(URL, body(clinic))
    with django_assert_num_queries(7):  # savepoint, tenant, session, count, rows, back, release
        owner.get(URL)


def test_what_is_left_to_others_is_told(as_role, clinic, rival):
    owner = as_role("owner")

    def name_for(employee, *services):
        version = owner.get(f"{URL}/{employee.pk}").json()["version"]
        body = {"version": version, "services": [str(one.pk) for one in services]}
        assert owner.patch(f"{URL}/{employee.pk}", body).status_code == 200

    def left(employee):
        return as_role("registrar").get(f"{URL}/{employee.pk}").json()["left_to_others"]

    assert left(clinic.doctor) == left(clinic.doctor2) == []
    name_for(clinic.doctor, clinic.service)
    assert (left(clinic.doctor), left(clinic.doctor2)) == ([], [str(clinic.service.pk)])
    name_for(clinic.doctor2, clinic.service, clinic.service2)
    assert (left(clinic.doctor), left(clinic.doctor2)) == ([str(clinic.service2.pk)], [])
    version = owner.get(f"{URL}/{clinic.doctor2.pk}").json()["version"]
    owner.patch(f"{URL}/{clinic.doctor2.pk}", {"version": version, "is_active": False})
    assert left(clinic.doctor) == []
