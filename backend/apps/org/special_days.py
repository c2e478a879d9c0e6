"""Days unlike their weekday: holidays taken from the state's list, blocked days, other hours."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.core.errors import InvalidInput, refuse_twin
from apps.core.events import record, touch_day
from apps.core.kz import holidays
from apps.core.models import User
from apps.core.versions import apply, as_changed, locked
from apps.org.events import (
    SpecialDayChanged,
    SpecialDayCreated,
    SpecialDayDeleted,
    SpecialDaysTakenOver,
)
from apps.org.models import Branch, SpecialDay

# What the name of a day says besides the holiday's.
_ALSO = {
    "ru": {"observed": "перенос", "estimated": "дата уточняется"},
    "kk": {"observed": "ауыстырылған", "estimated": "күні нақтыланады"},
}


@transaction.atomic
def create_special_day(*, by: User, **fields: Any) -> SpecialDay:
    day = SpecialDay(**fields)
    _check(day)
    day.save(force_insert=True)
    record(SpecialDayCreated(id=day.pk, branch_id=day.branch_id, by=by, data=_told(day, version=1)))
    _touch(day.branch_id)
    return day


@transaction.atomic
def change_special_day(day: SpecialDay, *, version: int, by: User, **changes: Any) -> SpecialDay:
    row: SpecialDay = locked(SpecialDay.objects, day.pk, version)
    with as_changed(row, changes):
        _check(row)
    if changed := apply(row, changes):
        data = _told(row, version=row.version, changed=changed)
        record(SpecialDayChanged(id=row.pk, branch_id=row.branch_id, by=by, data=data))
        _touch(row.branch_id)
    return row


@transaction.atomic
def delete_special_day(day: SpecialDay, *, by: User) -> None:
    row: SpecialDay = locked(SpecialDay.objects, day.pk)
    record(SpecialDayDeleted(id=row.pk, branch_id=row.branch_id, by=by, data=_told(row)))
    _touch(row.branch_id)
    row.delete()


@transaction.atomic
def take_over(*, year: int, branch: Branch | None, by: User) -> list[SpecialDay]:
    """Close the days off of the country. A day that is already special stays as it is, so this may be repeated."""
    if year not in holidays.known_years():
        raise InvalidInput(fields={"year": [_("The state's list of this year is not known yet.")]})
    begins, ends = date(year, 1, 1), date(year + 1, 1, 1)
    known = set(
        SpecialDay.objects.filter(branch=branch, date__gte=begins, date__lt=ends).values_list(
            "date", flat=True
        )
    )
    days = [
        SpecialDay(branch=branch, date=day.date, name=named(day), holiday=day.key)
        for day in holidays.between(begins, ends)
        if day.is_off and day.date not in known
    ]
    # Two people may take over at once: what the other has written first stays.
    SpecialDay.objects.bulk_create(days, ignore_conflicts=True)
    if days:
        data = {"year": year, "count": len(days)}
        record(
            SpecialDaysTakenOver(
                id=days[0].pk, branch_id=branch.pk if branch else None, by=by, data=data
            )
        )
        _touch(branch.pk if branch else None)
    return days


def spoken(on: date, name: str) -> str:
    """The name as the reader knows it: that of the state's list in his language, the clinic's own as it is written."""
    day = holidays.on(on)
    if day is None or name not in (named(day, language) for language in _ALSO):
        return name
    return named(day)


def named(day: holidays.Day, language: str | None = None) -> str:
    """In the language of the person; a day that moved or may still move says so."""
    language = language or ("kk" if get_language() == "kk" else "ru")
    name = day.name_kk if language == "kk" else day.name_ru
    also = [
        _ALSO[language][word]
        for word, holds in (("observed", day.kind == "observed"), ("estimated", day.estimated))
        if holds
    ]
    return f"{name} ({', '.join(also)})" if also else name


def _check(day: SpecialDay) -> None:
    if (day.opens is None) != (day.closes is None):
        missing = "opens" if day.opens is None else "closes"
        raise InvalidInput(fields={missing: [_("Give both times, or none for a closed day.")]})
    if day.opens is not None and day.closes is not None and day.closes <= day.opens:
        raise InvalidInput(fields={"closes": [_("The end must be later than the beginning.")]})
    twins = SpecialDay.objects.filter(branch=day.branch_id, date=day.date).exclude(pk=day.pk)
    refuse_twin(twins, "date")


def _told(day: SpecialDay, **more: Any) -> dict[str, Any]:
    return {"date": str(day.date), **more}


def _touch(branch_id: Any) -> None:
    touch_day(*([branch_id] if branch_id else Branch.objects.values_list("pk", flat=True)))
