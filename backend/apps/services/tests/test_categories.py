import pytest

from apps.core.models import JournalEntry
from apps.core.tenancy import tenant

URL = "/api/v1/services/categories"


def add(client, name, parent=None, **more):
    r = client.post(URL, {"name": name, "parent": parent} | more)
    assert r.status_code == 201, r.json()
    return r.json()


def test_the_tree_comes_as_a_flat_list_with_paths(as_role, clinic):
    owner = as_role("owner")
    surgery = add(owner, "Хирургия", position=1)
    add(owner, "Имплантация", surgery["id"])
    add(owner, "Гигиена", position=2)

    items = owner.get(URL).json()["items"]

    assert [item["path"] for item in items] == [
        ["Терапия"], ["Хирургия"], ["Хирургия", "Имплантация"], ["Гигиена"],
    ]  # fmt: skip
    assert items[2]["parent"] == surgery["id"]


def test_neighbours_stand_in_kazakh_order(as_role):
    owner = as_role("owner")
    for name in ("Өңдеу", "Ортодонтия", "Ә", "Ж"):
        add(owner, name)

    names = [item["name"] for item in owner.get(URL).json()["items"]]
    assert names == ["Ә", "Ж", "Ортодонтия", "Өңдеу", "Терапия"]


def test_a_category_does_not_stand_inside_itself(as_role, clinic):
    owner = as_role("owner")
    child = add(owner, "Кариес", str(clinic.category.pk))
    url = f"{URL}/{clinic.category.pk}"

    for parent in (child["id"], str(clinic.category.pk)):
        r = owner.patch(url, {"version": 1, "parent": parent})
        assert (r.status_code, list(r.json()["fields"])) == (400, ["parent"])


def test_the_tree_is_not_deeper_than_six(as_role):
    owner = as_role("owner")
    top = last = add(owner, "1")
    for level in range(2, 7):
        last = add(owner, str(level), last["id"])

    assert owner.post(URL, {"name": "7", "parent": last["id"]}).status_code == 400
    other = add(owner, "0")
    assert (
        owner.patch(f"{URL}/{top['id']}", {"version": 1, "parent": other["id"]}).status_code == 400
    )


def test_a_stale_change_is_refused_and_a_good_one_journalled(as_role, clinic):
    owner = as_role("owner")
    url = f"{URL}/{clinic.category.pk}"

    assert owner.patch(url, {"version": 1, "name": "Лечение"}).json()["path"] == ["Лечение"]
    assert owner.patch(url, {"version": 1, "name": "Другое"}).json()["code"] == "stale"
    with tenant(clinic.pk):
        assert JournalEntry.objects.get(event="category_changed").data == {
            "version": 2,
            "changed": ["name"],
        }


@pytest.mark.parametrize("role", ["registrar", "doctor", "readonly"])
def test_a_colleague_reads_only(as_role, clinic, role):
    client = as_role(role)

    assert client.get(URL).json()["total"] == 1
    assert client.post(URL, {"name": "Новая"}).status_code == 403
    assert client.patch(f"{URL}/{clinic.category.pk}", {"version": 1}).status_code == 403


def test_a_strangers_category_does_not_exist(as_role, rival):
    owner = as_role("owner")

    assert owner.patch(f"{URL}/{rival.category.pk}", {"version": 1, "name": "X"}).status_code == 404
    r = owner.post(URL, {"name": "X", "parent": str(rival.category.pk)})
    assert (r.status_code, list(r.json()["fields"])) == (400, ["parent"])
    assert "CANARY" not in owner.get(URL).content.decode()


def test_a_name_stands_once_under_its_parent(as_role, clinic):
    owner = as_role("owner")

    assert list(owner.post(URL, {"name": "Терапия"}).json()["fields"]) == ["name"]
    assert (
        owner.post(URL, {"name": "Терапия", "parent": str(clinic.category.pk)}).status_code == 201
    )


def test_the_tree_is_one_statement(as_role, django_assert_num_queries):
    owner = as_role("owner")
    for n in range(5):
        add(owner, f"Раздел {n}")
    with django_assert_num_queries(6):  # savepoint, tenant, session, tree, back, release
        owner.get(URL)
