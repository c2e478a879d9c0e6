"""One of everything that the API can name, in a clinic, and what one would say to each operation about it."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from psycopg.types.range import TimestamptzRange

from apps.billing import books
from apps.billing.models import CashShift, Invoice, Payment, Register
from apps.calendar.models import (
    Appointment,
    Break,
    BreakRule,
    ContactClaim,
    Feed,
    Hold,
    Occupancy,
    Reserve,
    SavedView,
    Series,
    WaitingEntry,
)
from apps.comms.models import Message, Template
from apps.core.tenancy import tenant
from apps.org.models import Device, SpecialDay
from apps.services.models import Category, Icd10
from apps.staff.models import Absence, Shift, Substitution
from apps.visits.models import Visit, VisitDiagnosis
from apps.warehouse.models import Item
from testing.clinics import CANARY, Clinic

DAY = date.today() + timedelta(days=3)
STARTS = datetime.combine(DAY, time(5), UTC)
WORDS = {
    "from": str(DAY), "to": str(DAY), "timezone": "Asia/Almaty", "hours": {"1": ["09:00", "20:00"]},
    "color": "#0f766e", "phone": "+77011112233", "iin": "", "without_iin": "", "bin": "", "iik": "",
    "bik": "", "kbe": "", "icd10": "K02.1", "tooth": 36, "duration_minutes": 30, "minutes": 30,
    "discount_percent": "0", "version": 1, "preferences": {}, "starts": "06:00", "ends": "07:00",
    "opens": "08:00", "closes": "12:00", "overbook_reason": "",
    "q": "Пр", "role": "registrar", "login": "somebody", "is_active": True,
    "starts_at": (STARTS + timedelta(hours=2)).isoformat(),
    "ends_at": (STARTS + timedelta(hours=2, minutes=30)).isoformat(),
}  # fmt: skip


@dataclass
class Things:
    ids: dict[str, str]  # resource word, field name or operation → id
    said: dict[str, dict[str, Any]] = field(default_factory=dict)  # operation → its own values
    words: dict[str, Any] = field(default_factory=lambda: WORDS)
    day: str = str(DAY)

    def id_in_path(self, operation: str, name: str) -> str:
        resource = operation.rsplit("_", 1)[0]
        names = (operation, name, resource, resource.removesuffix("_partial"))
        return next((self.ids[one] for one in names if one in self.ids), str(uuid4()))

    @property
    def all_ids(self) -> set[str]:
        return set(self.ids.values())

    @property
    def of_patients(self) -> set[str]:
        words = ("patient", "appointment", "visit", "invoice", "payment", "message")
        return {pk for name, pk in self.ids.items() if name.startswith(words)}


def one_of_everything(clinic: Clinic) -> Things:
    word = f"{CANARY}-thing" if clinic.organization.name.startswith(CANARY) else "Вещь"
    with tenant(clinic.pk):
        things = {
            **_places_and_people(clinic, word), **_calendar(clinic, word), **_visits(clinic, word),
            **_money(clinic, word), **_rest(clinic, word),
        }  # fmt: skip
    ids = {name: str(thing.pk) for name, thing in things.items()}
    return Things(ids=ids, said=_said(ids))


def _said(ids: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Where the description alone would not make sense together; ``...`` leaves a field out."""
    roles = {"roles": [{"role": "registrar", "branch": ids["branch"]}]}
    return {
        "users_create": roles,
        "users_partial_update": roles,
        "visits_works": {
            "items": [{"service": ids["service"], "tooth": 36, "employee": ids["employee"]}]
        },
        "auth_socket_ticket": {"branch": ids["branch"]},
        "patients_create": {"confirm_duplicate": True},
        "patients_partial_update": {"is_archived": False},
        "payments_create": {"shift": ids["open_shift"], "register": ...},
        "payments_refund": {"shift": ids["open_shift"], "register": ...},
        "cash_shifts_create": {"register": ids["free_register"]},
        "messages_send": {"text": ...},
        "appointments_create": {"segments": _segments(ids), "rebook": ...},
        "appointments_partial_update": {"segments": _segments(ids)},
        "appointments_status": {"status": "confirmed"},
        "missed_create": {"appointments": [{"appointment": ids["missed"], "version": 1}]},
        "missed_undo": {
            "appointments": [{"appointment": ids["unmissed"], "version": 1, "status": "booked"}]
        },
        "confirmations_list": {"date": str(DAY)},
        "confirmations_result": {"seen": None, "result": "reached", "call_back_at": None},
        "series_create": {"segments": _segments(ids), "dates": [], "count": 2},
        "breaks_create": {"chair": ..., "room": ...},
        "waiting_create": {"appointment": ..., "windows": ["morning"]},
        "waiting_partial_update": {"status": "contacted", "windows": []},
        "substitutions_create": {"first_day": str(DAY), "last_day": str(DAY)},
        "days_cancel": {"date": str(DAY), "block": False},
        "reserves_create": {"valid_from": str(DAY), "valid_to": ..., "weekdays": [2]},
        "reserves_partial_update": {"valid_from": str(DAY), "valid_to": ..., "weekdays": [3]},
        "break_rules_create": {"valid_from": str(DAY), "valid_to": ..., "weekdays": [2]},
        "break_rules_partial_update": {"valid_from": str(DAY), "valid_to": ..., "weekdays": [3]},
        "shifts_create": {"valid_to": ..., "cycle_week": 0},
        "shifts_partial_update": {"valid_to": ..., "cycle_week": 0},
        "branches_partial_update": {"is_active": True},
        "special_days_take_over": {"year": 2027},
        "rota_paint": {"what": "hours", "spans": [{"starts": "06:00", "ends": "07:00"}]},
    }


