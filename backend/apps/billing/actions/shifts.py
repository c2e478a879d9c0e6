from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.billing import books
from apps.billing.events import RegisterAdded, RegisterChanged, ShiftClosed, ShiftOpened
from apps.billing.models import CashShift, Register
from apps.core import prepared, tenancy, versions
from apps.core.errors import DomainError, InvalidInput
from apps.core.events import record
from apps.core.models.user import User
from apps.core.tenancy import TenantModel
from apps.org.models import Branch
from apps.visits.pricing import UNKNOWN


class NoOpenShift(DomainError):
    """details: ``registers`` [{``id``, ``name``}] of the branch, so that one can be opened where it is needed."""

    code = "no_open_shift"
    message = _("No cash shift is open. Open one to take or give back money.")


class ShiftAlreadyOpen(DomainError):
    """details: ``shift``, ``opened_by``, ``opened_at``."""

    code = "shift_open"
    message = _("A shift is already open at this register.")


class ShiftIsClosed(DomainError):
    code = "shift_closed"
    message = _("The shift is closed.")


# A closing shift (FOR NO KEY UPDATE) waits for payments that hold it (FOR SHARE); a payment that waited for a close looks
# again and finds it closed. So a payment lands in exactly one shift.
_HOLD = """
SELECT s.id, r.id, r.name
FROM billing_cashshift s
JOIN billing_register r ON r.id = s.register_id AND r.organization_id = s.organization_id
WHERE s.organization_id = %(organization)s AND r.branch_id = %(branch)s AND s.closed_at IS NULL
  AND (%(shift)s::uuid IS NULL OR s.id = %(shift)s)
  AND (%(register)s::uuid IS NULL OR s.register_id = %(register)s)
ORDER BY (s.opened_by_id = %(by)s) DESC, s.opened_at, s.id
LIMIT 1
FOR SHARE OF s
"""


def hold_open(
    branch_id: UUID, *, by: User, shift_id: UUID | None = None, register_id: UUID | None = None
) -> CashShift:
    """The named shift or register, else one's own shift of this branch, else the branch's oldest open one. It cannot be
    closed before this transaction ends; of its columns only the register is known."""
    wanted = {
        "organization": tenancy.current_organization_id(),
        "branch": branch_id,
        "shift": shift_id,
        "register": register_id,
        "by": by.pk,
    }
    for _again in range(2):  # the shift waited for may have closed while another is open
        if row := prepared.one(_HOLD, wanted):
            pk, register, name = row
            return CashShift(id=pk, register=Register(id=register, name=name))
    _refuse_unknown(shift=(CashShift, shift_id), register=(Register, register_id))
    registers = Register.objects.filter(branch_id=branch_id, is_active=True).order_by("name")
    raise NoOpenShift(details={"registers": list(registers.values("id", "name"))})


def _refuse_unknown(**named: tuple[type[TenantModel], UUID | None]) -> None:
    """Each wrong id at its field; only asked when no shift was found, so that a payment does not pay for it."""
    wrong = {
        name: [UNKNOWN]
        for name, (model, pk) in named.items()
        if pk and not model.objects.filter(pk=pk).exists()
    }
    if wrong:
        raise InvalidInput(fields=wrong)


@transaction.atomic
def open_shift(*, register: Register, opening_cash: Decimal, by: User, now: datetime) -> CashShift:
    try:
        with transaction.atomic():
            shift = CashShift.objects.create(
                register=register, opened_by=by, opened_at=now, opening_cash=opening_cash
            )
    except IntegrityError:  # the index decides; a check beforehand could not
        present = CashShift.objects.select_related("opened_by").filter(
            register=register, closed_at=None
        )
        raise ShiftAlreadyOpen(details=_who_opened(present.first())) from None
    record(
        ShiftOpened(
            id=shift.pk,
            branch_id=register.branch_id,
            by=by,
            data={
                "version": shift.version,
                "register": str(register.pk),
                "opening_cash": str(opening_cash),
            },
        )
    )
    return shift


def _who_opened(shift: CashShift | None) -> dict[str, Any]:
    if shift is None:
        return {}
    return {
        "shift": shift.pk,
        "opened_by": shift.opened_by.short_name,
        "opened_at": shift.opened_at,
    }


@transaction.atomic
def close_shift(
    *, rows: Any, pk: UUID, version: int, counted: Decimal, by: User, now: datetime
) -> CashShift:
    """Count the drawer. What should be in it is opening cash and the journal's cash of this shift."""
    shift: CashShift = versions.locked(rows, pk)
    if shift.closed_at is not None:
        raise ShiftIsClosed
    if shift.version != version:
        versions.locked(rows, pk, version)  # raises Stale
    expected = shift.opening_cash + books.cash_moved(shift.pk)
    changed = versions.apply(
        shift, {"closed_by": by, "closed_at": now, "expected": expected, "counted": counted}
    )
    record(
        ShiftClosed(
            id=shift.pk,
            branch_id=shift.register.branch_id,
            by=by,
            data={
                "version": shift.version,
                "changed": changed,
                "register": str(shift.register_id),
                "expected": str(expected),
                "counted": str(counted),
                "difference": str(counted - expected),
            },
        )
    )
    return shift


@transaction.atomic
def add_register(*, branch: Branch, name: str, by: User) -> Register:
    try:
        with transaction.atomic():
            register = Register.objects.create(branch=branch, name=name)
    except IntegrityError:
        raise InvalidInput(fields={"name": [_("This name is taken.")]}) from None
    record(RegisterAdded(id=register.pk, branch_id=branch.pk, by=by, data={"version": 1}))
    return register


@transaction.atomic
def change_register(*, register: Register, changes: dict[str, Any], by: User) -> Register:
    try:
        with transaction.atomic():
            changed = versions.apply(register, changes)
    except IntegrityError:
        raise InvalidInput(fields={"name": [_("This name is taken.")]}) from None
    if changed:
        record(
            RegisterChanged(
                id=register.pk,
                branch_id=register.branch_id,
                by=by,
                data={"version": register.version, "changed": changed},
            )
        )
    return register
