"""A place was freed: whom to ask first and why, and that it is offered to one at a time."""

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from apps.calendar import audit, ranking
from apps.calendar.models import Hold, Offer, WaitingContact, WaitingEntry
from apps.calendar.tests.helpers import DAY, URL, ZONE, at, body
from apps.calendar.tests.test_races import deadlocks
from apps.core.tenancy import tenant
from apps.patients.models import CareLink, Patient
from apps.staff.models import EmployeeService
from testing.clinics import Clinic, build_clinic
from testing.races import together

WAITING = "/api/v1/calendar/waiting"
HOLDS = "/api/v1/calendar/holds"
NOW = at(9) - timedelta(days=2)


def waits(client: Any, clinic: Any, patient: Any = None, **wishes: Any) -> dict[str, Any]:
    who = {"branch": str(clinic.branch.pk), "patient": str((patient or clinic.patient).pk)}
    r = client.post(WAITING, who | {"minutes": 30} | wishes)
    assert r.status_code == 201, r.content
    return r.json()


def freed(clinic: Any, **more: Any) -> dict[str, Any]:
    place = body(clinic, **more)
    return {name: place[name] for name in ("branch", "employee", "starts_at", "ends_at")}


def candidates(client: Any, clinic: Any, **more: Any) -> list[dict[str, Any]]:
    r = client.get(f"{WAITING}/candidates", freed(clinic, **more))
    assert r.status_code == 200, r.content
    return r.json()["items"]


def ask(client: Any, clinic: Any, entry: dict[str, Any], start: Any = None) -> Any:
    place = freed(clinic, start=start)
    del place["branch"]
    return client.post(f"{WAITING}/{entry['id']}/offer", {"version": entry["version"]} | place)


# --- ranking


def waiter(**wishes: Any) -> ranking.Waiter:
    return ranking.Waiter(**({"id": uuid4(), "minutes": 30, "since": NOW} | wishes))


DOCTOR, SERVICE = uuid4(), uuid4()
PLACE = ranking.Freed(DOCTOR, at(10), at(10, 30), ZONE, frozenset([SERVICE]))


@pytest.mark.parametrize(
    ("wishes", "fits"),
    [
        ({}, True), ({"minutes": 45}, False), ({"employee_id": DOCTOR}, True),
        ({"employee_id": uuid4()}, False), ({"services": frozenset([SERVICE])}, False),
        ({"services": frozenset([uuid4()])}, True),
        ({"first_date": DAY, "last_date": DAY}, True), ({"first_date": DAY + timedelta(1)}, False),
        ({"last_date": DAY - timedelta(1)}, False), ({"windows": ("morning",)}, True),
        ({"windows": ("evening",)}, False), ({"windows": ("evening", "10:00-10:30")}, True),
        ({"windows": ("10:00-10:29",)}, False), ({"weekdays": (DAY.isoweekday(),)}, True),
        ({"weekdays": (DAY.isoweekday() % 7 + 1,)}, False),
    ],
)  # fmt: skip
def test_whom_a_place_fits(wishes: dict[str, Any], fits: bool) -> None:
    assert ranking.fits(PLACE, waiter(**wishes)) is fits


def test_pain_goes_first_then_priority_then_who_fits_better_then_who_waits() -> None:
    day = timedelta(days=1)
    order = [
        waiter(is_urgent=True),
        waiter(priority=2),
        waiter(employee_id=DOCTOR, since=NOW - 5 * day),
        waiter(employee_id=DOCTOR),
        waiter(since=NOW - 3 * day),
        waiter(minutes=15),
        waiter(priority=0),
    ]
    ranked = ranking.rank(PLACE, reversed(order), NOW)
    assert [one.waiter for one in ranked] == order
    assert ranked == ranking.rank(PLACE, order, NOW)
    assert ranked[0].reasons[0] == "Острая боль." and ranked[2].reasons[-1] == "Ждёт дней: 5."


def test_another_module_adds_a_signal(monkeypatch: Any) -> None:
    monkeypatch.setattr(ranking, "_signals", [*ranking._signals])
    rich = waiter()
    ranking.signal(lambda _p, w, _n: ranking.Point(500, "x") if w.id == rich.id else None)
    first, _second = ranking.rank(PLACE, [waiter(is_urgent=True), rich], NOW)
    assert (first.waiter, first.reasons[0]) == (rich, "x")


