"""What one may do with a visit. Each verb takes the visit locked (see ``editable``), changes it once, records it once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.calendar import actions as calendar
from apps.calendar.models import Appointment
from apps.core import versions
from apps.core.errors import DomainError, Forbidden, InvalidInput
from apps.core.events import record
from apps.core.models.user import User
from apps.org.models import Branch
from apps.patients import care
from apps.patients.models import Patient
from apps.services.models import Icd10
from apps.staff.models import Employee
from apps.visits import pricing
from apps.visits.events import VisitCanceled, VisitCompleted, VisitEdited, VisitOpened
from apps.visits.models import DIARY, Visit, VisitDiagnosis, WorkDone


class VisitSigned(DomainError):
    code = "visit_signed"
    message = _("The visit is signed; nothing in it can be changed.")


class VisitNotOpen(DomainError):
    code = "visit_canceled"
    message = _("The booking of this visit was canceled.")


class VisitHasContent(DomainError):
    code = "visit_has_content"
    message = _("The visit already has entries, so its booking cannot be taken back.")


def editable(rows: Any, pk: UUID, version: int | None = None) -> Visit:
    """The visit, locked. That it is signed is said before that it is stale."""
    visit: Visit = versions.locked(rows, pk)
    if visit.status == Visit.Status.SIGNED:
        raise VisitSigned
    if visit.status == Visit.Status.CANCELED:
        raise VisitNotOpen
    if version is not None and version != visit.version:
        versions.locked(rows, pk, version)  # raises Stale, with who changed what
    return visit


def hold_appointment(visit_id: UUID) -> None:
    """Lock the appointment before its visit, as the calendar does: else the two could lock each other out."""
    theirs = Visit.objects.filter(pk=visit_id).values("appointment_id")
    Appointment.objects.select_for_update(no_key=True).filter(pk__in=theirs).first()


@transaction.atomic(savepoint=False)
def open_visit(
    *,
    patient: Patient,
    branch: Branch,
    employee: Employee,
    by: User | None,
    now: datetime,
    appointment: Appointment | None = None,
) -> Visit:
    """The patient is here."""
    visit = Visit.objects.create(
        appointment=appointment, patient=patient, branch=branch, employee=employee, arrived_at=now
    )
    if appointment is None:  # booking has linked them already
        care.link(patient.pk, branch.pk, employee.pk)
    record(
        VisitOpened(
            id=visit.pk,
            branch_id=branch.pk,
            patient_id=patient.pk,
            by=by,
            data={
                "appointment": appointment and str(appointment.pk),
                "employee_id": str(employee.pk),
            },
        )
    )
    return visit


@transaction.atomic(savepoint=False)
def open_for_appointment(*, appointment: Appointment, by: User | None, now: datetime) -> Visit:
    """Arrived: one visit per appointment. One that was closed because the booking was taken back is opened again."""
    visit = Visit.objects.select_for_update().filter(appointment=appointment).first()
    if visit is None:
        return open_visit(
            patient=appointment.patient,
            branch=appointment.branch,
            employee=appointment.employee,
            by=by,
            now=now,
            appointment=appointment,
        )
    changes: dict[str, Any] = {"employee_id": appointment.employee_id}
    if visit.status == Visit.Status.CANCELED:
        changes |= {"status": Visit.Status.OPEN, "arrived_at": now}
    if visit.status != Visit.Status.SIGNED:
        _edited(visit, versions.apply(visit, changes), by)
    return visit


def of_appointment(appointment_id: UUID) -> Visit | None:
    """The open visit of an appointment, locked."""
    rows = Visit.objects.select_for_update().filter(status=Visit.Status.OPEN)
    return rows.filter(appointment_id=appointment_id).first()


@transaction.atomic(savepoint=False)
def follow(*, appointment_id: UUID, branch_id: UUID, employee_id: UUID, by: User | None) -> None:
    """The appointment went to another branch or employee; what is open goes along."""
    if not Visit.objects.knows(appointment_id=appointment_id):
        return
    visit = of_appointment(appointment_id)
    if visit is not None:
        place = {"branch_id": branch_id, "employee_id": employee_id}
        _edited(visit, versions.apply(visit, place), by)


@transaction.atomic(savepoint=False)
def take_back(*, appointment_id: UUID, by: User | None) -> None:
    """The booking left "arrived" backwards. An empty visit is closed; one with entries keeps the booking as it is."""
    visit = Visit.objects.select_for_update().filter(appointment_id=appointment_id).first()
    if visit is None or visit.status == Visit.Status.CANCELED:
        return
    if visit.status == Visit.Status.SIGNED or has_content(visit):
        raise VisitHasContent
    changed = versions.apply(visit, {"status": Visit.Status.CANCELED, "started_at": None})
    record(
        VisitCanceled(
            id=visit.pk,
            branch_id=visit.branch_id,
            patient_id=visit.patient_id,
            by=by,
            data={"version": visit.version, "changed": changed},
        )
    )


def has_content(visit: Visit) -> bool:
    written = any(getattr(visit, section) for section in DIARY)
    return written or visit.diagnoses.exists() or visit.works.exists()


@transaction.atomic(savepoint=False)
def write_diary(*, visit: Visit, sections: dict[str, str], by: User) -> Visit:
    assert set(sections) <= set(DIARY)
    _edited(visit, versions.apply(visit, sections), by)
    return visit


@transaction.atomic(savepoint=False)
def set_diagnoses(*, visit: Visit, items: Sequence[dict[str, Any]], by: User) -> Visit:
    codes = {
        row.code: row for row in Icd10.objects.filter(code__in={item["icd10"] for item in items})
    }
    unknown = [i for i, item in enumerate(items) if item["icd10"] not in codes]
    if unknown:
        raise InvalidInput(fields={f"items.{i}.icd10": [pricing.UNKNOWN] for i in unknown})
    wanted = [(codes[item["icd10"]].pk, item.get("tooth")) for item in items]
    present = list(visit.diagnoses.order_by("position").values_list("icd10_id", "tooth"))
    if wanted == present:
        return visit
    visit.diagnoses.all().delete()
    VisitDiagnosis.objects.bulk_create(
        VisitDiagnosis(visit=visit, icd10_id=icd10, tooth=tooth, position=position)
        for position, (icd10, tooth) in enumerate(wanted)
    )
    _bump(visit, ["diagnoses"], by)
    return visit


@transaction.atomic(savepoint=False)
def set_works(
    *, visit: Visit, items: Sequence[dict[str, Any]], rights: pricing.Rights, by: User
) -> Visit:
    present = list(visit.works.order_by("position"))
    lines = pricing.lines(
        items, path="items", rights=rights, employee_id=visit.employee_id, kept=present
    )
    rows = [
        WorkDone(
            visit=visit,
            service=line.service,
            employee_id=line.employee_id or visit.employee_id,
            tooth=line.tooth,
            quantity=line.quantity,
            price=line.price,
            discount_percent=line.discount_percent,
            amount=line.amount,
            position=position,
        )
        for position, line in enumerate(lines)
    ]
    if [_work(row) for row in rows] == [_work(row) for row in present]:
        return visit
    visit.works.all().delete()
    WorkDone.objects.bulk_create(rows)
    visit.total = pricing.total(rows)
    _bump(visit, ["works"], by, "total")
    return visit


def _work(row: WorkDone) -> tuple[Any, ...]:
    return (
        row.service_id, row.employee_id, row.tooth, row.quantity, row.price, row.discount_percent
    )  # fmt: skip


@transaction.atomic(savepoint=False)
def begin(*, visit: Visit, by: User | None, now: datetime) -> Visit:
    """The patient is in the chair."""
    if visit.started_at is None:
        _edited(visit, versions.apply(visit, {"started_at": now}), by)
    return visit


@transaction.atomic(savepoint=False)
def start(*, visit: Visit, by: User, now: datetime) -> Visit:
    """From the visit's own page; its appointment goes on to "in progress", and the calendar hears of it."""
    if visit.appointment_id:
        calendar.advance(
            appointment_id=visit.appointment_id, to=Appointment.Status.IN_PROGRESS, by=by, now=now
        )
        visit.refresh_from_db()
    return begin(visit=visit, by=by, now=now)


