import random
from functools import partial

import pytest

from apps.billing.models import Payment, Transfer
from apps.billing.tests.money import INVOICES, PAYMENTS, close, issue, open_shift, pay, refund
from apps.core.models import JournalEntry
from apps.patients.models import PatientAccount
from testing.races import size


def test_a_payment_settles_the_invoice(clinic, cashier, shift, invoice, in_tenant):
    part = pay(cashier, invoice, "5000.50")
    rest = pay(cashier, invoice, "14999.50", "card")

    assert (part.status_code, rest.status_code) == (201, 201), part.content
    assert (part.json()["invoice_state"], part.json()["invoice_due"]) == ("partial", "14999.50")
    assert (rest.json()["invoice_state"], rest.json()["invoice_due"]) == ("paid", "0.00")
    assert part.json()["shift"] == shift["id"]
    with in_tenant():
        assert PatientAccount.objects.get(patient=clinic.patient).balance == 0
        assert Transfer.objects.count() == 3
        event = JournalEntry.objects.filter(event="payment_taken").latest("at")
        assert event.data["amount"] == "14999.50"
        assert event.data["method"] == "card"


def test_without_an_open_shift_it_names_the_registers(clinic, cashier, invoice, in_tenant):
    r = pay(cashier, invoice, "100")

    assert (r.status_code, r.json()["code"]) == (409, "no_open_shift")
    assert r.json()["details"]["registers"] == [
        {"id": str(clinic.register.pk), "name": clinic.register.name}
    ]
    with in_tenant():
        assert not Payment.objects.exists()


def test_a_closed_shift_takes_nothing(cashier, shift, invoice):
    close(cashier, shift, "1000")

    assert pay(cashier, invoice, "100").json()["code"] == "no_open_shift"
    assert pay(cashier, invoice, "100", shift=shift["id"]).json()["code"] == "no_open_shift"


def test_no_overpayment(cashier, shift, invoice):
    pay(cashier, invoice, "19000")

    r = pay(cashier, invoice, "1000.01")

    assert (r.status_code, r.json()["code"]) == (409, "overpaid")
    assert r.json()["details"] == {"due": "1000.00"}


def test_the_key_is_required_and_answers_the_same(clinic, cashier, shift, invoice, in_tenant):
    body = {"invoice": invoice["id"], "amount": "100", "method": "cash"}
    assert cashier.post(PAYMENTS, body).status_code == 400

    first, again = (pay(cashier, invoice, "100", key="k1") for _ in range(2))
    other = pay(cashier, invoice, "200", key="k1")

    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    with in_tenant():
        assert Payment.objects.count() == 1


def test_a_refund_is_a_payment_back_with_a_reason(clinic, cashier, shift, invoice, in_tenant):
    payment = pay(cashier, invoice, "20000").json()

    part = refund(cashier, payment, "5000")
    rest = refund(cashier, payment, "15000", method="card")

    assert part.status_code == 201, part.content
    assert (part.json()["kind"], part.json()["method"], part.json()["amount"]) == (
        "refund", "cash", "5000.00",
    )  # fmt: skip
    assert part.json()["refund_of"] == payment["id"]
    assert part.json()["invoice_state"] == "partial"
    assert (rest.json()["method"], rest.json()["invoice_state"]) == ("card", "refunded")
    shown = cashier.get(f"{INVOICES}/{invoice['id']}").json()
    assert (shown["paid"], shown["refunded"]) == ("0.00", "20000.00")
    with in_tenant():
        assert PatientAccount.objects.get(patient=clinic.patient).balance == -20000
        assert JournalEntry.objects.filter(event="payment_refunded").count() == 2


def test_no_refund_above_what_was_paid_by_that_payment(cashier, shift, invoice):
    first, second = (pay(cashier, invoice, "3000").json() for _ in range(2))
    refund(cashier, first, "1000")

    r = refund(cashier, first, "2000.01")

    assert (r.status_code, r.json()["code"]) == (409, "refund_too_large")
    assert r.json()["details"] == {"refundable": "2000.00"}
    assert refund(cashier, second, "3000").status_code == 201


def test_a_refund_is_not_refunded(cashier, shift, invoice):
    back = refund(cashier, pay(cashier, invoice, "100").json(), "100").json()

    assert refund(cashier, back, "100").json()["code"] == "refund_too_large"


def test_a_refund_needs_a_reason_a_key_and_a_shift(cashier, shift, invoice):
    payment = pay(cashier, invoice, "100").json()
    url = f"{PAYMENTS}/{payment['id']}/refund"

    assert list(refund(cashier, payment, "1", reason=" ").json()["fields"]) == ["reason"]
    assert cashier.post(url, {"amount": "1", "reason": "x"}).status_code == 400
    close(cashier, shift, "1100")
    assert refund(cashier, payment, "1").json()["code"] == "no_open_shift"


@pytest.mark.parametrize(
    "name", ["state", "by", "branch", "patient", "at", "refund_of", "organization"]
)
def test_nothing_else_is_told(cashier, shift, invoice, name):
    r = pay(cashier, invoice, "100", **{name: "x"})

    assert (r.status_code, list(r.json()["fields"])) == (400, [name])


def test_only_payments_are_taken_here(cashier, shift, invoice):
    assert list(pay(cashier, invoice, "1", kind="refund").json()["fields"]) == ["kind"]
    assert pay(cashier, invoice, "1", kind="payment").status_code == 201


