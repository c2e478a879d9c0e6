from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.billing.tests.money import INVOICES, issue, open_shift, pay
from apps.core.models import JournalEntry
from apps.patients.models import PatientAccount
from testing.clinics import CANARY


def body(clinic, **changes):
    return {
        "branch": str(clinic.branch.pk),
        "patient": str(clinic.patient.pk),
        "lines": [{"service": str(clinic.service2.pk), "quantity": 3}],
    } | changes


def test_an_invoice_by_hand(clinic, as_role, in_tenant):
    r = as_role("registrar", branch=clinic.branch).post(INVOICES, body(clinic))

    assert r.status_code == 201, r.content
    shown = r.json()
    year = clinic.branch.today(timezone.now()).year
    assert (shown["label"], shown["total"], shown["due"]) == (
        f"{year}-00001",
        "15000.00",
        "15000.00",
    )
    assert (shown["paid"], shown["refunded"]) == ("0.00", "0.00")
    assert (shown["state"], shown["visit"], shown["payments"]) == ("issued", None, None)
    assert [(x["name"], x["quantity"], x["amount"]) for x in shown["lines"]] == [
        (clinic.service2.name, 3, "15000.00")
    ]
    with in_tenant():
        assert PatientAccount.objects.get(patient=clinic.patient).balance == -15000
        event = JournalEntry.objects.get(event="invoice_issued")
        assert event.data["total"] == "15000.00"
        assert event.data["day"] == str(clinic.branch.today(timezone.now()))


def test_numbers_follow_each_other_in_each_clinic(clinic, rival, owner, as_role):
    assert [issue(owner, clinic)["number"] for _ in range(3)] == [1, 2, 3]
    assert issue(as_role("owner", clinic=rival), rival)["number"] == 1


def test_the_front_desk_sets_no_prices_and_gives_no_discounts(clinic, as_role):
    line = {"service": str(clinic.service2.pk)}
    front_desk = as_role("registrar", branch=clinic.branch)

    price = front_desk.post(INVOICES, body(clinic, lines=[line | {"price": "1"}]))
    discount = front_desk.post(INVOICES, body(clinic, lines=[line | {"discount_percent": "1"}]))

    assert (price.status_code, list(price.json()["fields"])) == (400, ["lines.0.price"])
    assert (discount.status_code, list(discount.json()["fields"])) == (
        400,
        ["lines.0.discount_percent"],
    )


@pytest.mark.parametrize("name", ["total", "paid", "state", "number", "refunded", "visit"])
def test_sums_state_and_number_are_never_told(clinic, owner, name):
    r = owner.post(INVOICES, body(clinic, **{name: "1"}))

    assert (r.status_code, list(r.json()["fields"])) == (400, [name])


def test_an_invoice_is_never_changed_or_deleted(owner, invoice):
    url = f"{INVOICES}/{invoice['id']}"

    for answer in (owner.patch(url, {"paid": "1"}), owner.put(url, {}), owner.delete(url)):
        assert answer.status_code == 405


@pytest.mark.parametrize(
    ("role", "status"),
    [("owner", 201), ("accountant", 201), ("branch_admin", 201), ("registrar", 201),
     ("cashier", 201), ("admin", 403), ("doctor", 403), ("assistant", 403), ("nurse", 403),
     ("warehouse", 403), ("marketer", 403), ("call_center", 403), ("readonly", 403)],
)  # fmt: skip
def test_who_may_issue(clinic, as_role, role, status):
    assert as_role(role).post(INVOICES, body(clinic)).status_code == status


def test_another_branch_is_not_mine_and_a_stranger_does_not_exist(clinic, rival, as_role):
    front_desk = as_role("registrar", branch=clinic.branch)

    assert (
        front_desk.post(INVOICES, body(clinic, branch=str(clinic.other_branch.pk))).status_code
        == 403
    )
    for name, row in (
        ("patient", rival.patient),
        ("branch", rival.branch),
        ("employee", rival.doctor),
    ):
        r = front_desk.post(INVOICES, body(clinic, **{name: str(row.pk)}))
        assert (r.status_code, list(r.json()["fields"])) == (400, [name])
    r = front_desk.post(INVOICES, body(clinic, lines=[{"service": str(rival.service2.pk)}]))
    assert (r.status_code, list(r.json()["fields"])) == (400, ["lines.0.service"])


