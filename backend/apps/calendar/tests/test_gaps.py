"""Closing gaps of a day: shown, carried out only on somebody's word, taken back; whole, or not at all."""

import random
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from apps.calendar import audit
from apps.calendar.gaps import planner
from apps.calendar.models import Appointment, Reserve
from apps.calendar.tests.helpers import DAY, URL, at, body, moment
from apps.core.tenancy import tenant
from testing.clinics import Clinic
from testing.races import size

GAPS = "/api/v1/calendar/gaps"
BREAKS = "/api/v1/calendar/breaks"
HOLDS = "/api/v1/calendar/holds"


def planned(client: Any, clinic: Clinic, **query: Any) -> dict[str, Any]:
    r = client.get(GAPS, {"branch": clinic.branch.pk, "date": DAY, "least": 60} | query)
    assert r.status_code == 200, r.content
    plan: dict[str, Any] = r.json()
    return plan


def moves(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"appointment": item["id"], "version": item["version"], "starts_at": item["to_starts_at"]}
        for doctor in plan["employees"]
        for item in doctor["items"]
        if item["shift"]
    ]


def close(client: Any, clinic: Clinic, these: list[dict[str, Any]], **more: Any) -> Any:
    told = {"branch": str(clinic.branch.pk), "date": str(DAY), "moves": these}
    return client.post(GAPS, told | more)


def back(done: Any) -> list[dict[str, Any]]:
    return [
        {
            "appointment": one["appointment"],
            "version": one["version"],
            "starts_at": one["was_starts_at"],
        }
        for one in done.json()["moves"]
    ]


@pytest.fixture
def holey(desk: Any, clinic: Clinic) -> dict[str, Any]:
    """Half an hour free before an appointment at half past eight, half an hour after it, then busy until the evening."""
    r = desk.post(URL, body(clinic, at(8, 30), chair=str(clinic.chair.pk)))
    del (busy := body(clinic, at(9, 30), minutes=630))["patient"]
    assert desk.post(BREAKS, busy).status_code == 201
    return r.json()  # type: ignore[no-any-return]


def test_a_gap_is_closed_on_ones_word_and_opened_again_in_one_step(
    desk: Any, clinic: Clinic, holey: dict[str, Any]
) -> None:
    plan = planned(desk, clinic, employee=clinic.doctor.pk)
    (doctor,) = plan["employees"]
    assert (plan["won"], doctor["won"]) == (60, 60)
    assert doctor["before"] == {"free": 60, "useful": 0, "longest": 30, "gaps": 2, "stretches": []}
    assert doctor["after"].items() >= {"free": 60, "useful": 60, "longest": 60, "gaps": 0}.items()
    assert [_span(one) for one in doctor["after"]["stretches"]] == [(at(8, 30), at(9, 30))]
    (item,) = doctor["items"]
    assert moment(item["to_starts_at"]) == at(8) and item["shift"] == -30
    assert moment(desk.get(f"{URL}/{holey['id']}").json()["starts_at"]) == at(8, 30)  # only shown

    done = close(desk, clinic, moves(plan))

    assert done.status_code == 200, done.content
    assert moment(desk.get(f"{URL}/{holey['id']}").json()["starts_at"]) == at(8)
    assert planned(desk, clinic)["won"] == 0
    undone = close(desk, clinic, back(done))
    assert undone.status_code == 200
    row = desk.get(f"{URL}/{holey['id']}").json()
    assert (moment(row["starts_at"]), row["version"]) == (at(8, 30), 3)


def test_whoever_has_confirmed_stays_unless_one_says_so_twice(
    desk: Any, clinic: Clinic, holey: dict[str, Any]
) -> None:
    desk.post(f"{URL}/{holey['id']}/status", {"version": 1, "status": "confirmed"})
    shy = planned(desk, clinic)
    assert shy["won"] == 0
    assert [item["fixed"] for doctor in shy["employees"] for item in doctor["items"]] == [
        "confirmed"
    ]

    bold = planned(desk, clinic, confirmed="true")
    assert bold["won"] == 60
    refused = close(desk, clinic, moves(bold))
    assert refused.status_code == 409 and refused.json()["code"] == "already_confirmed"
    assert refused.json()["details"]["appointments"][0]["id"] == holey["id"]
    assert close(desk, clinic, moves(bold), confirmed=True).status_code == 200


@pytest.mark.parametrize("why", ["urgent", "parts", "overbooked", "begun"])
def test_some_are_never_moved(
    desk: Any, as_role: Any, clinic: Clinic, holey: dict[str, Any], why: str
) -> None:
    url = f"{URL}/{holey['id']}"
    if why == "urgent":
        desk.patch(url, {"version": 1, "is_urgent": True})
    elif why == "parts":
        span = {name: holey[name] for name in ("starts_at", "ends_at")}
        half = span | {"ends_at": at(8, 45).isoformat()}
        parts = [
            {"role": "doctor", "employee": str(clinic.doctor.pk)} | half,
            {"role": "chair", "chair": str(clinic.chair.pk)} | span,
        ]
        assert desk.patch(url, {"version": 1, "segments": parts}).status_code == 200
    elif why == "overbooked":
        over = body(
            clinic, at(8, 45), 10, patient=str(clinic.patient2.pk), overbook_reason="Острая боль"
        )
        assert as_role("branch_admin").post(URL, over).status_code == 201
    else:
        desk.post(f"{url}/status", {"version": 1, "status": "arrived"})
    plan = planned(desk, clinic, confirmed="true")
    fixed = {item["id"]: item["fixed"] for doctor in plan["employees"] for item in doctor["items"]}
    assert fixed[holey["id"]] == why and plan["won"] == 0