@pytest.mark.parametrize(
    ("role", "status"),
    [("owner", 201), ("accountant", 201), ("cashier", 201), ("admin", 403), ("branch_admin", 403),
     ("registrar", 403), ("doctor", 403), ("assistant", 403), ("nurse", 403), ("warehouse", 403),
     ("marketer", 403), ("call_center", 403), ("readonly", 403)],
)  # fmt: skip
def test_who_may_take_money(as_role, shift, invoice, role, status):
    assert pay(as_role(role), invoice, "10").status_code == status


def test_an_invoice_out_of_reach_does_not_exist(clinic, rival, as_role, shift, invoice):
    elsewhere = as_role("cashier", branch=clinic.other_branch)
    stranger = as_role("cashier", clinic=rival)

    for person in (elsewhere, stranger):
        r = pay(person, invoice, "10")
        assert (r.status_code, list(r.json()["fields"])) == (400, ["invoice"])


def test_a_payment_out_of_reach_does_not_exist(clinic, rival, as_role, cashier, shift, invoice):
    payment = pay(cashier, invoice, "10").json()

    for person in (as_role("cashier", branch=clinic.other_branch), as_role("owner", clinic=rival)):
        assert refund(person, payment, "1").status_code == 404
        assert person.get(PAYMENTS).json()["items"] == []


def test_a_shift_of_another_clinic_does_not_exist(clinic, rival, as_role, cashier, shift, invoice):
    theirs = open_shift(as_role("cashier", clinic=rival), rival.register).json()

    assert list(pay(cashier, invoice, "1", shift=theirs["id"]).json()["fields"]) == ["shift"]
    r = pay(cashier, invoice, "1", register=str(rival.register.pk))
    assert list(r.json()["fields"]) == ["register"]


def test_its_statements_are_counted(cashier, shift, invoice, django_assert_max_num_queries):
    pay(cashier, invoice, "100")
    with django_assert_max_num_queries(19) as seen:
        assert pay(cashier, invoice, "100").status_code == 201
    ours = [q["sql"] for q in seen.captured_queries if "SAVEPOINT" not in q["sql"]]
    ours = [text for text in ours if "set_config" not in text]
    assert "core_branchcounter" in ours[-1]  # rivals wait for it, so it comes last


def test_the_list_of_payments(clinic, cashier, shift, invoice, django_assert_max_num_queries):
    payment = pay(cashier, invoice, "100").json()
    pay(cashier, invoice, "200", "card")
    refund(cashier, payment, "40")

    def amounts(**query):
        return [row["amount"] for row in cashier.get(PAYMENTS, query).json()["items"]]

    assert amounts() == ["40.00", "200.00", "100.00"]
    assert amounts(method="card") == ["200.00"]
    assert amounts(kind="refund") == ["40.00"]
    assert amounts(shift=shift["id"], branch=str(clinic.branch.pk)) == amounts()
    with django_assert_max_num_queries(8):
        rows = cashier.get(PAYMENTS).json()["items"]
    assert [row["refundable"] for row in rows] == ["0.00", "200.00", "60.00"]


def bad_amounts(count=500):
    dice = random.Random(7)
    fixed = ["0", "0.00", "-1", "-0.01", "0.001", "1.005", "1e2", "1E2", "NaN", "Infinity", "-Infinity",
             "", " ", "abc", "1,5", "1 000", "0x10", "١٠٠", "１００", "１", "1_000", "+", "--1", ".5", "5.", True,
             False, None, [], {}, [100], {"a": 1}, 0, -5, 0.1 + 0.2, 1e20, 1e-7, 10**14, "9" * 13, "9" * 40,
             "1000000000000.00", "1.000", "00x1", "1.2.3", "₸100", "100₸", "100 KZT", "½", "\u0000", "1\n2"]  # fmt: skip
    while len(fixed) < count:
        whole = dice.randrange(10**6)
        fixed.append(
            dice.choice(
                [
                    f"-{whole}.{dice.randrange(100):02d}",
                    f"{whole}.{dice.randrange(100, 1000)}1",
                    f"{whole}e{dice.randrange(9)}",
                    f"{whole}{dice.choice('абв,;%$ x')}{whole}",
                    str(10 ** dice.randrange(12, 30) + whole),
                    -whole - 1,
                ]
            )
        )
    return fixed


def test_bad_amounts_are_refused(cashier, shift, invoice, in_tenant):
    payment = pay(cashier, invoice, "100").json()
    for index, bad in enumerate(bad_amounts(size(150, 500))):
        send = (
            partial(refund, cashier, payment) if index % 4 == 3 else partial(pay, cashier, invoice)
        )
        r = send(bad)
        assert r.status_code == 400, (bad, r.content)
        assert list(r.json()["fields"]) == ["amount"] or r.json()["code"] == "malformed", bad
    with in_tenant():
        assert Payment.objects.count() == 1


def test_an_invoice_of_nothing_takes_nothing(clinic, owner, cashier, shift):
    free = issue(owner, clinic, "0")

    assert free["state"] == "paid"
    assert pay(cashier, free, "1").json()["details"] == {"due": "0.00"}


def test_a_payment_touches_the_days_of_every_branch_that_shows_the_debt(
    clinic, cashier, shift, invoice, in_tenant
):
    from apps.core.models import BranchCounter

    with in_tenant():
        before = dict(BranchCounter.objects.values_list("branch_id", "value"))
    pay(cashier, invoice, "100")
    with in_tenant():
        after = dict(BranchCounter.objects.values_list("branch_id", "value"))
    assert after[clinic.branch.pk] == before[clinic.branch.pk] + 1
