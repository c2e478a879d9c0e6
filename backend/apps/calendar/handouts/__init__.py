"""What leaves the calendar on paper or into other calendars."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.dates import WEEKDAYS

from apps.core import tenancy
from apps.core.kz.phone import format_phone
from apps.org import preferences
from apps.org.models import Branch, Organization


@contextmanager
def spoken(language: str | None) -> Iterator[str]:
    """In the language that was asked for, else in the caller's; answers which one it is."""
    with translation.override(language or translation.get_language()):
        yield (translation.get_language() or "ru")[:2]


def written(day: date) -> str:
    return f"{day:%d.%m.%Y}, {str(WEEKDAYS[day.weekday()]).lower()}"


def clock(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%H:%M}"


class Host(NamedTuple):
    """Who receives the patient, as he is told."""

    clinic: str
    phone: str
    early: int  # minutes that he is asked to come before his time


def host(branch: Branch) -> Host:
    clinic = Organization.objects.only("name", "phone").get(pk=tenancy.current_organization_id())
    early = preferences.get("come_early_minutes", branch=branch)
    return Host(clinic.name, format_phone(branch.phone or clinic.phone), early)
