"""One of everything that has an id, in a clinic: what the API's paths and bodies can name."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from psycopg.types.range import TimestamptzRange

from apps.billing import books
from apps.billing.models import CashShift, Invoice, Payment
from apps.calendar.models import Appointment, Break, Occupancy
from apps.comms.models import Message, Template
from apps.core.tenancy import tenant
from apps.staff.models import Shift
from apps.visits.models import Visit
from apps.warehouse.models import Item
from testing.clinics import CANARY, Clinic


def one_of_everything(clinic: Clinic) -> dict[str, Any]:
    """resource word or field name → id."""
    canary = clinic.organization.name.startswith(CANARY)
    word = f"{CANARY}-thing" if canary else "Проба"
    now = datetime.now(UTC)
    starts = datetime.combine(date.today() + timedelta(days=2), time(9), UTC)
    owner = clinic.user("owner")
    with tenant(clinic.pk):
        people = {"branch": clinic.branch, "patient": clinic.patient, "employee": clinic.doctor}
        appointment = Appointment.objects.create(
            **people, chair=clinic.chair, starts_at=starts, ends_at=starts + timedelta(minutes=30),
            note=word, services_text=word, cancel_reason=word,
        )  # fmt: skip
        for resource in (
            {"employee": clinic.doctor},
            {"chair": clinic.chair},
            {"patient": clinic.patient},
        ):
            Occupancy.objects.create(
                appointment=appointment, **resource,
                during=TimestamptzRange(appointment.starts_at, appointment.ends_at, "[)"),
            )  # fmt: skip
        pause = Break.objects.create(
            employee=clinic.doctor, branch=clinic.branch, starts_at=starts + timedelta(hours=4),
            ends_at=starts + timedelta(hours=5), reason=word,
        )  # fmt: skip
        visit = Visit.objects.create(**people, arrived_at=now, complaints=word, started_at=now)
        invoice = Invoice.objects.create(
            **people, year=2020, number=1, issued_at=now, total=Decimal("100.00")
        )
        shift = CashShift.objects.create(
            register=clinic.register, opened_by=owner, opened_at=now, opening_cash=0
        )
        payment = Payment.objects.create(
            invoice=invoice, shift=shift, branch=clinic.branch, patient=clinic.patient, kind="payment",
            method="cash", amount=Decimal("50.00"), at=now, by=owner, reason=word,
        )  # fmt: skip
        for operation, source, target, amount, of_shift in (
            (
                invoice.pk,
                ("revenue", clinic.branch.pk),
                ("receivable", clinic.patient.pk),
                100,
                None,
            ),
            (
                payment.pk,
                ("receivable", clinic.patient.pk),
                ("cash", clinic.register.pk),
                50,
                shift.pk,
            ),
        ):
            books.transfer(
                operation_id=operation, at=now, source=source, target=target,
                amount=Decimal(amount), invoice=invoice, shift_id=of_shift,
            )  # fmt: skip
        books.settle(invoice)
        template = Template.objects.create(name=word, text_ru=word, text_kk=word)
        message = Message.objects.create(
            patient=clinic.patient, branch=clinic.branch, template=template, channel="sms",
            purpose="free", phone=clinic.patient.phone, text=word, created_at=now, created_by=owner,
        )  # fmt: skip
        item = Item.objects.create(name=word, unit="шт")
        work = Shift.objects.filter(employee=clinic.doctor).first()
        assert work is not None
    session = clinic.client("owner").session_row  # type: ignore[attr-defined]
    things = {
        "appointments": appointment, "breaks": pause, "visits": visit, "invoices": invoice,
        "cash_shifts": shift, "payments": payment, "templates": template, "messages": message,
        "items": item, "shifts": work, "branches": clinic.branch, "branch_settings": clinic.branch,
        "rooms": clinic.room, "chairs": clinic.chair, "positions": clinic.position,
        "specialities": clinic.speciality, "employees": clinic.doctor, "patients": clinic.patient,
        "categories": clinic.category, "services": clinic.service, "registers": clinic.register,
        "users": clinic.user("cashier"), "sessions": session,
        "visit": visit, "invoice": invoice, "shift": shift, "template": template,
        "branch": clinic.branch, "room": clinic.room, "chair": clinic.chair,
        "position": clinic.position, "speciality": clinic.speciality, "employee": clinic.doctor,
        "patient": clinic.patient, "category": clinic.category, "parent": clinic.category,
        "service": clinic.service, "register": clinic.register, "user": clinic.user("cashier"),
        "appointment": appointment, "payment": payment,
    }  # fmt: skip
    return {name: thing.pk for name, thing in things.items()}
