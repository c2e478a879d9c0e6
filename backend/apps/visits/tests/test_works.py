from decimal import Decimal

import pytest

from apps.services.models import Price
from apps.visits.models import WorkDone
from apps.visits.pricing import amount

URL = "/api/v1/visits"


def put(person, visit, *items, version=1):
    return person.put(f"{URL}/{visit['id']}/works", {"version": version, "items": list(items)})


def test_works_are_priced_by_the_base_list(clinic, doctor, visit):
    r = put(
        doctor,
        visit,
        {"service": str(clinic.service.pk), "tooth": 36},
        {"service": str(clinic.service2.pk), "quantity": 2, "discount_percent": "10"},
    )

    assert r.status_code == 200, r.content
    assert [(w["price"], w["amount"]) for w in r.json()["works"]] == [
        ("15000.00", "15000.00"),
        ("5000.00", "9000.00"),
    ]
    assert r.json()["total"] == "24000.00"
    assert {w["employee"] for w in r.json()["works"]} == {str(clinic.doctor.pk)}
    assert r.json()["version"] == 2


def test_a_tooth_bound_service_needs_a_tooth(clinic, doctor, visit):
    r = put(doctor, visit, {"service": str(clinic.service.pk)})

    assert (r.status_code, list(r.json()["fields"])) == (400, ["items.0.tooth"])


def test_a_doctor_does_not_set_prices(clinic, doctor, visit):
    exam = {"service": str(clinic.service2.pk)}

    r = put(doctor, visit, exam | {"price": "1.00"})

    assert (r.status_code, list(r.json()["fields"])) == (400, ["items.0.price"])
    assert put(doctor, visit, exam | {"price": "5000.00"}).status_code == 200


def test_an_agreed_price_stays_when_the_list_moves(clinic, doctor, visit, in_tenant):
    exam = {"service": str(clinic.service2.pk)}
    put(doctor, visit, exam)
    with in_tenant():
        Price.objects.filter(service=clinic.service2).update(amount=Decimal(9000))

    r = put(doctor, visit, exam | {"quantity": 2}, version=2)

    assert [w["price"] for w in r.json()["works"]] == ["5000.00"]


def test_a_discount_stays_within_the_cap_of_the_role(clinic, doctor, visit):
    exam = {"service": str(clinic.service2.pk)}

    assert put(doctor, visit, exam | {"discount_percent": "10"}).status_code == 200
    r = put(doctor, visit, exam | {"discount_percent": "10.01"}, version=2)
    # The discount that was given stays possible; one that was not is above the cap.
    assert (r.status_code, list(r.json()["fields"])) == (400, ["items.0.discount_percent"])


def test_strangers_do_not_exist(clinic, rival, doctor, visit):
    service = put(doctor, visit, {"service": str(rival.service2.pk)})
    employee = put(
        doctor, visit, {"service": str(clinic.service2.pk), "employee": str(rival.doctor.pk)}
    )

    assert (service.status_code, list(service.json()["fields"])) == (400, ["items.0.service"])
    assert (employee.status_code, list(employee.json()["fields"])) == (400, ["items.0.employee"])


def test_a_refused_list_leaves_the_old_one(clinic, doctor, visit, in_tenant):
    put(doctor, visit, {"service": str(clinic.service2.pk)})
    put(doctor, visit, {"service": str(clinic.service.pk)}, version=2)

    with in_tenant():
        assert [w.service_id for w in WorkDone.objects.all()] == [clinic.service2.pk]


def test_the_number_of_statements_does_not_grow(
    clinic, doctor, visit, django_assert_max_num_queries
):
    exam = {"service": str(clinic.service2.pk), "employee": str(clinic.doctor.pk)}
    with django_assert_max_num_queries(24):
        assert put(doctor, visit, *[exam] * 100).status_code == 200


@pytest.mark.parametrize(
    "bad",
    [{"quantity": 0}, {"quantity": 100}, {"quantity": 1.5}, {"price": "-1"}, {"price": "1e3"},
     {"price": "0.001"}, {"discount_percent": "101"}, {"discount_percent": "-1"}, {"tooth": 86},
     {"amount": "1.00"}, {"service": "x"}],
)  # fmt: skip
def test_bad_lines_are_field_errors(clinic, doctor, visit, bad):
    r = put(doctor, visit, {"service": str(clinic.service2.pk)} | bad)

    assert (r.status_code, list(r.json()["fields"])) == (400, [f"items.0.{next(iter(bad))}"])


def test_amounts_are_rounded_half_up_to_the_tiyn():
    assert amount(Decimal("0.05"), 1, Decimal(50)) == Decimal("0.03")
    assert amount(Decimal("33.33"), 3, Decimal("33.33")) == Decimal("66.66")
    assert amount(Decimal(100), 1, Decimal(100)) == Decimal("0.00")
