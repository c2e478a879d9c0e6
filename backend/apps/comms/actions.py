"""What one may do with messages. Nothing leaves from here: a row of the log and a row of the outbox, together."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.calendar.models import Appointment
from apps.comms import preferences, queries, texts
from apps.comms.events import MessageCanceled, MessageQueued, TemplateAdded, TemplateChanged
from apps.comms.models import Channel, Message, Template
from apps.comms.texts import Occasion
from apps.core import outbox, versions
from apps.core.errors import DomainError, InvalidInput
from apps.core.events import record
from apps.core.kz.sms import measure
from apps.core.models import User

SMS = "sms"
REMINDED = (Appointment.Status.BOOKED, Appointment.Status.CONFIRMED)


class NoPhone(DomainError):
    code = "no_phone"
    message = _("The patient has no phone.")


class NothingToRemind(DomainError):
    code = "nothing_to_remind"
    message = _("There is no active text of a reminder, or the visit is not ahead any more.")


class AlreadyReminded(DomainError):
    code = "already_reminded"
    message = _("The patient has been reminded of this visit already.")


@transaction.atomic
def add_template(*, by: User, name: str, text_ru: str, **fields: Any) -> Template:
    template = Template(name=name, text_ru=text_ru, **fields)
    _check(template)
    template.save(force_insert=True)
    record(TemplateAdded(id=template.pk, by=by, data={"version": template.version}))
    return template


@transaction.atomic
def change_template(*, pk: UUID, version: int, by: User, **changes: Any) -> Template:
    template: Template = versions.locked(Template.objects, pk, version)
    _check(template, **changes)
    return versions.change(template, changes, TemplateChanged, by=by)


def _check(template: Template, **changes: Any) -> None:
    new = {name: changes.get(name, getattr(template, name)) for name in
           ("name", "text_ru", "text_kk", "purpose", "channel", "is_active")}  # fmt: skip
    texts.refuse_unknown(text_ru=new["text_ru"], text_kk=new["text_kk"])
    others = Template.objects.exclude(pk=template.pk)
    if others.filter(name=new["name"]).exists():
        raise InvalidInput(fields={"name": [str(_("A template with this name already exists."))]})
    is_alone = new["purpose"] in Template.OF_A_VISIT and new["is_active"]
    twins = others.filter(channel=new["channel"], purpose=new["purpose"], is_active=True)
    if is_alone and twins.exists():
        text = _("Another active template already has this purpose. Switch that one off first.")
        raise InvalidInput(fields={"purpose": [str(text)]})


@transaction.atomic
def send(
    *,
    occasion: Occasion,
    by: User,
    now: datetime,
    template: Template | None = None,
    text: str = "",
    language: str = "ru",
    channel: str = Channel.SMS,
) -> Message:
    """A message that somebody writes by hand or from a template."""
    if not occasion.patient.phone:
        raise NoPhone
    text = texts.of_template(template, language) if template else text
    written = texts.written(text, occasion.values())
    message = Message(
        patient=occasion.patient, branch=occasion.branch, template=template, channel=channel,
        purpose=Template.Purpose.FREE, text=written, language=language, phone=occasion.patient.phone,
        created_at=now, created_by=by,
    )  # fmt: skip
    _post(message, now)
    _price(message, message.text)
    message.save(force_insert=True)
    _queued(message, by)
    return message


def confirm_booking(*, appointment_id: UUID, by: User | None, now: datetime) -> Message | None:
    """One confirmation per booking; none without a text for it, without a phone, or when the visit is past.

    Three statements, because bookings are many. A text that cannot be filled never stops a booking: the log tells why
    nothing was sent. The journal has the booking itself, so it needs no second row.
    """
    found = queries.about_visit(appointment_id, Template.Purpose.BOOKING, now)
    if found is None:
        return None
    message = _about(appointment_id, Template.Purpose.BOOKING, found, by, now)
    try:
        message.text = texts.written(found["text"], found["values"])
    except DomainError as error:
        message.state, message.error = Message.State.FAILED, error.code
    else:
        if not _post(message, now):
            return None
        message.segments = measure(message.text).segments
        message.cost = preferences.cost_at(message.segments, found["price"])
    message.save(force_insert=True)
    return message


@transaction.atomic
def remind(*, appointment: Appointment, by: User, now: datetime) -> Message:
    """The organisation's reminder of this visit, once for the time that it has: whoever is asked twice has been asked,
    whoever comes at another time than he was told is told anew."""
    if not appointment.patient.phone:
        raise NoPhone
    found = queries.about_visit(appointment.pk, Template.Purpose.REMINDER, now)
    if found is None or appointment.status not in REMINDED:
        raise NothingToRemind
    earlier = list(queries.reminders_of(appointment.pk))
    if any(one.tells(appointment.starts_at) for one in earlier):
        raise AlreadyReminded
    message = _about(appointment.pk, Template.Purpose.REMINDER, found, by, now)
    message.occasion_at, message.turn = appointment.starts_at, len(earlier)
    _price(message, texts.written(found["text"], found["values"]))
    if not _post(message, now):
        raise AlreadyReminded
    message.save(force_insert=True)
    _queued(message, by)
    return message


@transaction.atomic(savepoint=False)
def rewrite_waiting(*, appointment_id: UUID, by: User | None, now: datetime) -> None:
    """The visit was moved before its confirmation left: the confirmation tells the new time."""
    if not Message.objects.knows(occasion_id=appointment_id, state=Message.State.WAITING):
        return
    waiting = list(_waiting_about(appointment_id).select_related("template", "branch"))
    people = Appointment.objects.select_related("patient", "branch", "employee")
    appointment = people.get(pk=appointment_id)
    occasion = Occasion(appointment.patient, appointment.branch, appointment)
    for message in waiting:
        if message.template is None or not outbox.hold_waiting(SMS, _key(message)):
            continue
        try:
            template = texts.of_template(message.template, message.language)
            text = texts.written(template, occasion.values())
        except DomainError:
            cancel_waiting(occasion_id=appointment_id, by=by, now=now)
            return
        _price(message, text)
        message.occasion_at = message.occasion_at and appointment.starts_at
        message.save(update_fields=["text", "segments", "cost", "occasion_at"])


@transaction.atomic(savepoint=False)
def cancel_waiting(*, occasion_id: UUID, by: User | None, now: datetime) -> None:
    """What is not on its way yet about this occasion will not be sent."""
    for message in _waiting_about(occasion_id):
        if outbox.cancel(SMS, _key(message), now):
            message.state = Message.State.CANCELED
            message.save(update_fields=["state"])
            record(MessageCanceled(id=message.pk, branch_id=message.branch_id, by=by))


def _about(
    appointment_id: UUID, purpose: str, found: dict[str, Any], by: User | None, now: datetime
) -> Message:
    return Message(
        patient_id=found["patient_id"], branch_id=found["branch_id"], template_id=found["template_id"],
        channel=Channel.SMS, purpose=purpose, occasion_id=appointment_id, phone=found["phone"],
        language=found["language"], text=found["text"], created_at=now, created_by=by,
    )  # fmt: skip


def _queued(message: Message, by: User) -> None:
    data = {"purpose": message.purpose, "segments": message.segments}
    event = MessageQueued(
        id=message.pk, branch_id=message.branch_id, patient_id=message.patient_id, by=by, data=data
    )
    record(event)


def _waiting_about(occasion_id: UUID) -> Any:
    return Message.objects.filter(occasion_id=occasion_id, state=Message.State.WAITING)


def _price(message: Message, text: str) -> None:
    message.text = text
    message.segments = measure(text).segments
    message.cost = preferences.cost(message.segments, message.branch)


def _key(message: Message) -> str:
    """One message per purpose, occasion and channel, of reminders one at a time; one by hand is its own occasion."""
    turn = f":{message.turn}" if message.turn else ""
    return f"{message.purpose}:{message.occasion_id or message.pk}:{message.channel}{turn}"


def _post(message: Message, now: datetime) -> bool:
    """False: the same was stored before, and stays the only one."""
    payload = {"message": str(message.pk)}
    return bool(outbox.post(SMS, payload, due_at=now, unique_key=_key(message)))
