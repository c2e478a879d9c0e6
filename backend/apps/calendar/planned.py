"""The services of an appointment: what they cost today, their rows, their sum on the card and the minutes around them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from apps.calendar.models import Appointment, AppointmentService
from apps.calendar.place import UNKNOWN, Faults
from apps.core import prepared, tenancy

BUFFERS = ("buffer_before", "buffer_after")
_TEXT = 250


@dataclass(frozen=True)
class Line:
    """A planned service with its price of today."""

    service_id: UUID
    name: str
    price: Decimal
    buffer_before: int = 0
    buffer_after: int = 0
    quantity: int = 1


def lines(wanted: Sequence[dict[str, Any]], *, had: Collection[UUID] = ()) -> list[Line]:
    """Price the planned services by the base list; an unknown or closed one is a field error, unless it stood there
    already (``had``)."""
    if not wanted:
        return []
    known = _prices({item["service"] for item in wanted})
    faults = Faults()
    for index, item in enumerate(wanted):
        found = known.get(item["service"])
        faults.unless(found, f"services.{index}.service", UNKNOWN)
        if found and not found.is_offered and item["service"] not in had:
            faults.unless(False, f"services.{index}.service", closed(found.name))
    faults.stop()
    return [
        Line(item["service"], *known[item["service"]][:-1], quantity=item["quantity"])
        for item in wanted
    ]


def edited(appointment: Appointment, wanted: Sequence[dict[str, Any]]) -> list[Line]:
    """Its services as they are to be: one that was closed since may stay, and no other comes to it."""
    return lines(wanted, had={service for service, _quantity in chosen(appointment)})


def closed(name: str) -> str:
    return _("“{name}” is not on the list of services any more.").format(name=name)


class _Priced(NamedTuple):
    name: str
    price: Decimal
    buffer_before: int
    buffer_after: int
    is_offered: bool


def _prices(ids: Iterable[UUID]) -> dict[UUID, _Priced]:
    with prepared.cursor() as cursor:
        cursor.execute(
            "SELECT s.id, s.name, coalesce(p.amount, 0), s.buffer_before, s.buffer_after, s.is_active"
            " FROM services_service s"
            " LEFT JOIN services_pricelist b ON b.organization_id = s.organization_id AND b.is_base"
            " LEFT JOIN services_price p ON p.organization_id = s.organization_id"
            "  AND p.price_list_id = b.id AND p.service_id = s.id"
            " WHERE s.organization_id = %s AND s.id = ANY(%s)",
            [tenancy.current_organization_id(), list(ids)],
        )
        return {pk: _Priced(*known) for pk, *known in cursor.fetchall()}


def buffers(services: Sequence[Line]) -> tuple[int, int]:
    """Minutes before and after: the longest of any of its services."""
    return (
        max((line.buffer_before for line in services), default=0),
        max((line.buffer_after for line in services), default=0),
    )


def summary(services: Sequence[Line]) -> dict[str, Any]:
    text = ", ".join(line.name for line in services)
    return {
        "services_text": text if len(text) <= _TEXT else text[: _TEXT - 1] + "…",
        "price_estimate": sum((line.price * line.quantity for line in services), Decimal(0)),
        **dict(zip(BUFFERS, buffers(services), strict=True)),
    }


def chosen(appointment: Appointment) -> list[tuple[UUID, int]]:
    rows = appointment.services.order_by("position")
    return list(rows.values_list("service_id", "quantity"))


def rows(appointment: Appointment, services: Sequence[Line]) -> list[AppointmentService]:
    return [
        AppointmentService(
            appointment=appointment,
            service_id=line.service_id,
            quantity=line.quantity,
            price=line.price,
            position=position,
        )
        for position, line in enumerate(services)
    ]
