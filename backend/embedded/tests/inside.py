"""What runs inside the installation under trial, as its own command would: make a clinic, tell the facts. Prints JSON."""

import json
from typing import Any

from django.db import connection

from apps.billing import audit as books
from apps.billing.models import Payment
from apps.calendar import audit as calendar
from apps.calendar.models import Appointment
from apps.comms.models import Message, Template
from apps.core.models import JournalEntry, Membership, OutboxMessage
from apps.core.tenancy import tenant
from apps.org import preferences
from apps.org.models import Organization
from apps.reports import rollups
from testing.clinics import PASSWORD, build_clinic, make_user

_UNRUNG = """
SELECT count(*) FROM core_outboxmessage m
WHERE m.organization_id = %s AND m.state IN ('waiting', 'sending', 'unknown') AND m.due_at < '9999-01-01'
  AND NOT EXISTS (SELECT FROM core_doorbell d
                  WHERE d.organization_id = m.organization_id AND d.kind = m.kind)
"""


def build(people: int) -> None:
    """A clinic whose desks book and take money, and which may write to its patients at any hour."""
    clinic = build_clinic()
    with tenant(clinic.pk):
        preferences.put(
            {"sms_rate_limit_per_min": 1000, "quiet_hours_start": 0, "quiet_hours_end": 0}
        )
        Template.objects.create(
            name="Подтверждение",
            purpose=Template.Purpose.BOOKING,
            text_ru="_ИМЯ_ПАЦИЕНТА_, ждём вас _ДАТА_ВИЗИТА_ в _ВРЕМЯ_ВИЗИТА_",
        )
        desks = [make_user("desk", password=PASSWORD) for _ in range(people)]
        for user in desks:
            for role in ("registrar", "cashier"):
                Membership.objects.create(user=user, role=role, branch=clinic.branch)
        manager = make_user("manager", password=PASSWORD)
        Membership.objects.create(user=manager, role="branch_admin", branch=clinic.branch)
    _say(
        {
            "logins": [user.login for user in desks],
            "manager": manager.login,
            "password": PASSWORD,
            "branch": clinic.branch.pk,
            "doctors": [clinic.doctor.pk, clinic.doctor2.pk],
            "patients": [clinic.patient.pk, clinic.patient2.pk],
            "service": clinic.service2.pk,
            "register": clinic.register.pk,
        }
    )


def facts() -> None:
    organization = Organization.objects.get()
    with tenant(organization.pk):
        journal = JournalEntry.objects.filter(outcome=JournalEntry.Outcome.DONE)
        confirmations = Message.objects.filter(purpose=Template.Purpose.BOOKING)
        with connection.cursor() as cursor:
            cursor.execute(_UNRUNG, [organization.pk])
            unrung = cursor.fetchone()[0]
        _say(
            {
                "bookings": _pairs(Appointment.objects.values_list("note", "pk")),
                "payments": _pairs(Payment.objects.values_list("amount", "pk")),
                "journalled": {
                    name: [str(pk) for pk in journal.filter(event=name).values_list("object_id", flat=True)]
                    for name in ("appointment_booked", "payment_taken")
                },
                "faults": [str(one) for one in (
                    *calendar.overlaps(), *calendar.adrift(), *books.check(), *rollups.check())],
                "confirmed": [str(pk) for pk in confirmations.values_list("occasion_id", flat=True)],
                "messages": _pairs(Message.objects.values_list("pk", "state")),
                "intents": [row["message"] for row in OutboxMessage.objects.filter(kind="sms")
                            .values_list("payload", flat=True)],
                "unrung": unrung,
            }
        )  # fmt: skip


def _pairs(rows: Any) -> list[tuple[str, str]]:
    return [(str(one), str(other)) for one, other in rows]


def _say(found: dict[str, Any]) -> None:
    print(json.dumps(found, default=str))
