"""Where and when: one statement reads all that decides whether a place is sensible; then each field gets its own word."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from apps.calendar import hours
from apps.core import prepared, tenancy
from apps.core.errors import InvalidInput
from apps.core.permissions import Scope

UNKNOWN = _("There is no such record.")
ELSEWHERE = _("He does not work in this branch.")
LEFT = _("He does not work in the clinic any more.")
NOBODY = UUID(int=0)  # the patient of a place that is only kept
LONGEST, SHORTEST = timedelta(hours=12), timedelta(minutes=5)
HORIZON = timedelta(days=731)

# A missing row comes as nulls, so that every wrong id is named at once.
_READ = """
SELECT b.id, b.timezone, b.is_active,
       e.id, e.is_active AND EXISTS (
           SELECT 1 FROM staff_employeebranch eb
           WHERE eb.organization_id = b.organization_id AND eb.employee_id = e.id AND eb.branch_id = b.id),
       c.id, c.is_active AND r.is_active AND r.branch_id = b.id,
       CASE WHEN r.is_exclusive THEN r.id END,
       p.id, p.is_archived,
       %(all)s OR p.branch_id = ANY(%(branches)s::uuid[]) OR EXISTS (
           SELECT 1 FROM patients_carelink l
           WHERE l.organization_id = p.organization_id AND l.patient_id = p.id
             AND l.branch_id = ANY(%(branches)s::uuid[])),
       (SELECT range_agg(tstzrange(w.starts_at, w.ends_at))
        FROM (SELECT (%(starts_at)s AT TIME ZONE b.timezone)::date AS day) local
        CROSS JOIN staff_working(local.day, local.day, ARRAY[b.id], ARRAY[e.id]) w),
       NOT EXISTS (SELECT 1 FROM calendar_appointment a
                   WHERE a.organization_id = p.organization_id AND a.patient_id = p.id
                     AND a.status = 'done'),
       ARRAY(SELECT k.kind FROM calendar_reserve k
             CROSS JOIN (SELECT (%(starts_at)s AT TIME ZONE b.timezone)::date AS day) local
             WHERE k.organization_id = b.organization_id AND k.branch_id = b.id
               AND (k.employee_id IS NULL OR k.employee_id = e.id)
               AND k.valid_from <= local.day AND (k.valid_to IS NULL OR k.valid_to >= local.day)
               AND extract(isodow FROM local.day) = ANY(k.weekdays)
               AND (local.day + k.starts) AT TIME ZONE b.timezone < %(ends_at)s
               AND (local.day + k.ends) AT TIME ZONE b.timezone > %(starts_at)s),
       e.is_active, c.is_active AND r.is_active
