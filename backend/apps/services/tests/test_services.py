from decimal import Decimal

import pytest

from apps.core.models import JournalEntry
from apps.core.tenancy import tenant
from apps.services import queries
from apps.services.models import Price, PriceList

URL = "/api/v1/services"


def body(clinic, **changes):
    return {
        "category": str(clinic.category.pk), "code": "T-10", "name": "Пломба световая", "price": "18500.00",
        "duration_minutes": 45, "is_tooth_bound": True,
    } | changes  # fmt: skip


def test_the_accountant_adds_a_service_with_its_price(as_role, clinic):
    accountant = as_role("accountant")

    r = accountant.post(URL, body(clinic))

    assert r.status_code == 201, r.json()
    assert (r.json()["price"], r.json()["category_name"], r.json()["unit"]) == (
        "18500.00",
        "Терапия",
        "услуга",
    )
    assert accountant.get(f"{URL}/{r.json()['id']}").json() == r.json()
    with tenant(clinic.pk):
        assert queries.base_prices([r.json()["id"]]) == {
            Price.objects.latest("created_at").service_id: Decimal("18500")
        }


def test_a_clinic_without_a_price_list_gets_its_base_one(as_role, clinic):
    with tenant(clinic.pk):
        Price.objects.all().delete()
        PriceList.objects.all().delete()

    assert as_role("owner").post(URL, body(clinic)).json()["price"] == "18500.00"
    assert as_role("owner").get(f"{URL}/{clinic.service.pk}").json()["price"] is None


def test_a_new_price_alone_is_a_change_of_the_service(as_role, clinic):
    owner = as_role("owner")
    url = f"{URL}/{clinic.service.pk}"

    r = owner.patch(url, {"version": 1, "price": "16000"})
    assert (r.json()["price"], r.json()["version"]) == ("16000.00", 2)
    assert owner.patch(url, {"version": 2, "price": "16000.00"}).json()["version"] == 2
    assert owner.patch(url, {"version": 1, "price": "1"}).json()["code"] == "stale"
    with tenant(clinic.pk):
        assert JournalEntry.objects.get(event="service_changed").data == {
            "version": 2,
            "changed": ["price"],
        }


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("price", "-1"),
        ("price", "1.005"),
        ("price", "1e3"),
        ("price", None),
        ("duration_minutes", 4),
        ("duration_minutes", 721),
        ("code", ""),
        ("code", "F1"),
        ("color", "#zzz"),
    ],
)
def test_a_bad_field_is_refused(as_role, clinic, field, bad):
    r = as_role("owner").post(URL, body(clinic, **{field: bad}))

    assert (r.status_code, list(r.json()["fields"])) == (400, [field])


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({}, ["E1", "F1"]),
        ({"q": "кариес"}, ["F1"]),
        ({"q": "KARIES"}, ["F1"]),
        ({"q": "e1"}, ["E1"]),
        ({"q": "нет такого"}, []),
        ({"is_active": "false"}, []),
    ],
)
def test_the_list_is_narrowed(as_role, clinic, query, codes):
    assert [row["code"] for row in as_role("doctor").get(URL, query).json()["items"]] == codes


def test_a_category_holds_what_is_under_it(as_role, clinic):
    owner = as_role("owner")
    child = owner.post(f"{URL}/categories", {"name": "К", "parent": str(clinic.category.pk)}).json()
    owner.post(URL, body(clinic, category=child["id"]))

    assert owner.get(URL, {"category": child["id"]}).json()["total"] == 1
    assert owner.get(URL, {"category": str(clinic.category.pk)}).json()["total"] == 3


def test_a_service_is_taken_off_the_list_and_not_deleted(as_role, clinic):
    owner = as_role("owner")
    url = f"{URL}/{clinic.service.pk}"

    assert owner.patch(url, {"version": 1, "is_active": False}).json()["is_active"] is False
    assert owner.delete(url).status_code == 405
    assert owner.get(URL, {"is_active": "true"}).json()["total"] == 1


def test_a_colleague_reads_only(as_role, clinic):
    for client in (as_role("registrar"), as_role("branch_admin", branch=clinic.branch)):
        assert client.get(URL).json()["total"] == 2
        assert client.post(URL, body(clinic)).status_code == 403
        assert client.patch(f"{URL}/{clinic.service.pk}", {"version": 1}).status_code == 403


def test_a_strangers_service_does_not_exist(as_role, clinic, rival):
    owner = as_role("owner")

    assert owner.get(f"{URL}/{rival.service.pk}").status_code == 404
    assert owner.patch(f"{URL}/{rival.service.pk}", {"version": 1}).status_code == 404
    assert list(
        owner.post(URL, body(clinic, category=str(rival.category.pk))).json()["fields"]
    ) == ["category"]
    assert owner.get(URL, {"category": str(rival.category.pk)}).status_code == 400
    assert owner.post(URL, body(clinic, code=rival.service.code)).status_code == 201
    with tenant(clinic.pk):
        assert queries.base_prices([rival.service.pk]) == {}


def test_nothing_else_is_writable(as_role, clinic):
    for name in ("id", "organization", "category_name", "created_at"):
        r = as_role("owner").patch(f"{URL}/{clinic.service.pk}", {"version": 1, name: "x"})
        assert (r.status_code, list(r.json()["fields"])) == (400, [name])


def test_the_list_costs_the_same_whatever_its_length(as_role, clinic, django_assert_num_queries):
    owner = as_role("owner")
    for n in range(5):
        owner.post(URL, body(clinic, code=f"N{n}"))
    with django_assert_num_queries(7):  # savepoint, tenant, session, count, rows, back, release
        owner.get(URL)


def test_minutes_around_a_service_are_kept_within_two_hours(as_role, clinic):
    owner = as_role("owner")
    url = f"/api/v1/services/{clinic.service.pk}"
    kept = owner.patch(url, {"version": 1, "buffer_before": 10, "buffer_after": 15})
    wrong = owner.patch(url, {"version": 2, "buffer_after": 121})
    assert (kept.json()["buffer_before"], kept.json()["buffer_after"]) == (10, 15)
    assert wrong.status_code == 400 and "buffer_after" in wrong.json()["fields"]
