"""A place kept for five minutes: only whoever has the key books it, and it ends by itself."""

from collections import Counter
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from apps.calendar import audit, holds, overbooking
from apps.calendar.models import Appointment, Hold, Occupancy
from apps.calendar.tests.helpers import DAY, URL, at, body, day_url, moment
from apps.calendar.tests.test_races import deadlocks, rivals
from apps.core import contention, outbox
from apps.core.models import Doorbell
from apps.core.tenancy import tenant
from testing.clinics import Clinic, build_clinic
from testing.races import together

HOLDS = "/api/v1/calendar/holds"
SLOTS = "/api/v1/calendar/slots"


def held(clinic: Any, start: Any = None, key: Any = None, **more: Any) -> dict[str, Any]:
    place = body(clinic, start, **more)
    del place["patient"]
    return place | {"key": str(key or uuid4()), "chair": str(clinic.chair.pk)}


def over(clinic: Any) -> None:
    """Five minutes later."""
    with tenant(clinic.pk):
        Hold.objects.update(expires_at=timezone.now() - timedelta(minutes=1))


def test_the_holder_books_it_and_nobody_else(desk: Any, as_role: Any, clinic: Any) -> None:
    other, key = as_role("call_center"), str(uuid4())
    kept = desk.post(HOLDS, held(clinic, key=key))

    refused = other.post(URL, body(clinic, hold=key))
    same_chair = other.post(
        URL, body(clinic, employee=str(clinic.doctor2.pk), chair=str(clinic.chair.pk))
    )
    booked = desk.post(URL, body(clinic, chair=str(clinic.chair.pk), hold=key))

    assert kept.status_code == 201, kept.content
    left = moment(kept.json()["expires_at"]) - timezone.now()
    assert timedelta(minutes=4, seconds=50) < left < timedelta(minutes=5)
    assert (refused.status_code, refused.json()["code"]) == (409, "slot_taken")
    assert {one["kind"] for one in same_chair.json()["details"]["resources"]} == {"chair"}
    assert booked.status_code == 201, booked.content
    with tenant(clinic.pk):
        assert not Hold.objects.exists() and not Occupancy.objects.filter(hold__isnull=False)
        assert audit.overlaps() == audit.adrift() == []


def test_nobody_is_shown_the_place_but_the_holder(desk: Any, as_role: Any, clinic: Any) -> None:
    key = str(uuid4())
    desk.post(HOLDS, held(clinic, at(8), key))
    query = {"employee": clinic.doctor.pk, "from": DAY, "limit": 1}

    def first(client: Any, **more: Any) -> str:
        return str(client.get(SLOTS, query | more).json()["items"][0]["starts_at"])

    assert first(desk, hold=key) != first(desk) == first(as_role("owner"), hold=key)


def test_the_day_shows_who_keeps_a_place_and_until_when(desk: Any, clinic: Any) -> None:
    desk.post(HOLDS, held(clinic))
    (shown,) = desk.get(day_url(clinic)).json()["reserves"]
    assert (shown["kind"], moment(shown["starts_at"])) == ("held", at(10))
    assert shown["reason"].startswith(desk.user.last_name) and shown["held_until"]
    over(clinic)
    desk.post(URL, body(clinic, at(15)))
    assert desk.get(day_url(clinic)).json()["reserves"] == []


def test_when_it_is_over_it_keeps_nobody_away(desk: Any, as_role: Any, clinic: Any) -> None:
    key = str(uuid4())
    desk.post(HOLDS, held(clinic, key=key))
    over(clinic)

    other = as_role("call_center").post(URL, body(clinic, chair=str(clinic.chair.pk)))
    late = desk.post(URL, body(clinic, patient=str(clinic.patient2.pk), hold=key))

    assert (other.status_code, late.status_code) == (201, 409)
    again = desk.post(HOLDS, held(clinic, at(11), key))
    assert again.status_code == 201
    with tenant(clinic.pk):
        assert audit.overlaps() == audit.adrift() == []


def test_one_key_holds_one_place(desk: Any, clinic: Any) -> None:
    key = uuid4()
    first = desk.post(HOLDS, held(clinic, key=key)).json()
    over(clinic)
    again = desk.post(HOLDS, held(clinic, key=key)).json()
    assert again["expires_at"] >= first["expires_at"]
    desk.post(URL, body(clinic, at(12)))
    refused = desk.post(HOLDS, held(clinic, at(12), key))
    assert moment(refused.json()["details"]["free"][0]["starts_at"]) == at(12, 30)
    with tenant(clinic.pk):
        assert Hold.objects.get().starts_at == at(10)  # what it had
    assert desk.post(HOLDS, held(clinic, at(11), key)).status_code == 201
    assert desk.post(URL, body(clinic)).status_code == 201
    assert desk.post(URL, body(clinic, at(11), patient=str(clinic.patient2.pk))).status_code == 409