def _segments(ids: dict[str, str]) -> list[dict[str, Any]]:
    kinds = {"doctor": "employee", "chair": "chair", "device": "device"}
    times = {name: WORDS[name] for name in ("starts_at", "ends_at")}
    return [{"role": role, kind: ids[kind], **times} for role, kind in kinds.items()]


def _places_and_people(clinic: Clinic, word: str) -> dict[str, Any]:
    work = Shift.objects.filter(employee=clinic.doctor).first()
    parent = Category.objects.create(name=word)
    device = Device.objects.create(branch=clinic.branch, name=word)
    seldom = clinic.user("registrar", clinic.branch)
    away = Absence.objects.create(
        employee=clinic.doctor2, kind="leave", first_day=DAY + timedelta(days=300),
        last_day=DAY + timedelta(days=310), note=word,
    )  # fmt: skip
    special = SpecialDay.objects.create(
        branch=clinic.branch, date=DAY + timedelta(days=300), name=word
    )
    session: Any = clinic.client("owner")
    return {
        "branch": clinic.branch, "branche": clinic.branch, "branches": clinic.branch,
        "branch_settings": clinic.branch, "room": clinic.room, "rooms": clinic.room,
        "chair": clinic.chair, "chairs": clinic.chair, "device": device,
        "devices": device, "position": clinic.position,
        "positions": clinic.position, "speciality": clinic.speciality,
        "specialitie": clinic.speciality, "specialities": clinic.speciality,
        "employee": clinic.doctor, "employees": clinic.doctor, "shifts": work, "user": seldom,
        "users": seldom, "auth_end_session": session.session_row, "patient": clinic.patient,
        "patients": clinic.patient, "category": clinic.category, "categories": clinic.category,
        "parent": parent, "special_days": special,
        "absences": away, "service": clinic.service, "services": clinic.service,
    }  # fmt: skip


