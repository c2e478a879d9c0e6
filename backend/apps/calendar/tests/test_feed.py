"""The private calendar of an employee: times and "busy", to whoever knows the address, until it is taken back."""

import hashlib
import logging
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from icalendar import Calendar

from apps.calendar.api import feeds
from apps.calendar.models import Appointment, Feed
from apps.calendar.tests.helpers import URL, at, body
from apps.core.models import IdempotencyKey, JournalEntry, Membership
from apps.staff.models import Employee

OWN = "/api/v1/calendar/feed"


@pytest.fixture
def doctor(as_user: Any, clinic: Any) -> Any:
    return as_user(clinic.doctor.user)


@pytest.fixture
def path(doctor: Any) -> str:
    return doctor.post(OWN).json()["path"]


def of(clinic: Any, employee: Any = None) -> str:
    return f"/api/v1/calendar/employees/{(employee or clinic.doctor).pk}/feed"


def events(answer: Any) -> list[Any]:
    assert answer.status_code == 200, answer.content
    return Calendar.from_ical(answer.content).walk("VEVENT")


def is_gone(anonymous: Any, path: str) -> bool:
    """Exactly like an address that never was."""
    answers = [anonymous.get(one) for one in (path, f"{OWN}/never.ics")]
    assert answers[0].content == answers[1].content
    return {one.status_code for one in answers} == {404}


def test_tells_when_one_is_busy_and_nothing_else(
    anonymous: Any, desk: Any, clinic: Any, booked: Any, path: str
) -> None:
    desk.post(
        URL, body(clinic, at(12), employee=str(clinic.doctor2.pk), patient=str(clinic.patient2.pk))
    )
    answer = anonymous.get(path, headers={"Accept": "text/calendar"})
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    (event,) = events(answer)
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (at(10), at(10, 30))
    assert event["SUMMARY"] == "Занято"
    told = set(event.keys())
    assert told == {
        "UID",
        "DTSTAMP",
        "LAST-MODIFIED",
        "DTSTART",
        "DTEND",
        "SEQUENCE",
        "SUMMARY",
        "STATUS",
        "CLASS",
        "TRANSP",
    }
    for secret in (
        clinic.patient.last_name,
        clinic.doctor.last_name,
        booked["id"],
        str(clinic.pk),
        clinic.organization.name,
    ):
        assert secret.encode() not in answer.content


def test_follows_the_day(anonymous: Any, desk: Any, clinic: Any, booked: Any, path: str) -> None:
    (before,) = events(anonymous.get(path))
    ten = {"starts_at": at(10).isoformat(), "ends_at": at(10, 10).isoformat()}
    doctor = {"role": "doctor", "employee": str(clinic.doctor.pk)} | ten
    chair = {"role": "chair", "chair": str(clinic.chair.pk)} | ten
    told = {"version": 1, "segments": [doctor, chair]}
    assert desk.patch(f"{URL}/{booked['id']}", told).status_code == 200
    (after,) = events(anonymous.get(path))
    assert after["DTEND"].dt == at(10, 10)
    assert (after["UID"], after["SEQUENCE"]) == (before["UID"], 1)
    assert (
        desk.post(
            f"{URL}/{booked['id']}/cancel", {"version": 2, "by": "patient", "code": "ill"}
        ).status_code
        == 200
    )
    assert events(anonymous.get(path)) == []


def test_an_assistant_is_busy_too(anonymous: Any, desk: Any, as_user: Any, clinic: Any) -> None:
    ten = {"starts_at": at(10).isoformat(), "ends_at": at(10, 30).isoformat()}
    parts = [
        {"role": role, "employee": str(who.pk)} | ten
        for role, who in (("doctor", clinic.doctor), ("assistant", clinic.doctor2))
    ]
    assert desk.post(URL, body(clinic, segments=parts)).status_code == 201
    path = as_user(clinic.doctor2.user).post(OWN).json()["path"]
    assert len(events(anonymous.get(path))) == 1


def test_an_unchanged_calendar_is_not_sent_again(
    anonymous: Any, desk: Any, clinic: Any, booked: Any, path: str
) -> None:
    tag = anonymous.get(path)["ETag"]
    assert anonymous.get(path, headers={"If-None-Match": tag}).status_code == 304
    desk.post(URL, body(clinic, at(15)))
    assert anonymous.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_takes_three_statements_however_full(
    anonymous: Any, booked: Any, path: str, django_assert_num_queries: Any
) -> None:
    anonymous.get(path)
    with django_assert_num_queries(7):  # savepoint, whose, set, living, spans, set back, release
        anonymous.get(path)


def test_only_the_hash_is_kept(doctor: Any, clinic: Any, in_tenant: Any, caplog: Any) -> None:
    caplog.set_level(logging.DEBUG)
    answer = doctor.post(OWN, headers={"Idempotency-Key": "one"})
    secret = answer.json()["path"].removeprefix(f"{OWN}/").removesuffix(".ics")
    assert len(secret) >= 43  # 256 bits
    again = doctor.post(OWN, headers={"Idempotency-Key": "one"})
    assert (again.status_code, again.json()["path"]) == (201, None)
    doctor.get(answer.json()["path"])
    doctor.get(f"{answer.json()['path']}/")
    doctor.post(answer.json()["path"])
    assert doctor.get(OWN).json().keys() == {"issued_at"}
    with in_tenant():
        assert bytes(Feed.objects.get().digest) == hashlib.sha256(secret.encode()).digest()
        journal = JournalEntry.objects.values_list("data", flat=True)
        answers = IdempotencyKey.objects.values_list("answer", flat=True)
        kept = [*map(str, journal), *(bytes(one).decode() for one in answers)]
    assert kept
    assert secret not in "".join(kept)
    written = [str(vars(record)) for record in caplog.records]
    assert written
    assert not [line for line in written if secret in line and "django.db" not in line]


