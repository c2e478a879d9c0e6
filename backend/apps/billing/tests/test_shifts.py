import pytest

from apps.billing.models import CashShift
from apps.billing.tests.money import (
    INVOICES,
    REGISTERS,
    SHIFTS,
    close,
    issue,
    open_shift,
    pay,
    refund,
)
from apps.core.models import JournalEntry


def test_a_shift_from_opening_to_the_count(clinic, owner, cashier, shift, in_tenant):
    invoice = issue(owner, clinic, "20000")
    payment = pay(cashier, invoice, "5000").json()
    pay(cashier, invoice, "7000", "card")
    refund(cashier, payment, "1500")

    report = cashier.get(f"{SHIFTS}/{shift['id']}").json()
    assert (report["opening_cash"], report["expected"]) == ("1000.00", "4500.00")
    assert {m["method"]: (m["received"], m["refunded"], m["net"]) for m in report["methods"]} == {
        "cash": ("5000.00", "1500.00", "3500.00"),
        "card": ("7000.00", "0.00", "7000.00"),
    }

    r = close(cashier, shift, "4400")

    assert r.status_code == 200, r.content
    closed = r.json()
    assert (closed["expected"], closed["counted"], closed["difference"]) == (
        "4500.00", "4400.00", "-100.00",
    )  # fmt: skip
    assert closed["closed_by"] and closed["closed_at"]
    with in_tenant():
        assert JournalEntry.objects.get(event="shift_closed").data["difference"] == "-100.00"
        assert JournalEntry.objects.get(event="shift_opened").data["opening_cash"] == "1000.00"


def test_one_open_shift_per_register(clinic, cashier, as_role, shift):
    r = open_shift(as_role("cashier"), clinic.register)

    assert (r.status_code, r.json()["code"]) == (409, "shift_open")
    assert r.json()["details"]["shift"] == shift["id"]
    assert r.json()["details"]["opened_by"] == cashier.user.short_name


def test_a_closed_shift_stays_closed(cashier, shift):
    closed = close(cashier, shift, "1000").json()

    again = close(cashier, closed, "2000")

    assert (again.status_code, again.json()["code"]) == (409, "shift_closed")
    assert cashier.get(f"{SHIFTS}/{shift['id']}").json()["counted"] == "1000.00"
    for method in ("patch", "put", "delete"):
        assert getattr(cashier, method)(f"{SHIFTS}/{shift['id']}").status_code == 405


def test_closing_needs_the_version_and_the_key(cashier, shift):
    assert close(cashier, shift, "1000", version=7).json()["code"] == "stale"
    r = cashier.post(f"{SHIFTS}/{shift['id']}/close", {"counted": "1", "version": 1})
    assert (r.status_code, list(r.json()["fields"])) == (400, ["Idempotency-Key"])
    r = cashier.post(SHIFTS, {"register": shift["register"]})
    assert (r.status_code, list(r.json()["fields"])) == (400, ["Idempotency-Key"])


def test_closing_twice_with_one_key_answers_the_same(cashier, shift):
    first, again = (close(cashier, shift, "1000", key="k") for _ in range(2))

    assert (first.status_code, again.json()) == (200, first.json())


def test_a_register_can_be_opened_again(clinic, cashier, shift):
    close(cashier, shift, "1000")

    assert open_shift(cashier, clinic.register).status_code == 201


def test_a_colleague_does_not_close_my_shift(clinic, rival, as_role, shift):
    assert close(as_role("cashier"), shift, "1").status_code == 404
    assert close(as_role("cashier", clinic=rival), shift, "1").status_code == 404
    assert as_role("cashier").get(SHIFTS).json()["items"] == []


def test_the_manager_of_the_branch_closes_what_was_left_open(clinic, as_role, shift, in_tenant):
    elsewhere = as_role("branch_admin", branch=clinic.other_branch)
    manager = as_role("branch_admin", branch=clinic.branch)

    assert close(elsewhere, shift, "1000").status_code == 404
    for role in ("owner", "admin", "accountant", "readonly", "registrar"):
        assert close(as_role(role), shift, "1000").status_code == 403
    r = close(manager, shift, "900")

    assert (r.status_code, r.json()["difference"]) == (200, "-100.00")
    assert r.json()["closed_by"] == manager.user.short_name
    with in_tenant():
        assert JournalEntry.objects.get(event="shift_closed").actor == manager.user


@pytest.mark.parametrize(
    ("role", "read"),
    [("owner", 200), ("admin", 200), ("accountant", 200), ("readonly", 200), ("branch_admin", 200),
     ("registrar", 403), ("doctor", 403), ("warehouse", 403)],
)  # fmt: skip
def test_who_sees_and_who_opens(clinic, as_role, shift, role, read):
    person = as_role(role)

    assert person.get(SHIFTS).status_code == read
    assert person.get(f"{SHIFTS}/{shift['id']}").status_code == read
    assert open_shift(person, clinic.register).status_code == 403