def test_it_is_given_back(desk: Any, as_role: Any, clinic: Any, rival: Any) -> None:
    url = f"{HOLDS}/{desk.post(HOLDS, held(clinic)).json()['id']}"
    manager = as_role("branch_admin")
    on_top = manager.post(URL, body(clinic, overbook_reason="x")).json()
    for stranger in (manager, as_role("owner", clinic=rival)):
        assert stranger.delete(url).status_code == 404
    with tenant(clinic.pk):
        assert Hold.objects.count() == 1

    assert desk.delete(url).status_code == 204
    assert desk.delete(url).status_code == 404

    with tenant(clinic.pk):
        assert not Appointment.objects.get(pk=on_top["id"]).is_overbooked  # it rose
        assert audit.overlaps() == audit.adrift() == []


def test_who_may_not_book_may_not_hold(as_role: Any, clinic: Any, rival: Any) -> None:
    assert as_role("doctor").post(HOLDS, held(clinic)).status_code == 403
    stranger = as_role("registrar", clinic=rival).post(HOLDS, held(clinic))
    assert set(stranger.json()["fields"]) == {"branch", "employee", "chair"}
    night = as_role("registrar").post(HOLDS, held(clinic, at(21)))
    assert night.json()["code"] == "outside_shift"


def test_a_doorbell_sweeps_up_and_tells_the_screens(desk: Any, clinic: Any) -> None:
    desk.post(HOLDS, held(clinic))
    desk.post(HOLDS, held(clinic, at(11)))
    shown = desk.get(day_url(clinic))["ETag"]
    with tenant(clinic.pk):
        Hold.objects.filter(starts_at=at(10)).update(expires_at=timezone.now())
    Doorbell.objects.update(due_at=timezone.now())

    outbox.process_due(timezone.now() + timedelta(seconds=1))

    with tenant(clinic.pk):
        assert [hold.starts_at for hold in Hold.objects.all()] == [at(11)]
        assert Occupancy.objects.filter(hold__isnull=False).count() == 2
    assert desk.get(day_url(clinic), headers={"If-None-Match": shown}).status_code == 200
    assert not Doorbell.objects.filter(kind="hold").exists()


