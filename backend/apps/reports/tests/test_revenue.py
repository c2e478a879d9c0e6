from datetime import timedelta

from apps.core.tenancy import tenant
from apps.reports.tests.money import NOON, Desk

URL = "/api/v1/reports/revenue"
MARCH = {"from": "2026-03-01", "to": "2026-03-31"}


def test_the_owner_sees_received_refunded_billed_and_owed(clinic, desk, as_role):
    invoice = desk.sell(20_000)
    payment = desk.take(invoice, 12_000)
    desk.take(invoice, 3_000, "card", NOON + timedelta(days=1))
    desk.give_back(payment, 1_000, NOON + timedelta(days=1))

    report = as_role("owner").get(URL, MARCH).json()

    by_day = {item["key"]: item for item in report["items"]}
    assert len(by_day) == 31
    assert by_day["2026-03-10"] == {
        "key": "2026-03-10",
        "label": "2026-03-10",
        "received_cash": "12000.00",
        "received_card": "0.00",
        "refunded": "0.00",
        "revenue": "12000.00",
        "billed": "20000.00",
        "payments": 1,
    }
    assert by_day["2026-03-11"]["revenue"] == "2000.00"
    assert by_day["2026-03-01"]["revenue"] == "0.00"
    assert report["totals"]["revenue"] == "14000.00"
    assert report["debt"] == "6000.00"


def test_nothing_happened(as_role):
    report = as_role("owner").get(URL, MARCH | {"group": "branch"}).json()
    assert (report["items"], report["debt"]) == ([], "0.00")
    assert report["totals"]["revenue"] == "0.00"


def test_by_branch_and_by_doctor(clinic, desk, as_role):
    desk.take(desk.sell(100), 100)
    desk.take(desk.sell(70, employee=clinic.doctor2, branch=clinic.other_branch), 70)
    desk.take(desk.sell(5, employee=None), 5)
    owner = as_role("owner")

    branches = owner.get(URL, MARCH | {"group": "branch"}).json()["items"]
    assert [(b["label"], b["revenue"]) for b in branches] == [
        ("Достык", "105.00"),
        ("Самал", "70.00"),
    ]
    doctors = owner.get(URL, MARCH | {"group": "employee"}).json()["items"]
    assert [(d["key"], d["label"], d["revenue"]) for d in doctors] == [
        (str(clinic.doctor.pk), "Ахметов Б.", "100.00"),
        (str(clinic.doctor2.pk), "Ким Б.", "70.00"),
        (None, "", "5.00"),
    ]
    one = owner.get(URL, MARCH | {"branch": str(clinic.other_branch.pk)}).json()
    assert one["totals"]["revenue"] == "70.00"


def test_a_manager_sees_his_branch_and_a_doctor_himself(clinic, desk, as_role, as_user):
    desk.take(desk.sell(100), 60)
    desk.take(desk.sell(70, employee=clinic.doctor2), 70)
    desk.take(desk.sell(7, branch=clinic.other_branch), 7)

    manager = as_role("branch_admin", branch=clinic.branch)
    assert manager.get(URL, MARCH).json()["totals"]["revenue"] == "130.00"
    assert manager.get(URL, MARCH).json()["debt"] == "40.00"
    r = manager.get(URL, MARCH | {"branch": str(clinic.other_branch.pk)})
    assert (r.status_code, list(r.json()["fields"])) == (400, ["branch"])

    doctor = as_role("doctor")
    assert doctor.get(URL, MARCH).json()["totals"]["revenue"] == "67.00"
    others = doctor.get(URL, MARCH | {"employee": str(clinic.doctor2.pk)}).json()
    assert others["totals"]["revenue"] == "0.00"
    assert as_user(clinic.doctor2.user).get(f"{URL}/rows", MARCH).json()["sum"] == "70.00"
    assert manager.get(f"{URL}/rows", MARCH).json()["total"] == 2
    assert doctor.get("/api/v1/reports/debts").json()["sum"] == "40.00"


def test_others_do_not_see_money(as_role):
    for role in ("admin", "registrar", "cashier", "marketer", "warehouse", "nurse", "call_center"):
        client = as_role(role)
        for url in (URL, f"{URL}/rows", "/api/v1/reports/debts"):
            assert client.get(url, MARCH if "debts" not in url else {}).status_code == 403, role


