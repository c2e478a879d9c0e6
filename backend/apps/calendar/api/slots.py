"""Room that is free, and the holds that keep it for a while."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from apps.calendar import holds, place, planned, slots
from apps.calendar.api.moments import Day
from apps.calendar.api.waiting_shapes import HOURS, is_hours
from apps.calendar.models import Appointment
from apps.core.api import In, Out, StaffRequest, TenantViewSet
from apps.core.errors import InvalidInput
from apps.services.models import Service
from apps.staff.models import Employee

AHEAD, FARTHEST = timedelta(days=30), timedelta(days=62)
USUAL = 30
_EAST = timedelta(hours=12)  # by then it is today everywhere


@extend_schema_field({"type": "string"})
class Several(serializers.ListField):
    """Values with commas between them, as one parameter of an address."""

    def to_internal_value(self, data: Any) -> list[Any]:
        parts = data.split(",") if isinstance(data, str) else data
        return super().to_internal_value([part for part in parts if part != ""])


class WindowField(serializers.CharField):
    def to_internal_value(self, data: Any) -> Any:
        text = super().to_internal_value(data)
        if text in slots.WINDOWS:
            return slots.WINDOWS[text]
        if not is_hours(text):
            raise serializers.ValidationError(HOURS)
        return text[:5], text[6:]


@extend_schema_field({"type": "string", "example": "2026-11-26~2026-11-26T04:00:00Z~…~…"})
class MarkField(serializers.CharField):
    """Opaque to the caller: where an answer ended."""

    def to_internal_value(self, data: Any) -> Any:
        try:
            day, starts_at, employee, branch = super().to_internal_value(data).split("~")
            moment = datetime.fromisoformat(starts_at)
            if moment.tzinfo is None:
                raise ValueError
            return slots.Mark(date.fromisoformat(day), moment, UUID(employee), UUID(branch))
        except ValueError:
            raise serializers.ValidationError(_("There is no such place in the list.")) from None


def _ids(what: str) -> Several:
    return Several(child=serializers.UUIDField(), max_length=100, required=False, help_text=what)


class SlotsIn(In):
    branch = _ids("Only in these branches, with commas; empty: in all that the caller sees.")
    employee = _ids("Only with these, with commas; empty: everybody who treats.")
    speciality = _ids("Only with doctors of one of these, with commas.")
    service = _ids(
        "What is to be done, with commas: its length and buffers, and only with those who do it."
    )
    minutes = serializers.IntegerField(
        min_value=5,
        max_value=720,
        required=False,
        help_text="How long it takes; empty: as long as the services, else 30.",
    )
    buffer_before = serializers.IntegerField(
        min_value=0, max_value=120, required=False, help_text="Minutes free before it."
    )
    buffer_after = serializers.IntegerField(
        min_value=0, max_value=120, required=False, help_text="Minutes free after it."
    )
    from_ = Day(required=False, help_text="The first day; empty: today.")
    to = Day(required=False, help_text="The last day; empty: thirty days later; at most 62.")
    window = Several(
        child=WindowField(max_length=11),
        max_length=10,
        required=False,
        help_text="`morning` (to 12:00), `afternoon` (to 17:00), `evening`, or hours as `09:00-11:30` on the branch's wall;"
        " with commas: within any of them.",
    )
    weekdays = Several(
        child=serializers.IntegerField(min_value=1, max_value=7),
        max_length=7,
        required=False,
        help_text="Only on these, with commas; ISO: 1 is Monday.",
    )
    chair = serializers.UUIDField(required=False, help_text="In this chair; empty: the shift's.")
    device = serializers.UUIDField(required=False, help_text="Only while this is free too.")
    patient = serializers.UUIDField(required=False, help_text="Only while he is free too.")
    is_urgent = serializers.BooleanField(
        default=False, help_text="True: hours kept for emergencies too."
    )
    is_new = serializers.BooleanField(
        default=False,
        help_text="True: hours kept for new patients too; of a given patient it is known.",
    )
    hold = serializers.CharField(
        max_length=64, required=False, help_text="The caller's key: not in his own way."
    )
    limit = serializers.IntegerField(
        min_value=1, max_value=slots.MOST, default=20, help_text="How many."
    )
    after = MarkField(max_length=200, required=False, help_text="`next` of the answer before.")

    def get_fields(self) -> dict[str, Any]:
        return {name.rstrip("_"): field for name, field in super().get_fields().items()}

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        now = timezone.now()
        data["not_before"] = now
        first = data.setdefault("from", (now - _EAST).date())
        last = data.setdefault("to", first + AHEAD)
        if last < first:
            raise serializers.ValidationError({"to": _("The last day is before the first one.")})
        if last - first > FARTHEST:
            raise serializers.ValidationError({"to": _("At most 62 days at once.")})
        return data


class SlotOut(Out):
    day = serializers.DateField(help_text="The day of the branch.")
    starts_at = serializers.DateTimeField(help_text="Begin.")
    ends_at = serializers.DateTimeField(help_text="End, not included.")
    employee = serializers.UUIDField(help_text="The doctor.")
    branch = serializers.UUIDField(help_text="Where.")
    chair = serializers.UUIDField(allow_null=True, help_text="The chair of his shift, free too.")


class SlotsOut(Out):
    items = SlotOut(many=True, help_text="By the day of the branch, time and doctor.")
    next = serializers.CharField(
        allow_null=True, help_text="Send it as `after` for more; null: there is none."
    )


class SlotViewSet(TenantViewSet):
    """Room in the calendar."""

    queryset = Appointment.objects.none()
    serializer_class = SlotsOut
    permission = "appointments:read"

    @extend_schema(parameters=[SlotsIn], responses=SlotsOut)
    def list(self, request: StaffRequest) -> Response:
        """The first free places, over branches, doctors and days: in the shifts, less all that is taken, kept or over.

        Whoever sees only his own appointments finds his own room."""
        query = self.read(SlotsIn)
        found = slots.find(self._wanted(query), most=query["limit"] + 1, after=query.get("after"))
        items, more = found[: query["limit"]], found[query["limit"] :]
        return self.answer(
            {"items": [_shown(slot) for slot in items], "next": _mark(items[-1]) if more else None}
        )

    def _wanted(self, query: dict[str, Any]) -> slots.Wanted:
        minutes, before, after = _lengths(query)
        patient, device = query.get("patient"), query.get("device")
        hold = holds.of(query.get("hold"), self.caller.user)
        return slots.Wanted(
            first=query["from"],
            last=query["to"],
            not_before=query["not_before"],
            minutes=minutes,
            before=before,
            after=after,
            branches=self._branches(query.get("branch")),
            employees=self._employees(query.get("employee")),
            specialities=query.get("speciality") or None,
            services=query.get("service", ()),
            chair=query.get("chair"),
            patient=patient,
            also=[device] if device else (),
            weekdays=query.get("weekdays") or None,
            windows=query.get("window") or None,
            is_urgent=query["is_urgent"],
            is_new=query["is_new"] if patient is None else slots.is_new(patient),
            hold=hold.pk if hold else None,
        )

    def _branches(self, asked: Sequence[UUID] | None) -> Sequence[UUID] | None:
        if self.reach.all:
            return asked or None
        seen = None if self.reach.own else [*self.reach.branches]
        strange = seen is not None and set(asked or ()) - set(seen)
        if strange:
            raise InvalidInput(fields={"branch": [place.UNKNOWN]})
        return asked or seen

    def _employees(self, asked: Sequence[UUID] | None) -> Sequence[UUID] | None:
        if not self.reach.own or self.reach.all or self.reach.branches:
            return asked or None
        own = set(Employee.objects.filter(user=self.caller.user).values_list("pk", flat=True))
        return [*(own & set(asked) if asked else own)]


def _lengths(query: dict[str, Any]) -> tuple[int, int, int]:
    """Minutes of the visit, before it and after it."""
    ids = query.get("service", [])
    known = list(Service.objects.filter(pk__in=ids)) if ids else []
    if len(known) < len(set(ids)):
        raise InvalidInput(fields={"service": [place.UNKNOWN]})
    closed = [planned.closed(service.name) for service in known if not service.is_active]
    if closed:
        raise InvalidInput(fields={"service": closed})
    whole = sum(service.duration_minutes for service in known)
    minutes = query.get("minutes") or min(whole, 720) or USUAL
    before = max((service.buffer_before for service in known), default=0)
    after = max((service.buffer_after for service in known), default=0)
    return minutes, query.get("buffer_before", before), query.get("buffer_after", after)


def _shown(slot: slots.Slot) -> dict[str, Any]:
    return {
        "day": slot.day,
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "employee": slot.employee_id,
        "branch": slot.branch_id,
        "chair": slot.chair_id,
    }


def _mark(slot: slots.Slot) -> str:
    moment = slot.starts_at.isoformat()
    return f"{slot.day}~{moment}~{slot.employee_id}~{slot.branch_id}"