# --- offers


def test_what_one_wants_is_kept_and_decides(desk: Any, clinic: Any) -> None:
    wishes = {
        "services": [{"service": str(clinic.service.pk)}], "windows": ["morning", "17:00-24:00"],
        "first_date": str(DAY), "last_date": str(DAY), "weekdays": [DAY.isoweekday()], "priority": 2,
    }  # fmt: skip
    entry = waits(desk, clinic, **wishes)
    (wanted,) = entry["services"]
    assert wanted["name"] == clinic.service.name == entry["services_text"]
    assert (wanted["price"], wanted["duration_minutes"]) == ("15000.00", 30)
    assert {name: entry[name] for name in wishes if name != "services"} == {
        name: value for name, value in wishes.items() if name != "services"
    }
    (one,) = candidates(desk, clinic)
    assert one["reasons"][0] == "В первую очередь." and "Просил утром." in one["reasons"]
    assert candidates(desk, clinic, start=at(14)) == []
    with tenant(clinic.pk):
        EmployeeService.objects.create(employee=clinic.doctor2, service=clinic.service)
    assert candidates(desk, clinic) == []
    assert len(candidates(desk, clinic, employee=str(clinic.doctor2.pk))) == 1
    url = f"{WAITING}/{entry['id']}"
    for name, value in (("last_date", DAY - timedelta(days=1)), ("windows", ["noon"])):
        wrong = desk.patch(url, {"version": 1, name: value}).json()["fields"]
        assert name in "".join(wrong)
    changed = desk.patch(f"{WAITING}/{entry['id']}", {"version": 1, "services": []}).json()
    assert (changed["services"], changed["version"]) == ([], 2)


def test_an_offer_keeps_the_place_and_one_press_books_it(
    desk: Any, as_role: Any, clinic: Any
) -> None:
    services = [{"service": str(clinic.service.pk), "quantity": 2}]
    first, second = waits(desk, clinic, services=services), waits(desk, clinic, clinic.patient2)

    offered = ask(desk, clinic, first)

    assert offered.status_code == 201 and offered.json()["status"] == "contacted"
    left = timezone.datetime.fromisoformat(offered.json()["offer"]["expires_at"]) - timezone.now()
    assert timedelta(minutes=14) < left < timedelta(minutes=15)
    other = as_role("call_center")
    assert ask(other, clinic, second).json()["code"] == "slot_taken"
    again = ask(other, clinic, first | {"version": 2}, at(15))
    assert again.json()["code"] == "already_offered"
    assert [one["id"] for one in candidates(desk, clinic)] == [second["id"]]
    assert other.post(URL, body(clinic, patient=str(clinic.patient2.pk))).status_code == 409

    place = {"version": 2} | freed(clinic)
    del place["branch"]
    booked = other.post(f"{WAITING}/{first['id']}/book", place)

    assert booked.status_code == 201, booked.content
    assert booked.json()["services_text"] == clinic.service.name
    assert candidates(desk, clinic) == []
    with tenant(clinic.pk):
        assert Offer.objects.get().status == "taken" and not Hold.objects.exists()
        assert audit.overlaps() == audit.adrift() == []


def test_who_declines_is_not_asked_again_and_the_next_one_is(desk: Any, clinic: Any) -> None:
    first = ask(desk, clinic, waits(desk, clinic, priority=2)).json()
    second = waits(desk, clinic, clinic.patient2)

    declined = desk.post(f"{WAITING}/{first['id']}/decline", {"version": 2, "note": "Болеет"})

    assert declined.status_code == 200, declined.content
    assert declined.json()["offer"] is None and declined.json()["status"] == "waiting"
    assert declined.json()["contacts"][0]["result"] == "declined"
    assert [one["id"] for one in candidates(desk, clinic)] == [second["id"]]
    assert len(candidates(desk, clinic, start=at(15))) == 2  # another place is another question
    assert ask(desk, clinic, second).status_code == 201
    late = desk.post(f"{WAITING}/{first['id']}/decline", {"version": 3})
    assert (late.status_code, len(late.json()["contacts"])) == (200, 2)  # "no" is heard anyhow


