from uuid import uuid4

from apps.core.tenancy import tenant
from apps.warehouse.models import Item

URL = "/api/v1/warehouse/items"
GLOVES = {"name": "Перчатки M", "unit": "пара", "minimum": "50"}


def test_the_storekeeper_adds_an_item(as_role):
    keeper = as_role("warehouse")

    r = keeper.post(URL, GLOVES)

    assert r.status_code == 201
    assert r.json()["minimum"] == "50.000"
    assert keeper.get(f"{URL}/{r.json()['id']}").json() == r.json()


def test_a_colleague_reads_but_does_not_add(as_role):
    as_role("warehouse").post(URL, GLOVES)
    owner = as_role("owner")

    assert owner.post(URL, GLOVES | {"name": "Маски"}).status_code == 403
    assert [item["name"] for item in owner.get(URL).json()["items"]] == ["Перчатки M"]


def test_the_cashier_does_not_see_the_storeroom(as_role):
    assert as_role("cashier").get(URL).status_code == 403


def test_a_strangers_item_does_not_exist(as_role, rival):
    theirs = as_role("warehouse", clinic=rival).post(URL, GLOVES).json()
    ours = as_role("warehouse")

    assert ours.get(URL).json()["total"] == 0
    assert ours.get(f"{URL}/{theirs['id']}").status_code == 404
    change = {"version": 1, "name": "X"}
    assert ours.patch(f"{URL}/{theirs['id']}", change).status_code == 404
    assert ours.post(URL, GLOVES).status_code == 201  # their name is free here


def test_two_items_do_not_share_a_name(as_role):
    keeper = as_role("warehouse")
    keeper.post(URL, GLOVES)

    r = keeper.post(URL, GLOVES | {"name": "перчатки m"})

    assert (r.status_code, list(r.json()["fields"])) == (400, ["name"])


def test_a_change_names_its_version_and_a_stale_one_is_refused(as_role):
    keeper = as_role("warehouse")
    item = keeper.post(URL, GLOVES).json()

    r = keeper.patch(f"{URL}/{item['id']}", {"version": 1, "minimum": "70", "is_active": False})
    assert (r.status_code, r.json()["version"], r.json()["minimum"]) == (200, 2, "70.000")

    r = keeper.patch(f"{URL}/{item['id']}", {"version": 1, "minimum": "10"})
    assert (r.status_code, r.json()["code"]) == (409, "stale")
    assert r.json()["details"]["changed"] == ["is_active", "minimum"]


def test_nothing_else_is_writable(as_role, clinic):
    keeper = as_role("warehouse")
    item = keeper.post(URL, GLOVES).json()

    for name, value in {
        "organization": str(uuid4()),
        "id": str(uuid4()),
        "created_at": "x",
    }.items():
        r = keeper.patch(f"{URL}/{item['id']}", {"version": 1, name: value})
        assert (r.status_code, list(r.json()["fields"])) == (400, [name])
    with tenant(clinic.pk):
        assert Item.objects.get().version == 1


def test_a_bad_minimum_is_refused(as_role):
    keeper = as_role("warehouse")
    for bad in ("-1", "1e30", "0.0001", "x", None):
        assert keeper.post(URL, GLOVES | {"minimum": bad}).status_code == 400, bad


def test_finds_any_fragment_and_counts_its_queries(as_role, django_assert_max_num_queries):
    keeper = as_role("warehouse")
    for n in range(30):
        keeper.post(URL, GLOVES | {"name": f"Бор {n:02d}"})

    assert keeper.get(URL, {"q": "ор 1"}).json()["total"] == 10
    page = keeper.get(URL, {"size": 20}).json()
    assert (len(page["items"]), page["total"], page["next"]) == (20, 30, 2)
    with django_assert_max_num_queries(9):
        keeper.get(URL, {"size": 200})