def test_what_came_between_refuses_all_of_it(
    desk: Any, clinic: Clinic, holey: dict[str, Any]
) -> None:
    other = desk.post(
        URL,
        body(clinic, at(8, 30), employee=str(clinic.doctor2.pk), patient=str(clinic.patient2.pk)),
    ).json()
    plan = moves(planned(desk, clinic, employee=clinic.doctor.pk))
    both = [*plan, {"appointment": other["id"], "version": 1, "starts_at": at(9).isoformat()}]
    rival = desk.post(URL, body(clinic, at(8), 15, patient=str(clinic.patient2.pk))).json()

    taken = close(desk, clinic, both)
    assert taken.status_code == 409 and taken.json()["code"] == "series_conflicts"
    (conflict,) = taken.json()["details"]["conflicts"]
    assert [one["kind"] for one in conflict["resources"]] == ["employee"] and conflict["free"]
    assert desk.get(f"{URL}/{other['id']}").json()["version"] == 1

    desk.post(f"{URL}/{rival['id']}/cancel", {"version": 1, "by": "clinic", "code": "mistake"})
    desk.patch(f"{URL}/{other['id']}", {"version": 1, "note": "Позвонить"})
    stale = close(desk, clinic, both)
    assert stale.status_code == 409 and stale.json()["code"] == "stale"
    assert moment(desk.get(f"{URL}/{holey['id']}").json()["starts_at"]) == at(8, 30)


def test_who_has_left_is_planned_for_no_more(
    desk: Any, clinic: Clinic, holey: dict[str, Any]
) -> None:
    def people() -> list[str]:
        return [doctor["employee"] for doctor in planned(desk, clinic)["employees"]]

    both = people()
    with tenant(clinic.pk):
        type(clinic.doctor2).objects.filter(pk__in=[clinic.doctor.pk, clinic.doctor2.pk]).update(
            is_active=False
        )
    assert set(both) == {str(clinic.doctor.pk), str(clinic.doctor2.pk)}
    assert people() == [str(clinic.doctor.pk)]  # somebody still stands in his day


def test_two_presses_move_once(desk: Any, clinic: Clinic, holey: dict[str, Any]) -> None:
    told = {
        "branch": str(clinic.branch.pk),
        "date": str(DAY),
        "moves": moves(planned(desk, clinic)),
    }
    key = {"HTTP_IDEMPOTENCY_KEY": str(uuid4())}
    first, second = (desk.post(GAPS, told, **key) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json() and first.json()["moves"][0]["version"] == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"moves": []}, "moves"),
        ({"date": str(DAY + timedelta(days=1))}, "moves"),
        ({"branch": str(uuid4())}, "branch"),
        ({"moves": "x"}, "moves"),
    ],
)
def test_what_cannot_be_meant_is_named(
    desk: Any, clinic: Clinic, holey: dict[str, Any], change: dict[str, Any], field: str
) -> None:
    r = close(desk, clinic, moves(planned(desk, clinic)), **change)
    assert r.status_code == 400 and field in str(r.json()["fields"]), r.content
    twice = close(desk, clinic, moves(planned(desk, clinic)) * 2)
    assert twice.status_code == 400
    far = moves(planned(desk, clinic))
    far[0]["starts_at"] = (at(8) + timedelta(days=1)).isoformat()
    assert close(desk, clinic, far).status_code == 400


def test_strangers_and_those_who_only_look_move_nobody(
    desk: Any, as_role: Any, clinic: Clinic, rival: Clinic, holey: dict[str, Any]
) -> None:
    plan = moves(planned(desk, clinic))
    for role in ("doctor", "cashier", "auditor"):
        client = as_role(role)
        assert close(client, clinic, plan).status_code == 403
        assert client.get(GAPS, {"branch": clinic.branch.pk, "date": DAY}).status_code == 403
    elsewhere = as_role("registrar", branch=clinic.other_branch)
    assert close(elsewhere, clinic, plan).status_code == 400
    assert close(as_role("owner", clinic=rival), clinic, plan).status_code == 400
    theirs = close(as_role("owner", clinic=rival), rival, plan)
    assert theirs.status_code == 404


def test_a_day_is_planned_in_as_many_statements_whoever_comes(
    desk: Any, clinic: Clinic, holey: dict[str, Any], django_assert_num_queries: Any
) -> None:
    planned(desk, clinic)
    with django_assert_num_queries(5 + 2 + 6):  # around it; the branch and the look; its day
        planned(desk, clinic)


