"""The private calendar of an employee: an address with a secret, which tells when he is busy and nothing else.

The secret stands in the address because calendar programs can send nothing else (docs/decisions/feed-addresses.md). Only
its hash is kept, so the address is shown once; it opens while he works here and may log in.
"""

import hashlib
import secrets
from collections import Counter
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import translation
from django.utils.translation import gettext as _

from apps.calendar.events import FeedIssued, FeedRevoked
from apps.calendar.models import Feed
from apps.calendar.statuses import OCCUPYING
from apps.core import ical, tenancy
from apps.core.errors import NotFound
from apps.core.events import record
from apps.core.models import Membership, User
from apps.staff.models import Employee

BEFORE, AHEAD = timedelta(days=7), timedelta(days=90)
_SPANS = """
SELECT a.id, a.starts_at, a.ends_at, a.updated_at, a.version FROM calendar_appointment a
WHERE a.organization_id = %(org)s AND a.employee_id = %(employee)s AND NOT a.has_segments
 AND a.status = ANY(%(occupying)s) AND a.starts_at >= %(begins)s AND a.starts_at < %(ends)s
UNION ALL
SELECT a.id, s.starts_at, s.ends_at, a.updated_at, a.version FROM calendar_segment s
JOIN calendar_appointment a ON a.organization_id = s.organization_id AND a.id = s.appointment_id
WHERE s.organization_id = %(org)s AND s.employee_id = %(employee)s
 AND a.status = ANY(%(occupying)s) AND a.starts_at >= %(begins)s AND a.starts_at < %(ends)s
ORDER BY 2, 1
"""


def digest_of(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


@transaction.atomic
def issue(*, employee: Employee, by: User, now: datetime) -> str:
    """A new address, told this once; the earlier one opens nothing any more."""
    secret = secrets.token_urlsafe(32)
    told = {"digest": digest_of(secret), "issued_at": now, "issued_by": by}
    Feed.objects.update_or_create(employee=employee, defaults=told)
    record(FeedIssued(id=employee.pk, by=by))
    return f"/api/v1/calendar/feed/{secret}.ics"


@transaction.atomic
def revoke(*, employee: Employee, by: User) -> None:
    deleted, _rows = Feed.objects.filter(employee=employee).delete()
    if not deleted:
        raise NotFound
    record(FeedRevoked(id=employee.pk, by=by))


def organization_of(digest: bytes) -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT calendar_feed(%s)", [digest])
        return cursor.fetchone()[0]  # type: ignore[no-any-return]


def read(secret: str, now: datetime) -> bytes:
    """The calendar behind an address. A wrong, a revoked and a dismissed one's address are all the same: not there."""
    digest = digest_of(secret)
    with transaction.atomic():
        organization_id = organization_of(digest)
        if organization_id is None:
            raise NotFound
        with tenancy.tenant(organization_id):
            owner = _living(digest)
            if owner is None:
                raise NotFound
            employee_id, language = owner
            spans = _spans(employee_id, now)
    with translation.override(language or "ru"):
        return _written(digest, spans)


def _living(digest: bytes) -> tuple[UUID, str | None] | None:
    roles = Membership.objects.filter(user=OuterRef("employee__user"), is_active=True)
    enters = Q(employee__user__isnull=True) | Q(Exists(roles), employee__user__is_active=True)
    rows = Feed.objects.filter(enters, digest=digest, employee__is_active=True)
    return rows.values_list("employee_id", "employee__user__language").first()


def _spans(employee_id: UUID, now: datetime) -> list[tuple[Any, ...]]:
    """From midnight to midnight, so that the answer stays the same while nothing changes."""
    today = datetime.combine(now.date(), time(), now.tzinfo)
    with connection.cursor() as cursor:
        cursor.execute(
            _SPANS,
            {
                "org": tenancy.current_organization_id(),
                "employee": employee_id,
                "occupying": sorted(OCCUPYING),
                "begins": today - BEFORE,
                "ends": today + AHEAD + timedelta(days=1),
            },
        )
        return cursor.fetchall()


def _written(digest: bytes, spans: list[tuple[Any, ...]]) -> bytes:
    """Ids mean something inside the clinic, so what stands here is made of them and of the secret."""
    seen: Counter[UUID] = Counter()
    happenings = []
    for pk, starts_at, ends_at, updated_at, version in spans:
        seen[pk] += 1
        part = f"{pk} {seen[pk]}".encode()
        happenings.append(
            ical.Happening(
                uid=hashlib.blake2b(part, key=digest, digest_size=16).hexdigest(),
                starts_at=starts_at,
                ends_at=ends_at,
                changed_at=updated_at,
                sequence=version - 1,
                summary=_("Busy"),
                is_private=True,
            )
        )
    return ical.calendar(_("Appointments"), happenings)
