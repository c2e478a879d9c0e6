"""Days in a query string: ``from`` and ``to``, both included, within what calendars and databases can hold."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

FIRST, LAST = date(1900, 1, 1), date(2199, 12, 31)


class Day(serializers.DateField):
    def to_internal_value(self, value: Any) -> date:
        day = super().to_internal_value(value)
        if not FIRST <= day <= LAST:
            raise serializers.ValidationError(_("This date is out of range."))
        return day


class Period(serializers.Serializer):
    """Mix into an ``In``: ``from`` and ``to``. ``longest_days`` bounds the period, when set."""

    longest_days = 0
    days_required = False

    def get_fields(self) -> dict[str, Any]:
        days = {
            "from": Day(required=self.days_required, help_text="First day, of the branch's zone."),
            "to": Day(required=self.days_required, help_text="Last day, included."),
        }
        return {**days, **super().get_fields()}

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        data = super().validate(data)
        begins, ends = data.get("from"), data.get("to")
        if begins and ends and begins > ends:
            raise serializers.ValidationError({"to": _("The last day is before the first.")})
        if self.longest_days and begins and ends and (ends - begins).days >= self.longest_days:
            raise serializers.ValidationError({"to": _("The period is too long.")})
        return data