def test_a_strangers_money_is_not_ours(clinic, rival, desk, as_role):
    stranger = Desk(rival)
    stranger.take(stranger.sell(777), 700)
    owner = as_role("owner")

    for url in (URL, f"{URL}/rows", "/api/v1/reports/debts"):
        r = owner.get(url, MARCH if "debts" not in url else {})
        assert "CANARY" not in r.content.decode() and "77" not in str(r.json())
    r = owner.get(URL, MARCH | {"branch": str(rival.branch.pk)})
    assert (r.status_code, list(r.json()["fields"])) == (400, ["branch"])
    r = owner.get(URL, MARCH | {"employee": str(rival.doctor.pk)})
    assert (r.status_code, list(r.json()["fields"])) == (400, ["employee"])


def test_rows_name_patient_invoice_doctor_and_way(clinic, desk, as_role):
    invoice = desk.sell(100)
    payment = desk.take(invoice, 60, "card")
    desk.give_back(payment, 10)
    owner = as_role("owner")

    rows = owner.get(f"{URL}/rows", MARCH).json()
    assert (rows["total"], rows["sum"]) == (2, "50.00")
    row = next(row for row in rows["items"] if row["kind"] == "payment")
    assert row["patient"]["name"] == "Оспанова Әсел Болатқызы"
    assert row["invoice"] == {"id": str(invoice.pk), "label": invoice.label}
    assert row["employee"] == {"id": str(clinic.doctor.pk), "name": clinic.doctor.short_name}
    assert (row["method"], row["amount"], row["day"]) == ("card", "60.00", "2026-03-10")
    assert owner.get(f"{URL}/rows", MARCH | {"kind": "refund"}).json()["sum"] == "-10.00"
    assert owner.get(f"{URL}/rows", MARCH | {"method": "cash"}).json()["total"] == 0
    page = owner.get(f"{URL}/rows", MARCH | {"size": 1, "page": 2}).json()
    assert (len(page["items"]), page["next"]) == (1, None)


def test_debts_name_who_owes_most_first(clinic, desk, as_role):
    desk.sell(100)
    desk.sell(30)
    desk.take(desk.sell(500, patient=clinic.patient2), 200)
    desk.take(desk.sell(1_000), 1_000)

    debts = as_role("owner").get("/api/v1/reports/debts").json()
    assert (debts["total"], debts["sum"]) == (2, "430.00")
    assert [(d["patient"]["id"], d["amount"], d["invoices"]) for d in debts["items"]] == [
        (str(clinic.patient2.pk), "300.00", 1),
        (str(clinic.patient.pk), "130.00", 2),
    ]


def test_bad_questions_are_refused(as_role):
    owner = as_role("owner")
    for bad in (
        {},
        {"from": "2026-03-31", "to": "2026-03-01"},
        {"from": "0001-01-01", "to": "9999-12-31"},
        {"from": "2000-01-01", "to": "2026-12-31"},
        MARCH | {"group": "patient"},
        MARCH | {"organization": "x"},
        MARCH | {"branch": "1"},
    ):
        assert owner.get(URL, bad).status_code == 400, bad


def test_a_year_is_one_statement_over_the_rollups(
    clinic, desk, as_role, django_assert_max_num_queries
):
    for day in range(10):
        desk.take(desk.sell(100, NOON + timedelta(days=day)), 10, now=NOON + timedelta(days=day))
    owner = as_role("owner")
    year = {"from": "2026-01-01", "to": "2026-12-31"}
    with django_assert_max_num_queries(6) as counted:
        owner.get(URL, year)
    figures = [q["sql"] for q in counted.captured_queries if "reports_" in q["sql"]]
    assert len(figures) == 1
    assert not any("billing_" in q["sql"] for q in counted.captured_queries)
    with django_assert_max_num_queries(8):
        owner.get(f"{URL}/rows", year)


def test_the_contract_spelling(as_role):
    assert as_role("owner").get(f"{URL}/", MARCH).status_code == 200


def test_two_roles_add_up(clinic, desk, as_user):
    from apps.core.models import Membership

    desk.take(desk.sell(100), 100)
    desk.take(desk.sell(70, employee=clinic.doctor2, branch=clinic.other_branch), 70)
    desk.take(desk.sell(9, employee=clinic.doctor2), 9)
    with tenant(clinic.pk):
        Membership.objects.create(
            user=clinic.doctor.user, role="branch_admin", branch=clinic.other_branch
        )
    both = as_user(clinic.doctor.user)
    assert both.get(URL, MARCH).json()["totals"]["revenue"] == "170.00"