def test_a_new_address_ends_the_old_one(anonymous: Any, doctor: Any, path: str) -> None:
    newer = doctor.post(OWN).json()["path"]
    assert is_gone(anonymous, path)
    assert anonymous.get(newer).status_code == 200
    assert doctor.delete(OWN).status_code == 204
    assert is_gone(anonymous, newer)
    assert (doctor.get(OWN).json(), doctor.delete(OWN).status_code) == ({"issued_at": None}, 404)


def dismissed(clinic: Any) -> None:
    Employee.objects.filter(pk=clinic.doctor.pk).update(is_active=False)


def suspended(clinic: Any) -> None:
    Membership.objects.filter(user=clinic.doctor.user).update(is_active=False)


def blocked(clinic: Any) -> None:
    type(clinic.doctor.user).objects.filter(pk=clinic.doctor.user.pk).update(is_active=False)


def closed(clinic: Any) -> None:
    type(clinic.organization).objects.filter(pk=clinic.pk).update(is_active=False)


@pytest.mark.parametrize("leave", [dismissed, suspended, blocked, closed])
def test_opens_only_while_he_works_here(
    leave: Any, anonymous: Any, clinic: Any, in_tenant: Any, path: str
) -> None:
    assert anonymous.get(path).status_code == 200
    with in_tenant():
        leave(clinic)
    assert is_gone(anonymous, path)


def test_who_arranges_the_staff_gives_and_takes_addresses(
    anonymous: Any, as_role: Any, clinic: Any, rival: Any
) -> None:
    owner = as_role("owner")
    path = owner.post(of(clinic)).json()["path"]
    assert anonymous.get(path).status_code == 200
    assert owner.get(of(clinic)).json()["issued_at"]
    for role, there, told in (("registrar", clinic, 403), ("owner", rival, 404)):
        person = as_role(role, clinic=there)
        assert {
            getattr(person, verb)(of(clinic)).status_code for verb in ("get", "post", "delete")
        } == {told}
    assert anonymous.get(path).status_code == 200
    assert owner.delete(of(clinic)).status_code == 204
    assert is_gone(anonymous, path)


def test_the_journal_knows_who_made_and_ended_an_address(
    as_role: Any, clinic: Any, in_tenant: Any
) -> None:
    owner = as_role("owner")
    owner.post(of(clinic))
    owner.delete(of(clinic))
    with in_tenant():
        rows = JournalEntry.objects.filter(resource="feeds").order_by("at")
        assert [(row.event, row.object_id) for row in rows] == [
            (name, clinic.doctor.pk) for name in ("feed_issued", "feed_revoked")
        ]


def test_who_is_no_employee_has_none(as_role: Any) -> None:
    person = as_role("owner")
    assert {getattr(person, verb)(OWN).status_code for verb in ("get", "post", "delete")} == {404}


def test_the_addresses_of_another_clinic_cannot_be_seen(
    path: str, in_tenant: Any, rival: Any
) -> None:
    with in_tenant():
        assert Feed.objects.exists()
    with in_tenant(rival), connection.cursor() as cursor:
        assert not Feed.objects.exists()
        cursor.execute("SELECT count(*) FROM calendar_feed")
        assert cursor.fetchone() == (0,)
        for guess in (b"", b"%", hashlib.sha256(b"").digest()):
            cursor.execute("SELECT calendar_feed(%s)", [guess])
            assert cursor.fetchone() == (None,)


def test_looks_a_week_back_and_three_months_ahead(
    anonymous: Any, desk: Any, clinic: Any, in_tenant: Any, path: str
) -> None:
    now = timezone.now()
    with in_tenant():
        for days in (-9, -6, 89, 93):
            starts = now + timedelta(days=days)
            Appointment.objects.create(
                branch=clinic.branch, patient=clinic.patient, employee=clinic.doctor, starts_at=starts,
                ends_at=starts + timedelta(hours=1),
            )  # fmt: skip
    assert len(events(anonymous.get(path))) == 2


def test_is_not_asked_without_end(anonymous: Any, path: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(feeds.limiter, "clock", lambda: 1_000_000_000.0)
    monkeypatch.setattr(feeds, "_PER_SECOND", 1)
    answers = [anonymous.get(path) for _time in range(11)]
    assert [one.status_code for one in answers] == [200] * 10 + [429]
    assert int(answers[-1]["Retry-After"]) > 0
    monkeypatch.setattr(feeds, "_PER_SECOND_AND_PLACE", 1)
    guesses = [anonymous.get(f"{OWN}/{number}.ics").status_code for number in range(12)]
    assert guesses[-1] == 429
