"""From what was chosen to priced lines: the base price unless somebody may set another, a discount up to one's cap,
a tooth where the service has one. Visits and invoices count in the same way, here."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.core.caller import Caller
from apps.core.errors import InvalidInput
from apps.core.kz.money import tenge
from apps.core.permissions import Role
from apps.services.models import Service
from apps.services.queries import base_prices
from apps.staff.models import Employee

# Percent that a role may take off; a role that is not listed gives none.
DISCOUNT_CAP = {Role.OWNER: 100, Role.ADMIN: 100, Role.BRANCH_ADMIN: 30, Role.DOCTOR: 10}
NOTHING = Decimal("0.00")
UNKNOWN = _("There is no such record.")


@dataclass(frozen=True)
class Rights:
    """What the caller may change about a price."""

    price: bool
    discount_cap: Decimal


@dataclass(frozen=True)
class Line:
    service: Service
    employee_id: UUID | None
    tooth: int | None
    quantity: int
    price: Decimal
    discount_percent: Decimal
    amount: Decimal


def discount_cap(caller: Caller, branch_id: UUID) -> Decimal:
    here = (grant.role for grant in caller.grants if grant.branch_id in (None, branch_id))
    return Decimal(max((DISCOUNT_CAP.get(Role(role), 0) for role in here), default=0))


def amount(price: Decimal, quantity: int, discount_percent: Decimal) -> Decimal:
    return tenge(price * quantity * (100 - discount_percent) / 100)


def total(lines: Iterable[Any]) -> Decimal:
    return sum((line.amount for line in lines), NOTHING)


def lines(
    items: Sequence[dict[str, Any]],
    *,
    path: str,
    rights: Rights,
    employee_id: UUID | None,
    kept: Iterable[Any] = (),
) -> list[Line]:
    """Price the items. ``kept`` are lines written before: their prices and discounts stay as they were agreed."""
    services = Service.objects.in_bulk([item["service"] for item in items])
    people = _employees(items)
    base = base_prices(services)
    agreed: dict[UUID, list[Any]] = defaultdict(list)
    for line in kept:
        agreed[line.service_id].append(line)
    faults: dict[str, list[Any]] = {}
    priced = []
    for index, item in enumerate(items):
        service = services.get(item["service"])
        before = agreed[item["service"]]
        found = _faults(item, service, people, before, rights)
        price, usual = item.get("price"), base.get(item["service"])
        if price is None:
            price = before[0].price if before else usual
        elif not rights.price and price not in {usual, *(line.price for line in before)}:
            found["price"] = _("You may not change the price.")
        if service is not None and price is None:
            found["service"] = _("This service has no price.")
        faults |= {f"{path}.{index}.{name}": [text] for name, text in found.items()}
        if service is not None and price is not None:
            discount = item.get("discount_percent") or Decimal(0)
            priced.append(
                Line(
                    service,
                    item.get("employee") or employee_id,
                    item.get("tooth"),
                    item["quantity"],
                    price,
                    discount,
                    amount(price, item["quantity"], discount),
                )
            )
    if faults:
        raise InvalidInput(fields=faults)
    return priced


def _faults(
    item: dict[str, Any],
    service: Service | None,
    people: set[UUID],
    before: list[Any],
    rights: Rights,
) -> dict[str, Any]:
    faults: dict[str, Any] = {}
    if service is None or not (service.is_active or before):
        faults["service"] = UNKNOWN
    elif service.is_tooth_bound and item.get("tooth") is None:
        faults["tooth"] = _("This service is done on a tooth; name it.")
    if item.get("employee") and item["employee"] not in people:
        faults["employee"] = UNKNOWN
    cap = max([rights.discount_cap, *(line.discount_percent for line in before)])
    if (item.get("discount_percent") or 0) > cap:
        faults["discount_percent"] = _("You may give at most %(cap)s %%.") % {"cap": f"{cap:f}"}
    return faults


def _employees(items: Sequence[dict[str, Any]]) -> set[UUID]:
    wanted = {item["employee"] for item in items if item.get("employee")}
    if not wanted:
        return set()
    return set(Employee.objects.filter(pk__in=wanted).values_list("pk", flat=True))