def test_the_list_and_its_filters(clinic, owner, cashier, shift):
    first, second = issue(owner, clinic), issue(owner, clinic, employee=str(clinic.doctor.pk))
    pay(cashier, first, "5000")

    def numbers(**query):
        r = owner.get(INVOICES, query)
        assert r.status_code == 200, r.content
        return [row["number"] for row in r.json()["items"]]

    today = clinic.branch.today(timezone.now())
    assert numbers() == [2, 1]
    assert numbers(state="paid") == [1]
    assert numbers(is_due="true") == [2]
    assert numbers(branch=str(clinic.other_branch.pk)) == []
    assert numbers(patient=str(clinic.patient.pk)) == [2, 1]
    assert numbers(employee=str(clinic.doctor.pk)) == [2]
    assert numbers(**{"from": str(today), "to": str(today)}) == [2, 1]
    assert numbers(to=str(today - timedelta(days=1))) == []
    assert numbers(q="2") == numbers(q=second["label"]) == [2]
    assert numbers(q="нет") == []
    assert owner.get(INVOICES, {"size": 1}).json()["next"] == 2


def test_a_doctor_sees_the_invoices_of_his_visits(clinic, owner, as_role, as_user):
    mine = issue(owner, clinic, employee=str(clinic.doctor.pk))

    assert [row["id"] for row in as_role("doctor").get(INVOICES).json()["items"]] == [mine["id"]]
    colleague = as_user(clinic.doctor2.user)
    assert colleague.get(INVOICES).json()["items"] == []
    assert colleague.get(f"{INVOICES}/{mine['id']}").status_code == 404


def test_a_stranger_finds_nothing(clinic, rival, as_role, invoice):
    stranger = as_role("owner", clinic=rival)

    assert stranger.get(INVOICES).json()["items"] == []
    assert stranger.get(f"{INVOICES}/{invoice['id']}").status_code == 404
    assert CANARY not in as_role("owner").get(INVOICES).content.decode()


def test_opening_an_invoice_is_journalled(clinic, owner, invoice, in_tenant):
    assert owner.get(f"{INVOICES}/{invoice['id']}").json()["payments"] == []

    with in_tenant():
        assert JournalEntry.objects.filter(
            event="invoices_viewed", patient_id=clinic.patient.pk
        ).exists()


def test_the_list_costs_the_same_however_long(clinic, owner):
    def statements():
        with CaptureQueriesContext(connection) as seen:
            assert owner.get(INVOICES).status_code == 200
        return len(seen)

    issue(owner, clinic)
    few = statements()
    for _ in range(5):
        issue(owner, clinic, employee=str(clinic.doctor.pk))
    assert statements() == few <= 8


def test_the_invoice_shows_its_payments_to_those_who_may_see_them(
    clinic, as_role, cashier, shift, invoice
):
    pay(cashier, invoice, "8000", "card")

    shown = as_role("owner").get(f"{INVOICES}/{invoice['id']}").json()
    assert [(p["method"], p["amount"], p["refundable"]) for p in shown["payments"]] == [
        ("card", "8000.00", "8000.00")
    ]
    assert (shown["state"], shown["paid"], shown["due"]) == ("partial", "8000.00", "12000.00")
    assert shown["can"] == {"pay": True, "refund": True}
    front_desk = (
        as_role("registrar", branch=clinic.branch).get(f"{INVOICES}/{invoice['id']}").json()
    )
    assert front_desk["payments"] is None
    assert front_desk["can"] == {"pay": False, "refund": False}


def test_a_shift_of_a_stranger_does_not_matter(clinic, rival, as_role, cashier, invoice):
    open_shift(as_role("cashier", clinic=rival), rival.register)

    r = pay(cashier, invoice, "1")
    assert (r.status_code, r.json()["code"]) == (409, "no_open_shift")


def test_a_sum_beyond_all_measure_is_refused(clinic, owner, in_tenant):
    line = {"service": str(clinic.service2.pk), "price": "9999999999.99", "quantity": 99}

    r = owner.post(INVOICES, body(clinic, lines=[line] * 100))

    assert (r.status_code, r.json()["code"]) == (400, "invalid")
    assert issue(owner, clinic)["number"] == 1  # the refused one took no number


@pytest.mark.parametrize("query", ["from=0001-01-01", "to=9999-12-31", "from=2026-02-01&to=2026-01-01",
                                   "state=x", "branch=1", "page=0", "size=201", "x=1", "q=%00"])  # fmt: skip
def test_bad_filters_are_refused(owner, query):
    assert owner.get(f"{INVOICES}?{query}").status_code == 400
