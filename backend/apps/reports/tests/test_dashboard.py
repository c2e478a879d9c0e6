from datetime import timedelta

from apps.reports.tests.money import NOON, Desk
from apps.reports.tests.test_appointments import visit

URL = "/api/v1/reports/dashboard"
TODAY = {"date": "2026-03-10"}
WEEK = timedelta(days=7)


def test_a_day_at_a_glance(clinic, desk, as_role):
    desk.take(desk.sell(20_000), 15_000)
    desk.take(desk.sell(3_000, NOON - WEEK), 3_000, now=NOON - WEEK)
    desk.take(desk.sell(500, NOON - timedelta(days=28)), 500, now=NOON - timedelta(days=28))
    visit(clinic, "arrived", is_new_patient=True)
    visit(clinic, "no_show", NOON + timedelta(hours=1))
    visit(clinic, "canceled", NOON + timedelta(hours=2))
    visit(clinic, "done", NOON - WEEK)

    board = as_role("owner").get(URL, TODAY).json()

    assert board["tiles"] == {
        "revenue": {"value": "15000.00", "before": "3000.00"},
        "billed": {"value": "20000.00", "before": "3000.00"},
        "debt": {"value": "5000.00", "before": None},
        "appointments": {"value": 2, "before": 1},
        "arrived": {"value": 1, "before": 1},
        "no_shows": {"value": 1, "before": 0},
        "canceled": {"value": 1, "before": 0},
        "new_patients": {"value": 1, "before": 0},
    }
    assert len(board["month"]) == 31
    tenth = board["month"][9]
    assert tenth == {"day": 10, "date": "2026-03-10", "revenue": "15000.00", "before": "500.00"}
    assert board["funnel"] == [
        {"stage": "booked", "count": 3},
        {"stage": "confirmed", "count": 1},
        {"stage": "arrived", "count": 1},
        {"stage": "done", "count": 0},
    ]
    assert board["heat"] == [{"weekday": 2, "hour": 12, "appointments": 2}]
    here, there = board["branches"]
    assert here == {
        "branch": {"id": str(clinic.branch.pk), "name": "Достык"},
        "color": clinic.branch.color,
        "revenue": "15000.00",
        "billed": "20000.00",
        "appointments": 2,
        "arrived": 1,
        "no_shows": 1,
        "booked_minutes": 60,
        "shift_minutes": 1440,
        "percent": 4,
    }
    assert (there["revenue"], there["appointments"], there["percent"]) == ("0.00", 0, None)
    assert [debt["amount"] for debt in board["debts"]] == ["5000.00"]


def test_each_tile_is_the_sum_of_its_rows(clinic, desk, as_role):
    desk.take(desk.sell(20_000), 15_000)
    visit(clinic, "arrived", is_new_patient=True)
    visit(clinic, "no_show", NOON + timedelta(hours=1))
    owner = as_role("owner")
    tiles = owner.get(URL, TODAY).json()["tiles"]
    day = {"from": "2026-03-10", "to": "2026-03-10"}

    def rows(report, **query):
        return owner.get(f"/api/v1/reports/{report}/rows", day | query).json()

    assert rows("revenue")["sum"] == tiles["revenue"]["value"]
    assert rows("revenue", kind="invoice")["sum"] == tiles["billed"]["value"]
    assert owner.get("/api/v1/reports/debts").json()["sum"] == tiles["debt"]["value"]
    assert rows("appointments", status="came")["total"] == tiles["arrived"]["value"]
    assert rows("appointments", status="no_show")["total"] == tiles["no_shows"]["value"]
    assert rows("appointments", is_new_patient=True)["total"] == tiles["new_patients"]["value"]


def test_those_without_the_ledger_see_no_money(clinic, desk, as_role):
    desk.take(desk.sell(20_000), 15_000)
    visit(clinic)
    for role in ("admin", "registrar", "cashier"):
        board = as_role(role).get(URL, TODAY).json()
        assert (board["tiles"]["revenue"], board["tiles"]["debt"]) == (None, None), role
        assert (board["month"], board["debts"], board["branches"][0]["revenue"]) == (None,) * 3
        assert board["tiles"]["arrived"]["value"] == 1
    assert as_role("accountant").get(URL, TODAY).status_code == 403
    assert as_role("marketer").get(URL, TODAY).status_code == 403