def test_an_offer_ends_by_itself(desk: Any, clinic: Any) -> None:
    first = ask(desk, clinic, waits(desk, clinic)).json()
    second = waits(desk, clinic, clinic.patient2)
    with tenant(clinic.pk):
        Hold.objects.update(expires_at=timezone.now() - timedelta(minutes=1))

    assert ask(desk, clinic, second).status_code == 201
    assert ask(desk, clinic, first, at(15)).status_code == 201
    with tenant(clinic.pk):
        assert Counter(Offer.objects.values_list("status", flat=True)) == {"open": 2, "expired": 1}
        assert audit.overlaps() == audit.adrift() == []


def test_a_call_is_written_down_for_good(desk: Any, clinic: Any) -> None:
    entry = waits(desk, clinic)
    told = {"version": 1, "result": "no_answer", "note": "Перезвонить"}
    r = desk.post(f"{WAITING}/{entry['id']}/contacts", told)
    assert (r.json()["status"], r.json()["contacts"][0]["note"]) == ("contacted", "Перезвонить")
    with tenant(clinic.pk):
        assert WaitingContact.objects.count() == 1
    assert desk.delete(f"{WAITING}/{entry['id']}").status_code == 204
    gone = desk.post(f"{WAITING}/{entry['id']}/contacts", told | {"version": 3})
    assert gone.json()["code"] == "not_waiting"


def test_who_may_offer(as_role: Any, clinic: Any, rival: Any) -> None:
    entry = waits(as_role("registrar"), clinic)
    stranger = as_role("registrar", clinic=rival)
    assert ask(as_role("doctor"), clinic, entry).status_code == 403
    assert ask(stranger, clinic, entry).status_code == 404
    assert stranger.get(f"{WAITING}/candidates", freed(clinic)).status_code == 400
    assert as_role("doctor").get(f"{WAITING}/candidates", freed(clinic)).status_code == 400
    assert len(candidates(as_role("nurse"), clinic)) == 1
    assert candidates(as_role("nurse"), clinic)[0]["phone"] != clinic.patient.phone


def test_candidates_cost_the_same_for_many(
    desk: Any, clinic: Any, django_assert_max_num_queries: Any
) -> None:
    for _ in range(6):
        waits(desk, clinic, services=[{"service": str(clinic.service.pk)}])
    with django_assert_max_num_queries(20):
        assert len(candidates(desk, clinic)) == 6


def test_fifty_holds_and_offers_for_one_freed_place_one_gets_it(committed_db: str) -> None:
    clinic = build_clinic()
    entries = _crowd(clinic, 50)
    calls = []
    for serial, entry in enumerate(entries):
        client = clinic.client("registrar")
        place = freed(clinic) | {"chair": str(clinic.chair.pk)}
        if serial % 2:
            held = place | {"key": str(uuid4())}
            calls.append(lambda c=client, h=held: c.post(HOLDS, h).status_code)
        else:
            told = {name: value for name, value in place.items() if name != "branch"}
            url, told = f"{WAITING}/{entry}/offer", told | {"version": 1}
            calls.append(lambda c=client, u=url, t=told: c.post(u, t).status_code)

    answers = Counter(together(calls))

    assert answers == {201: 1, 409: 49}
    assert deadlocks() == 0
    with tenant(clinic.pk):
        assert Hold.objects.count() == 1
        assert audit.overlaps() == audit.adrift() == []


def test_eight_offers_to_one_patient_at_once_one_is_open(committed_db: str) -> None:
    clinic = build_clinic()
    desk = clinic.client("registrar")
    entry = waits(desk, clinic)
    calls = [lambda n=n: ask(desk, clinic, entry, at(9 + n)).status_code for n in range(8)]
    assert Counter(together(calls)) == {201: 1, 409: 7}


def _crowd(clinic: Clinic, count: int) -> list[UUID]:
    with tenant(clinic.pk):
        patients = [
            Patient(card_number=n, last_name=f"N{n}", first_name="A", branch=clinic.branch)
            for n in range(1, count + 1)
        ]
        Patient.objects.bulk_create(patients)
        CareLink.objects.bulk_create(
            CareLink(patient=one, branch=clinic.branch) for one in patients
        )
        entries = [WaitingEntry(patient=one, branch=clinic.branch) for one in patients]
        WaitingEntry.objects.bulk_create(entries)
        return [entry.pk for entry in entries]