FROM (SELECT %(organization)s::uuid AS id) o
LEFT JOIN org_branch b ON b.organization_id = o.id AND b.id = %(branch)s
LEFT JOIN staff_employee e ON e.organization_id = o.id AND e.id = %(employee)s
LEFT JOIN org_chair c ON c.organization_id = o.id AND c.id = %(chair)s
LEFT JOIN org_room r ON r.organization_id = o.id AND r.id = c.room_id
LEFT JOIN patients_patient p ON p.organization_id = o.id AND p.id = %(patient)s
"""


class OutsideShift(InvalidInput):
    """A field error with a code of its own: those who may book outside of a shift are asked to."""

    code = "outside_shift"
    message = _("The doctor does not work at this time.")


class Reserved(InvalidInput):
    """A field error with a code of its own: whoever may overbook gives a reason. details: ``kinds`` of the reserves."""

    code = "reserved"
    message = _("This time is kept for other patients.")


@dataclass(frozen=True)
class Place:
    branch_id: UUID
    employee_id: UUID
    chair_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    patient_id: UUID
    zone: ZoneInfo
    room_id: UUID | None = None  # the chair's room, when it serves one at a time
    is_new_patient: bool = False
    opened: tuple[str, ...] = ()  # kinds of reserves that a reason opened for him
    working: tuple[hours.Span, ...] = ()  # of that day, merged

    @property
    def day(self) -> date:
        return self.starts_at.astimezone(self.zone).date()


@dataclass
class Faults:
    fields: dict[str, list[str]] = field(default_factory=dict)

    def unless(self, fine: Any, name: str, text: Any) -> None:
        if not fine:
            self.fields.setdefault(name, []).append(str(text))

    def stop(self) -> None:
        if self.fields:
            raise InvalidInput(fields=self.fields)


def find(
    *,
    branch_id: UUID,
    employee_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    chair_id: UUID | None = None,
    patient_id: UUID,
    reach: Scope,
    patients: Scope | None,
    outside_shift: Scope,
    is_urgent: bool = False,
    reason: str = "",
    now: datetime,
) -> Place:
    """The place, or a word for each field that is wrong. ``reach``: branches to book in; ``patients``: whom one may
    know (None: not asked anew); ``outside_shift``: branches where the caller may book when the doctor does not work, and
    with a ``reason`` into hours that are kept for others."""
    row = _row(
        branch_id,
        employee_id,
        chair_id,
        patient_id,
        starts_at,
        ends_at,
        patients or Scope(all=True),
    )
    faults = Faults()
    faults.unless(row[0] and row[2] and reach.covers(branch_id), "branch", UNKNOWN)
    faults.unless(row[3], "employee", UNKNOWN)
    faults.unless(not row[0] or not row[3] or row[4], "employee", ELSEWHERE if row[14] else LEFT)
    if chair_id:
        faults.unless(row[5], "chair", UNKNOWN)
        away = _("This chair is not in this branch.")
        faults.unless(
            not row[0] or not row[5] or row[6],
            "chair",
            away if row[15] else _("This chair is not in use any more."),
        )
    if patients is not None:
        faults.unless(row[8] and row[10], "patient", UNKNOWN)
        faults.unless(not row[9], "patient", _("The card of this patient is in the archive."))
    check_times(faults, starts_at, ends_at, ZoneInfo(row[1]) if row[1] else None, now)
    faults.stop()
    wrong = _reserved(set(row[13]), is_urgent, row[12])
    place = Place(
        branch_id=branch_id,
        employee_id=employee_id,
        chair_id=chair_id,
        starts_at=starts_at,
        ends_at=ends_at,
        patient_id=patient_id,
        zone=ZoneInfo(row[1]),
        room_id=row[7],
        is_new_patient=row[12],
        opened=tuple(wrong),
        working=tuple((span.lower, span.upper) for span in row[11] or ()),
    )
    works = hours.covers(place.working, starts_at, ends_at)
    if not works and not outside_shift.covers(branch_id):
        raise OutsideShift(fields={"starts_at": [str(OutsideShift.message)]})
    if wrong and not (reason and outside_shift.covers(branch_id)):
        raise Reserved(
            fields={"starts_at": [str(_KEPT_FOR[kind]) for kind in wrong]}, details={"kinds": wrong}
        )
    return place


_KEPT_FOR = {
    "urgent": _(
        "This time is kept for emergencies. Mark the appointment as urgent, or say why it is booked all the same."
    ),
    "new": _(
        "This time is kept for new patients. Choose another time, or say why it is booked all the same."
    ),
}


def _reserved(kinds: set[str], is_urgent: bool, is_new: bool) -> list[str]:
    """Those that are not kept for him."""
    fits = {"urgent": is_urgent, "new": is_new}
    return sorted(kind for kind in kinds if not fits[kind])


def check_times(
    faults: Faults,
    starts_at: datetime,
    ends_at: datetime,
    zone: ZoneInfo | None,
    now: datetime,
    longest: timedelta = LONGEST,
) -> None:
    if ends_at <= starts_at:
        faults.unless(False, "ends_at", _("The end is not after the beginning."))
        return
    faults.unless(ends_at - starts_at <= longest, "ends_at", _("At most twelve hours."))
    faults.unless(ends_at - starts_at >= SHORTEST, "ends_at", _("At least five minutes."))
    near = abs(starts_at - now) <= HORIZON
    faults.unless(near, "starts_at", _("This is more than two years away."))
    if zone is not None and near:
        local = starts_at.astimezone(zone).date()
        midnight = datetime.combine(local + timedelta(days=1), time(), zone).astimezone(UTC)
        faults.unless(
            ends_at <= midnight, "ends_at", _("This goes past the midnight of the branch.")
        )


def _row(
    branch_id: UUID,
    employee_id: UUID,
    chair_id: UUID | None,
    patient_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    patients: Scope,
) -> tuple[Any, ...]:
    with prepared.cursor() as cursor:
        cursor.execute(
            _READ,
            {
                "organization": tenancy.current_organization_id(),
                "branch": branch_id,
                "employee": employee_id,
                "chair": chair_id,
                "patient": patient_id,
                "starts_at": starts_at,
                "ends_at": ends_at,
                "all": patients.all,
                "branches": list(patients.branches),
            },
        )
        return cursor.fetchone()  # type: ignore[no-any-return]
