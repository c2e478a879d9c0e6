"""What the waiting list is told, and what it shows."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.calendar import slots
from apps.calendar.api.inputs import ServiceIn
from apps.calendar.api.moments import Day, Moment, Weekdays
from apps.calendar.models import ContactAttempt, WaitingEntry
from apps.core.api import In, ListIn, Money, Out
from apps.core.schema import page_schema

S = WaitingEntry.Status
HOURS = _("Say morning, afternoon, evening, or hours as 09:00-11:30.")
_CLOCKS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(([01]\d|2[0-3]):([0-5]\d)|24:00)")


def is_hours(text: str) -> bool:
    """`09:00-11:30`"""
    return bool(_CLOCKS.fullmatch(text)) and text[:5] < text[6:]


_BY_HAND = [choice for choice in S.choices if choice[0] != S.SCHEDULED]


class WaitingListIn(ListIn):
    branch = serializers.UUIDField(help_text="Of this branch.")
    status = serializers.ChoiceField(
        [("open", "open"), ("all", "all"), *S.choices],
        default="open",
        help_text="`open`: waiting and contacted.",
    )
    employee = serializers.UUIDField(required=False, help_text="Only those who want this doctor.")


class WindowText(serializers.CharField):
    """A part of the day, or hours."""

    def to_internal_value(self, data: Any) -> str:
        text: str = super().to_internal_value(data)
        if text not in slots.WINDOWS and not is_hours(text):
            raise serializers.ValidationError(HOURS)
        return text


class WaitingFields(In):
    employee = serializers.UUIDField(
        required=False, allow_null=True, help_text="The doctor who is wanted; empty: any."
    )
    minutes = serializers.IntegerField(
        min_value=5, max_value=720, default=30, help_text="How long it takes."
    )
    comment = serializers.CharField(
        max_length=500, allow_blank=True, required=False, help_text="When he can come, and so on."
    )
    is_urgent = serializers.BooleanField(default=False, help_text="Acute pain.")
    priority = serializers.ChoiceField(
        WaitingEntry.Priority.choices,
        default=1,
        help_text="2: first of all, 1: usual, 0: can wait.",
    )
    first_date = Day(required=False, allow_null=True, help_text="Not before; empty: soon.")
    last_date = Day(required=False, allow_null=True, help_text="Not after; empty: whenever.")
    windows = serializers.ListField(
        child=WindowText(max_length=11),
        max_length=5,
        default=list,
        help_text="`morning`, `afternoon`, `evening` or hours as `09:00-11:30`; none: any time.",
    )
    weekdays = Weekdays(default=list, min_length=None, help_text="ISO; none: any day.")
    services = serializers.ListField(
        child=ServiceIn(), max_length=30, default=list, help_text="What is to be done."
    )


class WaitingIn(WaitingFields):
    branch = serializers.UUIDField(help_text="Where.")
    patient = serializers.UUIDField(help_text="Who waits.")
    appointment = serializers.UUIDField(
        required=False, allow_null=True, help_text="His canceled one, whose services he wants."
    )


class WaitingPatch(WaitingFields):
    version = serializers.IntegerField(min_value=1, help_text="The version that the caller saw.")
    status = serializers.ChoiceField(_BY_HAND, help_text="`scheduled` comes by booking alone.")

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        for name, field in fields.items():
            if name != "version":
                field.required, field.default = False, serializers.empty
        return fields


class WaitingBookIn(In):
    version = serializers.IntegerField(min_value=1, help_text="The version that the caller saw.")
    employee = serializers.UUIDField(help_text="The doctor.")
    chair = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="A chair of the branch, or null."
    )
    starts_at = Moment(help_text="With offset.")
    ends_at = Moment(help_text="With offset; the end is not included.")
    overbook_reason = serializers.CharField(
        max_length=250,
        allow_blank=True,
        default="",
        help_text="Why others are laid over, or hours kept for others are used; needs the right for it.",
    )


class WantedOut(Out):
    service = serializers.UUIDField(help_text="The service.")
    name = serializers.CharField(help_text="Its name.")
    quantity = serializers.IntegerField(help_text="How many.")
    price = Money(max_digits=12, help_text="Of one today.")
    duration_minutes = serializers.IntegerField(help_text="Its usual length.")
    buffer_before = serializers.IntegerField(help_text="Minutes to get ready.")
    buffer_after = serializers.IntegerField(help_text="Minutes to clean up.")


class CallOut(Out):
    at = serializers.DateTimeField(help_text="When.")
    by = serializers.CharField(help_text="Who called.")
    result = serializers.ChoiceField(ContactAttempt.Result.choices, help_text="What came of it.")
    note = serializers.CharField(help_text="In words, or empty.")


class OfferOut(Out):
    employee = serializers.UUIDField(help_text="With whom.")
    chair = serializers.UUIDField(allow_null=True, help_text="In which chair.")
    starts_at = serializers.DateTimeField(help_text="Begin.")
    ends_at = serializers.DateTimeField(help_text="End, not included.")
    expires_at = serializers.DateTimeField(help_text="Until then it is kept for him.")


class WaitingOut(Out):
    id = serializers.UUIDField(help_text="The entry.")
    version = serializers.IntegerField(help_text="Send it back with a change.")
    branch_id = serializers.UUIDField(help_text="Where.")
    patient_id = serializers.UUIDField(help_text="Who waits.")
    patient_name = serializers.CharField(help_text="Full name.")
    phone = serializers.CharField(help_text="E.164; masked for those who may not see it.")
    employee_id = serializers.UUIDField(allow_null=True, help_text="The doctor who is wanted.")
    employee_name = serializers.CharField(help_text="His name, or empty.")
    minutes = serializers.IntegerField(help_text="How long it takes.")
    status = serializers.ChoiceField(S.choices, help_text="Where it stands.")
    is_urgent = serializers.BooleanField(help_text="Acute pain.")
    comment = serializers.CharField(help_text="When he can come, and so on.")
    services_text = serializers.CharField(help_text="What was planned for him, or empty.")
    appointment_id = serializers.UUIDField(allow_null=True, help_text="The one that was canceled.")
    was_at = serializers.DateTimeField(allow_null=True, help_text="When that one was.")
    scheduled_id = serializers.UUIDField(allow_null=True, help_text="What became of it.")
    scheduled_at = serializers.DateTimeField(allow_null=True, help_text="When he comes.")
    created_at = serializers.DateTimeField(help_text="Since when he waits.")

    priority = serializers.ChoiceField(
        WaitingEntry.Priority.choices, help_text="2: first of all, 1: usual, 0: can wait."
    )
    first_date = serializers.DateField(allow_null=True, help_text="Not before.")
    last_date = serializers.DateField(allow_null=True, help_text="Not after.")
    windows = serializers.ListField(
        child=serializers.CharField(), help_text="When on a day; none: any time."
    )
    weekdays = serializers.ListField(
        child=serializers.IntegerField(), help_text="ISO; none: any day."
    )
    services = serializers.ListField(child=WantedOut(), help_text="What is to be done.")
    contacts = serializers.ListField(child=CallOut(), help_text="Calls, newest first.")
    offer = OfferOut(allow_null=True, help_text="What is being offered to him just now.")


WaitingPage = page_schema(WaitingOut, "WaitingPage")


class CancelDayIn(In):
    branch = serializers.UUIDField(help_text="Where.")
    employee = serializers.UUIDField(help_text="Whose day.")
    date = Day(help_text="A day of the branch, today or later.")
    reason = serializers.CharField(max_length=250, help_text="Why.")
    block = serializers.BooleanField(
        default=False, help_text="True: he does not work on it; needs `staff:write`."
    )


class CanceledDayOut(Out):
    items = serializers.ListField(child=WaitingOut(), help_text="Who waits for a new time now.")
    total = serializers.IntegerField(help_text="How many.")
    is_blocked = serializers.BooleanField(help_text="He does not work on this day.")


class CandidatesIn(In):
    branch = serializers.UUIDField(help_text="Where a place was freed.")
    employee = serializers.UUIDField(help_text="With whom.")
    starts_at = Moment(help_text="It begins; with offset.")
    ends_at = Moment(help_text="It ends.")


class CandidateOut(WaitingOut):
    score = serializers.IntegerField(help_text="How much speaks for him; only to compare.")
    reasons = serializers.ListField(
        child=serializers.CharField(), help_text="Why, in words; what counts most first."
    )


class CandidatesOut(Out):
    items = CandidateOut(many=True, help_text="Whom it fits, best first; at most twenty.")
    total = serializers.IntegerField(help_text="How many.")
    next = serializers.IntegerField(allow_null=True, help_text="Always null.")


class OfferIn(In):
    version = serializers.IntegerField(min_value=1, help_text="The version that the caller saw.")
    employee = serializers.UUIDField(help_text="The doctor.")
    chair = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="A chair of the branch, or null."
    )
    starts_at = Moment(help_text="With offset.")
    ends_at = Moment(help_text="With offset; the end is not included.")


class DeclineIn(In):
    version = serializers.IntegerField(min_value=1, help_text="The version that the caller saw.")
    note = serializers.CharField(
        max_length=250, allow_blank=True, default="", help_text="In words."
    )


class CallIn(DeclineIn):
    result = serializers.ChoiceField(ContactAttempt.Result.choices, help_text="What came of it.")
