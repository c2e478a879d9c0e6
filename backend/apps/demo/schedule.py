"""Sixty days behind and thirty ahead: appointments, what became of them, visits, invoices and payments."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from psycopg.types.range import TimestamptzRange

from apps.calendar.models import (
    Appointment,
    AppointmentService,
    AppointmentStep,
    Occupancy,
)
from apps.core.kz.money import tenge
from apps.demo.catalogue import VISITS
from apps.demo.working_time import EMERGENCIES, LUNCH
from apps.demo.world import World, instant
from apps.org.models import Branch, Chair
from apps.patients.models import CareLink, Patient
from apps.staff.models import Employee
from apps.visits.models import Visit, VisitDiagnosis, WorkDone

TEETH = [11, 12, 13, 14, 15, 16, 17, 21, 22, 23, 24, 25, 26, 27, 31, 32, 33, 34, 35, 36, 37, 41, 42,
         43, 44, 45, 46, 47]  # fmt: skip
DONE = Appointment.Status.DONE
TEXTS = {
    "complaints": ["Жалобы на кратковременную боль от сладкого.", "Жалоб нет, профилактический осмотр.",
                   "Боль при накусывании, ноет третий день.", "Скол пломбы, острый край."],
    "anamnesis": ["Ранее зуб не лечен.", "Зуб лечен два года назад.", "Аллергии отрицает."],
    "examination": ["Кариозная полость средней глубины, зондирование болезненно по краю.",
                    "Слизистая бледно-розовая, отложения умеренные.", "Перкуссия слабо болезненна."],
    "conclusion": ["Показано лечение.", "Санация проведена.", "Наблюдение через полгода."],
    "recommendations": ["Не есть два часа.", "Щадящая диета сутки, при боли позвонить.",
                        "Профилактический осмотр через 6 месяцев."],
}  # fmt: skip


@dataclass
class Written:
    """Rows gathered for bulk writing."""

    appointments: list[Appointment] = field(default_factory=list)
    services: list[AppointmentService] = field(default_factory=list)
    steps: list[AppointmentStep] = field(default_factory=list)
    occupancies: list[Occupancy] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    diagnoses: list[VisitDiagnosis] = field(default_factory=list)
    works: list[WorkDone] = field(default_factory=list)
    links: dict[tuple[UUID, UUID, UUID], CareLink] = field(default_factory=dict)


def build(world: World) -> Written:
    """Writes calendar and visits; returns them, for the money to follow."""
    written = Written()
    busy: dict[UUID, list[tuple[datetime, datetime]]] = {}
    seen: set[UUID] = set()
    for branch in world.branches:
        for day in world.working_days(branch):
            for place, doctor in enumerate(world.doctors[branch.pk]):
                chair = world.chairs[branch.pk][place % len(world.chairs[branch.pk])]
                if world.works(doctor, day):
                    _day(world, written, branch, day, doctor, chair, busy, seen)
    for rows in (
        written.appointments, written.services, written.steps, written.occupancies, written.visits,
        written.diagnoses, written.works, list(written.links.values()),
    ):  # fmt: skip
        if rows:
            type(rows[0]).objects.bulk_create(rows, batch_size=2000)  # type: ignore[attr-defined]
    return written


def _day(
    world: World, written: Written, branch: Branch, day: date, doctor: Employee, chair: Chair,
    busy: dict[UUID, list[tuple[datetime, datetime]]], seen: set[UUID],
) -> None:  # fmt: skip
    lunch = (instant(branch, day, LUNCH[0]), instant(branch, day, LUNCH[1]))
    at, ends = instant(branch, day, time(9)), instant(branch, day, time(18))
    if day >= world.reserved.get(doctor.pk, date.max) and day.isoweekday() < 6:
        ends = instant(branch, day, EMERGENCIES[0])
    ahead = (day - branch.today(world.now)).days
    fill = 0.95 if ahead <= 1 else max(0.35, 0.95 - ahead * 0.025)  # the further, the emptier
    while at < ends:
        codes, diagnosis = _kind(world)
        minutes = max(30, sum(world.services[code].duration_minutes for code in codes) // 15 * 15)
        until = at + timedelta(minutes=minutes)
        if at < lunch[1] and until > lunch[0]:
            at = lunch[1]
            continue
        if until > ends:
            break
        if world.rng.random() < fill:
            patient = _free_patient(world, branch, at, until, busy)
            _appointment(
                world, written, branch, doctor, chair, patient, (at, until), codes, diagnosis, seen
            )
        at = until if world.rng.random() < 0.75 else until + timedelta(minutes=15)


def _kind(world: World) -> tuple[tuple[str, ...], str]:
    _, codes, diagnosis = world.rng.choices(VISITS, [share for share, _, _ in VISITS])[0]
    return codes, diagnosis


def _free_patient(
    world: World, branch: Branch, at: datetime, until: datetime,
    busy: dict[UUID, list[tuple[datetime, datetime]]],
) -> Patient:  # fmt: skip
    while True:
        patient = world.rng.choice(world.patients)
        taken = busy.setdefault(patient.pk, [])
        local = patient.branch_id == branch.pk or world.rng.random() < 0.1
        if local and not any(begin < until and end > at for begin, end in taken):
            taken.append((at, until))
            return patient


def _appointment(
    world: World, written: Written, branch: Branch, doctor: Employee, chair: Chair, patient: Patient,
    span: tuple[datetime, datetime], codes: tuple[str, ...], diagnosis: str, seen: set[UUID],
) -> None:  # fmt: skip
    status = _status(world, span)
    services = [world.services[code] for code in codes]
    appointment = Appointment(
        id=world.id(), branch=branch, patient=patient, employee=doctor, chair=chair, status=status,
        starts_at=span[0], ends_at=span[1], is_new_patient=patient.pk not in seen,
        is_urgent=world.rng.random() < 0.03,
        source=world.rng.choices(["phone", "desk", "online", "telegram", "recall"], [60, 20, 10, 5, 5])[0],
        price_estimate=sum((world.prices[s.pk] for s in services), Decimal()),
        services_text=", ".join(s.name for s in services)[:250],
        created_by=world.users.get("registrar"),
        canceled_by=world.rng.choice(["clinic", "patient"]) if status == "canceled" else "",
        cancel_reason="Перенос по просьбе" if status == "canceled" else "",
    )  # fmt: skip
    seen.add(patient.pk)
    written.appointments.append(appointment)
    for position, service in enumerate(services):
        written.services.append(
            AppointmentService(
                id=world.id(), appointment=appointment, service=service, position=position,
                price=world.prices[service.pk],
            )
        )  # fmt: skip
    _steps(world, written, appointment)
    if status not in ("canceled", "no_show"):
        for resource in ({"employee": doctor}, {"chair": chair}, {"patient": patient}):
            written.occupancies.append(_taken(world, span, appointment=appointment, **resource))
    key = (patient.pk, branch.pk, doctor.pk)
    if key not in written.links:
        written.links[key] = CareLink(
            id=world.id(), patient=patient, branch=branch, employee=doctor
        )
    if status in (DONE, "in_progress", "arrived"):
        _visit(world, written, appointment, services, diagnosis)


def _taken(world: World, span: tuple[datetime, datetime], **what: Any) -> Occupancy:
    return Occupancy(id=world.id(), during=TimestamptzRange(*span, "[)"), **what)


def _status(world: World, span: tuple[datetime, datetime]) -> str:
    chance = world.rng.random()
    if span[1] <= world.now:
        return "no_show" if chance < 0.04 else "canceled" if chance < 0.09 else DONE
    if span[0] <= world.now:
        return "in_progress" if chance < 0.9 else "arrived"
    if span[0] - world.now < timedelta(minutes=20):
        return "arrived"
    if chance < 0.03:
        return "canceled"
    soon = span[0] - world.now < timedelta(days=2)
    return "confirmed" if chance < (0.7 if soon else 0.2) else "booked"


_PATH = ["booked", "confirmed", "arrived", "in_progress", DONE]


def _steps(world: World, written: Written, appointment: Appointment) -> None:
    status, starts, ends = appointment.status, appointment.starts_at, appointment.ends_at
    booked = min(world.now, starts) - timedelta(days=world.rng.randrange(1, 12), minutes=17)
    when = {
        "booked": booked,
        "confirmed": min(world.now, starts) - timedelta(hours=20),
        "arrived": starts - timedelta(minutes=world.rng.randrange(2, 12)),
        "in_progress": starts,
        DONE: ends,
        "canceled": min(world.now, starts) - timedelta(hours=3),
        "no_show": ends,
    }
    path = _PATH[: _PATH.index(status) + 1] if status in _PATH else ["booked", status]
    for step in path:
        at = min(when[step], world.now)
        written.steps.append(
            AppointmentStep(
                id=world.id(), appointment=appointment, status=step, at=at,
                by=world.users.get("registrar"),
            )
        )  # fmt: skip


def _visit(
    world: World, written: Written, appointment: Appointment, services: list[Any], diagnosis: str
) -> None:
    done, rng = appointment.status == DONE, world.rng
    doctor = appointment.employee
    texts = {name: rng.choice(choices) if done else "" for name, choices in TEXTS.items()}
    visit = Visit(
        id=world.id(), appointment=appointment, branch=appointment.branch, employee=doctor,
        patient=appointment.patient, status="signed" if done else "open",
        arrived_at=appointment.starts_at - timedelta(minutes=5),
        started_at=None if appointment.status == "arrived" else appointment.starts_at,
        signed_at=appointment.ends_at if done else None,
        signed_by=doctor.user if done else None, **texts,
    )  # fmt: skip
    written.visits.append(visit)
    if not done:
        return
    tooth = rng.choice(TEETH)
    on_tooth = any(service.is_tooth_bound for service in services)
    written.diagnoses.append(
        VisitDiagnosis(
            id=world.id(),
            visit=visit,
            icd10=world.icd10[diagnosis],
            tooth=tooth if on_tooth else None,
        )
    )
    discount = Decimal(rng.choices([0, 5, 10], [85, 10, 5])[0])
    for position, service in enumerate(services):
        price = world.prices[service.pk]
        amount = tenge(price * (100 - discount) / 100)
        visit.total += amount
        written.works.append(
            WorkDone(
                id=world.id(), visit=visit, service=service, employee=doctor, position=position,
                tooth=tooth if service.is_tooth_bound else None, price=price,
                discount_percent=discount, amount=amount,
            )
        )  # fmt: skip
