"""One doctor works another's hours for some days, and takes over his patients: all of it in one transaction, or nothing."""

from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.calendar import conflicts, days, moving, occupancy, overbooking, place
from apps.calendar.breaks import check_employee, found_branch
from apps.calendar.events import SubstitutionEnded, SubstitutionMade
from apps.calendar.models import Appointment, WaitingEntry
from apps.calendar.moving import Move
from apps.calendar.occupancy import Want
from apps.calendar.place import Place
from apps.core.errors import DomainError, InvalidInput
from apps.core.events import Event, record
from apps.core.models.user import User
from apps.core.permissions import Scope
from apps.org.models import Branch, Room
from apps.staff.models import Employee, Substitution

LONGEST = timedelta(days=92)
What = Literal["move", "leave", "waiting"]


class SubstitutionConflicts(DomainError):
    """details: ``appointments`` [{``id``, ``branch_id``, ``employee_id``, ``starts_at``, ``ends_at``,
    ``patient_name``}] that do not fit, ``fit``: how many would."""

    code = "substitution_conflicts"
    message = _("The appointments of these days do not all fit.")


@dataclass
class Done:
    substitution: Substitution
    moved: int = 0
    entries: list[WaitingEntry] = field(default_factory=list)


@transaction.atomic(savepoint=False)
def substitute(
    *,
    absent_id: UUID,
    substitute_id: UUID,
    branch_id: UUID,
    first_day: date,
    last_day: date,
    note: str = "",
    appointments: What = "move",
    unfit: Literal["refuse", "waiting"] = "refuse",
    reach: Scope,
    by: User,
    now: datetime,
) -> Done:
    """``appointments``: the substitute takes them over, they stay, or all of them go to the waiting list; ``unfit``:
    what becomes of those that do not fit when the others are taken over."""
    branch = _checked(absent_id, substitute_id, branch_id, first_day, last_day, reach, now)
    row = Substitution.objects.create(
        absent_id=absent_id,
        substitute_id=substitute_id,
        branch=branch,
        first_day=first_day,
        last_day=last_day,
        note=note,
    )
    _record(SubstitutionMade, row, by, [])
    done = Done(row)
    if appointments == "leave":
        return done
    begins, ends = max(branch.day(first_day)[0], now), branch.day(last_day)[1]
    found = days.live(absent_id, branch_id, begins, ends)
    late = found
    if appointments == "move":
        late = _hand_over(found, row, branch, by)
        done.moved = len(found) - len(late)
        if late and unfit == "refuse":
            listed = conflicts.appointments({one.pk for one in late}, reach)
            raise SubstitutionConflicts(details={"appointments": listed, "fit": done.moved})
    done.entries = days.to_waiting(late, note or str(_("Substitution")), by, now)
    return done


@transaction.atomic(savepoint=False)
def end(*, substitution: Substitution, by: User, now: datetime) -> None:
    """From today on everybody works his own hours again; days that are over stay as they were, appointments too."""
    today = substitution.branch.today(now)
    if substitution.last_day < today:
        raise InvalidInput(fields={"last_day": [_("These days are over.")]})
    _record(SubstitutionEnded, substitution, by, [])
    if substitution.first_day < today:
        substitution.last_day = today - timedelta(days=1)
        substitution.bump().save(update_fields=["last_day", "version", "updated_at"])
    else:
        substitution.delete()