def test_a_doorbell_comes_back_for_one_who_is_laid_over_and_busy(
    desk: Any, as_role: Any, clinic: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.post(HOLDS, held(clinic))
    on_top = as_role("branch_admin").post(URL, body(clinic, overbook_reason="x")).json()
    over(clinic)

    def busy(rows: Any, **own: Any) -> None:
        if Appointment in rows:
            raise contention.Contended({})

    with monkeypatch.context() as somebody:
        somebody.setattr(contention, "hold", busy)
        outbox.process_due(timezone.now() + holds.LASTS)
    with tenant(clinic.pk):
        assert Hold.objects.count() == 1
    outbox.process_due(timezone.now() + holds.LASTS + holds.AGAIN)

    with tenant(clinic.pk):
        assert not Hold.objects.exists()
        assert not Appointment.objects.get(pk=on_top["id"]).is_overbooked


@pytest.mark.parametrize("looks", [True, False], ids=["as it is", "control without the look"])
def test_who_lay_over_a_hold_that_a_booking_cleared_away_rises_with_the_sweep(
    desk: Any, as_role: Any, clinic: Any, monkeypatch: pytest.MonkeyPatch, looks: bool
) -> None:
    if not looks:
        monkeypatch.setattr(overbooking, "settle_in", lambda *_, **__: None)
    desk.post(HOLDS, held(clinic, minutes=60))
    half, urgent = (
        at(10, 30),
        {"patient": str(clinic.patient2.pk), "overbook_reason": "Острая боль"},
    )
    assert as_role("branch_admin").post(URL, body(clinic, half, **urgent)).status_code == 201
    over(clinic)

    assert (
        desk.post(URL, body(clinic)).status_code == 201
    )  # the first half; it clears all of the hold

    with tenant(clinic.pk):
        lies = Appointment.objects.filter(is_overbooked=True)
        assert lies.exists()
        holds.sweep(timezone.now())
        assert lies.exists() is not looks and not Hold.objects.exists()
        assert audit.overlaps() == audit.adrift() == []


def test_a_sixth_place_gives_back_the_one_asked_for_the_longest_ago(
    desk: Any, as_role: Any, clinic: Any
) -> None:
    other, keys = as_role("call_center"), [str(uuid4()) for _ in range(holds.MOST)]
    other.post(HOLDS, held(clinic, at(17)))
    for hour, key in enumerate(keys):
        assert desk.post(HOLDS, held(clinic, at(8 + hour), key)).status_code == 201
    assert desk.post(HOLDS, held(clinic, at(8), keys[0])).status_code == 201  # once more: it lasts

    taken = desk.post(HOLDS, held(clinic, at(17)))
    with tenant(clinic.pk):
        assert set(keys) < set(Hold.objects.values_list("key", flat=True))  # refused: all are kept
    sixth = desk.post(HOLDS, held(clinic, at(18)))

    assert (taken.status_code, sixth.status_code) == (409, 201)
    with tenant(clinic.pk):
        kept = set(Hold.objects.filter(by=desk.user).values_list("key", flat=True))
        assert kept == {keys[0], *keys[2:], sixth.json()["key"]}
        assert audit.adrift() == []
    assert other.post(HOLDS, held(clinic, at(9))).status_code == 201
    assert other.post(HOLDS, held(clinic, at(10))).status_code == 409


def test_what_is_offered_to_those_who_wait_is_not_counted(desk: Any, clinic: Any) -> None:
    entry = desk.post(
        "/api/v1/calendar/waiting",
        {"branch": str(clinic.branch.pk), "patient": str(clinic.patient2.pk)},
    ).json()
    offered = held(clinic, at(18))
    del offered["key"], offered["branch"]
    r = desk.post(f"/api/v1/calendar/waiting/{entry['id']}/offer", {"version": 1} | offered)
    assert r.status_code == 201, r.content
    for hour in range(holds.MOST + 1):
        assert desk.post(HOLDS, held(clinic, at(8 + hour))).status_code == 201
    with tenant(clinic.pk):
        assert Hold.objects.filter(offers__isnull=False).count() == 1
        assert Hold.objects.count() == holds.MOST + 1


@pytest.mark.parametrize("waits", [True, False], ids=["as it is", "control all at once"])
def test_requests_of_one_person_at_once_keep_no_more_than_he_may(
    committed_db: str, monkeypatch: pytest.MonkeyPatch, waits: bool
) -> None:
    if not waits:
        monkeypatch.setattr(holds, "_one_after_another", lambda _by: None)
    clinic = build_clinic()
    desk = clinic.client("registrar")
    meet = Barrier(8)
    give_room = holds.take

    def after_counting(**wanted: Any) -> Hold:
        if not waits:
            meet.wait(timeout=20)
        return give_room(**wanted)

    monkeypatch.setattr(holds, "take", after_counting)

    def hold(hour: int) -> Any:
        return lambda: desk.post(HOLDS, held(clinic, at(8 + hour))).status_code

    assert set(together([hold(hour) for hour in range(8)])) == {201}
    with tenant(clinic.pk):
        assert (Hold.objects.count() == holds.MOST) is waits


def test_of_fifty_who_want_a_place_one_holds_it_and_books_it(committed_db: str) -> None:
    clinic = build_clinic()
    pairs = rivals(clinic, 50)
    keys = [str(uuid4()) for _ in pairs]

    def hold(client: Any, serial: int) -> Any:
        wanted = held(clinic, at(10, serial % 3 * 5), keys[serial])
        return lambda: client.post(HOLDS, wanted).status_code

    answers = together([hold(client, n) for n, (client, _patient) in enumerate(pairs)])
    assert Counter(answers) == {201: 1, 409: 49}
    assert deadlocks() == 0

    assert _booked(clinic, pairs, keys) == {201: 1, 409: 49}  # each with the key that he asked with
    with tenant(clinic.pk):
        assert audit.overlaps() == audit.adrift() == []


def test_fifty_come_when_a_hold_is_over_and_one_books(committed_db: str) -> None:
    clinic = build_clinic()
    clinic.client("owner").post(HOLDS, held(clinic))
    over(clinic)
    pairs = rivals(clinic, 50)

    assert _booked(clinic, pairs, [str(uuid4())] * 50) == {201: 1, 409: 49}
    with tenant(clinic.pk):
        assert audit.overlaps() == audit.adrift() == []


def _booked(clinic: Clinic, pairs: list[Any], keys: list[str]) -> Counter[int]:
    def booking(client: Any, patient: Any, key: str) -> Any:
        wanted = body(clinic, patient=str(patient.pk), chair=str(clinic.chair.pk), hold=key)
        return lambda: client.post(URL, wanted).status_code

    calls = [booking(*pair, key) for pair, key in zip(pairs, keys, strict=True)]
    return Counter(together(calls))