def test_a_manager_sees_his_branch_and_a_doctor_himself(clinic, desk, as_role):
    desk.take(desk.sell(100), 100)
    desk.take(desk.sell(70, employee=clinic.doctor2), 70)
    desk.take(desk.sell(7, branch=clinic.other_branch), 7)

    manager = as_role("branch_admin", branch=clinic.branch)
    board = manager.get(URL, TODAY).json()
    assert board["tiles"]["revenue"]["value"] == "170.00"
    assert [row["branch"]["name"] for row in board["branches"]] == ["Достык"]
    other = {"branch": str(clinic.other_branch.pk)}
    assert manager.get(URL, TODAY | other).status_code == 400

    doctor = as_role("doctor")
    assert doctor.get(URL, TODAY).json()["tiles"]["revenue"]["value"] == "107.00"
    assert doctor.get(URL, TODAY | other).json()["tiles"]["revenue"]["value"] == "7.00"


def test_one_branch(clinic, desk, as_role):
    desk.take(desk.sell(7, branch=clinic.other_branch), 7)
    chosen = TODAY | {"branch": str(clinic.other_branch.pk)}
    board = as_role("owner").get(URL, chosen).json()
    assert board["tiles"]["revenue"]["value"] == "7.00"
    assert [row["branch"]["name"] for row in board["branches"]] == ["Самал"]


def test_a_strangers_day_is_not_ours(rival, as_role):
    stranger = Desk(rival)
    stranger.take(stranger.sell(777), 700)
    visit(rival)
    owner = as_role("owner")
    r = owner.get(URL, TODAY)
    assert "CANARY" not in r.content.decode()
    assert r.json()["tiles"]["revenue"]["value"] == "0.00"
    assert owner.get(URL, TODAY | {"branch": str(rival.branch.pk)}).status_code == 400


def test_today_is_the_default(as_role):
    assert as_role("owner").get(URL).status_code == 200


def test_the_end_of_a_long_month(as_role):
    board = as_role("owner").get(URL, {"date": "2026-03-31"}).json()
    assert [day["day"] for day in board["month"]] == list(range(1, 32))
    assert as_role("owner").get(URL, {"date": "9999-12-31"}).status_code == 400


def test_counts_its_queries(clinic, desk, as_role, django_assert_max_num_queries):
    desk.take(desk.sell(20_000), 15_000)
    for hour in range(20):
        visit(clinic, at=NOON + timedelta(hours=hour))
    owner = as_role("owner")
    with django_assert_max_num_queries(13):
        owner.get(URL, TODAY)


def test_stages_and_hours_have_their_rows(clinic, as_role):
    visit(clinic, "arrived")
    visit(clinic, "confirmed", NOON + timedelta(hours=1))
    visit(clinic, "no_show", NOON + timedelta(hours=2))
    visit(clinic, "canceled", NOON + timedelta(hours=3), cancel_reason="Заболел")
    visit(clinic, "canceled", NOON + timedelta(hours=4), canceled_by="clinic")
    owner = as_role("owner")

    def rows(**asked: object) -> int:
        day = {"from": TODAY["date"], "to": TODAY["date"]}
        total: int = owner.get("/api/v1/reports/appointments/rows", day | asked).json()["total"]
        return total

    board = owner.get(URL, TODAY).json()
    groups = {"booked": "asked", "confirmed": "sure", "arrived": "came", "done": "done"}
    for stage in board["funnel"]:
        assert rows(status=groups[stage["stage"]]) == stage["count"]
    assert rows(status="live") == board["tiles"]["appointments"]["value"] == 3
    for cell in board["heat"]:
        hour = {"weekday": cell["weekday"], "hour": cell["hour"]}
        assert rows(status="held", **hour) == cell["appointments"]
    assert rows(status="canceled", reason="") == 1
    assert rows(status="canceled", reason="", canceled_by="clinic") == 1
    assert rows(status="canceled", reason="Заболел", canceled_by="") == 1