# --- beside generated days


@pytest.mark.parametrize("seed", range(size(4, 30)))
def test_a_generated_day_breaks_nothing_and_is_never_worse(
    desk: Any, clinic: Clinic, seed: int, record_property: Any
) -> None:
    dice = random.Random(seed)
    _fill(desk, clinic, dice)
    query = {"least": dice.choice([30, 60, 90]), "shift": dice.choice([30, 60, 120])}
    query["confirmed"] = dice.choice(["true", "false"])
    plan = planned(desk, clinic, **query)
    assert plan == planned(desk, clinic, **query)
    shifts = [item["shift"] for doctor in plan["employees"] for item in doctor["items"]]
    assert all(abs(shift) <= query["shift"] for shift in shifts)
    assert plan["won"] >= planner.WORTH * sum(map(bool, shifts))
    for doctor in plan["employees"]:
        _is_true(doctor, query["least"])
    before = _times(clinic)
    if not moves(plan):
        return

    done = close(desk, clinic, moves(plan), confirmed=True)

    assert done.status_code == 200, (seed, done.content)
    with tenant(clinic.pk):
        assert audit.overlaps() == [] and audit.adrift() == []
    after = planned(desk, clinic, **query)
    won = {doctor["employee"]: doctor["after"] for doctor in plan["employees"]}
    assert {doctor["employee"]: doctor["before"] for doctor in after["employees"]} == won
    assert close(desk, clinic, back(done), confirmed=True).status_code == 200
    assert _times(clinic) == before
    record_property("won", f"{plan['won']} minutes by {len(moves(plan))} moves")


def _times(clinic: Clinic) -> dict[Any, Any]:
    with tenant(clinic.pk):
        return dict(Appointment.objects.values_list("pk", "starts_at"))


def _is_true(doctor: dict[str, Any], least: int) -> None:
    """Counted minute by minute, the day has what the plan says of it, as it is and as it will be."""
    for when, gain in (("", doctor["before"]), ("to_", doctor["after"])):
        busy = [_span(one) for one in doctor["blocked"] if one["kind"] != "reserve"]
        buffers = timedelta(minutes=5)
        busy += [
            (moment(one[f"{when}starts_at"]) - buffers, moment(one[f"{when}ends_at"]) + buffers)
            for one in doctor["items"]
        ]
        free, stretch, stretches = 0, 0, []
        for minute in range(24 * 60):
            now = at(0) + timedelta(minutes=minute)
            works = any(begins <= now < ends for begins, ends in map(_span, doctor["working"]))
            if works and not any(begins <= now < ends for begins, ends in busy):
                free, stretch = free + 1, stretch + 1
            elif stretch:
                stretches.append(stretch)
                stretch = 0
        stretches += [stretch] if stretch else []
        useful = sum(one for one in stretches if one >= least)
        assert (gain["free"], gain["useful"]) == (free, useful)
        assert gain["longest"] == max(stretches, default=0)
        shown = [
            (ends - begins) / timedelta(minutes=1) for begins, ends in map(_span, gain["stretches"])
        ]
        assert shown == [one for one in stretches if one >= least]


def _span(one: dict[str, Any]) -> tuple[datetime, datetime]:
    return moment(one["starts_at"]), moment(one["ends_at"])


def _fill(desk: Any, clinic: Clinic, dice: random.Random) -> None:
    """Two doctors, two chairs of a room that may serve one at a time, two patients who go to both of them; breaks, holds
    and reserves. What does not fit is refused, and is not there."""
    with tenant(clinic.pk):
        clinic.service.buffer_before = clinic.service.buffer_after = 5
        clinic.service.save()
        clinic.room.is_exclusive = dice.random() < 0.3
        clinic.room.save()
        Reserve.objects.create(
            branch=clinic.branch, kind="new", weekdays=[DAY.isoweekday()], starts="11:00", ends="11:40",
            valid_from=DAY, reason="",
        )  # fmt: skip
    for _ in range(26):
        start = at(8) + timedelta(minutes=5 * dice.randrange(144))
        doctor = dice.choice([clinic.doctor, clinic.doctor2])
        place = body(clinic, start, dice.choice([20, 35, 60]), employee=str(doctor.pk))
        if dice.random() < 0.15:
            del place["patient"]
            hold = dice.random() < 0.5
            desk.post(*((HOLDS, place | {"key": str(uuid4())}) if hold else (BREAKS, place)))
            continue
        place |= {
            "patient": str(dice.choice([clinic.patient, clinic.patient2]).pk),
            "chair": str(dice.choice([clinic.chair, clinic.chair2]).pk),
            "services": [{"service": str(clinic.service.pk), "quantity": 1}],
        }
        booked = desk.post(URL, place)
        if booked.status_code == 201 and dice.random() < 0.3:
            desk.post(f"{URL}/{booked.json()['id']}/status", {"version": 1, "status": "confirmed"})
