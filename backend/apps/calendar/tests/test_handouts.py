"""What one takes out of the calendar: a day on paper, a slip, an `.ics`."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from icalendar import Calendar
from pypdf import PdfReader

from apps.calendar.handouts import day_sheet
from apps.calendar.models import Appointment
from apps.calendar.tests.helpers import DAY, URL, at, body
from apps.core import documents
from apps.core.models import JournalEntry
from apps.core.tenancy import organization_or_none
from apps.org.models import Preference

DAY_URL = "/api/v1/calendar/day.pdf"


def pages(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "no-store"
    return [
        " ".join(page.extract_text().split()) for page in PdfReader(BytesIO(answer.content)).pages
    ]


def sheet(person: Any, clinic: Any, **more: Any) -> list[str]:
    return pages(person.get(DAY_URL, {"branch": str(clinic.branch.pk), "date": str(DAY)} | more))


def test_a_day_has_a_sheet_for_each_doctor(desk: Any, clinic: Any, booked: Any) -> None:
    other = body(clinic, at(11), employee=str(clinic.doctor2.pk), note="*Просит* #тише")
    assert desk.post(URL, other).status_code == 201
    first, second = sorted(sheet(desk, clinic), key=lambda text: "Просит" in text)
    assert "10:00–10:30" in first
    assert clinic.patient.full_name in first
    assert "*Просит* #тише" in second
    assert f"{DAY:%d.%m.%Y}" in first
    assert "Страница 1 из 2" in first + second


def test_a_doctors_day_is_his_alone(
    desk: Any, as_user: Any, clinic: Any, rival: Any, booked: Any
) -> None:
    assert clinic.patient.full_name in sheet(desk, clinic, employee=str(clinic.doctor.pk))[0]
    (empty,) = sheet(desk, clinic, employee=str(clinic.doctor2.pk))
    assert "На этот день записей нет." in empty
    assert clinic.patient.full_name not in empty
    colleague = as_user(clinic.doctor2.user)
    assert clinic.patient.full_name not in " ".join(sheet(colleague, clinic))
    told = {"branch": str(clinic.branch.pk), "employee": str(clinic.doctor.pk)}
    assert "employee" in colleague.get(DAY_URL, told).json()["fields"]
    elsewhere = {"branch": str(clinic.branch.pk), "employee": str(rival.doctor.pk)}
    assert "employee" in desk.get(DAY_URL, elsewhere).json()["fields"]


def test_what_was_canceled_is_not_printed(desk: Any, clinic: Any, booked: Any) -> None:
    told = {"version": 1, "by": "patient", "code": "ill"}
    assert desk.post(f"{URL}/{booked['id']}/cancel", told).status_code == 200
    assert clinic.patient.full_name not in " ".join(sheet(desk, clinic))


def test_phones_are_for_those_who_may_see_them(
    desk: Any, as_role: Any, clinic: Any, booked: Any
) -> None:
    assert "+7 70" in sheet(desk, clinic)[0]
    (seen,) = sheet(as_role("cashier"), clinic)
    assert clinic.patient.full_name in seen
    assert "+7 70" not in seen
    assert "Телефон" not in seen


def test_speaks_the_language_that_was_asked_for(desk: Any, clinic: Any, booked: Any) -> None:
    assert "Уақыты" in sheet(desk, clinic, lang="kk")[0]
    assert "Time" in sheet(desk, clinic, lang="en")[0]
    assert desk.get(DAY_URL, {"branch": str(clinic.branch.pk), "lang": "de"}).status_code == 400


def test_a_full_day_goes_on_paper(
    desk: Any, clinic: Any, booked: Any, in_tenant: Any, monkeypatch: Any
) -> None:
    with in_tenant():
        one = Appointment.objects.get(pk=booked["id"])
        Appointment.objects.bulk_create(
            Appointment(
                branch=one.branch, patient=one.patient, employee=one.employee, note="Заметка " * 20,
                starts_at=one.starts_at + timedelta(minutes=n), ends_at=one.ends_at + timedelta(minutes=n),
            )
            for n in range(1, 300)
        )  # fmt: skip
    found = sheet(desk, clinic)
    assert all("Пациент" in page for page in found)
    assert sum(page.count("№ ") for page in found) == 300
    monkeypatch.setattr(day_sheet, "MOST", 299)
    assert desk.get(DAY_URL, {"branch": str(clinic.branch.pk), "date": str(DAY)}).status_code == 400


def test_a_sheet_is_laid_out_when_its_transaction_has_ended(
    desk: Any, clinic: Any, booked: Any, monkeypatch: Any
) -> None:
    within = []

    def lay_out(template: str, told: Any) -> bytes:
        within.append(organization_or_none())
        return b"%PDF-"

    monkeypatch.setattr(documents, "pdf", lay_out)
    assert desk.get(f"{URL}/{booked['id']}/slip.pdf").content == b"%PDF-"
    assert within == [None]


def test_a_print_is_in_the_journal(desk: Any, clinic: Any, booked: Any, in_tenant: Any) -> None:
    for _twice in range(2):
        sheet(desk, clinic)
    with in_tenant():
        rows = JournalEntry.objects.filter(event="day_printed")
        assert [row.data["rows"] for row in rows] == [1, 1]


@pytest.mark.parametrize("what", ["slip.pdf", "ics"])
def test_a_strangers_appointment_does_not_exist(
    what: str, as_role: Any, as_user: Any, clinic: Any, rival: Any, booked: Any
) -> None:
    url = f"{URL}/{booked['id']}/{what}"
    assert as_role("registrar", clinic=rival).get(url).status_code == 404
    assert as_user(clinic.doctor2.user).get(url).status_code == 404
    assert as_role("accountant").get(url).status_code == 403
    assert as_user(clinic.doctor.user).get(url).status_code == 200


def test_the_slip_says_where_and_when_and_nothing_else(
    desk: Any, clinic: Any, booked: Any, in_tenant: Any
) -> None:
    (text,) = pages(desk.get(f"{URL}/{booked['id']}/slip.pdf", {"lang": "ru"}))
    for part in (
        clinic.organization.name,
        "10:00",
        f"{DAY:%d.%m.%Y}",
        clinic.doctor.full_name,
        "за 10 минут",
    ):
        assert part in text
    assert clinic.patient.short_name in text
    assert clinic.patient.full_name not in text
    assert clinic.patient.phone[-4:] not in text.replace(" ", "")
    with in_tenant():
        assert JournalEntry.objects.get(data__what="slip").patient_id == clinic.patient.pk


def test_the_slip_comes_on_the_paper_of_the_branch(
    desk: Any, clinic: Any, booked: Any, in_tenant: Any
) -> None:
    def width(**told: str) -> float:
        answer = desk.get(f"{URL}/{booked['id']}/slip.pdf", told)
        return round(float(PdfReader(BytesIO(answer.content)).pages[0].mediabox.width) / 72 * 25.4)

    assert width() == 105
    with in_tenant():
        Preference.objects.create(key="slip_paper", value="80mm", branch=clinic.branch)
        Preference.objects.create(key="come_early_minutes", value=0)
    assert (width(), width(paper="a6")) == (80, 105)
    (text,) = pages(desk.get(f"{URL}/{booked['id']}/slip.pdf"))
    assert "минут" not in text


@pytest.mark.parametrize(
    ("minutes", "told"), [(1, "за 1 минуту"), (2, "за 2 минуты"), (15, "за 15 минут")]
)
def test_the_slip_counts_minutes_as_people_do(
    desk: Any, booked: Any, in_tenant: Any, minutes: int, told: str
) -> None:
    with in_tenant():
        Preference.objects.create(key="come_early_minutes", value=minutes)
    (text,) = pages(desk.get(f"{URL}/{booked['id']}/slip.pdf", {"lang": "ru"}))
    assert f"{told} до начала" in text


def test_only_what_is_agreed_is_handed_out(desk: Any, clinic: Any, booked: Any) -> None:
    draft = desk.post(URL, body(clinic, at(16), draft=True)).json()["id"]
    for what in ("slip.pdf", "ics"):
        assert desk.get(f"{URL}/{draft}/{what}").json()["code"] == "not_agreed"
    desk.post(f"{URL}/{booked['id']}/cancel", {"version": 1, "by": "patient", "code": "ill"})
    refused = desk.get(f"{URL}/{booked['id']}/slip.pdf")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_agreed")


def test_the_ics_follows_its_appointment(desk: Any, clinic: Any, booked: Any) -> None:
    def read() -> Any:
        answer = desk.get(f"{URL}/{booked['id']}/ics", headers={"Accept": "text/calendar"})
        assert answer["Content-Type"] == "text/calendar; charset=utf-8"
        assert "attachment" in answer["Content-Disposition"]
        (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
        return event

    first = read()
    assert (first["DTSTART"].dt, first["DTEND"].dt) == (at(10), at(10, 30))
    assert (first["SEQUENCE"], first["STATUS"]) == (0, "CONFIRMED")
    assert clinic.doctor.full_name in first["DESCRIPTION"]
    assert clinic.patient.last_name not in first.to_ical().decode()
    moved = {"version": 1, "starts_at": at(12).isoformat(), "ends_at": at(13).isoformat()}
    assert desk.patch(f"{URL}/{booked['id']}", moved).status_code == 200
    desk.post(f"{URL}/{booked['id']}/cancel", {"version": 2, "by": "patient", "code": "ill"})
    last = read()
    assert (last["UID"], last["SEQUENCE"], last["STATUS"]) == (first["UID"], 2, "CANCELLED")
    assert last["DTSTART"].dt == at(12)
