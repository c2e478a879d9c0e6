"""What the calendar is told about appointments."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.calendar.api.moments import Day, Moment
from apps.calendar.models import Appointment, Segment
from apps.calendar.segments import MOST
from apps.core.api import Color, In, ListIn


class ServiceIn(In):
    service = serializers.UUIDField(help_text="The service.")
    quantity = serializers.IntegerField(min_value=1, max_value=99, default=1, help_text="How many.")


def _services(**kwargs: Any) -> serializers.ListField:
    return serializers.ListField(
        child=ServiceIn(), max_length=30, help_text="The whole list, in its order.", **kwargs
    )


def _source(**kwargs: Any) -> serializers.ChoiceField:
    return serializers.ChoiceField(
        Appointment.Source.choices, help_text="How the patient asked for it.", **kwargs
    )


def _note(**kwargs: Any) -> serializers.CharField:
    return serializers.CharField(
        allow_blank=True, max_length=500, help_text="For the colleagues.", **kwargs
    )


def _color(**kwargs: Any) -> Color:
    return Color(allow_blank=True, help_text="On the grid; empty: the doctor's.", **kwargs)


def _over() -> serializers.CharField:
    return serializers.CharField(
        default="",
        allow_blank=True,
        max_length=250,
        help_text="Why it may lie over the time of others; needs the right to overbook.",
    )


class SegmentIn(In):
    """One of `employee` (of a doctor or an assistant), `chair`, `device`, as the role says."""

    role = serializers.ChoiceField(Segment.Role.choices, help_text="What it does.")
    employee = serializers.UUIDField(required=False, allow_null=True, help_text="Who.")
    chair = serializers.UUIDField(required=False, allow_null=True, help_text="Which chair.")
    device = serializers.UUIDField(required=False, allow_null=True, help_text="Which device.")
    starts_at = Moment(help_text="With offset; inside the appointment and its buffers.")
    ends_at = Moment(help_text="With offset; the end is not included.")

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        wanted = {"doctor": "employee", "assistant": "employee"}.get(data["role"], data["role"])
        if not data.get(wanted):
            raise serializers.ValidationError({wanted: _("Say which one.")})
        for name in {"employee", "chair", "device"} - {wanted}:
            if data.get(name):
                raise serializers.ValidationError({name: _("This does not belong to the role.")})
        return data


def _segments(**kwargs: Any) -> serializers.ListField:
    return serializers.ListField(
        child=SegmentIn(),
        max_length=MOST,
        help_text="What is needed for how long: then exactly this is held, besides the patient. The doctor and the"
        " chair of the appointment are among them. Empty: all of them from beginning to end, with the buffers.",
        **kwargs,
    )


class AppointmentVersionIn(In):
    version = serializers.IntegerField(min_value=1, help_text="The version that the caller saw.")


class RebookIn(AppointmentVersionIn):
    appointment = serializers.UUIDField(help_text="The one that its patient did not come to.")
    no_show = serializers.BooleanField(
        default=False, help_text="True: this is noted on it in the same step."
    )


class BookIn(In):
    branch = serializers.UUIDField(help_text="Where.")
    patient = serializers.UUIDField(help_text="Who comes.")
    employee = serializers.UUIDField(help_text="The doctor.")
    chair = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="A chair of the branch, or null."
    )
    starts_at = Moment(help_text="With offset.")
    ends_at = Moment(help_text="With offset; the end is not included.")
    services = _services(default=list)
    source = _source(default=Appointment.Source.PHONE)  # type: ignore[assignment]
    note = _note(default="")
    is_urgent = serializers.BooleanField(default=False, help_text="Acute pain.")
    color = _color(default="")
    segments = _segments(default=list)
    overbook_reason = _over()
    copy_of = serializers.UUIDField(
        required=False, allow_null=True, help_text="The appointment that this is a copy of."
    )
    rebook = RebookIn(
        required=False,
        allow_null=True,
        help_text="What this is booked anew for, by the same patient.",
    )
    draft = serializers.BooleanField(default=False, help_text="True: takes no time yet.")
    hold = serializers.CharField(
        max_length=64,
        required=False,
        help_text="The caller's key of a hold: what it keeps is this appointment's.",
    )

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if data.get("copy_of") and data.get("rebook"):
            raise serializers.ValidationError({"rebook": _("A copy is not booked anew.")})
        return data


class AppointmentChangeIn(AppointmentVersionIn):
    """Only what is sent changes."""

    branch = serializers.UUIDField(required=False, help_text="Another branch.")
    employee = serializers.UUIDField(required=False, help_text="Another doctor.")
    chair = serializers.UUIDField(
        required=False, allow_null=True, help_text="Another chair, or none."
    )
    starts_at = Moment(required=False, help_text="With offset.")
    ends_at = Moment(required=False, help_text="With offset.")
    services = _services(required=False)
    source = _source(required=False)  # type: ignore[assignment]
    note = _note(required=False)
    is_urgent = serializers.BooleanField(required=False, help_text="Acute pain.")
    color = _color(required=False)
    segments = _segments(required=False)
    overbook_reason = _over()


class RestoreIn(AppointmentVersionIn):
    starts_at = Moment(required=False, help_text="With offset; empty: when it was.")
    ends_at = Moment(required=False, help_text="With offset; empty: when it was.")
    overbook_reason = _over()


def _code() -> serializers.ChoiceField:
    return serializers.ChoiceField(
        Appointment.CancelCode.choices,
        default=Appointment.CancelCode.OTHER,
        help_text="Of the clinic: `doctor_absent`, `equipment`, `schedule`, `mistake`, `other`; of the patient: `ill`,"
        " `busy`, `price`, `elsewhere`, `unreachable`, `other`.",
    )


class StatusIn(AppointmentVersionIn):
    status = serializers.ChoiceField(Appointment.Status.choices, help_text="The step to take.")
    code = _code()
    reason = serializers.CharField(
        max_length=250, default="", allow_blank=True, help_text="In words; needed for `other`."
    )
    by = serializers.ChoiceField(
        Appointment.CanceledBy.choices,
        default=Appointment.CanceledBy.CLINIC,
        help_text="Who cancels.",
    )


class CancelIn(AppointmentVersionIn):
    by = serializers.ChoiceField(Appointment.CanceledBy.choices, help_text="Who cancels.")
    code = _code()
    reason = serializers.CharField(
        max_length=250, default="", allow_blank=True, help_text="In words; needed for `other`."
    )
    to_waiting = serializers.BooleanField(
        default=False, help_text="True: he waits for another time, with the same services."
    )


class DayIn(In):
    branch = serializers.UUIDField(help_text="The branch.")
    date = Day(required=False, help_text="A day of the branch; empty: today.")


class WeekIn(DayIn):
    date = Day(required=False, help_text="A day of the week, which begins on Monday; empty: today.")
    employee = serializers.UUIDField(help_text="The doctor.")


class WindowIn(In):
    branch = serializers.UUIDField(help_text="The branch.")
    from_ = Day(help_text="The first day.")
    to = Day(help_text="The last day; at most 31 days in all.")
    employee = serializers.UUIDField(required=False, help_text="Only this doctor's.")
    patient = serializers.UUIDField(required=False, help_text="Only this patient's.")
    status = serializers.ChoiceField(
        Appointment.Status.choices, required=False, help_text="Only those of this status."
    )

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        return {name.rstrip("_"): field for name, field in fields.items()}

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        days = (data["to"] - data["from"]).days + 1
        if days < 1:
            raise serializers.ValidationError({"to": _("The last day is before the first one.")})
        if days > 31:
            raise serializers.ValidationError({"to": _("At most 31 days at once.")})
        return data


class OverbookedIn(WindowIn):
    employee = patient = status = None  # type: ignore[assignment]


class PatientAppointmentsIn(ListIn):
    when = serializers.ChoiceField(
        [("next", "next"), ("past", "past"), ("all", "all")],
        default="all",
        help_text="`next`: soonest first; `past` and `all`: latest first.",
    )