def _calendar(clinic: Clinic, word: str) -> dict[str, Any]:
    def booked(hours: int, status: str) -> Appointment:
        starts = STARTS + timedelta(hours=hours)
        return Appointment.objects.create(
            branch=clinic.branch, patient=clinic.patient, employee=clinic.doctor, chair=clinic.chair,
            starts_at=starts, ends_at=starts + timedelta(minutes=30), status=status, note=word,
            services_text=word, cancel_reason=word,
        )  # fmt: skip

    appointment = booked(0, "booked")
    for resource in (
        {"employee": clinic.doctor},
        {"chair": clinic.chair},
        {"patient": clinic.patient},
    ):
        during = TimestamptzRange(appointment.starts_at, appointment.ends_at, "[)")
        Occupancy.objects.create(appointment=appointment, during=during, **resource)
    pause = Break.objects.create(
        employee=clinic.doctor, branch=clinic.branch, starts_at=STARTS + timedelta(hours=4),
        ends_at=STARTS + timedelta(hours=5), reason=word,
    )  # fmt: skip
    series = Series.objects.create(rule="weekly")
    Appointment.objects.filter(pk=appointment.pk).update(series=series)
    Feed.objects.create(
        employee=clinic.doctor, digest=clinic.doctor.pk.bytes, issued_at=datetime.now(UTC),
        issued_by=clinic.user("owner"),
    )  # fmt: skip
    ContactClaim.objects.create(
        appointment=appointment, by=clinic.user("owner"), ends_at=STARTS + timedelta(days=1)
    )
    return {
        "series": series,
        "appointment": appointment, "copy_of": appointment, "appointments": appointment,
        "confirmations": appointment, "missed": booked(-720, "booked"),
        "unmissed": booked(-744, "no_show"),
        "breaks": pause, "employee_feed": clinic.doctor,
        "substitutions": Substitution.objects.create(
            absent=clinic.doctor2, substitute=clinic.doctor, branch=clinic.branch, first_day=DAY,
            last_day=DAY, note=word,
        ),
        "absent": clinic.doctor, "substitute": clinic.doctor2,
        "waiting": WaitingEntry.objects.create(
            branch=clinic.branch, patient=clinic.patient, employee=clinic.doctor, comment=word,
        ),
        "holds": Hold.objects.create(
            key=word, branch=clinic.branch, employee=clinic.doctor2, by=clinic.user("owner"),
            starts_at=STARTS, ends_at=STARTS + timedelta(minutes=30),
            expires_at=STARTS + timedelta(days=1),
        ),
        "reserves": Reserve.objects.create(
            branch=clinic.branch, kind="new", weekdays=[DAY.isoweekday()], starts=time(19),
            ends=time(20), valid_from=DAY, reason=word,
        ),
        "break_rules": BreakRule.objects.create(
            employee=clinic.doctor2, branch=clinic.branch, weekdays=[1], starts=time(13),
            ends=time(14), valid_from=DAY, reason=word, carried_to=DAY,
        ),
        "views": SavedView.objects.create(
            user=clinic.user("owner"), name=word, look={"by": "chair"}
        ),
        "appointments_restore": booked(1, "canceled"),
    }  # fmt: skip


def _visits(clinic: Clinic, word: str) -> dict[str, Any]:
    def opened(**more: Any) -> Visit:
        return Visit.objects.create(
            branch=clinic.branch, patient=clinic.patient, employee=clinic.doctor,
            arrived_at=datetime.now(UTC), complaints=word, **more,
        )  # fmt: skip

    visit, ready = opened(), opened(started_at=datetime.now(UTC))
    code = Icd10.objects.get(code="K02.1")
    VisitDiagnosis.objects.create(visit=ready, icd10=code, position=0)
    return {"visit": visit, "visits": visit, "visits_sign": ready}


def _money(clinic: Clinic, word: str) -> dict[str, Any]:
    now, by = datetime.now(UTC), clinic.user("cashier")
    invoice = Invoice.objects.create(
        branch=clinic.branch, patient=clinic.patient, employee=clinic.doctor, year=2020, number=1,
        issued_at=now, total=Decimal("100.00"),
    )  # fmt: skip
    shift = CashShift.objects.create(
        register=clinic.register, opened_by=by, opened_at=now, opening_cash=0
    )
    payment = Payment.objects.create(
        invoice=invoice, shift=shift, branch=clinic.branch, patient=clinic.patient, kind="payment",
        method="cash", amount=Decimal("50.00"), at=now, by=by, reason=word,
    )  # fmt: skip
    owed, till = ("receivable", clinic.patient.pk), ("cash", clinic.register.pk)
    for why, source, target, amount, during in (
        (invoice, ("revenue", clinic.branch.pk), owed, 100, None),
        (payment, owed, till, 50, shift.pk),
    ):
        entry = books.entry(
            operation_id=why.pk, at=now, source=source, target=target, amount=Decimal(amount),
            invoice=invoice, shift_id=during,
        )  # fmt: skip
        entry.save()
    books.settle(invoice)
    free = Register.objects.create(branch=clinic.branch, name=f"{word} 2")
    return {
        "invoice": invoice, "invoices": invoice, "payment": payment, "payments": payment,
        "open_shift": shift, "shift": shift, "cash_shifts": shift, "register": clinic.register,
        "registers": clinic.register, "free_register": free,
    }  # fmt: skip


def _rest(clinic: Clinic, word: str) -> dict[str, Any]:
    template = Template.objects.create(name=word, text_ru=word, text_kk=word)
    message = Message.objects.create(
        patient=clinic.patient, branch=clinic.branch, template=template, channel="sms",
        purpose="free", phone=clinic.patient.phone, text=word, created_at=datetime.now(UTC),
        created_by=clinic.user("owner"),
    )  # fmt: skip
    Template.objects.create(name=f"{word} 2", purpose="reminder", text_ru=word)
    item = Item.objects.create(name=word, unit="шт")
    return {"template": template, "templates": template, "messages": message, "items": item}
