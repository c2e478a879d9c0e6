"""What is told and shown of breaks, of their rules, and of reserves."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.calendar.api.moments import Clock, Day, Moment, Weekdays
from apps.calendar.models import BreakKind, Reserve
from apps.core.api import In, ListIn, Out, PatchIn
from apps.core.schema import page_schema


class BreakOut(Out):
    id = serializers.UUIDField(help_text="The break.")
    version = serializers.IntegerField(help_text="Send it back with a change.")
    branch_id = serializers.UUIDField(help_text="Where.")
    employee_id = serializers.UUIDField(allow_null=True, help_text="Whose, or null.")
    chair_id = serializers.UUIDField(allow_null=True, help_text="The chair that is blocked.")
    room_id = serializers.UUIDField(allow_null=True, help_text="The room, with all its chairs.")
    kind = serializers.ChoiceField(BreakKind.choices, help_text="What it is.")
    starts_at = serializers.DateTimeField(help_text="Begin.")
    ends_at = serializers.DateTimeField(help_text="End, not included.")
    reason = serializers.CharField(help_text="Why.")
    rule_id = serializers.UUIDField(allow_null=True, help_text="The rule that it comes from.")


class BreakIn(In):
    branch = serializers.UUIDField(help_text="Where.")
    employee = serializers.UUIDField(
        required=False, allow_null=True, help_text="Whose. One of employee, chair and room."
    )
    chair = serializers.UUIDField(
        required=False, allow_null=True, help_text="The chair that nobody can use."
    )
    room = serializers.UUIDField(
        required=False, allow_null=True, help_text="The room, with every chair of it."
    )
    kind = serializers.ChoiceField(
        BreakKind.choices, default=BreakKind.BREAK, help_text="What it is."
    )
    starts_at = Moment(help_text="With offset.")
    ends_at = Moment(help_text="With offset; the end is not included.")
    reason = serializers.CharField(max_length=120, allow_blank=True, default="", help_text="Why.")


class BreakChangeIn(In):
    version = serializers.IntegerField(min_value=1, help_text="The version that the caller saw.")
    kind = serializers.ChoiceField(BreakKind.choices, required=False, help_text="What it is.")
    starts_at = Moment(required=False, help_text="With offset.")
    ends_at = Moment(required=False, help_text="With offset.")
    reason = serializers.CharField(
        max_length=120, allow_blank=True, required=False, help_text="Why."
    )


class HoursIn(In):
    """Hours of some weekdays between two dates, as the clock of the branch shows them."""

    weekdays = Weekdays(help_text="1 Monday … 7 Sunday.")
    starts = Clock(help_text="Local time of the branch.")
    ends = Clock(help_text="The end is not included.")
    valid_from = Day(help_text="The first day.")
    valid_to = Day(required=False, allow_null=True, help_text="The last day; empty: until changed.")
    reason = serializers.CharField(
        max_length=120, allow_blank=True, required=False, help_text="Why."
    )

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if "starts" in data and "ends" in data and data["ends"] <= data["starts"]:
            raise serializers.ValidationError({"ends": _("The end is not after the beginning.")})
        last = data.get("valid_to")
        if last and "valid_from" in data and last < data["valid_from"]:
            raise serializers.ValidationError(
                {"valid_to": _("The last day is before the first one.")}
            )
        return data


class HoursOut(Out):
    id = serializers.UUIDField(help_text="The rule.")
    version = serializers.IntegerField(help_text="Send it back with a change.")
    branch_id = serializers.UUIDField(help_text="Where.")
    weekdays = serializers.ListField(
        child=serializers.IntegerField(), help_text="1 Monday … 7 Sunday."
    )
    starts = Clock(help_text="Local time of the branch.")
    ends = Clock(help_text="The end is not included.")
    valid_from = serializers.DateField(help_text="The first day.")
    valid_to = serializers.DateField(allow_null=True, help_text="The last day, or null.")
    reason = serializers.CharField(help_text="Why.")


class BreakRuleIn(HoursIn):
    branch = serializers.UUIDField(help_text="Where.")
    employee = serializers.UUIDField(help_text="Whose.")
    kind = serializers.ChoiceField(
        BreakKind.choices, default=BreakKind.LUNCH, help_text="What it is."
    )


class BreakRulePatch(PatchIn, HoursIn):
    kind = serializers.ChoiceField(BreakKind.choices, help_text="What it is.")


class BreakRuleOut(HoursOut):
    employee_id = serializers.UUIDField(help_text="Whose.")
    kind = serializers.ChoiceField(BreakKind.choices, help_text="What it is.")
    carried_to = serializers.DateField(help_text="Its breaks are made up to this day.")
    skipped = serializers.ListField(
        child=serializers.DateField(), help_text="Days on which it does not hold."
    )


class RulesIn(ListIn):
    branch = serializers.UUIDField(help_text="Of this branch.")
    employee = serializers.UUIDField(required=False, help_text="Only this person's.")


class ReserveSpanOut(Out):
    """A reserve on one day, or a place that is kept for a few minutes."""

    id = serializers.UUIDField(help_text="The reserve, or the hold.")
    employee_id = serializers.UUIDField(allow_null=True, help_text="Whose; null: everybody's.")
    kind = serializers.ChoiceField(
        [*Reserve.Kind.choices, ("held", "held")],
        help_text="For whom it is kept; `held`: somebody is about to book it.",
    )
    starts_at = serializers.DateTimeField(help_text="Begin.")
    ends_at = serializers.DateTimeField(help_text="End, not included.")
    reason = serializers.CharField(help_text="Why; of a hold, who.")
    held_until = serializers.DateTimeField(
        allow_null=True, help_text="Until then a hold keeps others away; null: it is a reserve."
    )


class ReserveIn(HoursIn):
    branch = serializers.UUIDField(help_text="Where.")
    employee = serializers.UUIDField(
        required=False, allow_null=True, help_text="Whose; empty: everybody's."
    )
    kind = serializers.ChoiceField(Reserve.Kind.choices, help_text="For whom it is kept.")


class ReservePatch(PatchIn, HoursIn):
    employee = serializers.UUIDField(allow_null=True, help_text="Whose; empty: everybody's.")
    kind = serializers.ChoiceField(Reserve.Kind.choices, help_text="For whom it is kept.")


class ReserveOut(HoursOut):
    employee_id = serializers.UUIDField(allow_null=True, help_text="Whose; null: everybody's.")
    kind = serializers.ChoiceField(Reserve.Kind.choices, help_text="For whom it is kept.")


ReservePage = page_schema(ReserveOut, "ReservePage")
BreakRulePage = page_schema(BreakRuleOut, "BreakRulePage")
