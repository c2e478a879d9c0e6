"""Fields of time as the calendar takes them: instants, days and clocks."""

from datetime import UTC, date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


class Moment(serializers.DateTimeField):
    """An instant to the minute. Without an offset nobody knows which hour is meant, twice a year least of all."""

    def enforce_timezone(self, value: datetime) -> datetime:
        if value.tzinfo is None:
            raise serializers.ValidationError(
                _("Give the time with its offset, for example 2026-11-25T09:30:00+05:00.")
            )
        if value.second or value.microsecond:
            raise serializers.ValidationError(_("Give whole minutes."))
        try:
            return value.astimezone(UTC)
        except OverflowError:
            raise serializers.ValidationError(_("There is no such date.")) from None


class Day(serializers.DateField):
    """A day of this century: far ones have no instants in every zone."""

    def to_internal_value(self, value: Any) -> date:
        day: date = super().to_internal_value(value)
        if not 2000 <= day.year < 2100:
            raise serializers.ValidationError(_("There is no such day in the calendar."))
        return day


@extend_schema_field({"type": "string", "example": "09:00"})
class Clock(serializers.TimeField):
    """A time as the clock on the branch's wall shows it: no seconds, no zone."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%H:%M", input_formats=["%H:%M"], **kwargs)


class Weekdays(serializers.ListField):
    """ISO weekdays, 1 Monday … 7 Sunday; each once, in order."""

    def __init__(self, **kwargs: Any) -> None:
        child = serializers.IntegerField(min_value=1, max_value=7)
        super().__init__(child=child, **{"min_length": 1, "max_length": 7, **kwargs})

    def to_internal_value(self, data: Any) -> list[int]:
        return sorted(set(super().to_internal_value(data)))