def test_a_register_of_another_branch_does_not_exist(clinic, rival, as_role, in_tenant):
    elsewhere = as_role("cashier", branch=clinic.other_branch)

    for register in (clinic.register, rival.register):
        r = open_shift(elsewhere, register)
        assert (r.status_code, list(r.json()["fields"])) == (400, ["register"])
    with in_tenant():
        assert not CashShift.objects.exists()


def test_ones_own_shift_is_taken_before_a_colleagues(
    clinic, as_role, owner, cashier, shift, invoice
):
    second = owner.post(REGISTERS, {"branch": str(clinic.branch.pk), "name": "Касса 2"}).json()
    colleague = as_role("cashier")
    theirs = open_shift(colleague, second["id"]).json()

    assert pay(colleague, invoice, "10").json()["shift"] == theirs["id"]
    assert pay(cashier, invoice, "10").json()["shift"] == shift["id"]
    assert pay(owner, invoice, "10").json()["shift"] == shift["id"]
    assert pay(cashier, invoice, "10", register=second["id"]).json()["shift"] == theirs["id"]


def test_filters(clinic, owner, cashier, shift):
    close(cashier, shift, "1000")
    second = open_shift(cashier, clinic.register).json()

    def ids(**query):
        return [row["id"] for row in owner.get(SHIFTS, query).json()["items"]]

    assert ids() == [second["id"], shift["id"]]
    assert ids(open="true") == [second["id"]]
    assert ids(open="false", branch=str(clinic.branch.pk)) == [shift["id"]]
    assert ids(branch=str(clinic.other_branch.pk)) == []


def test_registers_show_their_open_shift(clinic, as_role, cashier, shift):
    (row,) = cashier.get(REGISTERS, {"branch": str(clinic.branch.pk)}).json()["items"]

    assert row["open_shift"]["id"] == shift["id"]
    assert row["open_shift"]["is_mine"] is True
    (row,) = as_role("owner").get(REGISTERS).json()["items"]
    assert row["open_shift"]["is_mine"] is False


def test_registers_are_added_and_renamed_by_those_who_keep_the_structure(
    clinic, rival, as_role, owner
):
    body = {"branch": str(clinic.branch.pk), "name": "Касса 2"}

    made = owner.post(REGISTERS, body)

    assert made.status_code == 201, made.content
    assert list(owner.post(REGISTERS, body).json()["fields"]) == ["name"]
    assert as_role("cashier").post(REGISTERS, body | {"name": "3"}).status_code == 403
    manager = as_role("branch_admin", branch=clinic.other_branch)
    assert manager.post(REGISTERS, body | {"name": "3"}).status_code == 403
    url = f"{REGISTERS}/{made.json()['id']}"
    assert manager.patch(url, {"version": 1, "name": "x"}).status_code == 404
    assert as_role("owner", clinic=rival).patch(url, {"version": 1, "name": "x"}).status_code == 404
    off = owner.patch(url, {"version": 1, "is_active": False})
    assert (off.status_code, off.json()["is_active"], off.json()["version"]) == (200, False, 2)
    assert owner.patch(url, {"version": 1, "name": "x"}).json()["code"] == "stale"
    r = open_shift(as_role("cashier"), made.json()["id"])
    assert (r.status_code, list(r.json()["fields"])) == (400, ["register"])


def test_the_day_from_the_chair_to_the_drawer(clinic, as_role, cashier, shift):
    """Arrived → signed → invoice → payment, each by the one whose work it is."""
    doctor, front_desk = as_role("doctor"), as_role("registrar", branch=clinic.branch)
    visit = front_desk.post(
        "/api/v1/visits",
        {"patient": str(clinic.patient.pk), "branch": str(clinic.branch.pk), "employee": str(clinic.doctor.pk)},
    ).json()  # fmt: skip
    works = [{"service": str(clinic.service.pk), "tooth": 36, "discount_percent": "10"}]
    doctor.put(f"/api/v1/visits/{visit['id']}/works", {"version": 1, "items": works})
    doctor.post(f"/api/v1/visits/{visit['id']}/sign", {"version": 2})

    (invoice,) = cashier.get(INVOICES, {"visit": visit["id"]}).json()["items"]
    assert (invoice["total"], invoice["state"]) == ("13500.00", "issued")
    assert pay(cashier, invoice, "13500").json()["invoice_state"] == "paid"
    assert cashier.get(f"{SHIFTS}/{shift['id']}").json()["expected"] == "14500.00"
