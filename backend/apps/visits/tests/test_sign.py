from decimal import Decimal

import pytest

from apps.billing.models import Invoice
from apps.core.models import JournalEntry
from apps.core.permissions import STAFF
from apps.visits.models import Visit

URL = "/api/v1/visits"


@pytest.fixture
def treated(clinic, doctor, visit):
    works = [{"service": str(clinic.service.pk), "tooth": 36}, {"service": str(clinic.service2.pk)}]
    return doctor.put(f"{URL}/{visit['id']}/works", {"version": 1, "items": works}).json()


def sign(person, visit):
    return person.post(f"{URL}/{visit['id']}/sign", {"version": visit["version"]})


def test_the_doctor_signs_and_the_invoice_is_there(clinic, doctor, treated, in_tenant):
    r = sign(doctor, treated)

    assert r.status_code == 200, r.content
    shown = r.json()
    assert (shown["status"], shown["total"]) == ("signed", "20000.00")
    assert shown["signed_by"] == clinic.doctor.user.short_name
    assert shown["started_at"] and shown["signed_at"]
    assert shown["can"] | {"discount_cap": None} == {
        "diary": False, "works": False, "sign": False, "price": False, "discount_cap": None,
    }  # fmt: skip
    with in_tenant():
        invoice = Invoice.objects.get(visit_id=shown["id"])
        assert (invoice.total, invoice.state) == (Decimal(20000), "issued")
        assert invoice.employee_id == clinic.doctor.pk
        assert [line.amount for line in invoice.lines.order_by("position")] == [15000, 5000]
        event = JournalEntry.objects.get(event="visit_completed")
        assert event.data["total"] == "20000.00"
        assert [w["amount"] for w in event.data["works"]] == ["15000.00", "5000.00"]


def test_a_signed_visit_is_closed_for_good(clinic, doctor, treated, in_tenant):
    signed = sign(doctor, treated).json()
    url = f"{URL}/{signed['id']}"
    exam = {"service": str(clinic.service2.pk)}
    version = {"version": signed["version"]}

    refusals = [
        doctor.patch(url, version | {"complaints": "x"}),
        doctor.patch(url, {"version": 1, "complaints": "x"}),
        doctor.put(f"{url}/diagnoses", version | {"items": []}),
        doctor.put(f"{url}/works", version | {"items": [exam]}),
        doctor.post(f"{url}/start"),
        sign(doctor, signed),
    ]

    assert {(r.status_code, r.json()["code"]) for r in refusals} == {(409, "visit_signed")}
    with in_tenant():
        assert Visit.objects.get(pk=signed["id"]).version == signed["version"]
        assert Invoice.objects.count() == 1


def test_a_stale_signature_is_refused(doctor, treated):
    r = doctor.post(f"{URL}/{treated['id']}/sign", {"version": 1})

    assert (r.status_code, r.json()["code"]) == (409, "stale")


@pytest.mark.parametrize("role", [role.value for role in STAFF if role != "doctor"])
def test_nobody_else_signs(as_role, treated, role):
    assert sign(as_role(role), treated).status_code == 403


def test_a_colleague_and_a_stranger_do_not_find_it(clinic, rival, as_user, as_role, treated):
    assert sign(as_user(clinic.doctor2.user), treated).status_code == 404
    assert sign(as_role("doctor", clinic=rival), treated).status_code == 404


def test_a_visit_without_works_gives_an_invoice_of_nothing(doctor, visit, in_tenant):
    assert sign(doctor, visit).status_code == 200

    with in_tenant():
        invoice = Invoice.objects.get()
        assert (invoice.total, invoice.state) == (0, "paid")
        assert not invoice.transfers.exists()


def test_starting_says_when(doctor, visit):
    url = f"{URL}/{visit['id']}/start"

    first, again = doctor.post(url), doctor.post(url)

    assert first.json()["started_at"] is not None
    assert again.json()["started_at"] == first.json()["started_at"]
    assert again.json()["version"] == first.json()["version"] == 2
