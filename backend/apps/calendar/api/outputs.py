"""What the calendar shows of appointments."""

from typing import Any

from rest_framework import serializers

from apps.calendar.api.pauses import BreakOut, ReserveSpanOut
from apps.calendar.models import Appointment, Segment
from apps.core.api import Money, Out
from apps.core.schema import page_schema


class SegmentOut(Out):
    role = serializers.ChoiceField(Segment.Role.choices, help_text="What it does.")
    employee = serializers.UUIDField(allow_null=True, help_text="Who.")
    chair = serializers.UUIDField(allow_null=True, help_text="Which chair.")
    device = serializers.UUIDField(allow_null=True, help_text="Which device.")
    starts_at = serializers.DateTimeField(help_text="Begin.")
    ends_at = serializers.DateTimeField(help_text="End, not included.")


class AppointmentOut(Out):
    id = serializers.UUIDField(help_text="The appointment.")
    version = serializers.IntegerField(help_text="Send it back with a change.")
    branch_id = serializers.UUIDField(help_text="Where.")
    employee_id = serializers.UUIDField(help_text="The doctor.")
    chair_id = serializers.UUIDField(allow_null=True, help_text="The chair, if one is reserved.")
    patient_id = serializers.UUIDField(help_text="The patient.")
    patient_name = serializers.CharField(help_text="Last name and initials.")
    patient_full_name = serializers.CharField(help_text="Full name.")
    card_number = serializers.IntegerField(help_text="Number of the patient's card.")
    phone = serializers.CharField(help_text="E.164; masked for those who may not see it.")
    starts_at = serializers.DateTimeField(help_text="Begin.")
    ends_at = serializers.DateTimeField(help_text="End, not included.")
    status = serializers.ChoiceField(Appointment.Status.choices, help_text="Where it stands.")
    source = serializers.ChoiceField(  # type: ignore[assignment]
        Appointment.Source.choices, help_text="How it was asked for."
    )
    services_text = serializers.CharField(help_text="Names of the services.")
    price_estimate = Money(help_text="By the base price list, when it was booked or edited.")
    note = serializers.CharField(help_text="For the colleagues.")
    color = serializers.CharField(help_text="Its own, else the doctor's, `#rrggbb`.")
    own_color = serializers.CharField(help_text="Its own, or empty.")
    is_new_patient = serializers.BooleanField(help_text="Was never treated here before.")
    is_urgent = serializers.BooleanField(help_text="Acute pain.")
    unconfirmed = serializers.BooleanField(help_text="Booked and not yet confirmed.")
    has_allergy = serializers.BooleanField(help_text="False also for those who may not know.")
    balance = Money(allow_null=True, help_text="Negative: a debt; null for those who may not know.")
    canceled_by = serializers.CharField(help_text="`clinic`, `patient`, or empty.")
    cancel_code = serializers.CharField(help_text="Why it was canceled, or empty.")
    cancel_reason = serializers.CharField(help_text="The same in words, or empty.")
    is_overbooked = serializers.BooleanField(help_text="Lies over the time of others.")
    overbook_reason = serializers.CharField(help_text="Why it may, or empty.")
    series_id = serializers.UUIDField(allow_null=True, help_text="The series that it belongs to.")
    origin = serializers.CharField(help_text="`copy`, `waiting`, `series`, `rebook`, or empty.")
    origin_appointment_id = serializers.UUIDField(
        allow_null=True, help_text="The appointment that it comes from."
    )
    buffer_before = serializers.IntegerField(help_text="Minutes held before it.")
    buffer_after = serializers.IntegerField(help_text="Minutes held after it.")
    segments = serializers.ListField(
        child=SegmentOut(), help_text="What is held for how long, when that is not all of it."
    )


class NamedSegmentOut(SegmentOut):
    name = serializers.CharField(help_text="Who, or which.")


class BookedServiceOut(Out):
    service_id = serializers.UUIDField(help_text="The service.")
    code = serializers.CharField(help_text="Its code.")
    name = serializers.CharField(help_text="Its name.")
    duration_minutes = serializers.IntegerField(help_text="Its usual length.")
    buffer_before = serializers.IntegerField(help_text="Minutes to get ready.")
    buffer_after = serializers.IntegerField(help_text="Minutes to clean up.")
    quantity = serializers.IntegerField(help_text="How many.")
    price = Money(max_digits=12, help_text="Price of one when it was booked.")


class StepOut(Out):
    status = serializers.ChoiceField(Appointment.Status.choices, help_text="The status.")
    at = serializers.DateTimeField(help_text="When it began.")
    by = serializers.CharField(allow_null=True, help_text="Who set it.")


class HistoryOut(Out):
    event = serializers.CharField(help_text="e.g. `appointment_moved`.")
    at = serializers.DateTimeField(help_text="When.")
    by = serializers.CharField(allow_null=True, help_text="Who.")
    changed = serializers.ListField(child=serializers.CharField(), help_text="Names of the fields.")
    from_ = serializers.CharField(allow_null=True, help_text="Status before, for a step.")
    to = serializers.CharField(allow_null=True, help_text="Status after, for a step.")
    to_starts_at = serializers.DateTimeField(
        allow_null=True, help_text="When the appointment is that it was booked anew for."
    )

    def get_fields(self) -> dict[str, Any]:
        return {name.rstrip("_"): field for name, field in super().get_fields().items()}


