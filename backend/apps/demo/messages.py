"""The log of messages: what confirmed the bookings of the last days."""

from datetime import timedelta

from apps.calendar.models import Appointment
from apps.comms import placeholders, texts
from apps.comms.models import Channel, Message, Template
from apps.core.kz.sms import measure
from apps.demo.world import World
from apps.org import preferences

DAYS = 7


def build(world: World, appointments: list[Appointment]) -> None:
    template = Template.objects.get(purpose=Template.Purpose.BOOKING)
    price, delivered = preferences.get("sms_price_per_sms"), Message.State.DELIVERED
    rows = []
    for appointment in appointments:
        booked_at = appointment.starts_at - timedelta(days=2)
        if (
            not timedelta() < world.now - booked_at < timedelta(days=DAYS)
            or world.rng.random() > 0.4
        ):
            continue
        occasion = texts.Occasion(appointment.patient, appointment.branch, appointment)
        language = "kk" if world.rng.random() < 0.3 else "ru"
        text = placeholders.fill(texts.of_template(template, language), occasion.values())
        segments = measure(text).segments
        failed = world.rng.random() < 0.03
        rows.append(
            Message(
                id=world.id(), patient=appointment.patient, branch=appointment.branch, template=template,
                channel=Channel.SMS, purpose=template.purpose, occasion_id=appointment.pk,
                phone=appointment.patient.phone, text=text, segments=segments, cost=price * segments,
                language=language, state=Message.State.FAILED if failed else delivered,
                error="Абонент недоступен" if failed else "", created_at=booked_at,
                sent_at=booked_at + timedelta(seconds=world.rng.randrange(2, 50)),
            )
        )  # fmt: skip
    Message.objects.bulk_create(rows, batch_size=1000)