def _hand_over(
    found: list[Appointment], row: Substitution, branch: Branch, by: User
) -> list[Appointment]:
    """Everything that fits is the substitute's now; returns the rest, which still stand where they stood."""
    if not found:
        return []
    rooms = _exclusive_rooms(found)
    steps: list[tuple[Move, list[Want]]] = []
    late = []
    for one in found:
        there = _place(one, row.substitute_id, branch, rooms)
        try:
            step = moving.plan(one, there)
        except InvalidInput:  # he has another part in it already
            late.append(one)
            continue
        if step is not None:
            steps.append((step, _wants(step, there)))
    plain = [want for step, wants in steps if not step.appointment.is_overbooked for want in wants]
    taken = overbooking.exchange(plain, appointments=[one.pk for one in found], by=by)
    over = [want for step, wants in steps if step.appointment.is_overbooked for want in wants]
    taken += occupancy.claim(over)
    for step, _wants_of_it in steps:
        lost = [want for want in taken if want.appointment_id == step.appointment.pk]
        if lost and not _may_lie(step.appointment, lost):
            late.append(step.appointment)
            continue
        _settle(step.appointment, lost)
        step.write()
        step.tell(by)
    return late


def _may_lie(appointment: Appointment, lost: list[Want]) -> bool:
    """It lay over others before, with somebody's reason; it may go on."""
    return appointment.is_overbooked and not any(want.kind == "patient" for want in lost)


def _settle(appointment: Appointment, lost: list[Want]) -> None:
    if lost:
        overbooking.lay_over(lost)
    elif appointment.is_overbooked:
        appointment.is_overbooked, appointment.overbook_reason = False, ""
        appointment.save(update_fields=["is_overbooked", "overbook_reason"])


def _wants(step: Move, there: Place) -> list[Want]:
    moved = copy(step.appointment)
    moved.employee_id = there.employee_id
    return occupancy.for_appointment(moved, there.room_id, step.parts)


def _place(one: Appointment, substitute_id: UUID, branch: Branch, rooms: dict[UUID, UUID]) -> Place:
    return Place(
        branch_id=one.branch_id,
        employee_id=substitute_id,
        chair_id=one.chair_id,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        patient_id=one.patient_id,
        zone=branch.zone,
        room_id=rooms.get(one.chair_id) if one.chair_id else None,
    )


def _exclusive_rooms(found: list[Appointment]) -> dict[UUID, UUID]:
    chairs = {one.chair_id for one in found if one.chair_id}
    rows = Room.objects.filter(chairs__in=chairs, is_exclusive=True)
    return dict(rows.values_list("chairs", "pk"))


def _checked(
    absent_id: UUID,
    substitute_id: UUID,
    branch_id: UUID,
    first_day: date,
    last_day: date,
    reach: Scope,
    now: datetime,
) -> Branch:
    faults = place.Faults()
    branch = found_branch(faults, branch_id, reach)
    check_employee(faults, branch, absent_id, "absent")
    check_employee(faults, branch, substitute_id, "substitute")
    faults.unless(absent_id != substitute_id, "substitute", _("Choose another person."))
    faults.unless(last_day >= first_day, "last_day", _("The last day is before the first one."))
    faults.unless(last_day - first_day < LONGEST, "last_day", _("At most 92 days."))
    if branch:
        today = branch.today(now)
        faults.unless(last_day >= today, "last_day", _("These days are over."))
        near = first_day - today <= place.HORIZON
        faults.unless(near, "first_day", _("This is more than two years away."))
    faults.stop()
    people = Employee.objects.filter(pk__in=[absent_id, substitute_id]).order_by("pk")
    # One after the other for these people. A booking only needs them to stay, so it neither waits nor deadlocks.
    list(people.select_for_update(of=("self",), no_key=True))
    others = Substitution.objects.filter(
        absent_id=absent_id, branch_id=branch_id, first_day__lte=last_day, last_day__gte=first_day
    )
    faults.unless(
        not others.exists(), "first_day", _("There is already a substitution on these days.")
    )
    faults.stop()
    assert branch
    return branch


def _record(event: type[Event], row: Substitution, by: User, changed: list[str]) -> None:
    data: dict[str, Any] = {
        "version": row.version,
        "changed": changed,
        "absent_id": str(row.absent_id),
        "substitute_id": str(row.substitute_id),
        "first_day": str(row.first_day),
        "last_day": str(row.last_day),
    }
    record(event(id=row.pk, branch_id=row.branch_id, by=by, data=data))