class RebookedOut(Out):
    id = serializers.UUIDField(help_text="The appointment.")
    starts_at = serializers.DateTimeField(help_text="When it begins.")


class AppointmentDetailOut(AppointmentOut):
    employee_name = serializers.CharField(help_text="The doctor, last name and initials.")
    chair_name = serializers.CharField(allow_null=True, help_text="Room and chair.")
    branch_name = serializers.CharField(help_text="The branch.")
    segments = serializers.ListField(
        child=NamedSegmentOut(), help_text="What is held for how long, with names."
    )
    reserve_reason = serializers.CharField(
        help_text="Why it was let into hours that are kept for others, or empty."
    )
    origin_starts_at = serializers.DateTimeField(
        allow_null=True, help_text="When the appointment was that it comes from."
    )
    rebooked = RebookedOut(
        allow_null=True,
        help_text="What its patient got instead of it, the latest; canceled ones do not count.",
    )
    services = BookedServiceOut(many=True, help_text="What is planned.")
    steps = StepOut(many=True, help_text="When each status began.")
    history = HistoryOut(many=True, help_text="Who changed what; newest first, at most 50.")
    allowed = serializers.ListField(
        child=serializers.ChoiceField(Appointment.Status.choices),
        help_text="Statuses that the caller may set now.",
    )
    can_edit = serializers.BooleanField(help_text="May the caller change or cancel it?")


class DayShiftOut(Out):
    starts_at = serializers.DateTimeField(help_text="Begin.")
    ends_at = serializers.DateTimeField(help_text="End.")
    room_id = serializers.UUIDField(allow_null=True, help_text="The room.")
    chair_id = serializers.UUIDField(allow_null=True, help_text="The chair.")


class ColumnOut(Out):
    employee_id = serializers.UUIDField(help_text="The doctor.")
    name = serializers.CharField(help_text="Last name and initials.")
    initials = serializers.CharField(help_text="Two letters.")
    color = serializers.CharField(help_text="`#rrggbb`.")
    speciality = serializers.CharField(help_text="His speciality, or position.")
    room = serializers.CharField(help_text="Name of the room of this day, or empty.")
    shifts = serializers.ListField(child=DayShiftOut(), help_text="When he works here on this day.")
    load_minutes = serializers.IntegerField(help_text="Minutes booked.")
    shift_minutes = serializers.IntegerField(help_text="Minutes of the shifts without the breaks.")


class DayOut(Out):
    branch_id = serializers.UUIDField(help_text="The branch.")
    date = serializers.DateField(help_text="The day.")
    timezone = serializers.CharField(help_text="Zone of the branch, e.g. `Asia/Almaty`.")
    is_open = serializers.BooleanField(help_text="False: the branch is closed on this day.")
    special_day = serializers.CharField(
        allow_blank=True,
        help_text="What is special about it: a holiday, other hours; mostly empty.",
    )
    begins_at = serializers.DateTimeField(
        help_text="The grid begins; covers hours, shifts and items."
    )
    ends_at = serializers.DateTimeField(help_text="The grid ends.")
    columns = serializers.ListField(
        child=ColumnOut(), help_text="Who works or is booked on this day."
    )
    breaks = serializers.ListField(child=BreakOut(), help_text="Time nobody can book.")
    reserves = serializers.ListField(
        child=ReserveSpanOut(), help_text="Hours kept for some patients."
    )
    items = serializers.ListField(
        child=AppointmentOut(), help_text="All appointments, canceled ones too."
    )


class WeekOut(Out):
    branch_id = serializers.UUIDField(help_text="The branch.")
    employee_id = serializers.UUIDField(help_text="The doctor.")
    from_ = serializers.DateField(help_text="Monday.")
    to = serializers.DateField(help_text="Sunday.")
    days = DayOut(many=True, help_text="Each day, with no other doctor in it.")

    def get_fields(self) -> dict[str, Any]:
        return {name.rstrip("_"): field for name, field in super().get_fields().items()}


class FreeOut(Out):
    starts_at = serializers.DateTimeField(help_text="Begin.")
    ends_at = serializers.DateTimeField(help_text="End.")
    employee = serializers.UUIDField(help_text="The doctor.")


class LiesOverOut(Out):
    kind = serializers.CharField(help_text="`employee`, `chair`, `room`, `device`.")
    resource_id = serializers.UUIDField(help_text="Whose time.")
    over_appointment = serializers.UUIDField(allow_null=True, help_text="The one under it, or")
    over_break = serializers.UUIDField(allow_null=True, help_text="the break under it.")
    over_from = serializers.DateTimeField(help_text="That begins.")
    over_to = serializers.DateTimeField(help_text="That ends.")


class OverbookedOut(AppointmentOut):
    over = LiesOverOut(many=True, help_text="What it lies over.")


OverbookedWindow = page_schema(OverbookedOut, "OverbookedWindow")
AppointmentWindow = page_schema(AppointmentOut, "AppointmentWindow")
AppointmentPage = page_schema(AppointmentOut, "AppointmentPage")
