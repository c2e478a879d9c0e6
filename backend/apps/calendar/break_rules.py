"""Recurring breaks. The breaks of a rule exist, with what they hold, for the next twelve months; the night carries
every rule one day further. Its hours are those of the clock on the wall, whatever a zone does to its offset."""

import logging
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import DatabaseError, transaction

from apps.calendar import hours, occupancy, overbooking, place
from apps.calendar.breaks import check_employee, check_hours, facts, found_branch, refuse
from apps.calendar.events import (
    BreakRuleChanged,
    BreakRulePlaced,
    BreakRuleRemoved,
    BreakSkipped,
)
from apps.calendar.models import Break, BreakRule
from apps.core import tenancy, versions
from apps.core.events import Event, record
from apps.core.models.user import User
from apps.core.permissions import Scope
from apps.org.models import Branch, Organization

HORIZON = timedelta(days=365)
log = logging.getLogger(__name__)


@transaction.atomic(savepoint=False)
def place_rule(
    *,
    branch_id: UUID,
    employee_id: UUID,
    kind: str,
    weekdays: list[int],
    starts: time,
    ends: time,
    valid_from: date,
    valid_to: date | None = None,
    reason: str = "",
    reach: Scope,
    by: User,
    now: datetime,
) -> BreakRule:
    faults = place.Faults()
    branch = found_branch(faults, branch_id, reach)
    check_employee(faults, branch, employee_id)
    faults.stop()
    rule = BreakRule.objects.create(
        branch_id=branch_id,
        employee_id=employee_id,
        kind=kind,
        weekdays=weekdays,
        starts=starts,
        ends=ends,
        valid_from=valid_from,
        valid_to=valid_to,
        reason=reason,
    )
    _make_all(rule, [], reach, by, now)
    _record(BreakRulePlaced, rule, by, [])
    return rule


@transaction.atomic(savepoint=False)
def change_rule(
    *, rule: BreakRule, changes: dict[str, Any], reach: Scope, by: User, now: datetime
) -> BreakRule:
    """Its future breaks are made anew; those of the past, and the days changed by hand, stay as they are."""
    check_hours(rule, changes)
    changed = versions.apply(rule, changes)
    if changed:
        _make_all(rule, _future(rule, now), reach, by, now)
        _record(BreakRuleChanged, rule, by, changed)
    return rule


@transaction.atomic(savepoint=False)
def remove_rule(*, rule: BreakRule, by: User, now: datetime) -> None:
    future = _future(rule, now)
    overbooking.exchange(breaks=future, by=by)
    Break.objects.filter(pk__in=future).delete()
    rule.breaks.update(rule=None)  # those of the past stay
    _record(BreakRuleRemoved, rule, by, [])
    rule.delete()


def carry_all(now: datetime) -> int:
    """Every rule of every organisation up to twelve months from now. How many breaks were made."""
    made = 0
    for organization in Organization.objects.all():
        with tenancy.tenant(organization.pk):
            rules = BreakRule.objects.filter(employee__is_active=True, branch__is_active=True)
            ids = list(rules.order_by("id").values_list("pk", flat=True))
        for pk in ids:
            try:
                with tenancy.tenant(organization.pk):
                    made += carry(pk, now)
            except DatabaseError:  # the next night tries again, from where this rule stands
                log.exception("A recurring break could not be carried forward.")
    return made


@transaction.atomic(savepoint=False)
def carry(pk: UUID, now: datetime) -> int:
    """One rule. A day whose time is taken is skipped, and the journal says so."""
    rows = BreakRule.objects.select_for_update(of=("self",), no_key=True)
    rule = rows.filter(pk=pk).first()
    if rule is None or rule.carried_to is None:
        return 0  # removed meanwhile
    branch: Branch = rule.branch
    first = rule.carried_to + timedelta(days=1)
    last = _horizon(branch, now)
    if first > last:
        return 0
    made = _made(rule, branch.zone, first, last, now)
    wants = [want for pause in made for want in occupancy.for_break(pause)]
    lost = occupancy.claim(wants) if wants else []
    taken = {want.break_id for want in lost if want.break_id}
    Break.objects.filter(pk__in=taken).delete()
    for pause in made:
        if pause.pk in taken:
            data = facts(pause, []) | {"rule_id": str(rule.pk)}
            record(BreakSkipped(id=pause.pk, branch_id=branch.pk, data=data))
    BreakRule.objects.filter(pk=rule.pk).update(carried_to=last)
    return len(made) - len(taken)


def _make_all(
    rule: BreakRule, instead_of: list[UUID], reach: Scope, by: User, now: datetime
) -> None:
    """Twelve months in a few statements: all of it, or a refusal that lists what is in the way."""
    branch: Branch = rule.branch
    last = _horizon(branch, now)
    made = _made(rule, branch.zone, branch.today(now), last, now)
    wants = [want for pause in made for want in occupancy.for_break(pause)]
    taken = overbooking.exchange(wants, breaks=instead_of, by=by)
    Break.objects.filter(pk__in=instead_of).delete()
    if wants:
        refuse(wants, taken, reach)
    rule.carried_to = last
    BreakRule.objects.filter(pk=rule.pk).update(carried_to=last)


def _made(rule: BreakRule, zone: ZoneInfo, first: date, last: date, now: datetime) -> list[Break]:
    spans = _spans(rule, zone, first, last)
    return Break.objects.bulk_create(
        Break(
            rule=rule,
            employee_id=rule.employee_id,
            branch_id=rule.branch_id,
            kind=rule.kind,
            reason=rule.reason,
            starts_at=begins,
            ends_at=ends,
        )
        for begins, ends in spans
        if begins >= now
    )  # fmt: skip


def _spans(rule: BreakRule, zone: ZoneInfo, first: date, last: date) -> Iterator[hours.Span]:
    day = max(first, rule.valid_from)
    last = min(last, rule.valid_to or last)
    skipped = set(rule.skipped)
    while day <= last:
        if day.isoweekday() in rule.weekdays and day not in skipped:
            span = hours.instant(day, rule.starts, zone), hours.instant(day, rule.ends, zone)
            if span[0] < span[1]:  # a zone may skip the whole hour
                yield span
        day += timedelta(days=1)


def _future(rule: BreakRule, now: datetime) -> list[UUID]:
    """Locked: whoever gives time back holds what held it (see ``overbooking``)."""
    rows = rule.breaks.select_for_update(of=("self",), no_key=True).filter(starts_at__gte=now)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _horizon(branch: Branch, now: datetime) -> date:
    return branch.today(now) + HORIZON


def _record(event: type[Event], rule: BreakRule, by: User, changed: list[str]) -> None:
    data = {"version": rule.version, "changed": changed, "employee_id": str(rule.employee_id)}
    record(event(id=rule.pk, branch_id=rule.branch_id, by=by, data=data))