@transaction.atomic(savepoint=False)
def sign(*, visit: Visit, by: User, now: datetime) -> Visit:
    """The doctor of the visit closes it for good. Billing hears of it in this very transaction."""
    if visit.employee.user_id != by.pk:
        raise Forbidden(message=_("Only the doctor of the visit signs it."))
    works = list(visit.works.order_by("position"))
    changes = {
        "status": Visit.Status.SIGNED,
        "started_at": visit.started_at or now,
        "signed_at": now,
        "signed_by": by,
        "total": pricing.total(works),
    }
    changed = versions.apply(visit, changes)
    record(
        VisitCompleted(
            id=visit.pk,
            branch_id=visit.branch_id,
            patient_id=visit.patient_id,
            by=by,
            data={
                "version": visit.version,
                "changed": changed,
                "appointment": visit.appointment_id and str(visit.appointment_id),
                "employee_id": str(visit.employee_id),
                "signed_at": now.isoformat(),
                "total": str(visit.total),
                "works": [_completed(work) for work in works],
            },
        )
    )
    if visit.appointment_id:
        calendar.advance(
            appointment_id=visit.appointment_id, to=Appointment.Status.DONE, by=by, now=now
        )
    return visit


def _completed(work: WorkDone) -> dict[str, Any]:
    return {
        "id": str(work.pk),
        "service_id": str(work.service_id),
        "employee_id": str(work.employee_id),
        "tooth": work.tooth,
        "quantity": work.quantity,
        "amount": str(work.amount),
    }


def _bump(visit: Visit, changed: list[str], by: User, *columns: str) -> None:
    visit.bump().save(update_fields=[*columns, "version", "updated_at"])
    _edited(visit, changed, by)


def _edited(visit: Visit, changed: list[str], by: User | None) -> None:
    if changed:
        record(
            VisitEdited(
                id=visit.pk,
                branch_id=visit.branch_id,
                patient_id=visit.patient_id,
                by=by,
                data={"version": visit.version, "changed": changed},
            )
        )
